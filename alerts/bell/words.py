"""What became of an alert before its bell, in words and a colour."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from alerts.bell.enums import Outcome
from alerts.bell.selectors import Asked, Tally
from alerts.delivery.enums import LateReason
from alerts.delivery.models import Alert


@dataclass(frozen=True)
class Said:
    words: str
    colour: str


def outcome_of(alert: Alert) -> Said:
    outcome: str = alert.outcome  # type: ignore[attr-defined]  # annotated by querysets.with_outcome
    match outcome:
        case Outcome.IN_TIME:
            return Said(Outcome.IN_TIME.label, "green")
        case Outcome.WAITING:
            return Said(Outcome.WAITING.label, "yellow")
        case LateReason.WITHHELD:
            return Said(LateReason.WITHHELD.label, "orange")
    return Said(LateReason(outcome).label, "red")


@dataclass(frozen=True)
class DayRow:
    """A line of the board with the question behind its numbers."""

    tally: Tally
    query: str


def day_rows(days: Sequence[Tally], asked: Asked) -> Iterator[DayRow]:
    rest = {name: getattr(asked, name) for name in ("setting", "kind", "partnership") if getattr(asked, name)}
    for tally in days:
        day: dt.date = tally.label
        parts = {
            f"{end}_{n}": part for end in ("first", "last") for n, part in enumerate((day.day, day.month, day.year))
        }
        yield DayRow(tally, urlencode({**parts, **rest}))
