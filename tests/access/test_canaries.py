"""Canaries: strings that stand in every field of a notification, hunted wherever nobody should find them.

The journey is walked by its real doors: posted to the API, screened, relayed, e-mailed, opened, acknowledged.
"""

import json
import logging
import re
from base64 import b64decode

import pytest
import redis
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from alerts.response import views
from safeguarding.access.principal import acting_as
from safeguarding.celery import app as celery
from safeguarding.notifications.outbox import RELAY, publish_batch
from safeguarding.notifications.services import enqueue
from safeguarding.notifications.tasks import consume
from safeguarding.runtime.logs import JsonFormatter
from tests.access.place import CANARIES, Place, relay_everything
from tests.support.db import as_service, fixtures

pytestmark = pytest.mark.django_db

SINGING = re.compile(r"canar", re.IGNORECASE)


@pytest.fixture
def talkative(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """Every logger of ours at its most talkative; the database's own is off in every installation (settings)."""
    caplog.set_level(logging.DEBUG)
    return caplog


@pytest.mark.req("AUD-02", "ALR-04")
def test_the_journey_leaves_no_canary_outside_of_the_sealed_columns(
    talkative: pytest.LogCaptureFixture,
    place: Place,
) -> None:
    dsl = place.clients["dsl"]
    path = f"/alerts/{place.refs['alert']}/"
    assert CANARIES["child"] in dsl.get(path).content.decode()
    assert dsl.post(f"{path}acknowledge/").status_code == 302
    _the_school_answers(dsl, place)
    place.clients["tutor"].get(path)
    place.clients["tutor"].get(f"/told/{place.refs['told']}/")
    place.clients["officer"].get(f"/queue/{place.refs['waiting']}/")
    relay_everything()

    letters = [message.subject + message.body + str(message.message()) for message in mail.outbox]
    assert letters, "somebody was written to"
    assert not [letter for letter in letters if SINGING.search(letter)]

    assert talkative.records, "something was logged"
    assert not [line.getMessage() for line in talkative.records if SINGING.search(line.getMessage() + str(vars(line)))]

    assert _tables_with_a_canary() == []


def _the_school_answers(dsl: Client, place: Place) -> None:
    """Everything that a school writes down about it: in the response, in actions, in the child's file."""
    alert, file = f"/alerts/{place.refs['alert']}", f"/files/{place.refs['file']}"
    sings, today = CANARIES["child"], timezone.localdate()
    day = {"0": today.day, "1": today.month, "2": today.year}
    answer = {"concerns": "other", "known": sings, "worker": sings, "adult_works": "yes", "version": "0"}
    for address, typed in (
        (f"{alert}/answer/", answer),
        (f"{alert}/support/", {"support": "overt", "note": sings}),
        (f"{alert}/actions/", {"kinds": ["monitor"], "owner": place.people["dsl"].code, "note": sings,
                               **{f"due_on_{n}": value for n, value in day.items()}}),
        (f"{alert}/review/", {"note": sings}),
        (f"{file}/note/", {"kind": "concern", "text": sings, **{f"happened_on_{n}": value for n, value in day.items()}}),
        (f"{file}/people/", {"name": sings, "relation": "mother", "part": "unknown", "note": sings}),
        (f"{file}/entries/{place.refs['file_entry']}/add/", {"text": sings}),
    ):  # fmt: skip
        assert dsl.post(address, typed).status_code == 302, address
    assert sings in dsl.get(f"{file}/").content.decode()


def _tables_with_a_canary() -> list[tuple[str, str]]:
    """Every row of every table as text: audit, outbox, e-mails, sessions, keys, and the sealed columns themselves."""
    found = []
    with fixtures(), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT row::text FROM "{table}" row')
            for (text,) in cursor.fetchall():
                for canary in CANARIES.values():
                    if canary in text or canary.encode().hex() in text:
                        found.append((table, canary))
    return found


@pytest.mark.req("ALR-09")
def test_once_the_alerts_are_out_no_key_opens_the_police_content(place: Place) -> None:
    with fixtures(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT n.ref, n.content IS NULL, k.wrapped IS NULL FROM alerts_notification n"
            " JOIN crypto_datakey k ON k.id = n.crypto_key_id"
        )
        assert {ref: gone for ref, *gone in cursor.fetchall()} == {
            place.refs["settled"]: [True, True],
            place.refs["waiting"]: [False, False],
            place.refs["unsettled"]: [False, False],
        }


@pytest.mark.req("AUD-02")
def test_the_queue_carries_a_number_and_nothing_else() -> None:
    """What lies in Redis, byte for byte, between relay and worker."""
    with as_service("dispatch"):
        message = enqueue("alert.send", {"alert": 4711})
    queue = "hunted-for-canaries"
    with celery.connection_for_write() as broker, acting_as(RELAY):
        publish_batch(lambda number: consume.apply_async([number], queue=queue, connection=broker), size=10)
    server = redis.Redis.from_url(settings.REDIS_URL)
    key = settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] + queue
    (body,) = server.lrange(key, 0, -1)
    server.delete(key)
    assert b64decode(json.loads(body)["body"]).startswith(f"[[{message.pk}]".encode())
    assert b"alert.send" not in body
    assert b"4711" not in body.replace(str(message.pk).encode(), b"")


@pytest.mark.req("NTK-01")
def test_a_crash_shows_and_logs_no_canary(
    talkative: pytest.LogCaptureFixture,
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A page that breaks while it holds a child's name in its hands."""

    def break_down(*args: object, **kwargs: object) -> None:
        raise RuntimeError(f"could not show {CANARIES['child']}")

    dsl: Client = place.clients["dsl"]
    dsl.raise_request_exception = False
    monkeypatch.setattr(views.AlertPage, "page", break_down)
    answer = dsl.get(f"/alerts/{place.refs['alert']}/")
    assert answer.status_code == 500
    assert not SINGING.search(answer.content.decode())
    lines = [JsonFormatter().format(record) for record in talkative.records]
    assert any("RuntimeError" in line for line in lines)
    assert not [line for line in lines if SINGING.search(line.replace("test_canaries", ""))]
