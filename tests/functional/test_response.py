"""A school's whole response: from the link in the e-mail to the end, a tutor's plain page, a head, a bad Monday."""

import re

import pytest
from playwright.sync_api import Locator

from tests.functional.browser import NARROW, Visitor
from tests.functional.conftest import Door
from tests.functional.journeys import Tokens, mail_about, sent_alert
from tests.functional.keyboard import choose, pick, press, tick, write
from tests.functional.stack import Stack

DSL, TUTOR, HEAD = "dsl@meadow.wexbourne", "tutor@meadow.wexbourne", "head@meadow.wexbourne"
OFFICER = "officer@mash.wexbourne"


class Counted:
    """One person's hands: every choice and every press is counted."""

    def __init__(self, visitor: Visitor):
        self.visitor, self.interactions = visitor, 0

    def choose(self, control: Locator) -> None:
        self.interactions += 1
        control.check()

    def press(self, control: Locator) -> None:
        self.interactions += 1
        self.visitor.press(control)


@pytest.mark.req("ALR-12", "ALR-15")
def test_from_the_link_in_the_e_mail_no_other_concerns_takes_two_interactions(
    stack: Stack, tokens: Tokens, person: Door
) -> None:
    """On a phone in a corridor: at 320 pixels, with at most four interactions after the link."""
    family, _, alert = sent_alert(stack, tokens, person(OFFICER))
    link = re.search(r"https?://\S+/alerts/\S+/", mail_about(stack, f"{DSL}.example", alert))
    assert link
    lead = person(DSL)
    lead.page.set_viewport_size(NARROW)
    lead.goto(link[0].removeprefix(stack.url))
    hands = Counted(lead)
    hands.choose(lead.page.get_by_label("No other concerns"))
    hands.press(lead.button("Acknowledge this alert"))
    assert hands.interactions <= 4
    assert "is acknowledged" in lead.words
    assert "tell the staff who need to know, and monitor" in lead.words
    assert not lead.judge()
    lead.press(lead.page.get_by_role("link", name=re.compile("^The child's safeguarding file")))
    assert family.child in lead.words
    assert "What we decided" in lead.words


@pytest.mark.req("ALR-12", "ALR-16", "ALR-17", "ALR-18", "ALR-19", "ALR-20")
def test_the_whole_response_with_the_keyboard_and_what_the_tutor_reads(
    stack: Stack, tokens: Tokens, person: Door
) -> None:
    family, _, alert = sent_alert(stack, tokens, person(OFFICER))
    lead, tutor = person(DSL), person(TUTOR)
    name = str(stack.sql("SELECT name FROM agencies_user WHERE email = %s", f"{TUTOR}.example")[0][0])
    lead.goto(f"/alerts/{alert}/")
    choose(lead, "No other concerns")
    press(lead, "Acknowledge this alert")

    _task(lead, "Tell colleagues who need to know")
    write(lead, "Name", name)
    press(lead, "Search")
    press(lead, name)
    choose(lead, "Tutor")
    tick(lead, "What kind of alert it is")
    write(lead, "What you ask of them", "Let the morning begin quietly.")
    write(lead, "Why they need to know", "Sees the child every morning")
    press(lead, "Tell them")
    _task(lead, "Silent or overt support")
    choose(lead, re.compile("^Silent"))
    press(lead, "Save")
    _task(lead, "Actions")
    choose(lead, "Quiet time")
    pick(lead, "Who does it", name)
    press(lead, "Add")
    _task(lead, "Review")
    press(lead, "Save")
    assert not lead.judge()

    told = str(
        stack.sql(
            "SELECT e.ref FROM alerts_fileentry e JOIN alerts_entrygrant g ON g.content_object_id = e.id"
            " WHERE e.source_ref = %s",
            alert,
        )[0][0]
    )
    assert family.family_name not in mail_about(stack, f"{TUTOR}.example", told)
    tutor.goto("/shared/")
    press(tutor, family.child)
    assert "Let the morning begin quietly." in tutor.words
    assert "Do not discuss this with the child" in tutor.words
    assert not [adult for adult in family.adults if adult in tutor.page.content()]
    assert tutor.goto(f"/alerts/{alert}/") == 404
    assert tutor.goto("/files/") == 404
    tutor.goto(f"/told/{told}/")
    assert not tutor.judge()
    press(tutor, "Quiet time")
    choose(tutor, "Done")
    press(tutor, "Save")
    assert "stands in the child's file" in tutor.words

    _close(lead, alert)
    _read_by_the_head(stack, person(HEAD), alert)


def _task(visitor: Visitor, name: str) -> None:
    press(visitor, visitor.page.locator(".govuk-task-list").get_by_role("link", name=name, exact=True))


def _close(lead: Visitor, alert: str) -> None:
    lead.goto(f"/alerts/{alert}/review/")
    write(lead, "What the actions have come to (optional)", "Calmer since Wednesday.")
    press(lead, "Save")
    _task(lead, "Close with the outcome")
    choose(lead, "Support was given and has helped")
    press(lead, "Close")
    assert "is closed with its outcome" in lead.words


def _read_by_the_head(stack: Stack, head: Visitor, alert: str) -> None:
    """The head keeps the files of the setting as well: the whole course stands in the child's."""
    file = str(
        stack.sql(
            "SELECT f.ref FROM alerts_safeguardingfile f JOIN alerts_fileentry e ON e.file_id = f.id"
            " WHERE e.source_ref = %s",
            alert,
        )[0][0]
    )
    assert head.goto(f"/files/{file}/") == 200
    for line in ("Alert received", "What we decided", "Told to a colleague", "Calmer since Wednesday.", "Closed"):
        assert line in head.words, line
    assert not head.judge()


@pytest.mark.prove
@pytest.mark.req("ALR-12")
def test_a_bad_monday_two_alerts_at_once(stack: Stack, tokens: Tokens, person: Door) -> None:
    alerts = [sent_alert(stack, tokens, person(OFFICER))[2] for _ in range(2)]
    lead = person(DSL)
    lead.goto("/alerts/?view=answer")
    for alert in alerts:
        lead.page.locator(f'[id="choose-{alert}"]').check()
    lead.press(lead.button("Acknowledge the chosen ones together"))
    assert "Acknowledge 2 alerts" in lead.words
    assert not lead.judge()
    lead.page.get_by_label("No other concerns").check()
    lead.press(lead.button("Acknowledge them"))
    assert "2 of 2 acknowledged" in lead.words
    assert not lead.judge()


@pytest.mark.prove
@pytest.mark.req("ALR-28")
def test_a_child_who_has_left_goes_back_to_the_hub(stack: Stack, tokens: Tokens, person: Door) -> None:
    _, _, alert = sent_alert(stack, tokens, person(OFFICER))
    lead, officer = person(DSL), person(OFFICER)
    lead.goto(f"/alerts/{alert}/")
    lead.press(lead.page.get_by_role("link", name="The child is not on our roll"))
    lead.page.get_by_label("The child has left and is not on the roll any more").check()
    lead.press(lead.button("Send it back"))
    assert "Sent back" in lead.words
    officer.goto("/sent/?view=back")
    assert alert in officer.words
    officer.goto(f"/sent/{alert}/")
    assert "not on the roll any more" in officer.words
    assert not officer.judge()
