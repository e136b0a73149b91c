"""A deputy whose training lapsed mends it and reads; an administrator suspends, and another person lifts it."""

import re

import pytest

from tests.functional.conftest import Door

DEPUTY, ADMIN = "deputy@ridge.calderwick", "admin@ridge.calderwick"


@pytest.mark.req("NTK-06", "IGV-03", "AGR-08")
def test_from_lapsed_to_cleared_to_suspended(person: Door) -> None:
    deputy, admin = person(DEPUTY), person(ADMIN)
    deputy.goto("/")
    assert deputy.path == "/clearance/"
    assert deputy.goto("/alerts/") == 404
    assert "What is missing before you can go on" in deputy.words
    assert not deputy.judge()
    deputy.press(deputy.button("I have read this and keep to it"))
    assert "You have acknowledged the terms" in deputy.words
    assert "Training: " in deputy.words

    name = deputy.page.locator(".hub-demo strong").last.inner_text()
    admin.goto("/members/ridge-calderwick/")
    admin.press(admin.page.get_by_role("link", name=f"Training of {name}"))
    for course in ("Sharing information safely", "Receiving alerts as a designated lead"):
        admin.page.get_by_label(course).check()
        for box, value in zip(admin.page.locator("fieldset input[type=text]").all(), ("1", "9", "2026"), strict=True):
            box.fill(value)
        admin.page.get_by_label("Evidence").fill("Certificate 77")
        admin.press(admin.button("Record the course"))
    assert "Counts until" in admin.words
    assert not admin.judge()
    assert deputy.goto("/alerts/") == 200
    deputy.goto("/")
    assert deputy.path == "/today/"

    admin.goto("/people/ridge-calderwick/")
    admin.press(admin.page.get_by_role("link", name=f"Suspend {name}"))
    admin.press(admin.button("Suspend"))
    assert admin.page.title().startswith("Error: ")
    admin.page.get_by_label("Reason").fill("Under investigation")
    admin.press(admin.button("Suspend"))
    assert "is suspended, and was signed out everywhere" in admin.words
    assert not admin.judge()
    deputy.goto("/alerts/")
    assert deputy.path in ("/", "/accounts/login/"), "out with the next page"
    admin.press(admin.page.get_by_role("link", name=re.compile("^Lift the suspension")))
    assert not admin.judge()
    admin.page.get_by_label("Reason").fill("Nothing was found")
    admin.press(admin.button("Lift the suspension"))
    assert "is lifted" in admin.words
