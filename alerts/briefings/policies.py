"""When staff are trained again, and what a record must say (ALR-26)."""

import datetime as dt

from dateutil.relativedelta import relativedelta

from alerts.briefings.enums import RecordKind
from safeguarding.errors import Refused

EVERY = relativedelta(months=12)


def due_on(held_on: dt.date | None, today: dt.date) -> dt.date:
    """A year after the last one; today, where there was none (ALR-26)."""
    return held_on + EVERY if held_on else today


def check_can_record(kind: str, held_on: dt.date, staff: int | None, today: dt.date) -> None:
    if held_on > today:
        raise Refused("That day is still to come. Nothing was recorded. Record it when it has been held.")
    if kind == RecordKind.BRIEFING and not staff:
        raise Refused("Say how many members of staff were trained. Nothing was recorded.")
