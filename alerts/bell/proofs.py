"""The proof of a month: each alert in time, or late and why; whole in the hub, without small numbers outside (s49A, ALR-23)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from alerts.bell import selectors
from alerts.bell.selectors import Asked, Tally, total_of
from alerts.bell.suppression import hidden_cells, hidden_in_line
from alerts.delivery.enums import LateReason
from safeguarding.agencies.calendars import LONDON
from safeguarding.agencies.models import Partnership, User
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible
from safeguarding.web.pdf import document
from safeguarding.web.small_numbers import SMALLEST_SHOWN

HIDDEN = "hidden"
COLUMNS = ("Opened before the bell", "Bell still to come", "Not known before the bell", "All alerts")
_KEYS = ("in_time", "waiting", "late", "total")
# Unless a person said otherwise, what is late for one of these was not sent before the bell.
_NOT_SENT = (LateReason.ARRIVED, LateReason.SCREENED, LateReason.WITHHELD)


@dataclass(frozen=True)
class Part:
    """One way of cutting the month: by day, by the right by which it left, by setting."""

    title: str
    column: str
    rows: Sequence[Tally]


@dataclass(frozen=True)
class Proof:
    """A month of one partnership, counted now."""

    partnership: Partnership
    first: dt.date
    last: dt.date
    at: dt.datetime
    parts: Sequence[Part]
    total: Tally

    @property
    def is_over(self) -> bool:
        return self.last < timezone.localdate(self.at)


def month_of(text: str) -> dt.date:
    """The first day of "2026-11"; what is no month, or still to come, is not there."""
    try:
        first = dt.datetime.strptime(text, "%Y-%m").replace(tzinfo=LONDON).date()
    except ValueError:
        raise NotVisible from None
    if len(text) != 7 or first > timezone.localdate():
        raise NotVisible
    return first


def months(today: dt.date, many: int = 13) -> list[dt.date]:
    """This month and those before it, newest first."""
    count = today.year * 12 + today.month - 1
    return [dt.date((count - n) // 12, (count - n) % 12 + 1, 1) for n in range(many)]


def proof(slug: str, first: dt.date, *, for_user: User) -> Proof:
    """Of a partnership whose alerts my hub sends; to everybody else it is not there (NTK-02)."""
    mine = {each.slug: each for each in selectors.partnerships_of_hubs(for_user=for_user)}
    if slug not in mine:
        raise NotVisible
    last = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    asked = Asked(first, last, partnership=slug)
    days = selectors.by_day(asked, for_user=for_user)
    parts = (
        Part("By day", "Day of the bell", days[::-1]),
        Part("By the right by which they left", "Right", _by_name(selectors.by_gateway(asked, for_user=for_user))),
        Part("By setting", "Setting", _by_name(selectors.by_setting(asked, for_user=for_user))),
    )
    return Proof(mine[slug], first, last, timezone.now(), parts, total_of(days))


def _by_name(tallies: Sequence[Tally]) -> list[Tally]:
    """Not by size, which would say of two numbers that are hidden outside which is the larger (rules.md, small numbers)."""
    return sorted(tallies, key=lambda tally: str(tally.label))


def remember(found: Proof, event: str, **facts: Any) -> None:
    about = {"partnership": found.partnership.slug, "month": f"{found.first:%Y-%m}", "alerts": found.total.total}
    record(event, facts={**about, **facts})


# ---------------------------------------------------------------- what leaves the hub
@dataclass(frozen=True)
class PublishedPart:
    title: str
    column: str
    rows: Sequence[tuple[str, Sequence[str]]]


@dataclass(frozen=True)
class Published:
    """The same numbers, small ones hidden, and those by which a small one could be worked out."""

    summary: Sequence[tuple[str, str]]
    reasons: Sequence[tuple[str, str]]
    parts: Sequence[PublishedPart]


def published(found: Proof) -> Published:
    """A total stands in several tables: hidden in one of them it is hidden in all (rules.md, small numbers).

    Reasons stand by their names: an order by size would say which of two hidden numbers is the larger.
    """
    total, reasons = found.total, sorted(found.total.reasons, key=lambda each: str(each[0].label))
    why = [str(reason) for reason, _ in reasons]
    numbers = {**dict(zip(_KEYS, _numbers(total), strict=True)), **{str(reason): count for reason, count in reasons}}
    tables = [[*map(_numbers, part.rows), _numbers(total)] for part in found.parts]
    shared: set[str] = set()
    hidden = [hidden_cells(table) for table in tables]
    while True:
        before = set(shared)
        for place, table in enumerate(tables):
            known = frozenset((len(table) - 1, n) for n, key in enumerate(_KEYS) if key in shared)
            if not known <= hidden[place]:
                hidden[place] = hidden_cells(table, always=known | hidden[place])
        shared |= {
            _KEYS[c] for table, cells in zip(tables, hidden, strict=True) for r, c in cells if r == len(table) - 1
        }
        # the reasons make up what was not known, and with the others all alerts
        for line in ([*why, "late"], ["in_time", "waiting", *why, "total"]):
            in_line = hidden_in_line(
                [numbers[key] for key in line], always=frozenset(n for n, key in enumerate(line) if key in shared)
            )
            shared |= {line[n] for n in in_line}
        if shared == before:
            break

    def said(key: str) -> str:
        return _shown(numbers[key], key in shared)

    summary = [
        ("Alerts that had to beat a bell in this month", said("total")),
        ("Sent before the bell", _shown(total.sent_before, _sent_tells(total, shared))),
        ("Opened at the setting before the bell", said("in_time")),
        ("Acknowledged before the bell", _shown(total.acknowledged_before, _acknowledged_tells(total))),
        ("Bell still to come", said("waiting")),
        ("Not known before the bell", said("late")),
    ]
    parts = [
        PublishedPart(part.title, part.column, list(_published_rows(part.rows, cells)))
        for part, cells in zip(found.parts, hidden, strict=True)
    ]
    return Published(summary, [(reason.label, said(str(reason))) for reason, _ in reasons], parts)


def _is_small(*numbers: int) -> bool:
    return any(0 < abs(number) < SMALLEST_SHOWN for number in numbers)


def _sent_tells(total: Tally, hidden: set[str]) -> bool:
    """What was sent in time was opened in time, or left unopened, or waits, or a person said why: whichever of these is
    hidden or small could be worked out from it (ALR-23)."""
    unopened = total.sent_before - total.in_time
    rest = unopened - total.outcomes.get(LateReason.UNOPENED, 0)
    by_itself = {"in_time", "waiting", *LateReason.values} - {str(reason) for reason in _NOT_SENT}
    return _is_small(total.sent_before, total.total - total.sent_before, unopened, rest) or bool(hidden & by_itself)


def _acknowledged_tells(total: Tally) -> bool:
    number = total.acknowledged_before
    return _is_small(number, total.total - number, total.in_time - number)


def _numbers(tally: Tally) -> list[int]:
    return [getattr(tally, key) for key in _KEYS]


def _published_rows(rows: Sequence[Tally], hidden: frozenset[tuple[int, int]]) -> Iterator[tuple[str, Sequence[str]]]:
    for r, tally in enumerate(rows):
        label = f"{tally.label.day} {tally.label:%B %Y}" if isinstance(tally.label, dt.date) else str(tally.label)
        yield label, [_shown(value, (r, c) in hidden) for c, value in enumerate(_numbers(tally))]


def _shown(value: int, is_hidden: bool) -> str:
    return HIDDEN if is_hidden else str(value)


CSV_HEAD = ("Part", "What", *COLUMNS)


def csv_rows(out: Published) -> Iterator[Sequence[str]]:
    """One sheet: the month, the reasons, then each part."""
    for what, number in out.summary:
        yield ("Month", what, "", "", "", number)
    for what, number in out.reasons:
        yield ("Why it was not known", what, "", "", number, "")
    for part in out.parts:
        for label, numbers in part.rows:
            yield (part.title, label, *numbers)


def paper(found: Proof, out: Published) -> bytes:
    """Tagged PDF; the law that it proves, the numbers, and what they mean (contract: safeguarding/web/pdf.py)."""
    at = timezone.localtime(found.at)
    data = {
        "title": f"Told before the bell: {found.first:%B %Y}",
        "partnership": found.partnership.name,
        "marking": found.partnership.marking,
        "made": f"{at.day} {at:%B %Y}",
        "over": found.is_over,
        "summary": [list(each) for each in out.summary],
        "reasons": [list(each) for each in out.reasons],
        "columns": list(COLUMNS),
        "parts": [
            {"title": part.title, "column": part.column, "rows": [[label, *numbers] for label, numbers in part.rows]}
            for part in out.parts
        ],
    }
    return document("bell_proof", data, at=found.at)
