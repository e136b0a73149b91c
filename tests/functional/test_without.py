"""The journey without JavaScript, and without a mouse."""

import re

import pytest
from playwright.sync_api import Browser

from tests.functional.browser import Visitor
from tests.functional.cases import Family, body
from tests.functional.conftest import Door
from tests.functional.journeys import Tokens, alerts_of, post, screen, sent_alert, until_settled
from tests.functional.keyboard import choose, press, tab_to, write
from tests.functional.stack import Stack


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


@pytest.mark.req("MSH-01")
def test_an_officer_screens_with_the_keyboard_alone(stack: Stack, tokens: Tokens, person: Door) -> None:
    ref = post(stack, tokens["wexbourne"], body(Family.another(), "900002"))
    officer = person("officer@mash.wexbourne")
    officer.goto("/queue/")
    tab_to(officer, officer.page.get_by_role("link", name="Skip to main content"))
    officer.page.keyboard.press("Enter")
    assert officer.page.url.endswith("#main-content")
    press(officer, officer.page.get_by_role("link", name=ref))
    press(officer, "Claim it")
    choose(officer, re.compile("^Level 2"))
    choose(officer, "Send the alert to each child's setting")
    write(officer, "Reason", "Seen before; the school can help.")
    press(officer, "Save the decision")
    until_settled(stack, ref, "sent")


@pytest.mark.req("ALR-12")
def test_a_lead_reads_and_acknowledges_with_the_keyboard_alone(stack: Stack, tokens: Tokens, person: Door) -> None:
    family, _, _ = sent_alert(stack, tokens, person("officer@mash.wexbourne"), "900002")
    lead = person("dsl@harbour.wexbourne")
    lead.goto("/alerts/")
    press(lead, lead.page.get_by_role("link", name=family.child))
    press(lead, "Acknowledge this alert")
    assert "is acknowledged" in lead.words
