"""The Hub as `make run` starts it, with servers of its own under a scratch directory, and a hand that kills its parts."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psycopg
from django.conf import settings

from safeguarding.runtime.layout import Layout
from tests.functional.stack import free_port

# What of a command line tells which part it is.
PARTS = {
    "web": "safeguarding.runtime.gunicorn",
    "worker": "celery --quiet --app safeguarding worker",
    "relay": "manage.py relay",
    "redis": "redis-server",
    "postgres": "postgres",
}


class Hub:
    def __init__(self) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="hub-chaos-"))
        self.place.chmod(0o711)
        self.layout = Layout(self.place)
        self.port, self.mail_port = free_port(), free_port()
        self.url = f"http://localhost:{self.port}"
        self.log = self.place / "up.log"
        self.kills: Counter[str] = Counter()
        self.environ = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith(("PYTEST_", "DATABASE_", "REDIS_"))
            },
            "DJANGO_SETTINGS_MODULE": "safeguarding.settings.run",
            "DATA_DIR": str(self.place),
            "PORT": str(self.port),
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": str(self.mail_port),
            "LOG_FORMAT": "console",
            "WEB_WORKERS": "2",
            "OUTBOX_LEASE_SECONDS": "5",
            "API_REQUESTS_PER_MINUTE": "100000",
        }

    # ------------------------------------------------------------ life
    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=settings.ROOT_DIR,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.until("the Hub is open", lambda: b"The Safeguarding Hub is open" in self.log.read_bytes(), 300)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(60)
        for child in self._children():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)
        for each in (self.layout.postgres_away, self.layout.run_dir, self.place):
            if each is not None:
                shutil.rmtree(each, ignore_errors=True)

    def until(self, what: str, ask: Callable[[], Any], seconds: float, progress: Callable[[], Any] = int) -> Any:
        """`seconds`: how long to wait while `progress` says the same; a slow machine is not one that has lost something."""
        deadline, before = time.monotonic() + seconds, progress()
        while not (answer := ask()):
            assert self.process.poll() is None, f"the Hub ended by itself:\n{self.tail()}"
            if (now := progress()) != before:
                deadline, before = time.monotonic() + seconds, now
            assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain: {what}\n{self.tail()}"
            time.sleep(0.2)
        return answer

    def tail(self) -> str:
        return self.log.read_text(errors="replace")[-6000:]

    def manage(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=settings.ROOT_DIR,
            env=self.environ,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip().splitlines()[-1]

    def ready(self) -> bool:
        with contextlib.suppress(URLError, OSError), urlopen(f"{self.url}/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
        return False

    # ------------------------------------------------------------ death
    def kill(self, part: str, chance: random.Random) -> bool:
        """kill -9 of a whole part, as if its container fell; or of one process inside it. False while it is away."""
        leader = next((pid for pid in self._children() if PARTS[part] in _command(pid)), None)
        if leader is None:
            return False
        inside = _children_of(leader)
        try:
            if inside and chance.random() < 0.4:
                os.kill(chance.choice(inside), signal.SIGKILL)
                self.kills[f"{part}, one process of it"] += 1
            else:
                os.killpg(leader, signal.SIGKILL)
                self.kills[part] += 1
        except ProcessLookupError:
            return False
        return True

    def _children(self) -> list[int]:
        return _children_of(self.process.pid)

    # ------------------------------------------------------------ what the disk says
    def ask(self, statement: str, *values: Any) -> list[tuple]:
        """Past every wall, as the superuser of its server."""
        with psycopg.connect(self.layout.postgres_url("postgres"), autocommit=True, connect_timeout=5) as connection:
            return connection.execute(statement, values or None).fetchall()

    def asked(self, statement: str, *values: Any) -> list[tuple] | None:
        try:
            return self.ask(statement, *values)
        except psycopg.OperationalError:
            return None


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _children_of(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError, ValueError):
                # the name in brackets may hold spaces: what follows it is state and parent
                if int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
                    found.append(int(entry.name))
    return found
