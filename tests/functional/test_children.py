"""A MASH officer finds a child by half of what she heard, and says which records are one child (ALR-03)."""

import re

import pytest

from tests.functional.conftest import Door

OFFICER = "officer@mash.wexbourne"


@pytest.mark.req("ALR-03", "AUD-01")
def test_found_opened_and_back_then_joined_and_separated(person: Door) -> None:
    officer = person(OFFICER)
    page = officer.page
    assert officer.goto("/children/") == 200
    officer.press(officer.button("Search"))
    assert "Enter a name, a whole date of birth, or a number" in officer.words or "Say why you look" in officer.words
    page.get_by_label("First name").fill("Searcha")
    page.get_by_label("Last name").fill("Belwether")
    page.get_by_label("Year").fill("2017")
    page.get_by_label("Answer a call").check()
    officer.press(officer.button("Search"))
    assert "No child on record fits" in officer.words
    page.get_by_label("First name").fill("Sersha")
    officer.press(page.get_by_role("button", name="Search", exact=True))
    assert "Saoirse Bellweather-Nwosu" in officer.words
    assert "name" not in page.url
    assert officer.judge() == []
    officer.press(page.get_by_role("link", name=re.compile("Open the record of Saoirse")))
    assert "Records that may be the same child" in officer.words
    page.go_back()
    assert officer.path == "/children/found/"
    assert page.get_by_label("First name").input_value() == "Sersha"
    page.go_forward()

    officer.press(page.get_by_role("link", name=re.compile("^Compare with Saorse")))
    page.get_by_label("They are one child").check()
    page.get_by_label(re.compile("^Record 1")).check()
    officer.press(officer.button("Save"))
    assert "shown as one child now" in officer.words
    assert "No two records wait" in officer.words
    officer.goto("/children/found/")
    officer.press(page.get_by_role("link", name=re.compile("Open the record of Saoirse")))
    assert "Saorse" in officer.words
    officer.press(page.get_by_role("link", name=re.compile("^Separate")))
    page.get_by_label(re.compile("^I am not sure")).check()
    officer.press(officer.button("Separate them"))
    assert "stands by itself again" in officer.words
    assert "Saorse Belweather Nwosu" in officer.words
