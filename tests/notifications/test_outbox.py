"""The outbox: promised with the change, done once, tried again, given up, never in another's way (design §6)."""

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from alerts.models import Alert
from safeguarding.access.principal import Principal, current
from safeguarding.audit.models import AuditEntry
from safeguarding.audit.record import record
from safeguarding.celery import app
from safeguarding.notifications import handlers
from safeguarding.notifications.handlers import UnknownTopic, handler, handler_of
from safeguarding.notifications.models import OutboxMessage
from safeguarding.notifications.outbox import LONGEST_LEASE, RELAY, lease_after, pause_after, publish_batch, work_off
from safeguarding.notifications.services import enqueue
from tests.factories import World
from tests.support.db import as_service, as_user, fixtures

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


@pytest.fixture
def topics() -> Iterator[None]:
    """Topics of one test only."""
    handlers.load_rooms()
    kept = dict(handlers._handlers)
    yield
    handlers._handlers.clear()
    handlers._handlers.update(kept)


def message(number: int) -> OutboxMessage:
    with as_service("relay"):
        return OutboxMessage.objects.get(pk=number)


def promise(topic: str, **payload: int) -> OutboxMessage:
    with as_service("dispatch"):
        return enqueue(topic, payload)


def remembered() -> int:
    with as_service("dispatch"):
        return AuditEntry.objects.filter(event="alert.chased").count()


def published() -> tuple[list[int], Callable[[int], None]]:
    numbers: list[int] = []
    return numbers, numbers.append


@pytest.mark.django_db(transaction=True)
def test_a_promise_outside_a_transaction_is_refused() -> None:
    with as_service("dispatch"), pytest.raises(transaction.TransactionManagementError):
        enqueue("alert.send", {"alert": 1})


@pytest.mark.req("AUD-02")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "payload", [{"name": "Ottilie"}, {"alert": "12"}, {"alert": None}, {"alert": [1]}, {"alert": True}]
)
def test_only_ids_go_into_the_outbox(payload: dict) -> None:
    with as_service("dispatch"), pytest.raises(ValueError, match="no id"):
        enqueue("alert.send", payload)


@pytest.mark.django_db
@pytest.mark.usefixtures("topics")
def test_what_is_rolled_back_was_never_promised() -> None:
    def promise_and_fail() -> None:
        with transaction.atomic():
            promise("alert.send", alert=1)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        promise_and_fail()
    with as_service("relay"):
        assert not OutboxMessage.objects.exists()


@pytest.mark.django_db
def test_publishing_takes_what_is_due_and_leaves_it_alone_for_a_while() -> None:
    numbers, publish = published()
    with time_machine.travel(NOW, tick=False) as clock, as_service("relay"):
        first = promise("alert.send", alert=1)
        with as_service("dispatch"):
            enqueue("alert.send", {"alert": 2}, available_at=NOW + dt.timedelta(seconds=90))
        assert publish_batch(publish, size=10).published == 1
        assert publish_batch(publish, size=10).published == 0
        clock.shift(119)
        assert publish_batch(publish, size=10).published == 1  # the second one is due now, the first is leased
        clock.shift(1)
        assert publish_batch(publish, size=10).published == 1
    assert numbers == [first.pk, first.pk + 1, first.pk]
    assert message(first.pk).published == 2
    assert message(first.pk).available_at == NOW + dt.timedelta(seconds=120 + 240)


def test_leases_and_pauses_grow_and_are_bounded() -> None:
    assert [lease_after(n) for n in (1, 2, 3)] == [dt.timedelta(minutes=minutes) for minutes in (2, 4, 8)]
    assert lease_after(200) == LONGEST_LEASE
    assert [pause_after(n).total_seconds() for n in (1, 2, 3, 4)] == [5, 10, 20, 40]
    assert pause_after(200) == dt.timedelta(minutes=15)


@pytest.mark.django_db
def test_a_queue_that_fails_in_the_middle_keeps_the_rest_waiting() -> None:
    numbers: list[int] = []

    def publish(number: int) -> None:
        if numbers:
            raise ConnectionError
        numbers.append(number)

    with time_machine.travel(NOW, tick=False), as_service("relay"):
        first, second = promise("alert.send", alert=1), promise("alert.send", alert=2)
        batch = publish_batch(publish, size=10)
    assert (batch.published, type(batch.failure)) == (1, ConnectionError)
    assert message(first.pk).published == 1
    assert (message(second.pk).published, message(second.pk).available_at) == (0, NOW)


@pytest.mark.django_db
@pytest.mark.usefixtures("topics")
def test_work_is_done_once_as_its_service() -> None:
    seen: list[Principal] = []

    @handler("test.work", service="dispatch")
    def work(thing: int) -> None:
        seen.append(current())
        record("alert.chased", facts={"thing": thing})

    number = promise("test.work", thing=7).pk
    assert work_off(number)
    assert not work_off(number)
    assert [(principal.service, principal.user_id, principal.purpose) for principal in seen] == [
        ("dispatch", None, "test.work")
    ]
    assert remembered() == 1
    assert message(number).done_at is not None


