"""A person without a pointer: each control is reached by Tab, shows that it has the focus, and is used with keys."""

import re
from typing import Any

from playwright.sync_api import Download, Locator

from tests.functional.browser import Visitor

MOST_TABS = 200
# Where the keyboard is, and whether the stop before looks other now than when it had the focus. Radios and checkboxes
# are drawn before their label, so the focus is seen there; what only a script can give the focus to need not show it.
STOP = """(wanted) => {
  const look = (element) => [element, ...(element.labels || [])].flatMap((part) => [null, "::before"].map((drawn) => {
    const style = getComputedStyle(part, drawn);
    return [style.outline, style.boxShadow, style.backgroundColor, style.borderColor, style.color].join();
  })).join();
  const words = (element) => ((element.labels && element.labels[0] || element).innerText || element.value || "").trim();
  const element = document.activeElement, before = window.stopBefore;
  const unseen = before && before.element !== element && before.element.isConnected && look(before.element) === before.look
    ? words(before.element) || before.element.outerHTML.slice(0, 80) : "";
  window.stopBefore = element === document.body || element.tabIndex < 0 ? null : {element, look: look(element)};
  return {
    unseen, here: element === wanted,
    group: element.type === "radio" && element.name === wanted.name && element.form === wanted.form,
  };
}"""

# With a place in its address, which a redirect hands on, a page is begun there.
NOWHERE_YET = (
    """(wanted) => document.activeElement === document.body && !location.hash && wanted.closest("main") !== null"""
)

Named = str | re.Pattern[str] | Locator


def field(visitor: Visitor, named: Named) -> Locator:
    return named if isinstance(named, Locator) else visitor.page.get_by_label(named, exact=True)


def way(visitor: Visitor, named: Named) -> Locator:
    """A link, or a button."""
    if isinstance(named, Locator):
        return named
    main, roles = visitor.page.locator("main"), ("link", "button")
    link, button = (main.get_by_role(role, name=named, exact=True) for role in roles)  # type: ignore[arg-type]  # two roles
    return link.or_(button)


def tab_to(visitor: Visitor, control: Locator, *, group: bool = False) -> None:
    """Tab until this control has the focus; of a group of radios, one of them."""
    wanted = control.element_handle()
    if visitor.page.evaluate(NOWHERE_YET, wanted):
        for key in ("Tab", "Enter"):  # the link that skips the head of the page is its first stop
            visitor.page.keyboard.press(key)
    for _ in range(MOST_TABS):
        stop: dict[str, Any] = visitor.page.evaluate(STOP, wanted)
        assert not stop["unseen"], f"nothing showed that “{stop['unseen']}” had the focus"
        if stop["here"] or (group and stop["group"]):
            return
        visitor.page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {control}")


def press(visitor: Visitor, named: Named) -> None:
    """What leads to another page, and be there."""
    tab_to(visitor, way(visitor, named))
    with visitor.page.expect_event("load"):  # a jump within the page is no arrival at another
        visitor.page.keyboard.press("Enter")


def download(visitor: Visitor, named: Named) -> Download:
    tab_to(visitor, way(visitor, named))
    with visitor.page.expect_download() as waiting:
        visitor.page.keyboard.press("Enter")
    return waiting.value


def choose(visitor: Visitor, named: Named) -> None:
    """One radio of a group: Tab leads to the group, arrows within it."""
    radio = field(visitor, named)
    tab_to(visitor, radio, group=True)
    if visitor.page.locator(":focus").is_checked() is False:
        visitor.page.keyboard.press("Space")
    for _ in range(MOST_TABS):
        if radio.is_checked():
            return
        visitor.page.keyboard.press("ArrowDown")
    raise AssertionError(f"no arrow key leads to {radio}")


def tick(visitor: Visitor, named: Named) -> None:
    box = field(visitor, named)
    tab_to(visitor, box)
    visitor.page.keyboard.press("Space")
    assert box.is_checked()


def write(visitor: Visitor, named: Named, text: str) -> None:
    """In place of what stood there."""
    box = field(visitor, named)
    tab_to(visitor, box)
    visitor.page.keyboard.press("ControlOrMeta+A")
    visitor.page.keyboard.type(text)
    assert box.input_value() == text


def pick(visitor: Visitor, named: Named, option: str) -> None:
    """From a list, by the first letters of what stands there."""
    select = field(visitor, named)
    tab_to(visitor, select)
    visitor.page.keyboard.type(option)
    assert select.evaluate("element => element.selectedOptions[0].text") == option
