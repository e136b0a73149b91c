"""Reads of what is known of places and patterns: one's own notes, the hub's all, trends and hotspots (MSH-10)."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.utils import timezone

from alerts import small_numbers
from alerts.patterns.enums import Nature, PatternKind
from alerts.patterns.models import Pattern
from alerts.referrals.selectors import senders_for
from safeguarding.access.posts import agencies_where
from safeguarding.agencies.models import User
from safeguarding.audit.models import AuditEntry
from safeguarding.audit.record import Shown, record_listing
from safeguarding.errors import NotVisible
from safeguarding.refs import normalise_ref
from safeguarding.web.charts import Chart
from safeguarding.web.paging import KeysetPage, keyset_page

MONTHS, MOST_AREAS = 6, 8
NO_AREA = "No area given"


def is_hubs(user: User) -> bool:
    return bool(agencies_where(user, "pattern"))


def check_may_look(user: User) -> None:
    if not (is_hubs(user) or senders_for(user)):
        raise NotVisible


def pattern_page(*, for_user: User, cursor: str = "") -> KeysetPage:
    """The hub sees all of its notes, everybody else their own; looking is remembered (MSH-10, AUD-01)."""
    visible = Pattern.objects.visible_to(for_user).with_keys().select_related("source", "made_by")
    page: KeysetPage = keyset_page(visible, field="recorded_at", cursor=cursor)
    hub = is_hubs(for_user)
    record_listing(
        "pattern.listed",
        [Shown(each.ref, each.controller_id, each.controller_id if hub else each.source_id) for each in page.rows],
    )
    return page


def get_pattern(ref: str, *, for_user: User) -> Pattern:
    visible = Pattern.objects.visible_to(for_user).with_keys().select_related("source", "made_by", "partnership")
    found = visible.filter(ref=normalise_ref(ref) or "").first()
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True)
class Trends:
    """Charts with their tables, and the kinds by month; small numbers are hidden everywhere."""

    hotspots: Chart
    months: Chart
    heads: Sequence[str]
    kinds: Sequence[tuple[str, Sequence[str]]]


def trends(*, for_user: User, today: dt.date | None = None) -> Trends:
    """Half a year by area, month and kind; one query, however much there is (MSH-10)."""
    today = today or timezone.localdate()
    months = _months(today)
    rows = (
        Pattern.objects.visible_to(for_user)
        .filter(controller_id__in=agencies_where(for_user, "pattern"), seen_on__gte=months[0])
        .annotate(month=TruncMonth("seen_on"))
        .values("month", "area", "kind", "nature")
        .annotate(number=Count("pk"))
        .order_by()
    )
    by_area: dict[str, list[int]] = {}
    by_month, opinions = Counter[dt.date](), Counter[dt.date]()
    by_kind = Counter[tuple[str, dt.date]]()
    for row in rows:
        lately = row["month"] >= months[MONTHS // 2]
        by_area.setdefault(row["area"], [0, 0])[0 if lately else 1] += row["number"]
        by_month[row["month"]] += row["number"]
        by_kind[row["kind"], row["month"]] += row["number"]
        if row["nature"] == Nature.OPINION:
            opinions[row["month"]] += row["number"]
    return Trends(
        hotspots=_hotspots(by_area),
        months=_chart(
            "months", "Notes by month in which it was seen", "All notes", "Of these opinion", "Month",
            [(_name(month), by_month[month], opinions[month]) for month in months],
        ),
        heads=[_name(month) for month in months],
        kinds=_kinds(by_kind, months),
    )  # fmt: skip


def _months(today: dt.date) -> list[dt.date]:
    """The first days of this month and those before it, the oldest first."""
    found, day = [], today.replace(day=1)
    for _ in range(MONTHS):
        found.append(day)
        day = (day - dt.timedelta(days=1)).replace(day=1)
    return found[::-1]


def _name(month: dt.date) -> str:
    return f"{month:%B %Y}"


def _hotspots(by_area: dict[str, list[int]]) -> Chart:
    most = sorted(by_area, key=lambda area: (-by_area[area][0], -by_area[area][1], area))[:MOST_AREAS]
    rows = [(area or NO_AREA, by_area[area][0], by_area[area][1]) for area in most]
    title = "Notes by postcode area, most of late first"
    return _chart("hotspots", title, "Last three months", "Three months before", "Area", rows)


def _chart(key: str, title: str, first: str, second: str, column: str, rows: Sequence[tuple[str, int, int]]) -> Chart:
    """Bars and table say the same: what is hidden in the one is not drawn in the other."""
    firsts = small_numbers.column([number for _, number, _ in rows])
    seconds = small_numbers.column([number for _, _, number in rows])
    printed = tuple((row[0], one, other) for row, one, other in zip(rows, firsts, seconds, strict=True))
    drawn = tuple((label, small_numbers.drawn(one), small_numbers.drawn(other)) for label, one, other in printed)
    return Chart(
        key,
        title,
        first,
        second,
        drawn,
        column=column,
        words=printed,
        empty="Nothing has been noted in this half year.",
    )


def _kinds(by_kind: Counter[tuple[str, dt.date]], months: Sequence[dt.date]) -> list[tuple[str, Sequence[str]]]:
    used = [kind for kind in PatternKind if any(by_kind[kind, month] for month in months)]
    columns = [small_numbers.column([by_kind[kind, month] for kind in used]) for month in months]
    return [(kind.label, [column[place] for column in columns]) for place, kind in enumerate(used)]


def refused_today(user: User) -> int:
    """How many of this person's notes looked as if they named a child, in the last day (NTK-01)."""
    since = timezone.now() - dt.timedelta(days=1)
    return AuditEntry.objects.filter(actor=user, event="pattern.refused", timestamp__gt=since).count()
