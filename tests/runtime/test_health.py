"""What a probe is told: alive is alive; ready names the part that is missing."""

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection, connections
from django.test import Client
from django.utils import timezone

from safeguarding.access.walls import current_fingerprint
from safeguarding.audit import pulse
from safeguarding.runtime import readiness
from tests.support.db import fixtures


@pytest.fixture
def probe() -> Client:
    # a sealer of another test may have left a sign of life
    caches["default"].delete(pulse._KEY)
    # Without a name, a cookie or a host of ours, as a load balancer asks.
    return Client(headers={"host": "10.1.2.3:8000"})


@pytest.fixture
def closed_redis(settings) -> Iterator[None]:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/redis.sock"}}
    yield
    caches.close_all()


def test_alive_needs_no_database(probe: Client) -> None:
    # pytest-django forbids the database here: asking it would fail this test.
    answer = probe.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "alive"})


@pytest.mark.django_db
def test_ready_when_everything_is_in_place(probe: Client) -> None:
    answer = probe.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready"})


@pytest.mark.django_db
def test_not_ready_without_redis(probe: Client, closed_redis: None) -> None:
    answer = probe.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "missing": {"redis": "does not answer (ConnectionError)"}}


@pytest.mark.django_db
def test_not_ready_when_the_walls_are_not_those_of_this_code(probe: Client) -> None:
    assert current_fingerprint(connection)
    with fixtures(), connection.cursor() as cursor:
        cursor.execute("COMMENT ON SCHEMA app IS 'walls of another release'")
    answer = probe.get("/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, {"walls": "not in place"})


@pytest.mark.django_db
def test_not_ready_with_a_migration_outstanding(probe: Client) -> None:
    with fixtures(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'runtime'")
    answer = probe.get("/readyz")
    assert (answer.status_code, answer.json()["missing"]) == (503, {"migrations": "not in place"})


@pytest.mark.django_db
def test_not_ready_without_a_database_and_says_nothing_of_it(probe: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = {**connections["default"].settings_dict, "HOST": "/nowhere-with-a-name", "TEST": {}}
    lost = type(connections["default"])(elsewhere, alias="default")
    monkeypatch.setattr(readiness, "connections", {"default": lost})
    answer = probe.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["missing"]["database"] == "does not answer (OperationalError)"
    assert "nowhere" not in answer.content.decode()


@pytest.mark.django_db
def test_probes_get_no_session(probe: Client) -> None:
    assert not probe.get("/readyz").cookies


@pytest.mark.req("AUD-03")
@pytest.mark.django_db
def test_sealing_that_lags_is_remarked_upon_and_takes_nobody_out_of_service(
    probe: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    monkeypatch.setattr(pulse, "_KEY", "audit-sealer-of-this-test")
    for said, words in (
        ({}, None),
        ({"waits_since": now - dt.timedelta(minutes=3)}, "entries have waited for their seal for 1"),
        ({"trouble": "the disk is full"}, "the sealer cannot seal; its log says why"),
    ):
        pulse.tell(**said)
        answer = probe.get("/readyz")
        assert answer.status_code == 200
        assert answer.json().get("remarks", {}).get("sealing", "nothing").startswith(words or "nothing")
    with time_machine.travel(now + dt.timedelta(minutes=11)):
        pulse_said = probe.get("/readyz").json()["remarks"]["sealing"]
    assert pulse_said.startswith("the sealer has not been heard of for 6")
    caches["default"].delete("audit-sealer-of-this-test")
