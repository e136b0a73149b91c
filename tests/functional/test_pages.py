"""Every page of every role, wide and narrow: axe finds nothing, nothing scrolls sideways, no browser complains."""

import itertools
import re

import pytest
from playwright.sync_api import Browser

from tests.functional.browser import Visitor
from tests.functional.cases import Family
from tests.functional.conftest import Door
from tests.functional.page_list import ADMIN, NOBODY, PAGES, POLICE
from tests.functional.pages import (
    CLOSED,
    CLOSED_PREFIXES,
    NO_PAGES,
    SEEN_IN_SIGN_IN,
    SEEN_IN_WAYS_IN,
    Look,
    looks,
    routes,
    world_of,
)
from tests.functional.stack import Stack
from tests.functional.test_intake import csv_file

BY_PERSON = {who: list(group) for who, group in itertools.groupby(looks(), key=lambda look: look.who)}


def test_every_route_is_looked_at_or_says_why_not() -> None:
    known = {*PAGES, *SEEN_IN_SIGN_IN, *SEEN_IN_WAYS_IN, *NO_PAGES, *CLOSED}
    assert not [route for route in routes() if route not in known and not route.startswith(CLOSED_PREFIXES)]
    assert not known - set(routes())


@pytest.fixture(scope="module")
def world(stack: Stack, browser: Browser) -> dict[str, str]:
    """The demo world, and a file with a row that did not go in."""
    police = Visitor.arrive(browser, stack.url)
    police.sign_in_as(f"{POLICE}.example")
    families = [Family.another() for _ in range(2)]
    police.goto("/notifications/uploads/new/")
    file = {"name": "pages.csv", "mimeType": "text/csv", "buffer": csv_file(families, spoil=families[0])}
    police.page.get_by_label("CSV file").set_input_files(files=[file])  # type: ignore[list-item]  # a file in memory
    police.press(police.button("Upload"))
    police.page.get_by_role("row", name=re.compile("^Row 2")).wait_for(timeout=40_000)
    upload = police.path.split("/")[-2]
    police.close()
    admin = Visitor.arrive(browser, stack.url)
    admin.sign_in_as(f"{ADMIN}.example")
    admin.goto("/members/meadow/")
    colleague = str(admin.page.get_by_role("link", name=re.compile("^Change roles of")).last.get_attribute("href"))
    admin.close()
    return {**world_of(stack), "upload": upload, "colleague": colleague}


@pytest.mark.parametrize("who", BY_PERSON, ids=lambda who: who or "nobody")
def test_the_pages_of(who: str, person: Door, stranger: Visitor, world: dict[str, str]) -> None:
    visitor = person(who) if who else stranger
    findings = [finding for look in BY_PERSON[who] for finding in _look(visitor, look, world)]
    assert not findings, "\n".join(findings)


def _look(visitor: Visitor, look: Look, world: dict[str, str]) -> list[str]:
    path = look.path.format(**world)
    status = visitor.goto(path)
    if status != 200:
        return [f"{path}: status {status}"]
    return [f"{path} ({look.who}): {finding}" for finding in visitor.judge()]


@pytest.mark.parametrize("who", ["dsl@meadow.wexbourne", NOBODY])
def test_the_page_for_what_is_not_there(who: str, person: Door, stranger: Visitor) -> None:
    visitor = person(who) if who else stranger
    status = visitor.goto("/help/nothing-here/")
    assert status == 404
    assert not visitor.judge()
