"""The parts that pages are made of: errors judged, keyboard alone, without JavaScript, a device that says no."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.functional.browser import NARROW, Visitor
from tests.functional.conftest import Door
from tests.functional.keyboard import tab_to
from tests.functional.stack import Stack


@pytest.fixture
def plain(stack: Stack, browser: Browser) -> Iterator[Visitor]:
    """A browser without JavaScript."""
    visitor = Visitor.arrive(browser, stack.url, java_script_enabled=False)
    yield visitor
    visitor.close()


def test_every_component_with_every_error(stranger: Visitor) -> None:
    stranger.goto("/components/")
    stranger.page.get_by_role("button", name="Save", exact=True).click()
    expect(stranger.page).to_have_title("Error: Components – Safeguarding Hub")
    summary = stranger.page.locator(".govuk-error-summary")
    expect(summary).to_be_focused()
    assert not stranger.judge()
    for link in summary.get_by_role("link").all():
        link.click()
        target = stranger.page.locator(f"#{(link.get_attribute('href') or '')[1:]}")
        expect(target).to_be_focused()


def test_with_the_keyboard_alone_a_visitor_becomes_a_person(stranger: Visitor) -> None:
    page = stranger.page
    stranger.goto("/demo/people/")
    tab_to(stranger, page.get_by_role("link", name="Skip to main content"))
    page.keyboard.press("Enter")
    tab_to(stranger, page.locator(".hub-person").first)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/demo/" not in url)
    expect(page.get_by_role("link", name="Sign out")).to_be_visible()


def test_a_focus_that_nobody_sees_is_found(stranger: Visitor) -> None:
    """What every journey by keyboard rests on: a link that looks with the focus as it does without fails it."""
    stranger.goto("/components/")
    stranger.page.evaluate(
        "() => { const plain = new CSSStyleSheet(); document.adoptedStyleSheets = [plain]; plain.replaceSync("
        "'main a { outline: none !important; box-shadow: none !important; background: none !important; color: black !important }'"
        "); }"
    )
    with pytest.raises(AssertionError, match="nothing showed"):
        tab_to(stranger, stranger.page.get_by_role("button", name="Save", exact=True))


def test_without_javascript_nothing_promises_what_needs_it(plain: Visitor) -> None:
    plain.goto("/accounts/login/")
    expect(plain.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    expect(plain.page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    plain.sign_in_as("admin@meadow.wexbourne.example")
    assert plain.path == "/today/"
    assert plain.goto("/members/meadow/") == 200
    # the menu stands open, for no script could open it
    plain.page.set_viewport_size(NARROW)
    expect(plain.page.get_by_role("link", name="Members", exact=True)).to_be_visible()


def test_on_a_phone_the_list_comes_before_its_filter(person: Door, plain: Visitor) -> None:
    """Until the filter is used: then it stays open, so that nobody takes a part of the list for all of it."""
    lead = person("dsl@meadow.wexbourne")
    lead.page.set_viewport_size(NARROW)
    lead.goto("/alerts/")
    kind = lead.page.get_by_label("About", exact=True)
    expect(kind).to_be_hidden()
    lead.button("Show filter").click()
    kind.select_option(label="Domestic abuse")
    lead.press(lead.button("Apply filter"))
    expect(kind).to_be_visible()
    lead.press(lead.page.get_by_role("link", name="Clear the filter").first)
    assert lead.path == "/alerts/"
    plain.page.set_viewport_size(NARROW)
    plain.sign_in_as("dsl@meadow.wexbourne.example")
    plain.goto("/alerts/")
    expect(plain.page.get_by_label("About", exact=True)).to_be_visible()


@pytest.mark.req("NTK-07")
def test_a_device_that_says_no_is_told_in_words(stranger: Visitor) -> None:
    stranger.goto("/accounts/login/")
    stranger.page.evaluate(
        "() => { navigator.credentials.get = async () => { throw new DOMException('no', 'NotAllowedError'); }; }"
    )
    stranger.page.get_by_role("button", name="Sign in with a passkey").click()
    expect(stranger.page.get_by_role("alert")).to_contain_text("Nothing was changed. Try again, or use another way.")


def test_a_click_in_one_tab_keeps_the_other_from_warning(stack: Stack, browser: Browser) -> None:
    visitor = Visitor.arrive(browser, stack.url)
    visitor.page.clock.install()
    visitor.sign_in_as("dsl@meadow.wexbourne.example")
    visitor.page.clock.fast_forward("12:00")
    other = visitor.context.new_page()
    other.goto("/account/")
    visitor.page.wait_for_timeout(500)
    visitor.page.clock.fast_forward("02:00")
    expect(visitor.page.get_by_role("dialog")).to_be_hidden()
    visitor.page.clock.fast_forward("11:30")
    expect(visitor.page.get_by_role("dialog")).to_be_visible()
    visitor.close()
