"""The sealer as a process: it starts, is killed outright again and again, and the log stays whole (AUD-03)."""

import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from safeguarding.audit.verification import verify
from tests.audit.support import Log, another_session, insert

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.prove]


class Sealing:
    def __init__(self, log: Log, place: Path) -> None:
        self.log, self.out = log, place / "sealer.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.out.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "seal_audit"],
                cwd=settings.ROOT_DIR,
                env={
                    **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
                    "DJANGO_SETTINGS_MODULE": "tests.support.worker_settings",
                    "TEST_DATABASE": connection.settings_dict["NAME"],
                    "APPLICATION_NAME": "hub-test-sealer",
                    "REDIS_URL": settings.REDIS_URL,
                    "AUDIT_SIGNING_KEY": bytes(range(32)).hex(),
                    "AUDIT_HEAD_DIR": str(self.log.outside),
                },
                stdout=out,
                stderr=out,
            )

    def end(self, how: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(30)


@pytest.fixture
def sealing(log: Log, tmp_path: Path) -> Iterator[Sealing]:
    started = Sealing(log, tmp_path)
    yield started
    if started.process and started.process.poll() is None:
        started.process.kill()
        started.process.wait(30)


@pytest.mark.req("AUD-03")
def test_killed_outright_again_and_again_it_loses_nothing_and_seals_nothing_twice(log: Log, sealing: Sealing) -> None:
    written, chance = [], secrets.SystemRandom()
    with another_session() as session:
        for _ in range(5):
            sealing.start()
            until = time.monotonic() + 4 + 2 * chance.random()
            while time.monotonic() < until:
                written.append(insert(session))
                session.commit()
                time.sleep(0.01)
            assert sealing.end(signal.SIGKILL) == -signal.SIGKILL
    sealing.start()
    deadline = time.monotonic() + 60
    while sorted(log.sealed()) != sorted(written):
        assert time.monotonic() < deadline, sealing.out.read_text()
        time.sleep(0.2)
    assert sealing.end(signal.SIGTERM) == 0
    report = verify([log.outside])
    assert report.is_whole, report.lines()
    assert report.entries == len(written) == len(set(log.sealed()))
    assert log.heads() == [seal.pk for seal in log.seals()]
