"""`manage.py up` as a person runs it: from an empty directory to an answering page, through a crash, to nothing left."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http.client import HTTPException
from pathlib import Path
from urllib.request import urlopen

import pytest

from safeguarding.runtime.layout import Layout
from tests.runtime.processes import alive, eventually, mentioning, none_alive
from tests.runtime.test_mailbox import free_port
from tests.runtime.test_own_servers import open_place  # noqa: F401 - a fixture, used by name

ROOT = Path(__file__).resolve().parents[2]
OPENING = 120.0


class Hub:
    """One installation, started by the command that `make run` starts."""

    def __init__(self, place: Path, port: int) -> None:
        self.place, self.port = place, port
        self.log = place.with_suffix(".log")
        inherited = {
            k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL")
        }
        self.env = {
            **inherited,
            "DATA_DIR": str(place),
            "PORT": str(port),
            "DEMO": "0",
            "WEB_WORKERS": "1",
            "WORKERS": "1",
            "LOG_FORMAT": "console",
            "DJANGO_SETTINGS_MODULE": "safeguarding.settings.run",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env=self.env,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.log.read_text("utf-8", "replace")

    def opens(self, times: int = 1) -> None:
        deadline = time.monotonic() + OPENING
        while self.said().count("The Safeguarding Hub is open at") < times:
            assert self.process, "started"
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    def answers(self, path: str) -> int:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as response:
                return int(response.status)
        except (OSError, HTTPException):
            return 0

    def family(self) -> dict[int, str]:
        return mentioning(str(self.place))

    def member(self, words: str) -> Callable[[], int | None]:
        return lambda: min((pid for pid, command in self.family().items() if words in command), default=None)

    def stop(self, number: signal.Signals) -> int:
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(timeout=90)


@pytest.fixture
def hub(open_place: Path) -> Iterator[Hub]:  # noqa: F811 - the fixture imported above
    hub = Hub(open_place / "installation", free_port())
    yield hub
    if hub.process and hub.process.poll() is None:
        hub.process.kill()
        hub.process.wait()
    shutil.rmtree(Layout(hub.place).run_dir, ignore_errors=True)


def test_from_nothing_to_a_page_to_nothing(hub: Hub) -> None:
    hub.start()
    hub.opens()
    assert hub.answers("/readyz") == 200
    assert hub.answers("/") == 200
    family = hub.family()
    assert len(family) > 6
    assert hub.stop(signal.SIGINT) == 0
    eventually(lambda: none_alive(family), "nobody of the family is left")
    assert not hub.family()
    assert "Everything is stopped." in hub.said()


@pytest.mark.prove
def test_through_crashes_and_a_second_start(hub: Hub) -> None:
    hub.start()
    hub.opens()
    # The web server is killed outright: it comes back, and that is said.
    web = hub.member("gunicorn")()
    assert web
    os.kill(web, signal.SIGKILL)
    eventually(lambda: "web was ended by SIGKILL; starting it again in 1 s." in hub.said(), "the fall is said")
    eventually(lambda: hub.answers("/readyz") == 200, "the web server is back")
    # So does the database, and everybody finds it again.
    postgres = hub.member("postgres -D")()
    assert postgres
    os.kill(postgres, signal.SIGKILL)
    eventually(lambda: "postgres was ended by SIGKILL" in hub.said(), "the fall is said")
    eventually(lambda: hub.answers("/readyz") == 200, "the database is back")

    # A second start finds what the first one made; killed outright, it leaves nobody either.
    assert hub.stop(signal.SIGINT) == 0
    hub.start()
    hub.opens(times=2)
    family = hub.family()
    hub.stop(signal.SIGKILL)
    eventually(lambda: none_alive(family) and not hub.family(), "the children of a killed supervisor are gone")


def test_a_busy_port_is_said_in_a_sentence(hub: Hub) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", hub.port))
        other.listen()
        hub.start()
        assert hub.process
        assert hub.process.wait(timeout=60) == 1
    assert f"Port {hub.port} cannot be used" in hub.said()
    assert f"make run PORT={hub.port + 1}" in hub.said()
    assert "Traceback" not in hub.said()
    assert not hub.family()


def test_the_same_data_is_not_run_twice(hub: Hub) -> None:
    hub.start()
    lock = Layout(hub.place).lock_file
    eventually(lambda: lock.exists() and "process" in lock.read_text(), "the first says who it is")
    second = subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=ROOT,
        env={**hub.env, "PORT": str(free_port())},
        capture_output=True,
        text=True,
        check=False,
        timeout=OPENING,
    )
    assert second.returncode == 1
    assert "runs already (process " in second.stderr
    assert hub.process
    assert alive(hub.process.pid)
    hub.stop(signal.SIGTERM)
    eventually(lambda: not hub.family(), "nobody is left")
