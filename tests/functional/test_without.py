"""The journey without JavaScript, and without a mouse."""

import re

import pytest
from playwright.sync_api import Browser

from tests.functional.browser import Visitor
from tests.functional.cases import Family, body
from tests.functional.conftest import Door
from tests.functional.journeys import Tokens, alerts_of, post, screen, sent_alert, until_settled
from tests.functional.stack import Stack

MOST_TABS = 90
FOCUSED = """() => {
  const element = document.activeElement;
  const label = element.labels && element.labels.length ? element.labels[0].innerText : element.innerText;
  const style = getComputedStyle(element), box = element.closest("label, .govuk-radios__item") || element;
  const shown = style.outlineStyle !== "none" || style.boxShadow !== "none" || style.backgroundColor !== "rgba(0, 0, 0, 0)"
    || element.type === "radio" || element.type === "checkbox";
  return {words: (label || element.value || "").trim(), shown, there: box.getBoundingClientRect().height > 0};
}"""


def test_the_whole_journey_without_javascript(stack: Stack, tokens: Tokens, browser: Browser) -> None:
    family = Family.another()
    ref = post(stack, tokens["wexbourne"], body(family, "900001"))
    officer = Visitor.arrive(browser, stack.url, java_script_enabled=False)
    officer.sign_in_as("officer@mash.wexbourne.example")
    officer.goto("/queue/")
    officer.press(officer.page.get_by_role("link", name=ref))
    screen(officer, ref, level="Targeted", decision="Send the alert to each child's setting")
    until_settled(stack, ref, "sent")
    [(alert, *_)] = alerts_of(stack, ref)

    lead = Visitor.arrive(browser, stack.url, java_script_enabled=False)
    lead.sign_in_as("dsl@meadow.wexbourne.example")
    lead.goto("/alerts/")
    lead.press(lead.page.get_by_role("link", name=re.compile(re.escape(family.child))))
    assert family.adults[0] in lead.words
    lead.press(lead.button("Acknowledge this alert"))
    assert "is acknowledged" in lead.words
    officer.goto(f"/sent/{alert}/")
    assert "Acknowledged" in officer.words
    lead.sign_out()
    lead.goto("/alerts/")
    assert lead.path == "/accounts/login/"
    officer.close()
    lead.close()


def tab_to(visitor: Visitor, words: str) -> None:
    """Tab until the control with these words has the focus; every stop on the way shows that it has it."""
    for _ in range(MOST_TABS):
        visitor.page.keyboard.press("Tab")
        focus = visitor.page.evaluate(FOCUSED)
        assert focus["shown"], f"nothing shows that “{focus['words']}” has the focus"
        if re.search(words, focus["words"]):
            return
    raise AssertionError(f"the keyboard does not reach “{words}”")


def enter(visitor: Visitor) -> None:
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")


@pytest.mark.req("MSH-01")
def test_an_officer_screens_with_the_keyboard_alone(stack: Stack, tokens: Tokens, person: Door) -> None:
    ref = post(stack, tokens["wexbourne"], body(Family.another(), "900002"))
    officer = person("officer@mash.wexbourne")
    officer.goto("/queue/")
    tab_to(officer, "^Skip to main content")
    officer.page.keyboard.press("Enter")
    assert officer.page.url.endswith("#main-content")
    tab_to(officer, f"^{ref}")
    enter(officer)
    tab_to(officer, "^Claim it")
    enter(officer)
    keyboard = officer.page.keyboard
    tab_to(officer, "^Level 1")
    keyboard.press("Space")
    keyboard.press("ArrowDown")
    assert officer.page.get_by_label(re.compile("^Level 2")).is_checked()
    tab_to(officer, "^Send the alert")
    keyboard.press("Space")
    keyboard.press("Tab")
    keyboard.type("Seen before; the school can help.")
    tab_to(officer, "^Save the decision")
    enter(officer)
    until_settled(stack, ref, "sent")


@pytest.mark.req("ALR-12")
def test_a_lead_reads_and_acknowledges_with_the_keyboard_alone(stack: Stack, tokens: Tokens, person: Door) -> None:
    family, _, _ = sent_alert(stack, tokens, person("officer@mash.wexbourne"), "900002")
    lead = person("dsl@harbour.wexbourne")
    lead.goto("/alerts/")
    tab_to(lead, f"^{re.escape(family.child)}")
    enter(lead)
    tab_to(lead, "^Acknowledge this alert")
    enter(lead)
    assert "is acknowledged" in lead.words
