"""What was shredded, outside of the database: a restore brings keys back, and this is how it is told (RET-07).

A file of lines, appended and never changed. It is written after the commit, by one worker at a time: a line that was written
before could speak of a destruction that was rolled back, and a replay would then destroy a living record. Between commit
and copy a line exists once; how many wait, and for how long, is said by /readyz and in the log.
"""

import datetime as dt
import fcntl
import json
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, Min
from django.utils import timezone

from safeguarding.access.principal import acting_as
from safeguarding.audit.record import record
from safeguarding.crypto.models import Shredding
from safeguarding.crypto.stock import KEEPER

log = logging.getLogger("hub.keys")
FORM = 1
BATCH = 1000
LATE_AFTER = dt.timedelta(minutes=5)
_FIELDS = (
    "entry", "data_key_number", "key_made_at", "partnership_id", "bucket", "what", "subject", "rule", "service", "user_number", "at",
)  # fmt: skip


class LedgerUnreadable(Exception):
    """A line that is none, somewhere before the end."""


@dataclass(frozen=True)
class Line:
    """One destruction, as the file has it."""

    entry: UUID
    data_key_number: int
    key_made_at: dt.datetime
    partnership_id: int | None
    bucket: str
    what: str
    subject: str
    rule: str
    service: str
    user_number: int | None
    at: dt.datetime

    @classmethod
    def of(cls, row: Shredding) -> "Line":
        return cls(**{name: getattr(row, name) for name in _FIELDS})

    @classmethod
    def from_json(cls, text: bytes) -> "Line":
        values = json.loads(text)
        if values.pop("form") != FORM:
            raise ValueError("form")
        times = {name: dt.datetime.fromisoformat(values[name]) for name in ("key_made_at", "at")}
        return cls(**{**values, **times, "entry": UUID(values["entry"])})

    def to_json(self) -> bytes:
        values = {name: getattr(self, name) for name in _FIELDS}
        return json.dumps({"form": FORM, **values}, default=str, ensure_ascii=False).encode() + b"\n"


def place() -> Path:
    return Path(settings.SHREDDING_LEDGER)


# ---------------------------------------------------------------- out of the database
def copy_out() -> int:
    """Append what the file does not have yet, make it last, then remember that it is there; twice is harmless."""
    copied = 0
    while count := _copy_batch():
        copied += count
    return copied


def _copy_batch() -> int:
    with acting_as(KEEPER), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('shredding ledger', 0))")
        if not cursor.fetchone()[0]:
            return 0
        rows = Shredding.objects.order_by("id")
        if place().exists():
            rows = rows.filter(copied_at=None)[:BATCH]
        elif rows.exclude(copied_at=None).exists():
            log.warning("the ledger outside is gone; it is written from its beginning")
        if not rows:
            return 0
        _append(Line.of(row) for row in rows)
        cursor.execute("SELECT app.mark_copied(%s::bigint[])", [[row.pk for row in rows]])
        return len(rows)


def _append(lines: Iterable[Line]) -> None:
    place().parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _held(place()) as file:
        _cut_torn_end(file)
        for line in lines:
            file.write(line.to_json())
        file.flush()
        os.fsync(file.fileno())
    directory = os.open(place().parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


@contextmanager
def _held(path: Path) -> Iterator[BinaryIO]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield file


def _cut_torn_end(file: BinaryIO) -> None:
    """A crash in the middle of a line: what it spoke of was not marked as copied, and is written again."""
    file.seek(0)
    data = file.read()
    if data and not data.endswith(b"\n"):
        file.truncate(data.rfind(b"\n") + 1)
    file.seek(0, os.SEEK_END)


@dataclass(frozen=True)
class Waiting:
    """Lines that stand in the database only."""

    count: int
    oldest: dt.datetime | None

    @property
    def late(self) -> bool:
        return self.oldest is not None and timezone.now() - self.oldest > LATE_AFTER


def waiting() -> Waiting:
    with acting_as(KEEPER), transaction.atomic():
        return Waiting(**Shredding.objects.filter(copied_at=None).aggregate(count=Count("id"), oldest=Min("at")))


def remark() -> str:
    """For /readyz: nothing, or how much waits and since when."""
    found = waiting()
    if not found.late or found.oldest is None:
        return ""
    return f"{found.count} lines wait for the ledger outside since {found.oldest:%H:%M} UTC"


# ---------------------------------------------------------------- back into it
def lines() -> list[Line]:
    """Every line of the file; a torn last one is no line yet."""
    if not place().exists():
        return []
    *whole, _torn = place().read_bytes().split(b"\n")
    read = []
    for number, text in enumerate(whole, start=1):
        try:
            read.append(Line.from_json(text))
        except (ValueError, TypeError, KeyError):
            raise LedgerUnreadable(
                f"Line {number} of {place()} cannot be read. Take the file from its own back-up, or from another host."
            ) from None
    return read


def unknown_here() -> list[Line]:
    """Lines that this database does not have: it was restored from a back-up, and the keys came back with it."""
    outside = lines()
    known: set[UUID] = set()
    with acting_as(KEEPER), transaction.atomic():
        for start in range(0, len(outside), BATCH):
            entries = [line.entry for line in outside[start : start + BATCH]]
            known.update(Shredding.objects.filter(entry__in=entries).values_list("entry", flat=True))
    return [line for line in outside if line.entry not in known]


@dataclass(frozen=True)
class Replayed:
    """How many lines there were, how many keys were destroyed again, and how many lines the database had lost."""

    lines: int
    destroyed: int
    lost: int


def replay() -> Replayed:
    """Destroy every key of the ledger again; a second run finds nothing to do. One transaction: all of it, or nothing."""
    outside, lost, destroyed = lines(), len(unknown_here()), 0
    with acting_as(KEEPER), transaction.atomic(), connection.cursor() as cursor:
        for line in outside:
            cursor.execute(
                "SELECT app.replay_shredding(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
                [getattr(line, name) for name in _FIELDS],
            )
            destroyed += bool(cursor.fetchone()[0])
        record("keys.replayed", facts={"lines": len(outside), "destroyed": destroyed, "lost": lost})
    return Replayed(len(outside), destroyed, lost)


def fault() -> str | None:
    """Why this database must not be served from: it would show again what was shredded."""
    try:
        missing = len(unknown_here())
    except (OSError, LedgerUnreadable) as error:
        return f"The ledger of what was shredded cannot be read: {error}"
    if not missing:
        return None
    return (
        f"The ledger of what was shredded ({place()}) has {missing} lines that this database does not know: it was restored "
        "from a back-up, and the keys came back with it. Nothing was changed. Run `manage.py replay_shredding`, which destroys "
        "them again, then start; if this is a new installation, move the file away."
    )
