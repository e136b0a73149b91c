"""`manage.py relay`: carries what was promised from the outbox to the queue, until it is told to stop."""

import logging
import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error as DatabaseError
from django.db import connections

from safeguarding.access.principal import acting_as
from safeguarding.notifications.outbox import RELAY, publish_batch
from safeguarding.notifications.tasks import consume
from safeguarding.runtime.start import refuse_to_start

log = logging.getLogger("hub.relay")

BATCH = 100
LONGEST_WAIT = 15.0


class Command(BaseCommand):
    help = "Carry messages from the outbox to the queue until SIGTERM."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="carry what waits now, then end")

    def handle(self, *, once: bool = False, **options: Any) -> None:
        refuse_to_start()
        self.stop = threading.Event()
        if not once:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda *_: self.stop.set())
            log.info("relay started")
        self.trouble = 0
        while not self.stop.is_set():
            full = self._carry()
            if once and not full:
                return
            if not full:
                self.stop.wait(self._wait())
        log.info("relay stopped")

    def _carry(self) -> bool:
        """One batch; True when more may be waiting. Loss of PostgreSQL or Redis is said once, and waited for."""
        try:
            with acting_as(RELAY):
                batch = publish_batch(_publish, size=BATCH)
        except DatabaseError as error:
            connections["default"].close()
            self._say("the database does not answer", error)
            return False
        if batch.failure is not None:
            self._say("the queue does not answer", batch.failure)
            return False
        if self.trouble:
            log.info("relay goes on")
            self.trouble = 0
        return batch.published == BATCH

    def _say(self, what: str, error: Exception) -> None:
        if not self.trouble:
            log.warning("%s; nothing is lost, the relay waits for it", what, exc_info=error)
        self.trouble += 1

    def _wait(self) -> float:
        pause = settings.OUTBOX_POLL_SECONDS
        return min(pause * 2 ** min(self.trouble, 10), LONGEST_WAIT) if self.trouble else pause


def _publish(outbox_id: int) -> None:
    consume.apply_async((outbox_id,), retry=False)
