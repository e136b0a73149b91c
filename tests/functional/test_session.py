"""A session ends by itself; the person is warned two minutes before, and one press keeps it."""

import pytest
from playwright.sync_api import Browser, expect

from tests.functional.browser import Visitor
from tests.functional.stack import Stack

IDLE_MINUTES = 15


def end_session(stack: Stack, visitor: Visitor) -> None:
    """Fifteen minutes pass on the server."""
    [key] = [cookie["value"] for cookie in visitor.context.cookies() if cookie["name"] == "hub_session"]
    stack.sql("UPDATE django_session SET expire_date = now() - interval '1 minute' WHERE session_key = %s", key)


@pytest.mark.req("NTK-07")
def test_the_warning_comes_and_one_press_keeps_the_session(stack: Stack, browser: Browser) -> None:
    visitor = Visitor.arrive(browser, stack.url)
    visitor.page.clock.install()
    visitor.sign_in_as("dsl@meadow.wexbourne.example")
    dialog = visitor.page.get_by_role("dialog")
    visitor.page.clock.fast_forward(f"{IDLE_MINUTES - 3}:00")
    assert not dialog.is_visible()
    visitor.page.clock.fast_forward("01:30")
    expect(dialog).to_be_visible()
    stay = visitor.page.get_by_role("button", name="Stay signed in")
    expect(stay).to_be_focused()
    stay.press("Enter")
    expect(dialog).to_be_hidden()
    assert visitor.goto("/alerts/") == 200
    assert visitor.path == "/alerts/"
    assert not visitor.complaints
    visitor.close()


@pytest.mark.req("NTK-07")
def test_who_does_not_answer_is_shown_the_way_in_again(stack: Stack, browser: Browser) -> None:
    visitor = Visitor.arrive(browser, stack.url)
    visitor.page.clock.install()
    visitor.sign_in_as("dsl@meadow.wexbourne.example")
    visitor.page.clock.fast_forward(f"{IDLE_MINUTES - 1}:00")
    end_session(stack, visitor)
    visitor.page.clock.run_for("02:30")
    visitor.page.wait_for_url("**/accounts/login/**")
    visitor.close()


@pytest.mark.req("NTK-07")
def test_the_server_ends_an_idle_session_whatever_the_browser_does(stack: Stack, browser: Browser) -> None:
    visitor = Visitor.arrive(browser, stack.url)
    visitor.sign_in_as("dsl@meadow.wexbourne.example")
    end_session(stack, visitor)
    visitor.goto("/alerts/")
    assert visitor.path == "/accounts/login/"
    visitor.close()
