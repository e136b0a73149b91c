"""Two workers at once: each alert leaves once, and the police content goes with the last (ALR-04, ALR-09)."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connections, transaction

from alerts.delivery.services import prepare_alerts
from alerts.models import Notification
from safeguarding.notifications.outbox import work_off
from tests.delivery.support import again, alert_of, alerts_of, due_messages, emails, events, prepared, screened
from tests.factories import World
from tests.support.db import as_user, fixtures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world() -> World:
    with fixtures():
        return World()


def at_once(*works: Callable[[], object]) -> list[BaseException]:
    """Each in a thread and on a connection of its own; what they raised."""
    together, raised = Barrier(len(works)), []

    def run(work: Callable[[], object]) -> None:
        together.wait(30)
        try:
            work()
        except Exception as error:  # noqa: BLE001 - told to the test, whatever it is
            raised.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return raised


def promised(world: World, *settings: object) -> Notification:
    with transaction.atomic():
        return prepared(world, *settings)


@pytest.mark.req("ALR-09")
def test_the_last_of_several_alerts_settles_the_notification(world: World) -> None:
    for _ in range(5):
        notification = promised(world, world.school, world.other_school, world.school)
        sends = due_messages()
        assert len(sends) == 3
        assert at_once(*[lambda number=number: work_off(number) for number in sends]) == []
        assert [alert.status for alert in alerts_of(notification)] == ["sent"] * 3
        assert again(notification).status == "sent"
        assert events(notification).count("notification.purged") == 1
        for number in due_messages():
            work_off(number)


@pytest.mark.req("ALR-04")
def test_two_workers_with_one_message_send_one_alert(world: World) -> None:
    notification = promised(world, world.school)
    [number] = due_messages()
    done: list[bool] = []
    assert at_once(*[lambda: done.append(work_off(number)) for _ in range(3)]) == []
    assert sorted(done) == [False, False, True]
    assert events(alert_of(notification)).count("alert.sent") == 1
    assert len(emails()) == 1


@pytest.mark.req("ALR-04")
def test_two_decisions_at_once_prepare_one_alert_for_each_child(world: World) -> None:
    with fixtures():
        notification = screened(world, world.school, world.other_school)

    def decide() -> None:
        with as_user(world.officer), transaction.atomic():
            prepare_alerts(notification, by=world.officer)

    assert at_once(decide, decide, decide) == []
    assert len(alerts_of(notification)) == 2
    assert len(due_messages()) == 2
