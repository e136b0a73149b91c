"""One stack, one browser, and one sign-in a person for all journeys."""

import contextlib
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from tests.functional.browser import Visitor
from tests.functional.journeys import Tokens
from tests.functional.stack import Stack

HERE = Path(__file__).parent
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")


def chromium() -> str | None:
    """The one that is named, or the first here: the shell without windows does the same work in less time."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marked by where they lie, so that none is forgotten on a machine without a browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    stack = Stack(tmp_path_factory.mktemp("hub"))
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("NO BROWSER ON THIS MACHINE: install Chromium, or name one in CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


Door = Callable[[str], Visitor]


@pytest.fixture(scope="session")
def _people(stack: Stack, browser: Browser) -> Iterator[dict[str, Visitor]]:
    people: dict[str, Visitor] = {}
    yield people
    for visitor in people.values():
        visitor.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """A journey that fails says where each of its people stood, and what they read there."""
    report = yield
    if call.when == "call" and report.failed:
        visitors = [each for each in getattr(item, "funcargs", {}).values() if isinstance(each, Visitor)]
        for visitor in (*visitors, *getattr(item, "visitors", ())):
            with contextlib.suppress(PlaywrightError):
                report.sections.append((f"Seen at {visitor.path}", visitor.words))
    return report


@pytest.fixture
def person(
    stack: Stack, browser: Browser, _people: dict[str, Visitor], request: pytest.FixtureRequest
) -> Iterator[Door]:
    """`person("dsl@meadow.wexbourne")`: their browser, signed in once for all tests; nobody's browser may complain."""
    met: list[Visitor] = []
    request.node.visitors = met

    def door(name: str) -> Visitor:
        if name not in _people:
            _people[name] = Visitor.arrive(browser, stack.url)
            _people[name].sign_in_as(f"{name}.example")
        if _people[name] not in met:
            met.append(_people[name])
        return _people[name]

    yield door
    complaints = [complaint for visitor in met for complaint in visitor.complaints]
    for visitor in met:
        visitor.complaints.clear()
    assert not complaints


@pytest.fixture
def stranger(stack: Stack, browser: Browser) -> Iterator[Visitor]:
    """A browser that nobody has signed in with."""
    visitor = Visitor.arrive(browser, stack.url)
    yield visitor
    complaints = list(visitor.complaints)
    visitor.close()
    assert not complaints


@pytest.fixture(scope="session")
def tokens(stack: Stack) -> Tokens:
    """The tokens of the three police forces' systems."""
    scopes = "notifications:write,notifications:read"
    slugs = {"wexbourne": "police", "calderwick": "police-calderwick", "nenevale": "police-nenevale"}
    return Tokens({name: stack.token("--agency", slug, "--scopes", scopes) for name, slug in slugs.items()})