@pytest.mark.req("NTK-01")
@pytest.mark.django_db
@pytest.mark.usefixtures("topics")
def test_work_for_a_person_sees_what_the_person_sees(world: World) -> None:
    seen: list[int] = []

    @handler("test.person", service="dispatch")
    def work() -> None:
        seen.append(Alert.objects.count())

    with fixtures():
        world.alert()
        world.alert(setting=world.other_school)
    with as_user(world.officer):
        for person in (world.dsl, world.other_dsl, world.tutor, world.officer):
            number = enqueue("test.person", {}, acts_for=person).pk
            assert work_off(number)
    assert seen == [1, 1, 0, 2]


@pytest.mark.req("NTK-07")
@pytest.mark.django_db
@pytest.mark.usefixtures("topics")
def test_nothing_is_done_in_the_name_of_a_leaver(world: World) -> None:
    @handler("test.leaver", service="dispatch")
    def work() -> None:
        record("alert.chased")

    with as_user(world.officer):
        number = enqueue("test.leaver", {}, acts_for=world.officer).pk
    with fixtures():
        world.officer.is_active = False
        world.officer.save()
    assert not work_off(number)
    assert remembered() == 0
    assert message(number).given_up_at is not None
    assert message(number).last_error == "PersonLeft"


@pytest.mark.django_db
@pytest.mark.usefixtures("topics")
@pytest.mark.parametrize("trouble", ["python", "database"])
def test_half_done_work_is_undone_and_tried_again_later(trouble: str) -> None:
    broken = [True]

    @handler("test.half", service="dispatch")
    def work() -> None:
        record("alert.chased")
        if broken and trouble == "python":
            raise RuntimeError("Ottilie Quillfeather")
        if broken:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")

    with time_machine.travel(NOW, tick=False):
        number = promise("test.half").pk
        assert not work_off(number)
        assert remembered() == 0
        kept = message(number)
        assert (kept.tries, kept.done_at, kept.available_at) == (1, None, NOW + dt.timedelta(seconds=5))
        assert kept.last_error == ("RuntimeError" if trouble == "python" else "DataError")
        broken.clear()
        assert work_off(number)
    assert remembered() == 1


@pytest.mark.req("AUD-02")
@pytest.mark.django_db
@pytest.mark.usefixtures("topics")
def test_after_its_last_try_a_message_is_given_up_said_and_told(caplog: pytest.LogCaptureFixture) -> None:
    told: list[tuple[int, str]] = []

    @handler("test.poison", service="dispatch", tries=3, gave_up=lambda thing: told.append((thing, current().service)))
    def work(thing: int) -> None:
        raise RuntimeError("Ottilie Quillfeather")

    number = promise("test.poison", thing=5).pk
    for _ in range(5):
        assert not work_off(number)
    assert message(number).tries == 3
    assert message(number).given_up_at is not None
    assert told == [(5, "dispatch")]
    assert f"message {number} given up after 3 tries" in caplog.text
    numbers, publish = published()
    with time_machine.travel(timezone.now() + dt.timedelta(days=2)), as_service("relay"):
        publish_batch(publish, size=10)
    assert numbers == []


@pytest.mark.django_db
@pytest.mark.usefixtures("topics")
def test_when_telling_fails_the_message_is_given_up_all_the_same() -> None:
    def cannot_tell() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    @handler("test.deaf", service="dispatch", tries=1, gave_up=cannot_tell)
    def work() -> None:
        raise RuntimeError

    number = promise("test.deaf").pk
    work_off(number)
    assert message(number).given_up_at is not None


@pytest.mark.django_db
@pytest.mark.usefixtures("topics")
def test_a_poison_message_does_not_hold_the_others() -> None:
    @handler("test.poison", service="dispatch")
    def poison() -> None:
        raise RuntimeError

    @handler("test.fine", service="dispatch")
    def fine() -> None:
        record("alert.chased")

    numbers, publish = published()
    with time_machine.travel(NOW, tick=False) as clock:
        for topic in ("test.poison", "test.fine", "test.nobody_knows", "test.fine"):
            promise(topic)
        with as_service("relay"):
            publish_batch(publish, size=10)
        results = [work_off(number) for number in numbers]
        clock.shift(dt.timedelta(hours=1))
        again, publish = published()
        with as_service("relay"):
            publish_batch(publish, size=10)
    assert results == [False, True, False, True]
    assert remembered() == 2
    assert again == [numbers[0], numbers[2]]
    assert message(numbers[2]).last_error == "UnknownTopic"


@pytest.mark.usefixtures("topics")
def test_every_topic_that_is_promised_has_its_handler_and_only_one() -> None:
    for topic in ("alert.send", "notification.settle", "email.send"):
        assert handler_of(topic).service == "dispatch"
    with pytest.raises(UnknownTopic):
        handler_of("test.nobody_knows")
    with pytest.raises(ValueError, match="two handlers"):
        handler("alert.send", service="dispatch")(lambda: None)


@pytest.mark.req("NTK-02")
@pytest.mark.django_db
def test_the_relay_sees_messages_and_nothing_else(world: World) -> None:
    with fixtures():
        world.alert()
    promise("alert.send", alert=1)
    with as_service(RELAY.service):
        assert OutboxMessage.objects.count() == 1
        assert not Alert.objects.exists()
    with as_user(world.dsl):
        assert not OutboxMessage.objects.exists()


def test_what_beat_asks_for_exists() -> None:
    handlers.load_rooms()
    asked = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "alerts.delivery.tasks.chase_overdue" in asked
    assert asked <= set(app.tasks)
