"""The proof of a month: each alert in time, or late and why; whole in the hub, without small numbers outside (s49A, ALR-23)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from alerts.bell import selectors
from alerts.bell.selectors import Asked, Tally, total_of
from alerts.bell.suppression import hidden_cells, hidden_in_line
from safeguarding.agencies.calendars import LONDON
from safeguarding.agencies.models import Partnership, User
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible
from safeguarding.web.pdf import document

HIDDEN = "hidden"
COLUMNS = ("Opened before the bell", "Bell still to come", "Not known before the bell", "All alerts")
_KEYS = ("in_time", "waiting", "late", "total")


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
        Part("By the right by which they left", "Right", selectors.by_gateway(asked, for_user=for_user)),
        Part("By setting", "Setting", selectors.by_setting(asked, for_user=for_user)),
    )
    return Proof(mine[slug], first, last, timezone.now(), parts, total_of(days))


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
    """A total stands in several tables: hidden in one of them it is hidden in all (rules.md, small numbers)."""
    total, reasons = found.total, [(reason.label, count) for reason, count in found.total.reasons]
    lines = {
        "sent": [total.sent_before, total.total - total.sent_before, total.total],
        "acknowledged": [total.acknowledged_before, total.total - total.acknowledged_before, total.total],
        "late": [*(count for _, count in reasons), total.late],
    }
    tables = [[*map(_numbers, part.rows), _numbers(total)] for part in found.parts]
    shared: set[str] = set()
    while True:
        before = set(shared)
        hidden = [
            hidden_cells(table, always=frozenset((len(table) - 1, n) for n, key in enumerate(_KEYS) if key in shared))
            for table in tables
        ]
        shared |= {
            _KEYS[c] for table, cells in zip(tables, hidden, strict=True) for r, c in cells if r == len(table) - 1
        }
        in_line = {}
        for name, values in lines.items():
            whole = "late" if name == "late" else "total"
            end = len(values) - 1
            in_line[name] = hidden_in_line(values, always=frozenset({end} if whole in shared else ()))
            shared |= {whole} if end in in_line[name] else set()
        if shared == before:
            break

    def said(key: str) -> str:
        return HIDDEN if key in shared else str(getattr(total, key))

    summary = [
        ("Alerts that had to beat a bell in this month", said("total")),
        ("Sent before the bell", _shown(lines["sent"][0], 0 in in_line["sent"])),
        ("Opened at the setting before the bell", said("in_time")),
        ("Acknowledged before the bell", _shown(lines["acknowledged"][0], 0 in in_line["acknowledged"])),
        ("Bell still to come", said("waiting")),
        ("Not known before the bell", said("late")),
    ]
    parts = [
        PublishedPart(part.title, part.column, list(_published_rows(part.rows, cells)))
        for part, cells in zip(found.parts, hidden, strict=True)
    ]
    why = [(label, _shown(count, n in in_line["late"])) for n, (label, count) in enumerate(reasons)]
    return Published(summary, why, parts)


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
