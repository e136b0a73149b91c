import fcntl
import signal
import sys
from argparse import REMAINDER, ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from safeguarding.runtime.postgres import EmbeddedPostgres
from safeguarding.runtime.programs import Program
from safeguarding.runtime.redis_server import EmbeddedRedis
from safeguarding.runtime.supervisor import Stopped, Supervisor


class Command(BaseCommand):
    help = "Runs a command with PostgreSQL and Redis of its own beside it; for the tests. They forget everything."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("argv", nargs=REMAINDER)

    def handle(self, *_: Any, argv: list[str], **__: Any) -> None:
        layout = settings.LAYOUT
        layout.make_places()
        with layout.lock_file.open("a") as lock, Supervisor(settings.ROOT_DIR) as supervisor:
            code = 130
            try:
                self.bring_up(supervisor, start=taken(lock))
                code = supervisor.run_once(Program("command", tuple(argv), at_terminal=True, stop_signal=signal.SIGINT))
            except Stopped:
                pass
            except (TimeoutError, RuntimeError, FileNotFoundError) as error:
                raise CommandError(str(error)) from None
        sys.exit(code if code >= 0 else 128 - code)

    @staticmethod
    def bring_up(supervisor: Supervisor, *, start: bool) -> None:
        """Starts the servers, or waits for those that another run has just started."""
        if not start:
            supervisor.say("The servers of another run are here already; using them.")
        if settings.DATABASE_EMBEDDED:
            postgres = EmbeddedPostgres(settings.LAYOUT, durable=False)
            if start:
                postgres.prepare()
                supervisor.start(postgres.program())
            supervisor.wait_until(postgres.answers, 60, "PostgreSQL did not answer within a minute.")
        if settings.REDIS_EMBEDDED:
            redis = EmbeddedRedis(settings.LAYOUT, durable=False)
            if start:
                supervisor.start(redis.program())
            supervisor.wait_until(redis.answers, 60, "Redis did not answer within a minute.")


def taken(lock: Any) -> bool:
    """Whether the servers' lock is ours now; the one who holds it started them."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
