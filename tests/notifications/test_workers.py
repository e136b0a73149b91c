"""Real Redis, a real relay and a real worker, stopped, killed and cut off: what was promised is done exactly once (design §6)."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection, transaction

from safeguarding.audit.models import AuditEntry
from safeguarding.notifications.models import OutboxMessage
from safeguarding.notifications.services import enqueue
from tests.delivery.support import again, alert_of, prepared
from tests.factories import World
from tests.notifications.test_emails import Mailbox, free_port
from tests.support.db import as_service, fixtures

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "outside"])

CELERY = ("-m", "celery", "--quiet", "--app", "safeguarding", "worker", "--concurrency", "1")
WORKER = (
    *CELERY,
    "--without-gossip",
    "--without-mingle",
    "--without-heartbeat",
    "--include",
    "tests.support.slow_work",
)
RELAY = ("manage.py", "relay")


class Processes:
    """Started for one test; none outlives it."""

    def __init__(self, signs: Path) -> None:
        self.signs = signs
        self.running: list[subprocess.Popen[bytes]] = []
        self.log = signs / "log"

    def start(self, *arguments: str, **environ: str) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=settings.ROOT_DIR,
                env={
                    **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
                    "REDIS_URL": settings.REDIS_URL,
                    "DJANGO_SETTINGS_MODULE": "tests.support.worker_settings",
                    "TEST_DATABASE": connection.settings_dict["NAME"],
                    "TEST_SIGNS": str(self.signs),
                    "APPLICATION_NAME": f"hub-test-{os.getpid()}",
                    **environ,
                },
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def kill(self, process: "subprocess.Popen[bytes]") -> None:
        """The whole group at once, as the kernel does when memory is short."""
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(30)
        self.running.remove(process)

    def until(self, what: str, ask: Callable[[], Any], seconds: float = 60) -> Any:
        """The first answer that is not empty; a process of ours that fell meanwhile is said at once."""
        deadline = time.monotonic() + seconds
        while not (answer := ask()):
            fallen = [process.args for process in self.running if process.poll()]
            assert not fallen, f"while waiting for: {what}\n{self.log.read_text()[-4000:]}"
            assert time.monotonic() < deadline, f"waited in vain: {what}\n{self.log.read_text()[-4000:]}"
            time.sleep(0.1)
        return answer

    def end(self) -> None:
        for process in list(self.running):
            if process.poll() is None:
                self.kill(process)


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    _empty_queue()
    started = Processes(tmp_path)
    yield started
    started.end()
    _empty_queue()


def _empty_queue() -> None:
    queue = redis.Redis.from_url(settings.REDIS_URL)
    if names := list(queue.scan_iter("hub-queue:*")):
        queue.delete(*names)
    queue.close()


def promise(topic: str, **payload: int) -> int:
    with as_service("dispatch"), transaction.atomic():
        return enqueue(topic, payload).pk


def message(number: int) -> OutboxMessage:
    with as_service("relay"), transaction.atomic():
        return OutboxMessage.objects.get(pk=number)


def effects() -> list[int]:
    with as_service("dispatch"), transaction.atomic():
        return [entry.additional_data["number"] for entry in AuditEntry.objects.filter(event="alert.chased")]


@pytest.mark.req("ALR-04", "ALR-09", "ALR-23")
def test_from_the_decision_to_the_mailbox_through_relay_and_worker(processes: Processes) -> None:
    box = Mailbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        with fixtures():
            world = World()
        with transaction.atomic():
            notification = prepared(world, world.school)
        processes.start(*RELAY, TEST_EMAIL_PORT=str(server.port))
        processes.start(*WORKER, TEST_EMAIL_PORT=str(server.port))
        processes.until("the e-mail arrives", lambda: box.messages)
        alert = alert_of(notification)
        assert alert.status == "sent"
        assert again(notification).content is None
        processes.until("all is done", lambda: all(_done()))
        assert [mail["To"] for mail in box.messages] == [world.dsl.email]
        assert "Child0" not in processes.log.read_text()
    finally:
        server.stop()


def _done() -> list[bool]:
    with as_service("relay"), transaction.atomic():
        return [each.done_at is not None for each in OutboxMessage.objects.all()]


def test_a_worker_killed_half_way_has_done_nothing_and_the_next_does_it_once(processes: Processes) -> None:
    (processes.signs / "hold").touch()
    number = promise("test.slow", number=7)
    processes.start(*RELAY)
    worker = processes.start(*WORKER)
    processes.until("the work has begun", (processes.signs / "started-7").exists)
    assert effects() == []
    processes.kill(worker)
    (processes.signs / "started-7").unlink()
    (processes.signs / "hold").unlink()
    assert message(number).done_at is None
    processes.start(*WORKER)
    processes.until("another worker does it", lambda: message(number).done_at)
    assert effects() == [7]
    assert message(number).published > 1
    assert message(number).tries == 0


def test_the_relay_stops_cleanly_and_waits_for_a_queue_that_is_away(processes: Processes) -> None:
    number = promise("test.slow", number=1)
    relay = processes.start(*RELAY, REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    processes.until("it says so", lambda: "queue does not answer" in processes.log.read_text())
    assert relay.poll() is None
    assert (message(number).published, message(number).done_at) == (0, None)
    relay.send_signal(signal.SIGTERM)
    assert relay.wait(30) == 0
    relay = processes.start(*RELAY)
    processes.until("it goes out once the queue is back", lambda: message(number).published)
    relay.send_signal(signal.SIGINT)
    assert relay.wait(30) == 0


def test_the_relay_survives_the_loss_of_its_database_connection(processes: Processes) -> None:
    relay = processes.start(*RELAY, APPLICATION_NAME="hub-test-relay")
    first = promise("test.slow", number=1)
    processes.until("the first goes out", lambda: message(first).published)

    def cut() -> bool:
        with fixtures(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE application_name = 'hub-test-relay' AND datname = current_database()"
            )
            return bool(cursor.fetchone()[0])

    processes.until("it is connected", cut)
    second = promise("test.slow", number=2)
    processes.until("the second goes out all the same", lambda: message(second).published)
    assert relay.poll() is None
    assert "database does not answer" in processes.log.read_text()


def test_once_carries_what_waits_and_ends(processes: Processes) -> None:
    numbers = [promise("test.slow", number=number) for number in range(3)]
    assert processes.start(*RELAY, "--once").wait(60) == 0
    assert [message(number).published for number in numbers] == [1, 1, 1]
    queue = redis.Redis.from_url(settings.REDIS_URL)
    try:
        bodies = queue.lrange("hub-queue:celery", 0, -1)
    finally:
        queue.close()
    assert len(bodies) == 3
