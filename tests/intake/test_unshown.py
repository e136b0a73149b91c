"""The hub corrects one word by the form: what the form cannot show stays as the police sent it (ALR-01, SHR-14)."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from alerts.intake.entry import Entry, typed
from alerts.intake.models import Amendment, Notification
from alerts.intake.parsing import parse
from alerts.intake.unshown import keep_unshown, places
from tests.factories import World
from tests.intake.bodies import example, missing
from tests.intake.test_corrections import again, alerts, corrected, screened, sent_in
from tests.support.db import as_service
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db


class _Filled(HTMLParser):
    """What a browser would send of a page as it stands, line ends and all."""

    def __init__(self, page: str):
        super().__init__()
        self.values: dict[str, str] = {}
        self._area = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        name, kind = said.get("name", ""), said.get("type", "")
        if tag == "textarea":
            self._area = name
            self.values[name] = ""
        elif tag == "input" and name and (kind not in ("radio", "checkbox") or "checked" in said):
            self.values[name] = said.get("value", "")

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data.removeprefix("\n").replace("\n", "\r\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""


def filled(page: str) -> dict[str, str]:
    values = _Filled(page).values
    return {name: value for name, value in values.items() if name != "csrfmiddlewaretoken"}


def as_sent(**changes: Any) -> dict[str, Any]:
    """By a police system: the child first, seconds, lines, a UPRN, and who is what to whom."""
    body = example(occurred_at="2026-11-20T21:40:37Z", narrative="CANARY-NARRATIVE one\ntwo", **changes)
    body["location"]["uprn"] = "100012345678"
    victim, perpetrator, child = body["people"]
    perpetrator["relationships"] = [{"to": 1, "kind": "ex-partner"}, {"to": 0, "kind": "step-father"}]
    child["relationships"] = [{"to": 1, "kind": "child"}, {"to": 2, "kind": "step-child"}]
    body["people"] = [child, victim, perpetrator]
    return body


def by_form(client: Client, notification: Notification, **changes: str) -> str:
    """Opened, changed, checked and sent, as a person does it; the page that is checked."""
    where = f"/notifications/{notification.ref}/correct/"
    page = client.get(where).content.decode()
    check = client.post(where, {**filled(page), "action": "check", **changes}).content.decode()
    assert "Check before you send" in check
    done = client.post(where, {**filled(check), "action": "send"})
    assert done.status_code == 302
    return check


def newest(world: World) -> Amendment:
    with as_service("dispatch"):
        return Amendment.objects.order_by("-pk")[0]


@pytest.mark.req("ALR-01", "SHR-14")
def test_one_word_is_put_right_and_nothing_else_is_lost_or_said_to_have_changed(world: World) -> None:
    notification = sent_in(world, as_sent()).notification
    before = again(notification).content
    check = by_form(signed_in(world.officer), notification, risk="high")
    assert "Step-child of CANARY-Osric Vane" in check
    assert "UPRN 100012345678" in check
    now = again(notification)
    assert now.content == {**before, "risk": "high"}
    assert newest(world).parts == ["risk"]


@pytest.mark.req("ALR-01", "SHR-14")
def test_the_time_of_the_return_keeps_its_seconds_too(world: World) -> None:
    body = missing(occurred_at="2026-11-20T21:40:37Z", returned_at="2026-11-20T21:40:52Z")
    notification = sent_in(world, body).notification
    before = again(notification).content
    by_form(signed_in(world.officer), notification, narrative="CANARY-OTHER")
    assert again(notification).content == {**before, "narrative": "CANARY-OTHER"}
    assert newest(world).parts == ["narrative"]


@pytest.mark.req("ALR-01", "SHR-14")
def test_relationships_to_a_person_who_is_taken_out_go_and_the_others_point_where_they_did(world: World) -> None:
    notification = sent_in(world, as_sent()).notification
    client, where = signed_in(world.officer), f"/notifications/{notification.ref}/correct/"
    page = client.get(where).content.decode()
    page = client.post(where, {**filled(page), "action": "remove-adult-0"}).content.decode()
    page = client.post(where, {**filled(page), "action": "add-adult"}).content.decode()
    new = {"adult-2-role": "other_adult", "adult-2-given_name": "Isolde", "adult-2-family_name": "Marchbanks"}
    check = client.post(where, {**filled(page), **new, "action": "check"}).content.decode()
    client.post(where, {**filled(check), "action": "send"})
    people = again(notification).content["people"]
    assert [person["given_name"] for person in people] == ["Ottilie", "CANARY-Osric", "Isolde"]
    assert [person["relationships"] for person in people] == [
        [{"to": 1, "kind": "step-child"}],
        [{"to": 0, "kind": "step-father"}],
        [],
    ]


def test_who_takes_the_place_of_the_last_one_has_none_of_their_relationships(world: World) -> None:
    content = parse(as_sent(), now=_now())
    data = {**typed(content), "action": "remove-adult-1"}
    entry = Entry(data, senders=(), before=content)
    data = {**data, "adult_ids": ",".join(map(str, entry.adult_ids)), "action": "add-adult"}
    assert Entry(data, senders=(), before=content).adult_ids == [0, 2]


def test_another_address_has_no_uprn_of_the_old_one(world: World) -> None:
    notification = sent_in(world, as_sent()).notification
    by_form(signed_in(world.officer), notification, address="2 Example Road", occurred_time="21:41")
    content = again(notification).content
    assert content["location"] == {"lines": ["2 Example Road"], "postcode": "BH1 1AA", "uprn": None}
    assert content["occurred_at"] == "2026-11-20T21:41:00+00:00"
    assert newest(world).parts == ["place", "time"]


@pytest.mark.req("ALR-01", "SHR-14")
@pytest.mark.parametrize(("kind", "sent"), [("child", False), ("child", True), ("victim", False)])
def test_more_people_than_the_form_holds_are_not_taken_out_by_it(world: World, kind: str, sent: bool) -> None:
    body = example()
    one = body["people"][2 if kind == "child" else 0]
    names = [f"{first}{last}" for first in "ABCDE" for last in "bcdfg"][:20]
    body["people"] += [{**one, "given_name": name} for name in names]
    notification = sent_in(world, body).notification
    if sent:
        notification = screened(world, notification)
    was = len(alerts(world))
    where = f"/notifications/{notification.ref}/correct/"
    for person in (world.officer, world.constable):
        for answer in (signed_in(person).get(where), signed_in(person).post(where, {"action": "send"})):
            assert answer.status_code == 409
            assert "names more than 20 children or adults" in answer.content.decode()
    assert len(alerts(world)) == was


def test_what_was_corrected_in_the_meantime_is_not_written_over(world: World) -> None:
    notification = sent_in(world, as_sent()).notification
    client, where = signed_in(world.officer), f"/notifications/{notification.ref}/correct/"
    page = client.get(where).content.decode()
    corrected(world, notification, as_sent(risk="high"))
    answer = client.post(where, {**filled(page), "action": "send"})
    assert answer.status_code == 409
    assert "was corrected in the meantime" in answer.content.decode()
    assert again(notification).risk == "high"


def test_a_time_that_came_twice_stays_the_one_that_was_sent() -> None:
    said, before = _at("2026-10-25T00:30:00Z"), _at("2026-10-25T01:30:00Z")
    assert keep_unshown(said, before, numbered=list(places(before))) == before


def _at(when: str) -> Any:
    return parse(example(occurred_at=when), now=_now())


def _now() -> Any:
    return timezone.localtime()
