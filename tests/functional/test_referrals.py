"""Referrals in the browser: a guest from the open page to the decision, a DSL, the hub, and the manager's week (MSH-05 to MSH-07)."""

import re

import pytest
from playwright.sync_api import Browser

from tests.functional import keyboard
from tests.functional.browser import Visitor
from tests.functional.cases import Family
from tests.functional.conftest import Door
from tests.functional.journeys import text_of
from tests.functional.stack import Stack, until

REFERRAL = re.compile(r"R-[0-9A-Z]{4}-[0-9A-Z]{4}")
WORDS = {
    "Your worries": "Nobody came for the child three times this week.",
    "What keeps the child safe, and who helps": "A neighbour helps.",
    "What you think must happen now": "Somebody should see the family at home.",
    "What you and others have done": "We have talked with the mother.",
}


def link_to(stack: Stack, to: str, subject: str) -> str:
    """The newest link in an e-mail to this address; no e-mail says more than that there is something."""
    found = until(subject, lambda: [text for text in map(text_of, stack.mails(to)) if subject in text], 40)
    path = re.search(r"/refer(?:rals)?/[\w-]+/", found[-1])
    assert path is not None
    return path[0]


def code_for(stack: Stack, to: str, before: int) -> str:
    def codes() -> list[str]:
        return [text for text in map(text_of, stack.mails(to)) if "is your code" in text]

    found = until("the code", lambda: codes() if len(codes()) > before else [], 40)
    code = re.search(r"Subject: (\d{6})", found[-1])
    assert code is not None
    return code[1]


def fill(visitor: Visitor, label: str, text: str) -> None:
    keyboard.write(visitor, label, text)


def go_on(visitor: Visitor) -> None:
    keyboard.press(visitor, "Save and continue")


def add_person(visitor: Visitor, link: str) -> None:
    keyboard.press(visitor, link)


def write(visitor: Visitor, family: Family, *, unborn: bool = False) -> None:
    """Every page from "About you" to the check of the answers, with the keyboard alone."""
    for label, text in (
        ("Your post", "Manager"),
        ("Telephone", "01632 960777"),
        ("How you know the child", "Comes each day"),
    ):
        fill(visitor, label, text)
    go_on(visitor)
    add_person(visitor, "Add the child")
    fill(visitor, "First name (if known)", family.given_name)
    fill(visitor, "Last name (if known)", family.family_name)
    fill(visitor, "About how old, in years (if you do not know the date of birth)", "4")
    go_on(visitor)
    if unborn:
        add_person(visitor, "Add another child")
        keyboard.choose(visitor, "Not yet")
        fill(visitor, "Last name (if known)", family.family_name)
        go_on(visitor)
    keyboard.press(visitor, "Continue")
    fill(visitor, "Where the child lives", "2 Invented Lane")
    go_on(visitor)
    for label in ("Your worries", "What keeps the child safe, and who helps", "What you think must happen now"):
        fill(visitor, label, WORDS[label])
        go_on(visitor)
    keyboard.choose(visitor, "8")
    go_on(visitor)
    fill(visitor, "What you and others have done", WORDS["What you and others have done"])
    go_on(visitor)
    keyboard.choose(visitor, "No, it was not asked for")
    go_on(visitor)
    keyboard.choose(visitor, "Asking would put a child or somebody else at more risk")
    fill(visitor, "On what you base this", "He opens her post")
    go_on(visitor)


def decide(visitor: Visitor, ref: str, colour: str, outcome: str) -> None:
    assert visitor.goto(f"/referrals/{ref}/") == 200
    visitor.page.get_by_label(colour, exact=True).check()
    visitor.page.get_by_label("Why", exact=True).fill("By what we hold.")
    visitor.press(visitor.button("Save the colour"))
    visitor.page.get_by_label(outcome, exact=True).check()
    visitor.page.get_by_label("Your reasons").fill("Canary reasons of the hub")
    visitor.press(visitor.button("Save the decision"))
    assert "the referrer was told" in visitor.words


def ask_for_a_link(visitor: Visitor, name: str, organisation: str, kind: str, to: str) -> None:
    visitor.goto("/refer/")
    assert "call 999 first" in visitor.words
    keyboard.choose(visitor, re.compile("^Wexbourne"))
    fill(visitor, "Your name", name)
    fill(visitor, "Your organisation", organisation)
    keyboard.pick(visitor, "What kind of organisation it is", kind)
    fill(visitor, "Your e-mail address at work", to)
    keyboard.press(visitor, "Send me a link")


