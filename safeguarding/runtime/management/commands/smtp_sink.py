import asyncio
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from safeguarding.runtime.smtp import serve


class Command(BaseCommand):
    help = "Receives the e-mails of this machine and keeps them in MAIL_DIR; for the demo and the tests."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=settings.EMAIL_PORT)

    def handle(self, *_: Any, host: str, port: int, **__: Any) -> None:
        try:
            asyncio.run(serve(settings.MAIL_DIR, host, port))
        except OSError as error:
            raise CommandError(f"The mailbox cannot listen on {host}:{port}: {error.strerror}.") from None
