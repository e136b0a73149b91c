"""Reads of the bells: the board by day and by setting, the alerts behind a number, a month's proof (ALR-23)."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from agreements.register.enums import Gateway
from alerts.bell.enums import Outcome, Show
from alerts.bell.querysets import ACKNOWLEDGED_BEFORE, SENT_BEFORE, only, to_beat_a_bell, with_outcome
from alerts.delivery.enums import LateReason
from alerts.delivery.models import Alert
from alerts.delivery.querysets import AlertQuerySet
from alerts.delivery.selectors import hubs_of
from safeguarding.agencies.calendars import LONDON
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.agencies.selectors import members_of
from safeguarding.audit.record import Shown, record, record_listing
from safeguarding.errors import NotVisible
from safeguarding.refs import normalise_ref
from safeguarding.web.paging import KeysetPage, keyset_page

LONGEST = 92
SHOWN_SETTINGS = 50
_SHOWN = (
    "ref", "kind", "status", "bell_at", "received_at", "sent_at", "opened_at", "acknowledged_at", "first_opened_at", "late_reason",
    "controller_id", "setting_id", "partnership_id",
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What a board is asked for; an empty part asks for everything."""

    first: dt.date
    last: dt.date
    setting: str = ""
    kind: str = ""
    partnership: str = ""


@dataclass
class Tally:
    """How many alerts had to beat a bell, and what became of them; `label` is the day, setting or gateway."""

    label: Any
    key: str = ""
    sent_before: int = 0
    acknowledged_before: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.outcomes.values())

    @property
    def in_time(self) -> int:
        return self.outcomes.get(Outcome.IN_TIME, 0)

    @property
    def waiting(self) -> int:
        return self.outcomes.get(Outcome.WAITING, 0)

    @property
    def late(self) -> int:
        return self.total - self.in_time - self.waiting

    @property
    def reasons(self) -> list[tuple[LateReason, int]]:
        """Why they were late, the most frequent first."""
        found = [(reason, self.outcomes[reason]) for reason in LateReason if self.outcomes.get(reason)]
        return sorted(found, key=lambda each: -each[1])


@dataclass(frozen=True)
class Board:
    days: Sequence[Tally]
    settings: Sequence[Tally]
    total: Tally
    more_settings: int


def _alerts(asked: Asked, for_user: User) -> AlertQuerySet:
    found = to_beat_a_bell(hubs_of(for_user), asked.first, asked.last, user=for_user)
    if asked.setting:
        found = found.filter(setting__slug=asked.setting)
    if asked.partnership:
        found = found.filter(partnership__slug=asked.partnership)
    return found.filter(kind=asked.kind) if asked.kind else found


def _tallies(counted: AlertQuerySet, **by: Any) -> list[Mapping[str, Any]]:
    rows = counted.order_by().annotate(**by).values(*by, "outcome")
    return list(
        rows.annotate(
            count=Count("pk"),
            sent=Count("pk", filter=SENT_BEFORE),
            acknowledged=Count("pk", filter=ACKNOWLEDGED_BEFORE),
        )
    )


def _gathered(rows: Iterable[Mapping[str, Any]], key: str, label: str = "") -> dict[Any, Tally]:
    found: dict[Any, Tally] = {}
    for row in rows:
        tally = found.setdefault(row[key], Tally(row[label], row[key]) if label else Tally(row[key]))
        tally.outcomes[row["outcome"]] = tally.outcomes.get(row["outcome"], 0) + row["count"]
        tally.sent_before += row["sent"]
        tally.acknowledged_before += row["acknowledged"]
    return found


def total_of(tallies: Iterable[Tally], label: Any = "All") -> Tally:
    """The sum of them: rows and total are counted once, so that they cannot differ."""
    total = Tally(label)
    for tally in tallies:
        for outcome, count in tally.outcomes.items():
            total.outcomes[outcome] = total.outcomes.get(outcome, 0) + count
        total.sent_before += tally.sent_before
        total.acknowledged_before += tally.acknowledged_before
    return total


def by_day(asked: Asked, *, for_user: User) -> list[Tally]:
    """Each day on which a bell rang over an alert, newest first; one query (ALR-23)."""
    counted = with_outcome(_alerts(asked, for_user), timezone.now())
    days = _gathered(_tallies(counted, day=TruncDate("bell_at", tzinfo=LONDON)), "day")
    return [days[day] for day in sorted(days, reverse=True)]


