"""Deciding to share and deciding not to: as many steps the one as the other, by mouse and by keyboard alone."""

from dataclasses import dataclass

import pytest

from tests.functional import keyboard
from tests.functional.browser import Visitor
from tests.functional.conftest import Door
from tests.functional.journeys import Tokens, sent_alert
from tests.functional.stack import Stack

OFFICER, MANAGER, IG = "officer@mash.wexbourne", "manager@mash.wexbourne", "ig@council.wexbourne"
# What a person does in a minute with a plain case: choose, write a sentence, choose, go on.
MOST_STEPS = 7


@dataclass
class Steps:
    """One person who decides, with every choice, text and press counted."""

    who: Visitor
    by_keyboard: bool = False
    taken: int = 0

    def choose(self, words: str) -> None:
        self.taken += 1
        if self.by_keyboard:
            keyboard.choose(self.who, words)
        else:
            self.who.page.get_by_label(words, exact=True).check()

    def write(self, label: str, words: str) -> None:
        self.taken += 1
        box = self.who.page.get_by_label(label)
        if self.by_keyboard:
            keyboard.write(self.who, box, words)
        else:
            box.fill(words)

    def press(self, name: str) -> None:
        self.taken += 1
        if self.by_keyboard:
            keyboard.press(self.who, name)
        else:
            self.who.press(self.who.button(name))
        assert not self.who.judge()


def begin(steps: Steps, alert: str, to: str = "meadow") -> None:
    steps.who.goto(f"/decisions/new/?about={alert}&to={to}")
    assert not steps.who.judge()


def share(steps: Steps, school: str) -> None:
    steps.choose("Share")
    steps.press("Continue")
    steps.write("Why do you share it?", "The school can look after the child")
    steps.choose("They know already")
    steps.press("Continue")
    assert "You are about to share this" in steps.who.words
    steps.press(f"Share with {school}")
    assert "Your decision to share is recorded" in steps.who.words


def refuse(steps: Steps) -> None:
    steps.choose("Do not share")
    steps.press("Continue")
    steps.choose("Sharing would be more detrimental to the child than not sharing")
    steps.write("What makes it so?", "The child would stop talking to us")
    steps.press("Continue")
    steps.press("Record that it is not shared")
    assert "Your decision not to share is recorded" in steps.who.words


@pytest.mark.req("SHR-01", "SHR-02", "SHR-11")
def test_a_refusal_takes_no_more_steps_than_a_disclosure_and_both_show(
    stack: Stack, tokens: Tokens, person: Door
) -> None:
    _, _, alert = sent_alert(stack, tokens, person(OFFICER))
    school = str(stack.sql("SELECT name FROM agencies_agency WHERE slug = 'meadow'")[0][0])
    yes, no = Steps(person(OFFICER)), Steps(person(OFFICER), by_keyboard=True)
    begin(yes, alert)
    assert "lists all of this, so most answers are filled in" in yes.who.words
    share(yes, school)
    begin(no, alert)
    refuse(no)
    assert no.taken <= yes.taken <= MOST_STEPS

    manager = person(MANAGER)
    manager.goto(f"/sent/{alert}/")
    assert "Not shared" in manager.words
    assert manager.page.get_by_role("link", name="D-").count() == 2
    manager.goto("/decisions/")
    assert manager.words.count(alert) == 2
    manager.goto("/decisions/?outcome=not_share")
    assert manager.words.count(alert) == 1
    lead = person(IG)
    lead.goto("/decisions/")
    assert alert in lead.words, "the information-governance lead of the hub sees it in the register"


@pytest.mark.prove
@pytest.mark.req("SHR-04", "SHR-05", "SHR-06", "SHR-07", "SHR-13")
def test_without_consent_with_consent_and_consent_withdrawn(stack: Stack, tokens: Tokens, person: Door) -> None:
    _, _, alert = sent_alert(stack, tokens, person(OFFICER))
    steps = Steps(person(OFFICER))
    page = steps.who.page
    begin(steps, alert, to="council")
    steps.choose("No, it was refused")
    steps.choose("The public interest outweighs confidence")
    steps.choose("Share")
    steps.press("Continue")
    steps.write("Why do you share it?", "A child is at risk")
    steps.choose("Not told: telling them would put somebody at risk")
    steps.write("Why they are not told", "He would learn of it")
    steps.press("Continue")
    steps.press("Continue")
    assert "Enter who authorised sharing without consent" in steps.who.words
    steps.write("Who authorised sharing without consent?", "The manager of the hub")
    steps.write("Why?", "The child is at risk")
    for label in (
        "Is it proportionate to what you want to achieve?",
        "Who is at risk, and how vulnerable are they?",
        "What will it do to the person whom it is about?",
        "Is there another way that works as well?",
        "Is it necessary to prevent or detect crime, or to protect others?",
    ):
        steps.write(label, "As discussed")
    steps.choose("No adult's consent is in question")
    steps.press("Continue")
    page.get_by_role("button", name="Share with").click()
    assert "The manager of the hub" in steps.who.words

    begin(steps, alert, to="council")
    steps.choose("Yes, it was given")
    steps.choose("Consent")
    steps.choose("Share")
    steps.press("Continue")
    steps.write("Why do you share it?", "She asked for help")
    steps.choose("They know already")
    steps.press("Continue")
    steps.choose("The child, who is under 16 and was found able to decide this")
    steps.write("Their name", "Kit")
    for part, value in zip(("Day", "Month", "Year"), ("20", "11", "2026"), strict=True):
        page.get_by_label(part, exact=True).fill(value)
    steps.choose("They said so themselves, in words or in writing")
    steps.choose("They know what is shared, with whom and why, and that they can withdraw at any time")
    steps.press("Continue")
    assert "cannot consent alone" in steps.who.words
    steps.write("Who found that the child can decide this?", "School nurse")
    steps.choose("Decides freely, not under anybody's pressure")
    page.get_by_label("What did they find?").select_option("yes")
    steps.write("For which decision?", "That the council is told")
    steps.press("Continue")
    page.get_by_role("button", name="Share with").click()
    steps.who.press(page.get_by_role("link", name="Consent is withdrawn"))
    assert "What was shared already" in steps.who.words
    assert not steps.who.judge()
    steps.write("What they said, to whom and when", "On the phone, this morning")
    steps.press("Record the withdrawal")
    assert "Consent was withdrawn".lower() in steps.who.words.lower()
