"""The morning after: the board of the bells, a month's proof, a school's calendar, and Today by the keyboard alone."""

import re

import pytest

from tests.bell.test_ics import calendar, event
from tests.functional.conftest import Door
from tests.functional.keyboard import choose, download, press

MANAGER, ADMIN, DSL = "manager@mash.wexbourne", "admin@thornbank.wexbourne", "dsl@meadow.wexbourne"
FILE = {
    "name": "terms.ics",
    "mimeType": "text/calendar",
    "buffer": calendar(
        event("Autumn term 2029", "20290903", "20291022"),
        event("Half term", "20291022", "20291027"),
        event("School fair", "20290915"),
    ).encode(),
}


@pytest.mark.req("ALR-23")
def test_a_manager_sees_what_was_late_says_why_and_takes_the_proof_by_keyboard(person: Door) -> None:
    manager = person(MANAGER)
    manager.goto("/today/")
    assert not manager.judge()
    press(manager, re.compile(r"^See what is behind these numbers\s*: alerts opened"))
    assert manager.path == "/bell/"
    assert "All days" in manager.words
    press(manager, re.compile(r"not known\s*, all days"))
    assert not manager.judge()
    press(manager, manager.page.locator("main table a").first)
    assert not manager.judge()
    choose(manager, "The Hub or an e-mail did not work")
    press(manager, "Save the reason")
    assert "The reason for A-" in manager.words
    assert "The Hub or an e-mail did not work" in manager.page.locator("dl").first.inner_text()

    manager.goto("/bell/months/")
    assert not manager.judge()
    press(manager, manager.page.locator("main ul.govuk-list a").first)
    assert not manager.judge()
    for link, start in (("Download the proof (PDF)", b"%PDF"), ("Download the numbers (CSV)", "\ufeffPart".encode())):
        with open(download(manager, link).path(), "rb") as file:
            assert file.read().startswith(start)


@pytest.mark.req("ALR-23")
def test_an_administrator_imports_the_schools_calendar(person: Door) -> None:
    admin = person(ADMIN)
    admin.goto("/today/")
    admin.press(admin.page.locator("main").get_by_role("link", name="School days", exact=True))
    assert "Default in use" in admin.words
    assert not admin.judge()
    for expected in ("2 added from the file.", "0 added from the file, 2 were there already."):
        admin.press(admin.page.get_by_role("link", name="Import a calendar file"))
        admin.page.get_by_label("Calendar file").set_input_files(files=[FILE])  # type: ignore[list-item]  # a file in memory
        admin.press(admin.button("Read the file"))
        assert "Entry 3, School fair" in admin.words
        assert not admin.judge()
        admin.press(admin.button("Take these in"))
        assert expected in admin.words
    assert "Default in use" not in admin.words
    assert not admin.judge()


@pytest.mark.req("ALR-23")
def test_a_lead_finds_what_is_new_from_today_by_keyboard(person: Door) -> None:
    lead = person(DSL)
    lead.goto("/")
    assert lead.path == "/today/"
    link = lead.page.locator(".hub-needs").get_by_role("link", name=re.compile("new alert|before the bell")).first
    press(lead, link)
    assert lead.path == "/alerts/"
