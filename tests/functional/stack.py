"""The Hub as `make run` starts it, beside the suite: own database, own mailbox, own port."""

import contextlib
import json
import mailbox
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import psycopg
from django.conf import settings

from safeguarding import env
from safeguarding.runtime.roles import at_database

ROOT = Path(settings.ROOT_DIR)
# The first start migrates and loads the demo world; beside two other test processes that takes minutes.
PATIENCE = 300.0
# The suite's own processes take the Redis databases from 1 up; the stack stays at the other end.
REDIS_DATABASES_ON = 8


def until(what: str, ask: Callable[[], Any], seconds: float = 30.0) -> Any:
    """The first answer that is not empty; a sentence when none comes."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s in vain: {what}"
        time.sleep(0.1)
    return answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Stack:
    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.database = f"hub_functional_{secrets.token_hex(4)}"
        self.log = data_dir / "up.log"
        self.server = settings.DATABASE_URL
        self.environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "DATABASE_"))},
            "DJANGO_SETTINGS_MODULE": "safeguarding.settings.run",
            "DATA_DIR": str(data_dir),
            "PORT": str(self.port),
            "DATABASE_URL": at_database(self.server, self.database),
            "REDIS_URL": env.other_redis_database(settings.REDIS_URL, REDIS_DATABASES_ON),
            "LOG_FORMAT": "console",
            "WEB_WORKERS": "2",
            "OUTBOX_LEASE_SECONDS": "5",
        }

    # ------------------------------------------------------------ life
    def start(self) -> None:
        self.manage("collectstatic", "--no-input", "--verbosity", "0", "--ignore", "built")
        self.process = self._start("up")
        self._until_ready(self.process, self.port)

    def _start(self, *command: str, **environ: str) -> "subprocess.Popen[bytes]":
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "manage.py", *command],
                cwd=ROOT,
                env={**self.environ, **environ},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _until_ready(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        def ready() -> bool:
            assert process.poll() is None, f"the Hub ended by itself:\n{self.log_tail()}"
            with (
                contextlib.suppress(URLError, OSError),
                urlopen(f"http://localhost:{port}/readyz", timeout=2) as answer,
            ):
                return bool(answer.status == 200)
            return False

        until("the Hub becomes ready", ready, PATIENCE)

    def stop(self) -> None:
        self.end(self.process)
        with psycopg.connect(at_database(self.server, "postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{self.database}" WITH (FORCE)')

    @staticmethod
    def end(process: "subprocess.Popen[bytes]") -> None:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(60)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)

    @contextlib.contextmanager
    def second_web_server(self, **environ: str) -> Iterator[str]:
        """Another web server on the same database with other settings, as a second host would be."""
        port = free_port()
        address = f"http://localhost:{port}"
        process = self._start("serve", "web", PORT=str(port), SITE_URL=address, **environ)
        try:
            self._until_ready(process, port)
            yield address
        finally:
            self.end(process)

    def log_tail(self, lines: int = 60) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    # ------------------------------------------------------------ looking in
    def manage(self, *command: str) -> str:
        """The last line that a command printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return (done.stdout.strip().splitlines() or [""])[-1]

    def run_task(self, name: str) -> None:
        """Ask a worker for a task that beat asks for by the clock."""
        done = subprocess.run(
            [sys.executable, "-m", "celery", "--quiet", "--app", "safeguarding", "call", name],
            cwd=ROOT,
            env=self.environ,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """As the database's owner, past every wall."""
        with psycopg.connect(self.environ["DATABASE_URL"], autocommit=True) as connection:
            cursor = connection.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def every_value(self) -> Iterator[tuple[str, str]]:
        """Every row of every table as the disk has it: (table, text)."""
        with psycopg.connect(self.environ["DATABASE_URL"], autocommit=True) as connection:
            tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            for (table,) in tables:
                for (text,) in connection.execute(f'SELECT t::text FROM public."{table}" t').fetchall():
                    yield table, text

    @property
    def mail_dir(self) -> Path:
        return self.data_dir / "mail"

    def mails(self, to: str) -> list[Message]:
        """What the mailbox holds for one person."""
        if not (self.mail_dir / "cur").exists():
            return []
        box = mailbox.Maildir(self.mail_dir, create=False)
        return [message for message in box if message["Delivered-To"] == to]

    def token(self, *holder: str) -> str:
        return self.manage("issue_token", *holder)

    def api(self, method: str, path: str, token: str, body: Any = None) -> tuple[int, Any]:
        """Status and JSON of one call, as an outside system makes it."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        request = Request(f"{self.url}/api/v1/{path}", data=data, headers=headers, method=method)
        try:
            with urlopen(request, timeout=20) as answer:
                return answer.status, json.load(answer)
        except HTTPError as error:
            with error:
                return error.code, json.load(error)
