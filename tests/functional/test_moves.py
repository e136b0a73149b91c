"""A child leaves: one lead sends the file, the other confirms, and then it goes on to a school outside of the Hub."""

import datetime as dt
import hashlib
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from safeguarding.agencies.calendars import LONDON
from tests.functional.browser import Visitor
from tests.functional.cases import Family
from tests.functional.conftest import Door
from tests.functional.journeys import Tokens, mail_about, sent_alert, text_of
from tests.functional.keyboard import choose, download, press, write
from tests.functional.stack import Stack, until

DSL, HARBOUR, OFFICER = "dsl@meadow.wexbourne", "dsl@harbour.wexbourne", "officer@mash.wexbourne"
OUTSIDE = "lead@marshend.example"


def begin(lead: Visitor, family: Family, reason: str, destination: str) -> None:
    lead.goto("/files/")
    lead.press(lead.page.get_by_role("link", name=family.child))
    lead.press(lead.page.get_by_role("link", name="The child has left"))
    lead.page.get_by_label(reason, exact=True).check()
    lead.page.get_by_label(destination, exact=True).check()


@pytest.mark.req("ALR-28")
def test_the_file_follows_the_child_to_another_school_and_to_one_outside(
    stack: Stack, tokens: Tokens, person: Door, browser: Browser, tmp_path: Path
) -> None:
    family, _, alert = sent_alert(stack, tokens, person(OFFICER))
    lead, other = person(DSL), person(HARBOUR)
    begin(lead, family, "The child changes to another setting", "To a setting that is in the Hub")
    assert lead.judge() == []
    lead.page.get_by_label("Find a setting by name or URN").fill("900002")
    lead.press(lead.button("Find a setting"))
    lead.page.get_by_role("radio", name=re.compile("URN 900002")).check()
    lead.press(lead.button("Continue"))
    assert "Nothing was sent yet" in lead.words
    lead.press(lead.button(re.compile("^Send the file to")))
    assert "Waits for receipt" in lead.words
    assert lead.judge() == []
    ref = re.search(r"V-[0-9A-Z]{4}-[0-9A-Z]{4}", lead.words)
    assert ref is not None

    assert family.family_name not in mail_about(stack, f"{HARBOUR}.example", ref[0])
    other.goto(f"/transfers/{ref[0]}/")
    assert family.child in other.words
    assert "What was sent" not in other.words
    other.page.get_by_label("I have checked that this child is on our roll").check()
    assert other.judge() == []
    other.press(other.button("Confirm, and receive the file"))
    assert "Came with a transfer" in other.words
    assert alert in other.words
    assert other.judge() == []
    lead.goto(f"/transfers/{ref[0]}/")
    assert "Received" in lead.words

    _written_later_goes_after_it(lead, other, family, ref[0])
    _goes_on_outside(stack, other, family, browser, tmp_path)


def _written_later_goes_after_it(lead: Visitor, other: Visitor, family: Family, ref: str) -> None:
    lead.goto("/files/")
    lead.press(lead.page.get_by_role("link", name=family.child))
    assert "does not reach them by itself" in lead.words
    lead.press(lead.button("Add a note"))
    lead.page.locator('input[name="kind"]').first.check()
    today = dt.datetime.now(LONDON).date()
    for part, value in zip(("Day", "Month", "Year"), (today.day, today.month, today.year), strict=True):
        lead.page.get_by_label(part, exact=True).fill(str(value))
    lead.page.get_by_label("What happened", exact=True).fill("An aunt phoned after the child had left.")
    lead.press(lead.page.locator("main form button.govuk-button").first)
    lead.goto(f"/transfers/{ref}/")
    assert "1 item in the file came after this was sent, and stayed here" in lead.words
    assert lead.judge() == []
    lead.press(lead.button("Begin a supplement"))
    lead.press(lead.button(re.compile("^Send the supplement to")))
    other.goto(lead.path)
    assert f"A supplement to transfer {ref}" in other.words
    other.page.get_by_label("I have checked that this child is on our roll").check()
    assert other.judge() == []
    other.press(other.button("Confirm, and receive the file"))
    assert "An aunt phoned after the child had left." in other.words


def _goes_on_outside(stack: Stack, lead: Visitor, family: Family, browser: Browser, tmp_path: Path) -> None:
    begin(lead, family, "The family has moved to another area", "To a setting that is not in the Hub")
    lead.page.get_by_label("Name of the setting outside of the Hub").fill("Marsh End School")
    lead.page.get_by_label("Name of its safeguarding lead", exact=True).fill("Wren Halloran")
    lead.page.get_by_label("E-mail address of its safeguarding lead").fill(OUTSIDE)
    lead.press(lead.button("Continue"))
    lead.press(lead.button(re.compile("^Send the file to")))
    where = lead.path
    mail = until("the link", lambda: [text for text in map(text_of, stack.mails(OUTSIDE)) if "/receive/" in text], 40)[
        0
    ]
    assert family.family_name not in mail
    path = re.search(r"/receive/[\w-]+/", mail)
    assert path is not None
    guest = Visitor.arrive(browser, stack.url)
    try:
        _received_outside(stack, guest, path[0], family, tmp_path)
    finally:
        guest.close()
    lead.goto(where)
    assert "Received" in lead.words
    assert "Wren Halloran" in lead.words


def _received_outside(stack: Stack, guest: Visitor, path: str, family: Family, tmp_path: Path) -> None:
    """By the keyboard alone, in a browser that nobody is signed in with."""
    assert guest.goto(path) == 200
    press(guest, "Send me a code")
    coded = until(
        "the code", lambda: [text for text in map(text_of, stack.mails(OUTSIDE)) if "is your code" in text], 40
    )
    code = re.search(r"Subject: (\d{6})", coded[-1])
    assert code is not None
    write(guest, "Code", code[1])
    press(guest, "Continue")
    assert family.child in guest.words
    assert guest.judge() == []
    paper = tmp_path / "file.pdf"
    download(guest, "Download the file (PDF)").save_as(paper)
    assert paper.read_bytes().startswith(b"%PDF")
    assert hashlib.sha256(paper.read_bytes()).hexdigest() in guest.words
    choose(guest, "Yes: the child is on our roll, and I have the file")
    write(guest, "Your full name", "Wren Halloran")
    write(guest, "Your post", "Head of school")
    press(guest, "Send your answer")
    assert "Receipt given" in guest.words
    assert guest.judge() == []
    assert guest.goto(path) == 404
