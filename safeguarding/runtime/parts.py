"""The programs that make the Hub; one table for the one machine (`up`) and for containers (`serve`)."""

import os
import sys
from pathlib import Path

from django.conf import settings

from safeguarding.runtime.programs import Program

MANAGE = str(Path(settings.ROOT_DIR) / "manage.py")


def manage(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, MANAGE, *arguments)


def web() -> Program:
    return Program(
        "web",
        (
            sys.executable,
            "-m",
            "gunicorn",
            "--config",
            "python:safeguarding.runtime.gunicorn",
            "safeguarding.wsgi:application",
        ),
    )


def worker() -> Program:
    return Program(
        "worker",
        (
            *(sys.executable, "-m", "celery", "--quiet", "--app", "safeguarding", "worker"),
            *("--concurrency", os.environ.get("WORKERS", "2")),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ),
        # True, but nobody at a demo's terminal can act on it; the containers run as a user of their own.
        env={"PYTHONWARNINGS": "ignore:You're running the worker with superuser"},
    )


def beat() -> Program:
    return Program("beat", (sys.executable, "-m", "celery", "--quiet", "--app", "safeguarding", "beat"))


def relay() -> Program:
    return Program("relay", manage("relay"))


def sealer() -> Program:
    # A program of its own: it alone holds the key that signs the audit, and it waits neither for Redis nor for a task.
    return Program("sealer", manage("seal_audit"))


def mail(directory: Path, port: int) -> Program:
    # As a module, not as a command: it needs nothing of Django, and starts in a fifth of the time.
    return Program("mail", (sys.executable, "-m", "safeguarding.runtime.smtp", str(directory), str(port)))


PARTS = {"web": web, "worker": worker, "beat": beat, "relay": relay, "sealer": sealer}
