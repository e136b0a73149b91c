"""Two at once, and a worker killed half-way: real connections, real processes (issue 2, bad input)."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from alerts.intake import services, uploads
from alerts.intake.enums import Channel
from alerts.intake.models import Notification, NotificationChild, Upload
from alerts.intake.parsing import parse
from alerts.intake.selectors import Sender
from safeguarding.agencies.models import Agency
from safeguarding.children.models import Child
from safeguarding.notifications.models import OutboxMessage
from safeguarding.notifications.outbox import work_off
from safeguarding.web.api.strict_json import canonical
from tests.factories import World
from tests.intake.bodies import example, with_child
from tests.intake.test_csv import row, text
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    with fixtures(), transaction.atomic():
        return World()


def receive(world: World, body: dict[str, Any], source: Agency | None = None) -> services.Receipt:
    with as_user(world.officer if source == world.mash else world.constable), transaction.atomic():
        return services.receive(
            content=parse(body, now=timezone.localtime()),
            body=canonical(body),
            source=source or world.police,
            partnership=world.partnership,
            channel=Channel.API,
            by=world.constable,
        )


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """All calls start together, each on a connection of its own; errors come back as values."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return call()
        except services.AlreadyReceived as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def count(model: Any, world: World) -> int:
    with transaction.atomic(), as_user(world.officer):
        return model.objects.count()


@pytest.mark.req("ALR-01")
def test_the_same_notification_twice_at_once_is_one(world: World) -> None:
    receipts = at_once(*[lambda: receive(world, example())] * 4)
    assert sorted(receipt.is_new for receipt in receipts) == [False, False, False, True]
    assert len({receipt.notification.ref for receipt in receipts}) == 1
    assert count(Notification, world) == 1


@pytest.mark.req("ALR-01")
def test_two_bodies_under_one_reference_at_once_one_wins(world: World) -> None:
    results = at_once(lambda: receive(world, example()), lambda: receive(world, example(narrative="other")))
    assert sum(isinstance(result, services.AlreadyReceived) for result in results) == 1
    assert count(Notification, world) == 1


@pytest.mark.req("ALR-03")
def test_the_same_new_child_in_two_notifications_at_once_is_one_child(world: World) -> None:
    """From two senders, who do not queue for each other's references."""
    receipts = at_once(
        *[
            lambda n=n: receive(world, example(reference=str(n)), source=world.police if n % 2 else world.mash)
            for n in range(4)
        ]
    )
    assert sorted(receipt.children[0].match for receipt in receipts) == ["matched", "matched", "matched", "new"]
    assert count(Child, world) == 1
    assert count(NotificationChild, world) == 4


@pytest.mark.req("ALR-01")
def test_two_uploads_of_the_same_rows_at_once_double_nothing(world: World) -> None:
    data = text(*(row(reference=str(number)) for number in range(5))).encode()
    for _ in range(2):
        take(world, data)
    assert at_once(*[lambda message=message: work_off(message) for message in messages()]) == [True, True]
    assert count(Notification, world) == 5
    with transaction.atomic(), as_user(world.constable):
        done = list(Upload.objects.values_list("notifications_new", "notifications_known", "rows_bad"))
    assert sum(new for new, _, _ in done) == sum(known for _, known, _ in done) == 5
    assert all(bad == 0 for _, _, bad in done)


_WORKER = """
import logging, os, signal, sys
import django
django.setup()
logging.basicConfig(force=True)  # a failure is remembered and logged, not raised
from django.db import connections
from safeguarding.access.handlers import NOBODY
for alias in connections:
    connections[alias].settings_dict["NAME"] = sys.argv[2]
    connections[alias].settings_dict["OPTIONS"]["assume_role"] = NOBODY
from alerts.intake import uploads
from safeguarding.notifications.outbox import work_off
take_in, taken = uploads._take_in, []
def dies(*given):
    take_in(*given)
    taken.append(given)
    if len(taken) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
uploads._take_in = dies
work_off(int(sys.argv[1]))
"""


@pytest.mark.req("ALR-01")
def test_a_worker_killed_half_way_leaves_nothing_half_done_and_the_next_goes_on(world: World) -> None:
    take(world, text(*(row(reference=str(number)) for number in range(6))).encode())
    (message,) = messages()
    name = connection.settings_dict["NAME"]
    killed = subprocess.run(
        [sys.executable, "-c", _WORKER, str(message), name],
        env=os.environ, timeout=120, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert count(Notification, world) == 0
    assert work_off(message)
    assert count(Notification, world) == 6
    with transaction.atomic(), as_user(world.constable):
        upload = Upload.objects.get()
    assert (upload.status, upload.notifications_new, upload.notifications_known) == ("done", 6, 0)


def take(world: World, data: bytes) -> None:
    with as_user(world.constable), transaction.atomic():
        sender = Sender(world.police, world.partnership)
        uploads.take_file(data=data, file_name="list.csv", sender=sender, by=world.constable)


def messages() -> list[int]:
    with transaction.atomic(), as_service("relay"):
        waiting = OutboxMessage.objects.filter(topic=uploads.TOPIC, done_at=None)
        return list(waiting.order_by("pk").values_list("pk", flat=True))


@pytest.mark.req("ALR-03")
def test_a_misspelt_child_beside_its_twin_at_once_waits_or_comes_first(world: World) -> None:
    """Whoever comes second sees the first: never two records for one name."""
    receipts = at_once(
        lambda: receive(world, example(reference="1")),
        lambda: receive(world, with_child(given_name="Otilie") | {"reference": "2"}),
    )
    assert sorted(receipt.children[0].match for receipt in receipts) == ["new", "possible"]
