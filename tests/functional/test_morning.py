"""Sixty incidents before nine, two officers at once; and what the police say afterwards (MSH-01, ALR-23)."""

import http.cookiejar
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import pytest

from tests.functional.browser import Visitor
from tests.functional.cases import Family, body
from tests.functional.conftest import Door
from tests.functional.journeys import Tokens, alerts_of, mails_about, post, sent_alert, until_settled
from tests.functional.stack import Stack, until

OFFICER, MANAGER, POLICE = "officer@mash.wexbourne", "manager@mash.wexbourne", "officer@police.wexbourne"
DSL, HARBOUR = "dsl@meadow.wexbourne", "dsl@harbour.wexbourne"
# the quick form, and the morning that the rule speaks of
MORNING = 60 if os.environ.get("PROVE") else 8
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_VERSION = re.compile(r'name="version" value="(\d+)"')
_SHOWN_AT = re.compile(r'name="shown_at" value="([^"]+)"')


@dataclass
class Desk:
    """One officer's session over HTTP, so that two can really work at the same moment."""

    url: str
    opener: OpenerDirector = field(
        default_factory=lambda: build_opener(HTTPCookieProcessor(http.cookiejar.CookieJar()))
    )
    page: str = ""
    at: str = ""
    statuses: list[int] = field(default_factory=list)

    def go(self, path: str, form: dict[str, str] | None = None) -> str:
        data = None
        if form is not None:
            data = urlencode({**form, "csrfmiddlewaretoken": _TOKEN.findall(self.page)[-1]}).encode()
        request = Request(f"{self.url}{path}", data=data, headers={"Referer": f"{self.url}{path}"})
        try:
            answer = self.opener.open(request, timeout=60)
        except HTTPError as error:
            answer = error
        with answer:
            self.page, self.at = answer.read().decode(), answer.geturl().removeprefix(self.url)
            self.statuses.append(answer.status)
        return self.page

    def sign_in(self, email: str) -> "Desk":
        page = self.go("/demo/people/")
        [button] = set(re.findall(rf'<button[^>]*name="([^"]+)"[^>]*value="{re.escape(email)}"', page)) or {"email"}
        self.go("/demo/sign-in/", {button: email})
        self.go("/queue/")
        return self


def _screen_mornings(desk: Desk, turns: Iterator[int], lock: threading.Lock, taken: list[str]) -> None:
    """Take the next, decide, take the next, while there are turns left."""
    while True:
        with lock:
            if next(turns, None) is None:
                return
        desk.go("/queue/next/", {})
        ref = desk.at.removeprefix("/queue/").removesuffix("/")
        taken.append(ref)
        decided = {
            "level": "2",
            "decision": "send",
            "reason": "Known to the school.",
            "version": _VERSION.findall(desk.page)[0],
            "shown_at": _SHOWN_AT.findall(desk.page)[0],
        }
        desk.go(f"/queue/{ref}/screen/", decided)
        assert "is saved" in desk.page, desk.page


def _on_top(stack: Stack, *refs: str) -> None:
    """Due before everything else that waits in the shared demo world."""
    stack.sql("UPDATE alerts_notification SET due_at = due_at - interval '60 days' WHERE ref = ANY(%s)", list(refs))


