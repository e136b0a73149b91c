"""Letting a colleague in and out again, shutting one out, and an emergency with its alarm and review."""

import re

import pytest

from tests.functional.conftest import Door
from tests.functional.journeys import Tokens, mails_about, sent_alert, text_of
from tests.functional.stack import Stack, until

DSL, TUTOR, HEAD = "dsl@meadow.wexbourne", "tutor@meadow.wexbourne", "head@meadow.wexbourne"
OFFICER, MANAGER, IG = "officer@mash.wexbourne", "manager@mash.wexbourne", "ig@council.wexbourne"


@pytest.mark.req("NTK-03", "NTK-04", "NTK-08")
def test_a_colleague_is_let_in_by_name_and_shut_out_again(stack: Stack, tokens: Tokens, person: Door) -> None:
    family, ref, alert = sent_alert(stack, tokens, person(OFFICER))
    lead, tutor = person(DSL), person(TUTOR)
    assert tutor.goto(f"/alerts/{alert}/") == 404
    name = str(stack.sql("SELECT name FROM agencies_user WHERE email = %s", f"{TUTOR}.example")[0][0])

    lead.goto(f"/alerts/{alert}/")
    lead.page.get_by_text("Who can see this, and why").click()
    lead.press(lead.page.get_by_role("link", name="Give or withdraw access"))
    lead.press(lead.page.get_by_role("button", name="Give a colleague access"))
    lead.page.get_by_label("Name", exact=True).fill(name)
    lead.press(lead.button("Search"))
    lead.press(lead.page.get_by_role("link", name=name))
    lead.page.get_by_label("Why this person needs to see it").fill("Sees the child every morning")
    lead.press(lead.button("Give access"))
    assert "has access" in lead.words
    assert not lead.judge()
    [mail] = until("the tutor is told", lambda: mails_about(stack, f"{TUTOR}.example", alert), 40)
    assert family.family_name not in mail

    tutor.goto("/shared/")
    tutor.press(tutor.page.get_by_role("link", name=family.child))
    assert family.child in tutor.words

    lead.press(lead.page.get_by_role("link", name=re.compile("^Withdraw")))
    assert not lead.judge()
    lead.press(lead.button("Withdraw access"))
    assert tutor.goto(f"/alerts/{alert}/") == 404

    manager = person(MANAGER)
    manager.goto(f"/access/{ref}/shut-out/?name={name.split()[-1]}")
    manager.press(manager.page.get_by_role("link", name=name))
    manager.page.get_by_label(f"Everything about {family.child}").check()
    manager.page.get_by_label("Parent, relative or partner of somebody named in it").check()
    manager.page.get_by_label("What you know").fill("Said so herself")
    for part, value in zip(("Day", "Month", "Year"), ("1", "3", "2027"), strict=True):
        manager.page.get_by_label(part).fill(value)
    manager.press(manager.button("Shut out"))
    assert "is shut out" in manager.words
    assert not manager.judge()
    manager.press(manager.page.get_by_role("link", name=re.compile("^Lift")))
    assert not manager.judge()


@pytest.mark.req("NTK-05")
def test_an_emergency_opens_alarms_and_is_reviewed(stack: Stack, tokens: Tokens, person: Door) -> None:
    family, _, alert = sent_alert(stack, tokens, person(OFFICER))
    head, lead = person(HEAD), person(IG)
    assert head.goto(f"/alerts/{alert}/") == 404
    head.goto("/emergency/")
    for wanted in ("A-0000-0000", alert):
        head.page.get_by_label("Reference of the record").fill(wanted)
        head.page.get_by_label("A child may be in danger now").check()
        head.page.get_by_label("What has happened, and why it cannot wait").fill("The DSL cannot be reached")
        head.press(head.button("Open the record"))
        if wanted != alert:
            assert "No record that you can open" in head.words
    assert family.child in head.words

    def alarms() -> list[str]:
        return [text for text in map(text_of, stack.mails(f"{IG}.example")) if alert in text]

    mail = until("the alarm", alarms, 40)[0]
    assert family.family_name not in mail
    link = re.search(rf"{re.escape(stack.url)}(/emergency/reviews/B-[0-9A-Z-]+/)", mail)
    assert link
    lead.goto(link[1])
    assert "The DSL cannot be reached" in lead.words
    assert not lead.judge()
    lead.press(lead.button("End the access now"))
    assert head.goto(f"/alerts/{alert}/") == 404
    lead.page.get_by_label("It was right to open the record").check()
    lead.page.get_by_label("How you came to it").fill("Rang the head")
    lead.press(lead.button("Close the review"))
    assert "is closed" in lead.words
