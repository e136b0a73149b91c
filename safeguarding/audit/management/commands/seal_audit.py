"""`manage.py seal_audit`: seals what is remembered, once a second, until it is told to stop (AUD-03)."""

import datetime as dt
import logging
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError
from django.db import connections
from django.utils import timezone

from safeguarding.audit import pulse
from safeguarding.audit.sealing import CannotSeal, Round, Sealer

log = logging.getLogger("hub.sealer")
LONGEST_WAIT = 15.0
# A trouble that lasts is said again, so that whoever watches the log hears of it too.
SAY_AGAIN = dt.timedelta(minutes=1)


class Command(BaseCommand):
    help = "Seal the audit every second until SIGTERM; its head is kept outside of the database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="seal what is there now, then end")
        parser.add_argument(
            "--accept-loss", metavar="WHY", help="after a restore: go on although the database is older than its head"
        )

    def handle(self, *, once: bool = False, accept_loss: str | None = None, **options: Any) -> None:
        self.stop = threading.Event()
        self.trouble, self.said_at = 0, timezone.now() - SAY_AGAIN
        try:
            sealer = Sealer(settings.AUDIT_SIGNING_KEYS, settings.AUDIT_HEADS)
            if accept_loss is not None:
                sealer.accept_loss(accept_loss)
                self.stdout.write("The loss stands in the chain now, with its reason; sealing goes on.")
                return
            if once:
                while sealer.round().more:
                    pass
                return
        except CannotSeal as refusal:
            raise CommandError(str(refusal)) from None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.stop.set())
        log.info("sealer started")
        while not self.stop.is_set():
            if not self._seal(sealer).more:
                self.stop.wait(self._wait())
        log.info("sealer stopped")

    def _seal(self, sealer: Sealer) -> Round:
        """One round; what prevents it is said, shown by /readyz, and waited for."""
        try:
            done = sealer.round()
        except DatabaseError as error:
            connections["default"].close()
            sealer.forget()
            self._say("the database does not answer; the sealer waits for it", error)
            return Round()
        except CannotSeal as refusal:
            self._say(str(refusal))
            pulse.tell(trouble=str(refusal))
            return Round()
        if self.trouble:
            log.info("sealer goes on")
            self.trouble = 0
        late = pulse.tell(waits_since=done.waits_since)
        if late and timezone.now() - self.said_at >= SAY_AGAIN:
            self.said_at = timezone.now()
            log.warning(late)
        return done

    def _say(self, what: str, error: Exception | None = None) -> None:
        self.trouble += 1
        if self.trouble == 1 or timezone.now() - self.said_at >= SAY_AGAIN:
            self.said_at = timezone.now()
            log.error(what, exc_info=error)

    def _wait(self) -> float:
        pause = settings.SEALING_SECONDS
        return min(pause * 2 ** min(self.trouble, 10), LONGEST_WAIT) if self.trouble else pause