@pytest.mark.req("MSH-01", "ALR-23")
def test_a_bad_morning_by_two_officers_at_once(stack: Stack, person: Door) -> None:
    """No claim twice, no decision lost, every alert out and on the board."""
    before = {ref for (ref,) in stack.sql("SELECT ref FROM alerts_notification")}
    stack.manage("load_demo", "--morning", str(MORNING))
    stack.manage("load_demo", "--morning", str(MORNING))
    refs = {ref for (ref,) in stack.sql("SELECT ref FROM alerts_notification")} - before
    assert len(refs) == MORNING
    _on_top(stack, *refs)

    desks = [Desk(stack.url).sign_in(f"{name}.example") for name in (OFFICER, MANAGER)]
    turns, lock = iter(range(MORNING)), threading.Lock()
    taken: list[list[str]] = [[], []]
    threads = [
        threading.Thread(target=_screen_mornings, args=(desk, turns, lock, mine))
        for desk, mine in zip(desks, taken, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(600)
    assert sorted(taken[0] + taken[1]) == sorted(refs)
    assert all(taken)
    assert {status for desk in desks for status in desk.statuses} == {200}

    for ref in refs:
        until_settled(stack, ref, "sent")
    screened = stack.sql(
        "SELECT n.ref, count(s.id), bool_and(s.decided_by_id = n.claimed_by_id) FROM alerts_notification n"
        " JOIN alerts_screening s ON s.notification_id = n.id WHERE n.ref = ANY(%s) GROUP BY n.ref",
        list(refs),
    )
    assert {(ref, count, own) for ref, count, own in screened} == {(ref, 1, True) for ref in refs}
    alerts = [alert for ref in refs for alert in alerts_of(stack, ref)]
    assert len(alerts) == MORNING
    assert {status for _, status, *_ in alerts} == {"sent"}
    _all_on_the_board(person(MANAGER), {ref for ref, *_ in alerts})


def _all_on_the_board(manager: Visitor, alerts: set[str]) -> None:
    manager.goto("/sent/")
    seen: set[str] = set()
    while True:
        seen |= set(re.findall(r"A-[0-9A-Z]{4}-[0-9A-Z]{4}", manager.words))
        older = manager.page.get_by_role("link", name=re.compile("Next|Older"))
        if alerts <= seen or not older.count():
            break
        manager.press(older.first)
    assert alerts <= seen


@dataclass
class Counting:
    """Counts what a person does: each press, each choice, each text."""

    visitor: Visitor
    times: int = 0

    def press(self, name: str) -> None:
        self.times += 1
        self.visitor.press(self.visitor.page.get_by_role("button", name=name, exact=True))

    def choose(self, label: str | re.Pattern[str]) -> None:
        self.times += 1
        self.visitor.page.get_by_label(label, exact=isinstance(label, str)).check()

    def write(self, label: str, text: str) -> None:
        self.times += 1
        self.visitor.page.get_by_label(label, exact=True).fill(text)


@pytest.mark.req("MSH-01")
def test_a_plain_notification_is_screened_in_five_steps(stack: Stack, tokens: Tokens, person: Door) -> None:
    refs = [post(stack, tokens["wexbourne"], body(Family.another(), "900001")) for _ in range(2)]
    _on_top(stack, *refs)
    officer = person(OFFICER)
    officer.goto("/queue/")
    steps = Counting(officer)
    steps.press("Take the next")
    first = officer.path.split("/")[2]
    assert first in refs
    steps.choose(re.compile(r"^Level 2: "))
    steps.choose("Send the alert to each child's setting")
    steps.write("Reason", "Known to the school.")
    steps.press("Save and take the next")
    assert steps.times <= 5
    assert "is saved" in officer.page.content()
    # the second is open already: one step less
    assert officer.path.split("/")[2] == next(ref for ref in refs if ref != first)
    steps.choose(re.compile(r"^Level 2: "))
    steps.choose("Send the alert to each child's setting")
    steps.write("Reason", "Known to the school.")
    steps.press("Save the decision")
    assert steps.times <= 9
    for ref in refs:
        until_settled(stack, ref, "sent")


@pytest.mark.req("MSH-01")
def test_the_second_officer_sees_what_changed_and_keeps_the_words(stack: Stack, tokens: Tokens, person: Door) -> None:
    family = Family.another()
    whole = body(family, "900001")
    ref = post(stack, tokens["wexbourne"], whole)
    officer = person(OFFICER)
    officer.goto(f"/queue/{ref}/")
    officer.page.get_by_label(re.compile(r"^Level 2: ")).check()
    officer.page.get_by_label("Send the alert to each child's setting", exact=True).check()
    officer.page.get_by_label("Reason", exact=True).fill("My own careful words")
    status, answer = stack.api(
        "POST", f"notifications/{ref}/correction/", tokens["wexbourne"], {**whole, "risk": "high"}
    )
    assert status == 200, answer
    officer.press(officer.page.get_by_role("button", name="Save the decision"))
    assert "changed after you opened it" in officer.words
    assert "Corrected by the police" in officer.words
    assert "the risk" in officer.words
    assert officer.page.get_by_label("Reason", exact=True).input_value() == "My own careful words"
    assert officer.judge() == []
    officer.press(officer.page.get_by_role("button", name="Save the decision"))
    assert "is saved" in officer.page.content()
    until_settled(stack, ref, "sent")


@pytest.mark.req("ALR-01", "ALR-09", "ALR-23", "SHR-14")
def test_the_police_correct_what_a_school_has_read(stack: Stack, tokens: Tokens, person: Door) -> None:
    family, ref, alert = sent_alert(stack, tokens, person(OFFICER))
    lead = person(DSL)
    lead.goto(f"/alerts/{alert}/")
    lead.press(lead.button("Acknowledge this alert"))

    constable = person(POLICE)
    constable.goto(f"/notifications/{ref}/")
    constable.press(constable.button("Correct it"))
    page = constable.page
    assert family.child not in page.content()
    for label, value in (("First name", family.given_name), ("Last name", family.family_name)):
        page.locator("#child-0").get_by_label(label, exact=True).fill(value)
    for part, value in zip(("0", "1", "2"), ("2", "3", "2014"), strict=True):
        page.locator(f"#id_child-0-date_of_birth_{part}").fill(value)
    page.locator("#id_child-0-urn").fill("900001")
    for number, name in enumerate(family.adults):
        given, last = name.split(" ", 1)
        page.locator(f"#adult-{number}").get_by_label("First name (if known)").fill(given)
        page.locator(f"#adult-{number}").get_by_label("Last name (if known)").fill(last)
    constable.press(constable.button("Check before sending"))
    constable.press(constable.button(f"Correct {ref}"))
    assert "1 setting told" in constable.page.content()
    assert family.child not in constable.page.content()

    until("an e-mail on the correction", lambda: len(mails_about(stack, f"{DSL}.example", alert)) > 1, 40)
    assert not [mail for mail in mails_about(stack, f"{DSL}.example", alert) if family.family_name in mail]
    lead.goto(f"/alerts/{alert}/")
    assert "Corrected by Wexbourne Police" in lead.words
    assert "2 March 2014" in lead.words
    assert lead.judge() == []
    lead.press(lead.button("Acknowledge this alert"))
    assert "is acknowledged" in lead.words
    until("the content is deleted again", lambda: _is_purged(stack, ref), 40)

    officer = person(OFFICER)
    officer.goto("/corrections/")
    assert ref in officer.words
    assert officer.judge() == []
    officer.press(officer.page.get_by_role("button", name=f"I have looked at {ref}"))
    assert ref not in officer.page.locator("table, p.govuk-body").all_inner_texts()


def _is_purged(stack: Stack, ref: str) -> bool:
    return bool(stack.sql("SELECT content IS NULL FROM alerts_notification WHERE ref = %s", ref)[0][0])


@pytest.mark.prove
@pytest.mark.req("ALR-03", "ALR-28")
def test_the_hub_sends_an_alert_where_it_belongs(stack: Stack, tokens: Tokens, person: Door) -> None:
    family, _, alert = sent_alert(stack, tokens, person(OFFICER))
    person(DSL).goto(f"/alerts/{alert}/")
    officer = person(OFFICER)
    officer.goto(f"/sent/{alert}/")
    officer.press(officer.page.get_by_role("link", name="Send it to another setting"))
    officer.page.get_by_label("The setting says that the child is not on its roll").check()
    officer.page.get_by_label("Find a setting by name or URN").fill("900002")
    officer.press(officer.button("Find a setting"))
    officer.page.get_by_label(re.compile("URN 900002")).check()
    assert officer.judge() == []
    officer.press(officer.button("Send it there"))
    right = officer.path.split("/")[2]
    lead = person(DSL)
    lead.goto(f"/alerts/{alert}/")
    assert "Sent to you in error" in lead.words
    assert family.given_name not in lead.page.content()
    assert lead.judge() == []
    until("it is sent", lambda: stack.sql("SELECT status FROM alerts_alert WHERE ref = %s", right)[0][0] == "sent", 40)
    other = person(HARBOUR)
    other.goto(f"/alerts/{right}/")
    assert family.child in other.words


@pytest.mark.prove
@pytest.mark.req("ALR-09")
def test_the_police_take_back_what_a_school_has_read(stack: Stack, tokens: Tokens, person: Door) -> None:
    _, ref, alert = sent_alert(stack, tokens, person(OFFICER))
    person(DSL).goto(f"/alerts/{alert}/")
    constable = person(POLICE)
    constable.goto(f"/notifications/{ref}/")
    constable.press(constable.page.get_by_role("link", name="Withdraw it"))
    assert constable.judge() == []
    constable.press(constable.button("Withdraw it"))
    assert "Say why it is withdrawn" in constable.words
    constable.page.get_by_label("It was sent by mistake").check()
    constable.press(constable.button("Withdraw it"))
    assert "1 setting told" in constable.page.content()
    lead = person(DSL)
    lead.goto(f"/alerts/{alert}/")
    assert "treat this as if it had not been sent" in lead.words
    assert lead.judge() == []
    lead.press(lead.button("Acknowledge this alert"))
    assert "is acknowledged" in lead.words
