"""Referrals in the browser: a guest from the open page to the decision, a DSL, the hub, and the manager's week (MSH-05 to MSH-07)."""

import re

import pytest
from playwright.sync_api import Browser

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
    visitor.page.get_by_label(label, exact=True).fill(text)


def go_on(visitor: Visitor) -> None:
    visitor.press(visitor.button("Save and continue"))


def add_person(visitor: Visitor, link: str) -> None:
    visitor.press(visitor.page.get_by_role("link", name=link, exact=True))


def write(visitor: Visitor, family: Family, *, unborn: bool = False) -> None:
    """Every page from "About you" to the check of the answers."""
    page = visitor.page
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
        page.get_by_label("Not yet", exact=True).check()
        fill(visitor, "Last name (if known)", family.family_name)
        go_on(visitor)
    visitor.press(page.get_by_role("button", name="Continue", exact=True))
    fill(visitor, "Where the child lives", "2 Invented Lane")
    go_on(visitor)
    for label in ("Your worries", "What keeps the child safe, and who helps", "What you think must happen now"):
        fill(visitor, label, WORDS[label])
        go_on(visitor)
    page.get_by_label("8", exact=True).check()
    go_on(visitor)
    fill(visitor, "What you and others have done", WORDS["What you and others have done"])
    go_on(visitor)
    page.get_by_label("No, it was not asked for").check()
    go_on(visitor)
    page.get_by_label("Asking would put a child or somebody else at more risk").check()
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


@pytest.mark.req("MSH-05", "MSH-06")
def test_a_guest_refers_from_the_open_page_and_reads_the_decision(
    stack: Stack, stranger: Visitor, person: Door
) -> None:
    family, to = Family.another(), "wren@saltings-nursery.example"
    stranger.goto("/refer/")
    assert "call 999 first" in stranger.words
    stranger.page.get_by_label("Wexbourne", exact=False).first.check()
    for label, text in (("Your name", "Wren Oakley"), ("Your organisation", "Saltings Nursery")):
        fill(stranger, label, text)
    stranger.page.get_by_label("What kind of organisation it is").select_option("nursery")
    fill(stranger, "Your e-mail address at work", to)
    stranger.press(stranger.button("Send me a link"))
    first = link_to(stack, to, "Your link to refer a child")
    open_with_code(stack, stranger, first, to, before=0)
    assert stranger.judge() == []
    stranger.goto(f"{first}you/")
    write(stranger, family, unborn=True)
    assert "Check your answers" in stranger.words
    assert stranger.judge() == []
    stranger.press(stranger.button("Send the referral"))
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
    visitor.press(visitor.button("Send me a code"))
    code = code_for(stack, to, before)
    assert visitor.judge() == []
    fill(visitor, "Code", code)
    visitor.press(visitor.page.get_by_role("button", name="Continue", exact=True))


@pytest.mark.prove
@pytest.mark.req("MSH-05")
def test_a_guest_needs_no_mouse(stack: Stack, browser: Browser) -> None:
    """Keyboard only, and without JavaScript: the link is asked for, and the first page is written."""
    visitor = Visitor.arrive(browser, stack.url, java_script_enabled=False)
    try:
        visitor.goto("/refer/")
        to = "heron@saltings-club.example"
        keys(visitor, "Calderwick", None)
        for _ in range(2):  # within the group by arrow, as the browser has it
            visitor.page.keyboard.press("ArrowDown")
        assert visitor.page.get_by_label(re.compile("^Wexbourne")).is_checked()
        for label, text in (("Your name", "Heron Marsh"), ("Your organisation", "Saltings Club")):
            keys(visitor, label, text)
        keys(visitor, "What kind of organisation it is", "Voluntary organisation")
        keys(visitor, "Your e-mail address at work", to)
        with visitor.page.expect_navigation():
            visitor.page.keyboard.press("Enter")
        assert "Look at your e-mail" in visitor.words
        path = link_to(stack, to, "Your link to refer a child")
        visitor.goto(path)
        tab_to(visitor, "Send me a code")
        with visitor.page.expect_navigation():
            visitor.page.keyboard.press("Enter")
        keys(visitor, "Code", code_for(stack, to, 0))
        with visitor.page.expect_navigation():
            visitor.page.keyboard.press("Enter")
        tab_to(visitor, "About you")
        with visitor.page.expect_navigation():
            visitor.page.keyboard.press("Enter")
        keys(visitor, "Your post", "Trainer")
        tab_to(visitor, "Save and come back later")
        with visitor.page.expect_navigation():
            visitor.page.keyboard.press("Enter")
        assert "Something is missing" in visitor.words
    finally:
        visitor.close()


def tab_to(visitor: Visitor, name: str) -> None:
    """Until what has the focus is called so."""
    for _ in range(80):
        visitor.page.keyboard.press("Tab")
        called = visitor.page.evaluate(
            "() => { const e = document.activeElement; return [e.innerText, ...[...(e.labels || [])].map(l => l.innerText)].join('|') }"
        )
        if name in called:
            return
    raise AssertionError(f"no key leads to {name}")


def keys(visitor: Visitor, label: str, text: str | None) -> None:
    tab_to(visitor, label)
    if text is not None:
        visitor.page.keyboard.type(text)


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
    manager.page.get_by_label("What you found").fill("Two came late; the early help team joins us next week.")
    manager.press(manager.button("Close the week"))
    manager.goto("/referrals/review/")
    assert "Two came late" in manager.words
    assert manager.judge() == []
