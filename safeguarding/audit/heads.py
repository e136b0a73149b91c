"""The head of the chain outside of the database: who cuts the log's tail off, seals and all, is contradicted here (AUD-03).

One directory holds every seal's statement and signature, one a line, in files of so many seals each; lines are only
ever added, and are on the disk before the next seal is made.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from safeguarding.audit.statements import Signed, read_line

SEALS_IN_A_FILE = 100_000
_LONGEST_LINE = 4096


class Heads:
    def __init__(self, place: Path) -> None:
        self.place = place

    def _files(self) -> list[Path]:
        return sorted(self.place.glob("heads-*.jsonl"))

    def _file_of(self, number: int) -> Path:
        first = (number - 1) // SEALS_IN_A_FILE * SEALS_IN_A_FILE + 1
        return self.place / f"heads-{first:012}.jsonl"

    def last(self) -> Signed | None:
        """The newest line that was written whole."""
        for path in reversed(self._files()):
            with path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - 2 * _LONGEST_LINE))
                whole = file.read().split(b"\n")[:-1]
            if whole:
                return read_line(whole[-1].decode("ascii"))
        return None

    def lines(self, since: int = 1) -> Iterator[Signed]:
        """Every line from seal `since` on, oldest first."""
        first = self._file_of(max(since, 1))
        for path in self._files():
            if path < first:
                continue
            with path.open(encoding="ascii", errors="replace") as file:
                yield from (read_line(line) for line in file if line.endswith("\n"))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One writer at a time, also beside a second sealer on this machine."""
        self.place.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.place / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def add(self, news: Iterable[Signed]) -> int:
        """Writes the lines and waits for the disk; an OSError leaves at most a torn line, which the next call removes."""
        written = 0
        by_file: dict[Path, list[Signed]] = {}
        for signed in news:
            by_file.setdefault(self._file_of(signed.statement.n), []).append(signed)
        for path, lines in by_file.items():
            is_new = not path.exists()
            with path.open("r+b" if not is_new else "w+b") as file:
                file.truncate(_whole(file))
                file.seek(0, os.SEEK_END)
                file.write("".join(signed.line() for signed in lines).encode("ascii"))
                file.flush()
                os.fsync(file.fileno())
            if is_new:
                self._keep_the_name()
            written += len(lines)
        return written

    def _keep_the_name(self) -> None:
        directory = os.open(self.place, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def _whole(file: BinaryIO) -> int:
    """How many bytes belong to lines that were written to their end."""
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - 2 * _LONGEST_LINE)
    file.seek(start)
    tail = file.read()
    return start + tail.rfind(b"\n") + 1
