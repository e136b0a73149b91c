"""Keeps programs running in the foreground: one thread, one log, and nothing left behind when it stops."""

import os
import selectors
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import TextIO

from safeguarding.runtime.programs import Child, Program, how_it_ended

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
# A child that lived this long had started well: the next fall is a new one.
STEADY_AFTER = 60.0
TICK = 0.2


class Stopped(Exception):
    """Somebody asked us to stop."""


class Supervisor:
    def __init__(self, directory: Path, out: TextIO = sys.stdout, name: str = "hub") -> None:
        self.directory = directory
        self.out = out
        self.name = name
        self.children: dict[str, Child] = {}
        self.falls: dict[str, int] = {}
        self.due: dict[str, tuple[float, Program]] = {}
        self.asked = 0
        self._selector = selectors.DefaultSelector()
        self._before: dict[signal.Signals, object] = {}

    def __enter__(self) -> "Supervisor":
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        self.stop_all()
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal() itself returned
        self._selector.close()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.asked += 1

    # ------------------------------------------------------------ saying
    def say(self, text: str) -> None:
        self._print(self.name, text)

    def _print(self, who: str, text: str) -> None:
        try:
            self.out.write(f"{who:<8} | {text}\n")
            self.out.flush()
        except (BrokenPipeError, ValueError):
            # Nobody listens any more; the children matter more than their words.
            self.out = open(os.devnull, "w")  # noqa: SIM115 - lives as long as we do

    # ------------------------------------------------------------ starting
    def start(self, program: Program) -> Child:
        child = Child(program, self.directory)
        self.children[program.name] = child
        if child.process.stdout:
            self._selector.register(child.process.stdout, selectors.EVENT_READ, child)
        return child

    def run_once(self, program: Program) -> int:
        """Runs a step to its end while the others go on; its exit code."""
        child = self.start(program)
        while (code := child.exit_code()) is None:
            self.tick(but=program.name)
            self._raise_if_asked()
        self._part_with(child)
        return code

    def wait_until(self, true: Callable[[], bool], seconds: float, otherwise: str) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            if time.monotonic() > deadline:
                raise TimeoutError(otherwise)
            self.tick()
            self._raise_if_asked()

    def run_until_asked(self) -> None:
        while not self.asked:
            self.tick()

    def _raise_if_asked(self) -> None:
        if self.asked:
            raise Stopped

    # ------------------------------------------------------------ one round
    def tick(self, but: str | None = None) -> None:
        """Hands on what was said, notices who fell, starts again whose pause is over."""
        self._listen(TICK)
        for name, child in list(self.children.items()):
            code = child.exit_code()
            if code is None or name == but:
                continue
            self._part_with(child)
            self._plan_restart(child, code)
        for name, (when, program) in list(self.due.items()):
            if time.monotonic() >= when:
                del self.due[name]
                self.start(program)

    def _listen(self, seconds: float) -> None:
        if not self._selector.get_map():
            time.sleep(seconds)
            return
        for key, _ in self._selector.select(seconds):
            self._hand_on(key.data)

    def _hand_on(self, child: Child, *, at_end: bool = False) -> None:
        for line in child.lines(at_end=at_end):
            self._print(child.program.name, line)

    def _part_with(self, child: Child) -> None:
        child.end_group()
        self._hand_on(child, at_end=True)
        if child.process.stdout:
            self._selector.unregister(child.process.stdout)
            child.process.stdout.close()
        self.children.pop(child.program.name, None)

    def _plan_restart(self, child: Child, code: int) -> None:
        name = child.program.name
        falls = 1 if child.age >= STEADY_AFTER else self.falls.get(name, 0) + 1
        self.falls[name] = falls
        pause = min(FIRST_PAUSE * 2 ** (falls - 1), LONGEST_PAUSE)
        self.due[name] = (time.monotonic() + pause, child.program)
        self.say(f"{name} {how_it_ended(code)}; starting it again in {pause:.0f} s.")

    # ------------------------------------------------------------ stopping
    def stop_all(self) -> None:
        """Youngest first, so that what needs the database is gone before the database is."""
        self.due.clear()
        for group in self._in_order_of_stopping():
            self._stop(group)

    def _stop(self, group: list[Child]) -> None:
        began, asked = time.monotonic(), max(self.asked, 1)
        for child in group:
            child.ask_to_stop()
        while waiting := [child for child in group if child.exit_code() is None]:
            self._listen(TICK)
            for child in waiting:
                # Asked a second time, a person does not want to wait.
                if time.monotonic() - began > child.program.patience or self.asked > asked:
                    self.say(f"{child.program.name} does not stop; ending it.")
                    child.process.kill()
                    child.process.wait()
        for child in group:
            self._part_with(child)

    def _in_order_of_stopping(self) -> list[list[Child]]:
        servers = [c for c in self.children.values() if c.program.name in ("redis", "postgres")]
        others = [c for c in self.children.values() if c not in servers]
        return [group for group in (others, servers) if group]
