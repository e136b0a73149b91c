"""`manage.py verify_audit`: is the log whole, and if not, what was done to it, and until when can it be trusted (AUD-03)."""

import datetime as dt
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from safeguarding.audit.verification import verify

SAY_EVERY = 2.0


class Command(BaseCommand):
    help = "Check every seal, every entry and the head outside. Exit code 0: whole; 1: something was done to the log."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--since", metavar="2026-11-22", help="check what was sealed on that day and later")
        parser.add_argument(
            "--heads",
            metavar="DIRECTORY",
            action="append",
            help="a copy of the head to check against, besides those of the settings",
        )
        parser.add_argument(
            "--key", default="", metavar="FINGERPRINT", help="of the signing key, as you noted it elsewhere"
        )
        parser.add_argument("--all", action="store_true", help="list every finding, not only the first 30")

    def handle(
        self,
        *,
        since: str | None = None,
        heads: list[str] | None = None,
        key: str = "",
        all: bool = False,
        **options: Any,
    ) -> None:
        places = [*settings.AUDIT_HEADS, *(Path(place) for place in heads or [])]
        self.began = self.said = time.monotonic()
        report = verify(places, since=day(since), key=key, progress=self._progress)
        for line in report.lines(len(report.findings) if all else 30):
            self.stdout.write(line)
        if not report.is_whole:
            sys.exit(1)

    def _progress(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self.said < SAY_EVERY or not done:
            return
        self.said = now
        rate = done / (now - self.began)
        left = max(total - done, 0) / rate
        self.stderr.write(f"{done:,} of {total:,} entries, {rate:,.0f} a second, {left:,.0f} s left")


def day(text: str | None) -> dt.datetime | None:
    if text is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"{text!r} is no date; write it like 2026-11-22 or 2026-11-22T06:14.") from None
    return moment if moment.tzinfo else timezone.make_aware(moment)
