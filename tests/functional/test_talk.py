"""The setting and the MASH talk about an alert, content is disclosed after a decision, and an adult's work reaches the LADO."""

import re

import pytest

from tests.functional.browser import Visitor
from tests.functional.conftest import Door
from tests.functional.journeys import Tokens, mails_about, sent_alert
from tests.functional.keyboard import choose, press, write
from tests.functional.stack import Stack, until

DSL, TUTOR = "dsl@meadow.wexbourne", "tutor@meadow.wexbourne"
OFFICER, MANAGER, LADO = "officer@mash.wexbourne", "manager@mash.wexbourne", "lado@council.wexbourne"


def follow(visitor: Visitor, name: str) -> None:
    press(visitor, re.compile(f"^{re.escape(name)}"))
    assert not visitor.judge()


def answer_questions(visitor: Visitor, worry: str) -> None:
    follow(visitor, "Answer the four questions")
    visitor.page.get_by_label("What are you worried about?").fill(f"Mornings, says {worry}")
    visitor.page.get_by_label("What is working well?").fill("Grandmother is near")
    visitor.page.get_by_label("What must happen?").fill("Somebody looks in")
    visitor.page.get_by_label(worry, exact=True).check()
    visitor.press(visitor.button("Keep my answers"))
    assert not visitor.judge()


def decide_to_share(visitor: Visitor, setting: str) -> None:
    choose(visitor, "Share")
    press(visitor, "Continue")
    write(visitor, "Why do you share it?", "The school can plan early help")
    choose(visitor, "They know already")
    press(visitor, "Continue")
    press(visitor, f"Share with {setting}")


@pytest.mark.req("ALR-12", "ALR-13", "MSH-06", "SHR-02")
def test_from_other_concerns_to_what_a_named_person_reads(stack: Stack, tokens: Tokens, person: Door) -> None:
    family, _, alert = sent_alert(stack, tokens, person(OFFICER))
    lead, officer = person(DSL), person(OFFICER)
    assert officer.goto(f"/talk/{alert}/") == 404  # nothing was said yet
    lead.goto(f"/talk/{alert}/new/")
    assert not lead.judge()
    lead.page.get_by_label("Your message").fill("She minds her brother in the mornings")
    lead.press(lead.button("Send the message"))
    assert "Hub to answer" in lead.words
    follow(lead, "Say what you hold")
    lead.page.get_by_label("What you hold").fill("Late four times in two weeks")
    lead.page.get_by_label("Fact", exact=True).check()
    lead.page.get_by_label("Current", exact=True).check()
    for part, value in zip(("Day", "Month", "Year"), ("20", "11", "2026"), strict=True):
        lead.page.get_by_label(part).fill(value)
    lead.press(lead.button("Add it to the conversation"))
    assert "Fact, current." in lead.words
    answer_questions(lead, "7")
    [mail] = until("the officer is told", lambda: mails_about(stack, f"{OFFICER}.example", alert)[:1], 40)
    assert family.family_name not in mail

    officer.goto("/talk/")
    assert not officer.judge()
    officer.press(officer.page.get_by_role("link", name=alert))
    assert "Late four times" in officer.words
    answer_questions(officer, "4")
    assert "7 of 10" in officer.words
    assert "4 of 10" in officer.words
    follow(officer, "Write a message")
    officer.page.get_by_label("Your message").fill("Early help fits")
    officer.press(officer.button("Send the message"))
    follow(officer, "Screen again, with what was said")
    officer.page.get_by_label(re.compile(r"^Level 3")).check()
    officer.page.get_by_label("Reason", exact=True).fill("The mornings")
    officer.press(officer.button("Save the new screening"))
    assert "Level of need changed" in officer.words

    follow(officer, "Disclose content to named people")
    follow(officer, "Decide whether to share")
    setting = str(stack.sql("SELECT name FROM agencies_agency WHERE slug = 'meadow'")[0][0])
    decide_to_share(officer, setting)
    if not officer.path.endswith("/disclose/"):
        officer.goto(f"/talk/{alert}/disclose/")
    assert not officer.judge()
    name = str(stack.sql("SELECT name FROM agencies_user WHERE email = %s", f"{DSL}.example")[0][0])
    officer.page.get_by_label("What you disclose").fill("A door was broken at night")
    officer.page.get_by_label("Fact", exact=True).check()
    officer.page.get_by_label("Current", exact=True).check()
    for part, value in zip(("Day", "Month", "Year"), ("20", "11", "2026"), strict=True):
        officer.page.get_by_label(part).first.fill(value)
    officer.page.get_by_label(name).check()
    officer.press(officer.button("Disclose it"))
    assert f"Disclosed to {name}" in officer.words
    assert not officer.judge()

    lead.goto(f"/alerts/{alert}/")
    assert "A door was broken at night" in lead.words
    assert not lead.judge()
    assert person(TUTOR).goto(f"/talk/{alert}/") == 404
    officer.goto(f"/talk/{alert}/")
    officer.press(officer.button("End it now"))
    lead.goto(f"/alerts/{alert}/")
    assert "A door was broken at night" not in lead.words


@pytest.mark.prove
@pytest.mark.req("ALR-14")
def test_an_adults_work_reaches_the_lado_by_the_hub_alone_and_by_keyboard(
    stack: Stack, tokens: Tokens, person: Door
) -> None:
    family, _, alert = sent_alert(stack, tokens, person(OFFICER))
    lead, manager, lado = person(DSL), person(MANAGER), person(LADO)
    lead.goto(f"/alerts/{alert}/")
    press(lead, re.compile("works with children"))
    assert not lead.judge()
    choose(lead, family.adults[1])
    write(lead, "What you know of the work", "Coaches on Saturdays")
    press(lead, re.compile("^Tell "))
    ref = str(stack.sql("SELECT ref FROM alerts_adultconcern ORDER BY id DESC LIMIT 1")[0][0])
    assert lado.goto(f"/adults/{ref}/") == 404
    [mail] = until("the manager is told", lambda: mails_about(stack, f"{MANAGER}.example", ref), 40)
    assert family.family_name not in mail

    manager.goto(f"/adults/{ref}/")
    assert not manager.judge()
    council = str(stack.sql("SELECT name FROM agencies_agency WHERE slug = 'council'")[0][0])
    follow(manager, f"Decide whether to share it with {council}")
    decide_to_share(manager, council)
    assert manager.path == f"/adults/{ref}/"
    choose(manager, "The threshold is met: refer to the LADO")
    write(manager, "Your reasons", "May pose a risk at work")
    press(manager, "Save the decision")
    assert "The LADO reads it now" in manager.words
    assert "Referred, no receipt yet" in manager.words
    assert not manager.judge()

    lado.goto("/adults/")
    press(lado, ref)
    assert "Coaches on Saturdays" in lado.words
    assert not lado.judge()
    write(lado, "What happens next", "A meeting on Monday")
    press(lado, "Give receipt")
    manager.goto(f"/adults/{ref}/")
    assert "A meeting on Monday" in manager.words
    lead.goto(f"/adults/tell/{alert}/")
    assert "has looked into it" in lead.words
    assert "A meeting on Monday" not in lead.words
    assert not lead.judge()
