"""A worker that lives and takes nothing, though work waits, ends itself: whoever keeps it running starts a fresh one.

Celery's worker can come back from the loss of Redis deaf: connected, and consuming nothing (seen when Redis and one of
its processes were killed within seconds). Nothing is lost then, and nothing leaves either.
"""

import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

log = logging.getLogger("hub.worker")

EVERY = 10.0
# Work waits so long, and an idle worker takes none of it.
PATIENCE = 40.0
# A worker that has work in hand may be busy with it; no task may run longer than this (CELERY_TASK_TIME_LIMIT and some).
LONGEST_WORK = 330.0


@dataclass
class Ear:
    """Remembers when work was last taken, and since when work has been waiting."""

    now: Callable[[], float] = time.monotonic
    taken_at: float = field(default=0.0)
    waiting_since: float | None = None

    def __post_init__(self) -> None:
        self.taken_at = self.now()

    def took(self) -> None:
        self.taken_at = self.now()

    def is_deaf(self, *, waiting: int, in_hand: int) -> bool:
        """Asked now and then with what waits on the queue and what the worker has in hand."""
        now = self.now()
        if not waiting:
            self.waiting_since = None
            return False
        if self.waiting_since is None:
            self.waiting_since = now
        quiet = now - max(self.taken_at, self.waiting_since)
        return quiet > (LONGEST_WORK if in_hand else PATIENCE)


def watch(
    ear: Ear, waiting: Callable[[], int], in_hand: Callable[[], int], end: Callable[[], None]
) -> threading.Thread:
    """Looks every few seconds until the process ends; a queue that does not answer is no reason to end."""

    def look() -> None:
        while True:
            time.sleep(EVERY)
            try:
                number = waiting()
            except Exception:  # noqa: BLE001 - the broker's library has errors of many families
                number = 0
            if ear.is_deaf(waiting=number, in_hand=in_hand()):
                log.error("%s messages wait and this worker takes none; it ends, to be started again", number)
                end()
                return

    thread = threading.Thread(target=look, name="stalled", daemon=True)
    thread.start()
    return thread


def end_now() -> None:
    """At once: a worker that hears nothing would not hear a request to stop either. Unfinished work is done by the next."""
    os._exit(70)
