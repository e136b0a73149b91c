"""Alerts over HTTP: whole, to whom they are addressed, and reading is opening (spec v1)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts.models import Alert
from safeguarding.agencies import tokens
from safeguarding.audit.models import AuditEntry
from tests.api.conftest import Api
from tests.factories import World
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db(databases=["default", "outside"])


@pytest.fixture
def alert(world: World) -> Alert:
    with fixtures():
        return world.alert()


def token_of(user: object) -> Api:
    with fixtures(), as_service("setup"):
        return Api(tokens.issue_to_person(user=user))  # type: ignore[arg-type]  # a person of the world


@pytest.mark.req("ALR-04")
def test_an_alert_has_exactly_the_fields_of_the_contract(world: World, dsl: Api, alert: Alert) -> None:
    answer = dsl.get(f"alerts/{alert.ref}/")
    assert answer.status_code == 200
    body = answer.json()
    assert body == {
        "ref": alert.ref,
        "kind": "domestic_abuse",
        "status": "opened",
        "sent_at": body["sent_at"],
        "opened_at": body["opened_at"],
        "acknowledged_at": None,
        "child": {"given_name": "Ottilie", "family_name": "Quillfeather", "date_of_birth": "2016-05-04"},
        "adults": ["Ferelith Quillfeather", "Osric Vane"],
        "incident_on": "2026-11-20",
        "setting": {"urn": "999001", "name": "First School"},
        "disclaimer": "The hub holds police information about this.",
        "query_contact": {"name": "The hub", "phone": "01632 960100", "email": "hub@example.example"},
    }
    assert dt.datetime.fromisoformat(body["opened_at"]).tzinfo is not None


@pytest.mark.req("AUD-01", "ALR-23")
def test_being_listed_is_no_opening_and_reading_is(world: World, dsl: Api, alert: Alert) -> None:
    (listed,) = dsl.get("alerts/").json()["results"]
    assert (listed["status"], listed["opened_at"]) == ("sent", None)
    with as_service("setup"):
        assert not AuditEntry.objects.filter(event="alert.opened").exists()
    read = dsl.get(f"alerts/{alert.ref}/").json()
    assert read["status"] == "opened"
    assert set(read) == set(listed)
    with as_service("setup"):
        entry = AuditEntry.objects.get(event="alert.opened")
        assert (entry.actor, entry.purpose, entry.remote_addr) == (world.dsl, "api", "127.0.0.1")
        assert AuditEntry.objects.get(event="alert.listed").objects_shown == [alert.ref]
    again = dsl.get(f"alerts/{alert.ref}/").json()
    assert again["opened_at"] == read["opened_at"]


@pytest.mark.req("NTK-02", "NTK-01")
def test_absent_and_not_yours_are_the_same(world: World, alert: Alert) -> None:
    people = (world.other_dsl, world.tutor, world.constable, world.head, world.officer, world.ig_lead)
    for person in people:
        api = token_of(person)
        absent = api.get("alerts/A-0000-0000/")
        assert api.get(f"alerts/{alert.ref}/").content == absent.content
        assert api.send(f"alerts/{alert.ref}/acknowledge/", "").content == absent.content
        assert absent.status_code == 404
        assert api.get("alerts/").json() == {"results": [], "next": None}
    with as_user(world.dsl):
        assert Alert.objects.get().status == "sent"


@pytest.mark.req("ALR-12")
def test_acknowledging_twice_changes_nothing(world: World, dsl: Api, alert: Alert) -> None:
    dsl.get(f"alerts/{alert.ref}/")
    first = dsl.send(f"alerts/{alert.ref}/acknowledge/", "")
    again = dsl.send(f"alerts/{alert.ref}/acknowledge/", {"ignored": True})
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert first.json()["status"] == "acknowledged"
    with as_service("setup"):
        assert AuditEntry.objects.filter(event="alert.acknowledged").count() == 1


def test_an_unread_alert_can_be_acknowledged(dsl: Api, alert: Alert) -> None:
    body = dsl.send(f"alerts/{alert.ref}/acknowledge/", "").json()
    assert body["status"] == "acknowledged"
    assert body["opened_at"]


@pytest.mark.req("ALR-08")
def test_withheld_and_queued_alerts_are_not_there(world: World, dsl: Api) -> None:
    with fixtures():
        withheld = world.alert(status="withheld", withheld_reason="never_signed", sent_at=None, audience=0)
        queued = world.alert(status="queued", sent_at=None, audience=0)
    assert dsl.get("alerts/").json()["results"] == []
    for hidden in (withheld, queued):
        assert dsl.get(f"alerts/{hidden.ref}/").status_code == 404


def test_pages_are_newest_first_whole_and_end(world: World, dsl: Api) -> None:
    now = timezone.now()
    with fixtures():
        made = [world.alert(sent_at=now - dt.timedelta(minutes=number // 2)) for number in range(7)]
    wanted = [each.ref for each in sorted(made, key=lambda each: (each.sent_at, each.pk), reverse=True)]
    seen, address = [], "alerts/?limit=3&kind=domestic_abuse&status=sent"
    while address:
        page = dsl.get(address).json()
        assert len(page["results"]) <= 3
        seen += [each["ref"] for each in page["results"]]
        assert page["next"] is None or page["next"].startswith("http://testserver/api/v1/alerts/?")
        address = page["next"] and page["next"].removeprefix("http://testserver/api/v1/")
    assert seen == wanted


def test_filters(world: World, dsl: Api) -> None:
    with fixtures():
        missing = world.alert(kind="missing_episode")
        sent = timezone.now()
        read = world.alert(status="opened", sent_at=sent, opened_at=sent)
    assert [each["ref"] for each in dsl.get("alerts/?kind=missing_episode").json()["results"]] == [missing.ref]
    assert [each["ref"] for each in dsl.get("alerts/?status=opened").json()["results"]] == [read.ref]


def test_a_reference_is_read_as_people_say_it(dsl: Api, alert: Alert) -> None:
    assert dsl.get(f"alerts/{alert.ref.replace('-', '').lower()}/").status_code == 200


def test_the_number_of_queries_does_not_grow(world: World, dsl: Api) -> None:
    with fixtures():
        for _ in range(3):
            world.alert()
    with CaptureQueriesContext(connection) as few:
        dsl.get("alerts/")
    with fixtures():
        for _ in range(12):
            world.alert()
    with CaptureQueriesContext(connection) as many:
        assert len(dsl.get("alerts/").json()["results"]) == 15
    assert len(many) <= len(few)