@pytest.mark.req("MSH-05", "MSH-06")
def test_a_guest_refers_by_keyboard_from_the_open_page_and_reads_the_decision(
    stack: Stack, stranger: Visitor, person: Door
) -> None:
    family, to = Family.another(), "wren@saltings-nursery.example"
    ask_for_a_link(stranger, "Wren Oakley", "Saltings Nursery", "Nursery", to)
    first = link_to(stack, to, "Your link to refer a child")
    open_with_code(stack, stranger, first, to, before=0)
    assert stranger.judge() == []
    stranger.goto(f"{first}you/")
    write(stranger, family, unborn=True)
    assert "Check your answers" in stranger.words
    assert stranger.judge() == []
    keyboard.press(stranger, "Send the referral")
    assert "Referral sent" in stranger.words
    found = REFERRAL.search(stranger.words)
    assert found is not None
    ref = found[0]
    assert stranger.judge() == []
    assert stranger.goto(first) == 404

    mash = person("officer@mash.wexbourne")
    mash.goto("/referrals/")
    assert ref in mash.words
    decide(mash, ref, "Amber", "Early help")

    newest = link_to(stack, to, f"{ref}: a decision on your referral")
    open_with_code(stack, stranger, newest, to, before=1, given=True)
    assert "early help fits best" in stranger.words
    assert "Canary reasons" not in stranger.words
    everything = "\n".join(map(text_of, stack.mails(to)))
    assert not [secret for secret in (*family.secrets, *WORDS.values()) if secret in everything]


def open_with_code(stack: Stack, visitor: Visitor, path: str, to: str, *, before: int, given: bool = False) -> None:
    assert visitor.goto(path) == 200
    if given and "Show that it is you" not in visitor.words:
        return
    keyboard.press(visitor, "Send me a code")
    code = code_for(stack, to, before)
    assert visitor.judge() == []
    fill(visitor, "Code", code)
    keyboard.press(visitor, "Continue")


@pytest.mark.prove
@pytest.mark.req("MSH-05")
def test_a_guest_needs_no_javascript(stack: Stack, browser: Browser) -> None:
    """The link is asked for, and the first page is written and left, with the keyboard alone."""
    visitor, to = Visitor.arrive(browser, stack.url, java_script_enabled=False), "heron@saltings-club.example"
    try:
        ask_for_a_link(visitor, "Heron Marsh", "Saltings Club", "Voluntary organisation", to)
        assert "Look at your e-mail" in visitor.words
        visitor.goto(link_to(stack, to, "Your link to refer a child"))
        keyboard.press(visitor, "Send me a code")
        fill(visitor, "Code", code_for(stack, to, 0))
        keyboard.press(visitor, "Continue")
        keyboard.press(visitor, "About you")
        fill(visitor, "Your post", "Trainer")
        keyboard.press(visitor, "Save and come back later")
        assert "Something is missing" in visitor.words
    finally:
        visitor.close()


@pytest.mark.prove
@pytest.mark.req("MSH-05", "MSH-07")
def test_a_dsl_refers_the_hub_decides_and_the_manager_closes_the_week(stack: Stack, person: Door) -> None:
    dsl, family = person("dsl@meadow.wexbourne"), Family.another()
    dsl.goto("/referrals/mine/")
    dsl.press(dsl.page.get_by_role("button", name="Refer a child"))
    dsl.press(dsl.button("Start"))
    draft = dsl.path
    dsl.page.get_by_label("Your post").fill("Designated")
    dsl.press(dsl.button("Save and come back later"))
    assert "You can go on at any time" in dsl.words
    dsl.goto(draft)
    assert dsl.page.get_by_label("Your post").input_value() == "Designated"
    write(dsl, family)
    dsl.press(dsl.button("Send the referral"))
    found = REFERRAL.search(dsl.words)
    assert found is not None
    mash = person("officer@mash.wexbourne")
    decide(mash, found[0], "Red", "Strategy discussion")
    assert mash.judge() == []
    dsl.goto(f"/referrals/{found[0]}/")
    assert "strategy discussion" in dsl.words
    assert "Canary reasons" not in dsl.words
    for other in ("dsl@harbour.wexbourne", "deputy@meadow.wexbourne"):
        assert person(other).goto(f"/referrals/{found[0]}/") == 404

    manager = person("manager@mash.wexbourne")
    manager.goto("/referrals/review/")
    assert manager.judge() == []
    keyboard.write(manager, "What you found", "Two came late; the early help team joins us next week.")
    keyboard.press(manager, "Close the week")
    manager.goto("/referrals/review/")
    assert "Two came late" in manager.words
    assert manager.judge() == []
