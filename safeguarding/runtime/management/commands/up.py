import fcntl
import os
import signal
import socket
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from safeguarding import env
from safeguarding.runtime import parts, programs
from safeguarding.runtime.models import DemoMark
from safeguarding.runtime.postgres import EmbeddedPostgres
from safeguarding.runtime.programs import Program
from safeguarding.runtime.readiness import not_ready
from safeguarding.runtime.redis_server import EmbeddedRedis
from safeguarding.runtime.start import refuse_to_start
from safeguarding.runtime.supervisor import Stopped, Supervisor


class Command(BaseCommand):
    help = "Runs the whole Hub on this machine in the foreground; Ctrl-C stops all of it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--end-with-parent", action="store_true", help="stop when the starting program is killed")

    def handle(self, *_: Any, end_with_parent: bool, **__: Any) -> None:
        settings.LAYOUT.make_places()
        if end_with_parent:
            follow_parent()
        with only_one_here(), Supervisor(settings.ROOT_DIR) as supervisor:
            refuse_busy_port(settings.PORT)
            if not self.outside_mail:
                os.environ["EMAIL_PORT"] = str(self.mail_port())
            try:
                self.bring_up(supervisor)
                supervisor.run_until_asked()
            except Stopped:
                pass
            except (TimeoutError, RuntimeError, FileNotFoundError) as error:
                raise CommandError(str(error)) from None
            supervisor.say("Stopping everything …")
        self.stdout.write("Everything is stopped.")

    def bring_up(self, supervisor: Supervisor) -> None:
        layout = settings.LAYOUT
        waits: list[tuple[str, Callable[[], bool]]] = []
        if settings.DATABASE_EMBEDDED:
            postgres = EmbeddedPostgres(layout)
            postgres.prepare()
            supervisor.start(postgres.program())
            waits.append(("PostgreSQL", postgres.answers))
        if settings.REDIS_EMBEDDED:
            redis = EmbeddedRedis(layout)
            supervisor.start(redis.program())
            waits.append(("Redis", redis.answers))
        if not self.outside_mail:
            supervisor.start(parts.mail(settings.MAIL_DIR, int(os.environ["EMAIL_PORT"])))
        for name, answers in waits:
            supervisor.wait_until(answers, 60, f"{name} did not answer within a minute; its own words are above.")
        for step in self.steps():
            supervisor.say(f"{step.name} …")
            if code := supervisor.run_once(step):
                raise CommandError(f"The step “{step.name}” ended with exit code {code}; its own words are above.")
        refuse_to_start()
        connections.close_all()
        supervisor.start(parts.web())
        supervisor.wait_until(
            page_answers(settings.PORT), 90, "The web server did not become ready within 90 seconds; see above."
        )
        # After the pages: a person waits for those, and whatever is sent meanwhile waits in the outbox.
        for part in (parts.worker, parts.relay, parts.beat, parts.sealer):
            supervisor.start(part())
        if settings.DEMO and settings.LAYOUT.demo_password_note.exists():
            password = settings.LAYOUT.demo_password_note.read_text(encoding="ascii").strip()
            supervisor.say(f"Everybody of the demo world has the password {password}")
        supervisor.say(f"The Safeguarding Hub is open at http://localhost:{settings.PORT}/ — Ctrl-C stops it.")

    def steps(self) -> Iterator[Program]:
        """What this database still needs; on a second start nothing."""
        if not_ready():
            yield Program("database", parts.manage("setup_database"))
            yield Program("migrate", parts.manage("migrate", "--no-input", "--skip-checks", "--verbosity", "0"))
        if settings.DEMO and not DemoMark.objects.exists():
            yield Program("demo", parts.manage("load_demo", "--skip-checks"))

    @property
    def outside_mail(self) -> bool:
        """EMAIL_HOST names a mail server of one's own; the local mailbox then stays empty."""
        return bool(env.text("EMAIL_HOST"))

    def mail_port(self) -> int:
        """The port noted last time when it is free, else any free one: two installations never share a mailbox."""
        note: Path = settings.LAYOUT.smtp_port_note
        # none is preferred at first: two that start in the same second would both find it free
        wishes = (settings.LAYOUT.smtp_port(), 0) if note.exists() else (0,)
        for wish in wishes:
            with socket.socket() as probe:
                try:
                    probe.bind(("127.0.0.1", wish))
                except OSError:
                    continue
                port = int(probe.getsockname()[1])
                note.write_text(str(port), encoding="ascii")
                return port
        raise CommandError("This machine has no free port for the local mailbox.")


def follow_parent() -> None:
    """`make` killed outright takes us along; a supervisor started by hand outlives its shell."""
    if arrange := programs.end_with_parent(signal.SIGTERM, os.getppid()):
        arrange()


@contextmanager
def only_one_here() -> Iterator[None]:
    path: Path = settings.LAYOUT.lock_file
    with path.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise CommandError(
                f"The Hub of {settings.DATA_DIR} runs already ({lock.read().strip() or 'just starting'}). "
                "Stop it with Ctrl-C where it runs, or start another one with DATA_DIR=… PORT=…."
            ) from None
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, http://localhost:{settings.PORT}/")
        lock.flush()
        yield


def refuse_busy_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(
                f"Port {port} cannot be used ({error.strerror}). Choose another one, for example: make run PORT={port + 1}"
            ) from None


def page_answers(port: int) -> Callable[[], bool]:
    def answers() -> bool:
        try:
            with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as response:
                return bool(response.status == 200)
        except (OSError, HTTPException):
            return False

    return answers
