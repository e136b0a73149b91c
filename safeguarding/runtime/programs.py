"""A program that the supervisor starts, and the child process that it becomes."""

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Program:
    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    # Longer than any task or request that is worth finishing before a stop.
    patience: float = 20.0
    user: str | None = None
    # What it says at every start and stop, and nobody needs to read.
    chatter: re.Pattern[str] | None = None
    # Talks to the terminal itself, as a test run does; all others speak through the supervisor.
    at_terminal: bool = False


def end_with_parent(stop_signal: signal.Signals, parent: int) -> Callable[[], None] | None:
    """Run in the child: when its parent is killed outright, the kernel stops the child in its place."""
    if _libc is None:
        return None
    prctl = _libc.prctl

    def arrange() -> None:
        prctl(_PR_SET_PDEATHSIG, stop_signal, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return arrange


class Child:
    """One running program, with its process group, its unfinished line, and how often it fell."""

    def __init__(self, program: Program, directory: Path) -> None:
        self.program = program
        self.started = time.monotonic()
        self.rest = b""
        at_terminal = program.at_terminal
        self.process = subprocess.Popen(  # noqa: S603 - our own table of programs, no shell
            program.argv,
            cwd=directory,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **program.env},
            stdin=None if at_terminal else subprocess.DEVNULL,
            stdout=None if at_terminal else subprocess.PIPE,
            stderr=None if at_terminal else subprocess.STDOUT,
            # A group of its own: Ctrl-C reaches the supervisor alone, and a fallen child's children fall with it.
            start_new_session=not at_terminal,
            user=program.user,
            group=program.user and primary_group(program.user),
            extra_groups=[] if program.user else None,
            preexec_fn=end_with_parent(program.stop_signal, os.getpid()),  # noqa: PLW1509 - the supervisor has one thread
        )
        if self.process.stdout:
            os.set_blocking(self.process.stdout.fileno(), False)

    @property
    def age(self) -> float:
        return time.monotonic() - self.started

    def exit_code(self) -> int | None:
        return self.process.poll()

    def ask_to_stop(self) -> None:
        if self.exit_code() is None:
            self.process.send_signal(self.program.stop_signal)

    def end_group(self) -> None:
        """Whatever the child left behind: its own children share its group."""
        if not self.program.at_terminal:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                return

    def lines(self, *, at_end: bool = False) -> list[str]:
        """The whole lines it has said since the last call."""
        if self.process.stdout is None:
            return []
        while chunk := self._read():
            self.rest += chunk
        *whole, self.rest = self.rest.split(b"\n")
        if at_end and self.rest:
            whole.append(self.rest)
            self.rest = b""
        said = (line.decode("utf-8", "replace").rstrip() for line in whole)
        chatter = self.program.chatter
        return [line for line in said if line and not (chatter and chatter.search(line))]

    def _read(self) -> bytes:
        assert self.process.stdout is not None
        try:
            return os.read(self.process.stdout.fileno(), 65536)
        except BlockingIOError:
            return b""


def primary_group(user: str) -> int:
    import pwd

    return pwd.getpwnam(user).pw_gid


def how_it_ended(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with exit code {code}"
