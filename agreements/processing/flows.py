"""What really flowed: each room that sends counts what it sent, by month, and nothing else is kept (IGV-08)."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.db import transaction

from agreements.processing.models import Flow

# How far back a first count reaches, and how far every later one looks again: what is counted late still counts.
FIRST_COUNT, AGAIN = relativedelta(months=24), relativedelta(months=1)


@dataclass(frozen=True)
class Counted:
    """One line: `month` is its first day."""

    partnership: int
    controller: int
    agreement: int | None
    gateway: str
    recipient_kind: str
    month: dt.date
    count: int


# Asked as dispatch, in one query; from the first day on.
Counter = Callable[[dt.date], Iterable[Counted]]
_counters: dict[str, Counter] = {}


def register(what: str, counter: Counter) -> None:
    """Called when a room's app is ready."""
    _counters[what] = counter


@transaction.atomic
def count_again(today: dt.date) -> int:
    """The last month and this one anew; doing it twice changes nothing. Runs as dispatch (IGV-08)."""
    since = today.replace(day=1) - (AGAIN if Flow.objects.exists() else FIRST_COUNT)
    rows = [_row(what, line) for what, counter in sorted(_counters.items()) for line in counter(since)]
    Flow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["controller", "partnership", "month", "what", "gateway", "recipient_kind", "agreement"],
        update_fields=["count"],
    )
    return len(rows)


def _row(what: str, line: Counted) -> Flow:
    return Flow(
        partnership_id=line.partnership,
        controller_id=line.controller,
        agreement_id=line.agreement,
        what=what,
        gateway=line.gateway,
        recipient_kind=line.recipient_kind,
        month=line.month,
        count=line.count,
    )
