"""Reads of school days: a setting's calendar, its authority's defaults, who answers in holidays, what is missing."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils import timezone

from alerts.bell.policies import NAME_BEFORE, RENEW_BEFORE
from alerts.bell.selectors import partnerships_of_hubs
from safeguarding.access.posts import agencies_where
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.agencies.calendars import SchoolCalendar, calendars_of
from safeguarding.agencies.enums import SETTING_KINDS, AgencyKind, PeriodKind, Role
from safeguarding.agencies.models import Agency, CalendarPeriod, HolidayCover, Membership, Partnership, User
from safeguarding.agencies.selectors import partnerships_of, settings_of
from safeguarding.errors import NotVisible

_LISTED = 300
# Whose days: a setting's own, or the defaults of an authority, which are its partnership's.
Whose = Agency | Partnership
_Row = TypeVar("_Row", CalendarPeriod, HolidayCover)


def looked_after(user: User) -> QuerySet[Agency]:
    """The settings whose school days this person looks after, as lead or as administrator (ALR-23)."""
    mine = Agency.objects.filter(pk__in=agencies_where(user, "calendar"), kind__in=SETTING_KINDS, is_active=True)
    return mine.order_by("name", "pk")


def setting_of(slug: str, *, for_user: User) -> Agency:
    """One of them; another's is not there (NTK-02)."""
    found = looked_after(for_user).filter(slug=slug).first() if for_user.is_active else None
    if found is None:
        raise NotVisible
    return found


def councils_of(user: User) -> QuerySet[Agency]:
    """The local authorities that this person administers: they say when school is, where a setting says nothing (ALR-23)."""
    mine = agencies_where(user, "calendar")
    return Agency.objects.filter(pk__in=mine, kind=AgencyKind.COUNCIL, is_active=True).order_by("name", "pk")


def authorities(user: User) -> QuerySet[Partnership]:
    """The areas whose default school days this person keeps."""
    kept = Partnership.objects.filter(partnershipagency__agency__in=councils_of(user), partnershipagency__left_on=None)
    return kept.distinct().order_by("name", "pk")


def authority_of(slug: str, *, for_user: User) -> Partnership:
    """One of them; another's is not there (NTK-02)."""
    found = authorities(for_user).filter(slug=slug).first() if for_user.is_active else None
    if found is None:
        raise NotVisible
    return found


def own_periods(whose: Whose) -> QuerySet[CalendarPeriod]:
    if isinstance(whose, Partnership):
        return CalendarPeriod.objects.filter(agency=None, partnership=whose)
    return CalendarPeriod.objects.filter(agency=whose)


def period_of(whose: Whose, code: str) -> CalendarPeriod:
    return _by_code(own_periods(whose), code)


def cover_of(setting: Agency, code: str) -> HolidayCover:
    return _by_code(HolidayCover.objects.filter(agency=setting, withdrawn_at=None).select_related("user"), code)


def _by_code(rows: QuerySet[_Row], code: str) -> _Row:
    found = next((each for each in rows if each.code == code), None)
    if found is None:
        raise NotVisible
    return found


@dataclass(frozen=True)
class Missing:
    """What somebody should enter before it is needed; empty when all is there."""

    known_until: dt.date | None
    ends_soon: bool
    holiday: tuple[dt.date, dt.date] | None

    def __bool__(self) -> bool:
        return self.ends_soon or self.holiday is not None


@dataclass(frozen=True)
class SchoolDays:
    """One setting's page; `defaults` stand in for its own terms while it has none."""

    setting: Agency
    partnerships: Sequence[Partnership]
    own: Sequence[CalendarPeriod]
    defaults: Sequence[CalendarPeriod]
    uses_defaults: bool
    covers: Sequence[HolidayCover]
    missing: Missing
    next_bell: dt.datetime


def school_days(setting: Agency) -> SchoolDays:
    today = timezone.localdate()
    partnerships = partnerships_of(setting)
    periods = list(
        CalendarPeriod.objects.filter(
            Q(agency=setting) | Q(agency=None, partnership__in=partnerships), ends_on__gte=today
        )
        .select_related("partnership")
        .order_by("starts_on", "pk")[:_LISTED]
    )
    own = [each for each in periods if each.agency_id == setting.pk]
    covers = HolidayCover.objects.filter(agency=setting, withdrawn_at=None, ends_on__gte=today).select_related("user")
    named = list(covers.order_by("starts_on", "pk"))
    calendar = calendars_of([setting])[setting.pk]
    has_terms = CalendarPeriod.objects.filter(agency=setting, kind=PeriodKind.TERM).exists()
    return SchoolDays(
        setting=setting,
        partnerships=partnerships,
        own=own,
        defaults=[each for each in periods if each.agency_id is None],
        uses_defaults=not has_terms,
        covers=named,
        missing=missing(calendar, named, today),
        next_bell=calendar.next_bell(timezone.now()),
    )