def by_setting(asked: Asked, *, for_user: User) -> list[Tally]:
    """Each setting, the one with most that came too late on top; one query. Two of one name stay two (ALR-23)."""
    counted = with_outcome(_alerts(asked, for_user), timezone.now())
    rows = _tallies(counted, slug=F("setting__slug"), name=F("setting__name"), urn=F("setting__urn"))
    found = _gathered(rows, "slug", "name")
    for slug, name in told_apart((row["slug"], row["name"], row["urn"]) for row in rows).items():
        found[slug].label = name
    return sorted(found.values(), key=lambda tally: (-tally.late, -tally.total, tally.label))


def told_apart(settings: Iterable[tuple[str, str, str | None]]) -> dict[str, str]:
    """By slug the name of each of these (slug, name, URN), with its number where two have one name (ALR-23)."""
    known = {slug: (name, urn) for slug, name, urn in settings}
    many = Counter(name for name, _ in known.values())
    numbers = {slug: f"URN {urn}" if urn else slug for slug, (_, urn) in known.items()}
    return {slug: f"{name}, {numbers[slug]}" if many[name] > 1 else name for slug, (name, _) in known.items()}


def by_gateway(asked: Asked, *, for_user: User) -> list[Tally]:
    """By which right the alerts left; one query (rules.md: two different gateways)."""
    counted = with_outcome(_alerts(asked, for_user), timezone.now())
    found = _gathered(_tallies(counted, right=F("gateway")), "right")
    for right, tally in found.items():
        tally.label = Gateway(right).label if right else "None: withheld, or not sent yet"
    return sorted(found.values(), key=lambda tally: (-tally.total, tally.label))


def board(asked: Asked, *, for_user: User) -> Board:
    """Two counts, however many alerts and settings there are."""
    days, settings = by_day(asked, for_user=for_user), by_setting(asked, for_user=for_user)
    more = max(0, len(settings) - SHOWN_SETTINGS)
    return Board(days, settings[:SHOWN_SETTINGS], total_of(days), more)


def remember_board(asked: Asked) -> None:
    facts = {"from": asked.first.isoformat(), "until": asked.last.isoformat(), "setting": asked.setting}
    record("bell.board", facts=facts)


def alerts_behind(asked: Asked, show: Show, why: str, *, cursor: str, for_user: User) -> KeysetPage:
    """The alerts that a number of the board counts, newest bell first; no name of a child or adult (ALR-09)."""
    found = only(_alerts(asked, for_user), show, why, timezone.now())
    shown = found.only(*_SHOWN).annotate(setting_name=F("setting__name"))
    return keyset_page(shown, field="bell_at", cursor=cursor)


def remember_list(page: KeysetPage) -> None:
    record_listing("alert.listed", [Shown(alert.ref, alert.controller_id, alert.controller_id) for alert in page.rows])


def late_alert(ref: str, *, for_user: User) -> Alert:
    """One alert of my hub with its outcome; absent and another's are the same (NTK-01, NTK-02)."""
    mine = Alert.objects.filter(controller__in=hubs_of(for_user), ref=normalise_ref(ref) or "").not_shut_to(for_user)
    found = with_outcome(mine, timezone.now()).only(*_SHOWN).select_related("setting").first()
    if found is None:
        raise NotVisible
    return found


def partnerships_of_hubs(*, for_user: User) -> list[Partnership]:
    """The partnerships whose alerts this person's hubs send."""
    hubs = hubs_of(for_user)
    joined = Q(partnershipagency__agency__in=hubs, partnershipagency__left_on=None)
    return list(Partnership.objects.filter(joined).distinct().order_by("name"))


def settings_of_hubs(*, for_user: User) -> list[Agency]:
    """For the board's filter: the settings of those partnerships, by name."""
    partnerships = partnerships_of_hubs(for_user=for_user)
    found: dict[int, Agency] = {}
    for partnership in partnerships:
        found |= {agency.pk: agency for agency in members_of(partnership) if agency.is_setting}
    return sorted(found.values(), key=lambda agency: agency.name)
