"""Looking at real processes from outside."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

PATIENCE = 30.0


def eventually(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"still not so after {PATIENCE:.0f} s: {what}"
        time.sleep(0.05)


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def none_alive(pids: Iterable[int]) -> bool:
    return not any(alive(pid) for pid in pids)


def mentioning(text: str) -> dict[int, str]:
    """Every living process whose command line or environment names `text`."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or not alive(int(entry.name)):
            continue
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
            environment = (entry / "environ").read_bytes().decode("utf-8", "replace")
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
        if text in command or text in environment:
            found[int(entry.name)] = command
    return found