def missing(calendar: SchoolCalendar, covers: Sequence[HolidayCover], today: dt.date) -> Missing:
    """A calendar that ends soon, and a holiday soon for whose every day nobody is named (ALR-07, ALR-23)."""
    until = calendar.known_until
    ends_soon = _ends_soon(until, today)
    holiday = calendar.next_holiday(today, NAME_BEFORE)
    if holiday is not None:
        first, last = max(holiday[0], today), min(holiday[1], until or holiday[1])
        days = [first + dt.timedelta(days=n) for n in range((last - first).days + 1)]
        if all(any(cover.starts_on <= day <= cover.ends_on for cover in covers) for day in days):
            holiday = None
    return Missing(until, ends_soon, holiday)


@dataclass(frozen=True)
class AuthorityDays:
    """The page of an authority: its defaults from today on, how far they reach, and for how many settings they count."""

    partnership: Partnership
    own: Sequence[CalendarPeriod]
    known_until: dt.date | None
    ends_soon: bool
    settings: int
    without_own: int


def authority_days(partnership: Partnership) -> AuthorityDays:
    periods = own_periods(partnership)
    settings = settings_of(partnership).distinct()
    own = CalendarPeriod.objects.filter(kind=PeriodKind.TERM, agency__in=settings).values("agency").distinct().count()
    until = known_until(partnership)
    total = settings.count()
    return AuthorityDays(
        partnership=partnership,
        own=list(periods.filter(ends_on__gte=timezone.localdate()).order_by("starts_on", "pk")[:_LISTED]),
        known_until=until,
        ends_soon=_ends_soon(until, timezone.localdate()),
        settings=total,
        without_own=total - own,
    )


def known_until(partnership: Partnership) -> dt.date | None:
    """The last day of an authority's last term on record."""
    terms = own_periods(partnership).filter(kind=PeriodKind.TERM)
    return terms.order_by("-ends_on").values_list("ends_on", flat=True).first()


def authorities_to_renew(user: User) -> list[Partnership]:
    """Areas of this person's whose default days run out within two months (ALR-23)."""
    today = timezone.localdate()
    return [each for each in authorities(user) if _ends_soon(known_until(each), today)]


def _ends_soon(until: dt.date | None, today: dt.date) -> bool:
    return until is None or until < today + dt.timedelta(days=RENEW_BEFORE)


def missing_at(settings: Sequence[Agency]) -> dict[int, Missing]:
    """The same for many settings; three queries however many there are."""
    today = timezone.localdate()
    calendars = calendars_of(settings)
    covers: dict[int, list[HolidayCover]] = {}
    for cover in HolidayCover.objects.filter(agency__in=settings, withdrawn_at=None, ends_on__gte=today):
        covers.setdefault(cover.agency_id, []).append(cover)
    return {each.pk: missing(calendars[each.pk], covers.get(each.pk, []), today) for each in settings}


def contacts_of(setting: Agency) -> list[User]:
    """Who holds the role of a holiday contact here; read as dispatch, for a lead sees no colleague's roles (NTK-02)."""
    with acting_as(as_dispatch("holiday contact")):
        held = Membership.objects.filter(
            agency=setting, role=Role.HOLIDAY_CONTACT, ended_at=None, user__is_active=True, user__is_integration=False
        )
        return [each.user for each in held.select_related("user").order_by("user__name", "pk")]


def covers_today(settings: Sequence[int]) -> dict[int, HolidayCover]:
    """Whom the hub phones at each of these settings today; one query."""
    today = timezone.localdate()
    rows = HolidayCover.objects.filter(
        agency__in=settings, withdrawn_at=None, starts_on__lte=today, ends_on__gte=today
    ).select_related("user")
    return {row.agency_id: row for row in rows.order_by("-pk")}


@dataclass(frozen=True)
class Line:
    """One setting as the hub sees it: its bell, how far its calendar is known, whom to phone in a holiday."""

    setting: Agency
    known_until: dt.date | None
    is_default: bool
    ends_soon: bool
    cover: HolidayCover | None


def settings_of_hub(*, for_user: User) -> list[Line]:
    """Every setting of my hub's partnerships, what is missing on top; six queries however many there are (ALR-23)."""
    partnerships = partnerships_of_hubs(for_user=for_user)
    today = timezone.localdate()
    joined = Q(partnershipagency__partnership__in=partnerships, partnershipagency__left_on=None)
    settings = list(
        Agency.objects.filter(joined, kind__in=SETTING_KINDS, is_active=True).distinct().order_by("name", "pk")
    )
    own = set(CalendarPeriod.objects.filter(kind=PeriodKind.TERM, agency__in=settings).values_list("agency", flat=True))
    calendars, covers = calendars_of(settings), covers_today([setting.pk for setting in settings])
    lines = []
    for setting in settings:
        until = calendars[setting.pk].known_until
        lines.append(Line(setting, until, setting.pk not in own, _ends_soon(until, today), covers.get(setting.pk)))
    return sorted(lines, key=lambda line: not line.ends_soon)
