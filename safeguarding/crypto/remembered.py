"""Opened keys are remembered for a minute, no longer: a process that lives for weeks forgets what was retired."""

import time
from collections.abc import Callable, Hashable
from threading import Lock

SECONDS = 60.0
MOST = 4096


class Remembered:
    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[Hashable, tuple[float, bytes]] = {}
        self._lock = Lock()

    def get(self, name: Hashable, find: Callable[[], bytes]) -> bytes:
        now = self._clock()
        with self._lock:
            self._forget_before(now - SECONDS)
            found = self._known.get(name)
        if found is not None:
            return found[1]
        value = find()
        with self._lock:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known.pop(name, None)
            self._known[name] = (now, value)
        return value

    def clear(self) -> None:
        with self._lock:
            self._known.clear()

    def _forget_before(self, then: float) -> None:
        # Insertion order is order of age: the oldest stand first.
        while self._known:
            name = next(iter(self._known))
            if self._known[name][0] >= then:
                return
            del self._known[name]
