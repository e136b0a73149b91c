"""School days: a setting's own terms and closures, and England's bank holidays (rules.md, clocks)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

import holidays
from django.db.models import Q

from safeguarding.agencies.enums import PeriodKind
from safeguarding.agencies.models import Agency, CalendarPeriod, Partnership, PartnershipAgency

Span = tuple[dt.date, dt.date]
LONDON = ZoneInfo("Europe/London")
_LOOK_AHEAD_DAYS = 90
_A_HOLIDAY, _LONGEST_HOLIDAY = 5, 60
_SCHOOL_IS_OUT = dt.time(16)


@cache
def _bank_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv="ENG")


def is_working_day(day: dt.date) -> bool:
    return day.weekday() < 5 and day not in _bank_holidays()


def nth_working_day(day: dt.date, number: int) -> dt.date:
    """The day on which so many working days have passed; the day itself does not count (rules.md, clocks)."""
    while number > 0:
        day += dt.timedelta(days=1)
        number -= is_working_day(day)
    return day


def after_working_days(at: dt.datetime, days: int) -> dt.datetime:
    """The same time of day so many working days later; from a weekend the first is Monday (rules.md, clocks)."""
    local = at.astimezone(LONDON)
    return dt.datetime.combine(nth_working_day(local.date(), days), local.time(), tzinfo=LONDON)


@dataclass(frozen=True)
class SchoolCalendar:
    """The days on which one setting has its bell; without any term on record every working day is a school day."""

    bell_at: dt.time
    terms: tuple[tuple[dt.date, dt.date], ...]
    closures: tuple[tuple[dt.date, dt.date], ...]

    def in_term(self, day: dt.date) -> bool:
        return not self.terms or any(start <= day <= end for start, end in self.terms)

    def is_school_day(self, day: dt.date) -> bool:
        return (
            is_working_day(day) and self.in_term(day) and not any(start <= day <= end for start, end in self.closures)
        )

    def bell_on(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, self.bell_at, tzinfo=LONDON)

    def next_bell(self, after: dt.datetime) -> dt.datetime:
        """The bell of the next school day: today's when it has not rung yet; a working day when no term is in sight (ALR-23)."""
        day = after.astimezone(LONDON).date()
        days = [day + dt.timedelta(days=n) for n in range(_LOOK_AHEAD_DAYS)]
        for candidate in (*filter(self.is_school_day, days), *filter(is_working_day, days)):
            if self.bell_on(candidate) > after:
                return self.bell_on(candidate)
        raise AssertionError("ninety days without a working day")

    def next_working_bell(self, after: dt.datetime) -> dt.datetime:
        """The bell's hour on the next working day, school or not: when somebody in the holidays is expected to look (ALR-23)."""
        return SchoolCalendar(self.bell_at, (), ()).next_bell(after)

    @property
    def known_until(self) -> dt.date | None:
        """The last day of the last term on record; nobody knows what comes after."""
        return max((end for _, end in self.terms), default=None)

    def next_holiday(self, today: dt.date, within: int) -> tuple[dt.date, dt.date] | None:
        """The next five days or more without school that begin within so many days, today's own included (ALR-07)."""
        days = [today + dt.timedelta(days=n) for n in range(within + _LONGEST_HOLIDAY)]
        without: list[dt.date] = []
        for day in days:
            if not self.is_school_day(day):
                without.append(day)
            elif len(without) >= _A_HOLIDAY:
                break
            else:
                without = []
        if len(without) < _A_HOLIDAY or without[0] > today + dt.timedelta(days=within):
            return None
        return without[0], without[-1]

    def on_holiday(self, at: dt.datetime) -> bool:
        """No school day from now, or once school is out from tomorrow, within five days: the holiday contact is told (ALR-07)."""
        local = at.astimezone(LONDON)
        first = local.date() + dt.timedelta(days=local.time() >= _SCHOOL_IS_OUT)
        return not any(self.is_school_day(first + dt.timedelta(days=n)) for n in range(_A_HOLIDAY))


def calendar_of(setting: Agency, partnership: Partnership) -> SchoolCalendar:
    """A setting's calendar, in every partnership of its; its own terms stand in place of the partnership's, its closures beside them."""
    return _of(setting, CalendarPeriod.objects.filter(Q(agency=setting) | Q(agency=None, partnership=partnership)))


def calendars_of(settings: Sequence[Agency]) -> dict[int, SchoolCalendar]:
    """Many of them, each beside the first of its partnerships by name; two queries however many there are."""
    first: dict[int, int] = {}
    joined = PartnershipAgency.objects.filter(agency__in=settings, left_on=None).order_by("partnership__slug")
    for agency, partnership in joined.values_list("agency", "partnership"):
        first.setdefault(agency, partnership)
    periods: dict[tuple[int | None, int | None], list[CalendarPeriod]] = {}
    wanted = Q(agency__in=settings) | Q(agency=None, partnership__in=set(first.values()))
    for period in CalendarPeriod.objects.filter(wanted):
        key = (period.agency_id, None) if period.agency_id else (None, period.partnership_id)
        periods.setdefault(key, []).append(period)
    return {
        each.pk: _of(each, [*periods.get((each.pk, None), []), *periods.get((None, first.get(each.pk)), [])])
        for each in settings
    }


def _of(setting: Agency, periods: Iterable[CalendarPeriod]) -> SchoolCalendar:
    own: list[Span] = []
    shared: list[Span] = []
    closures: list[Span] = []
    for period in periods:
        span = (period.starts_on, period.ends_on)
        if period.kind == PeriodKind.CLOSED:
            closures.append(span)
        elif period.agency_id is None:
            shared.append(span)
        else:
            own.append(span)
    return SchoolCalendar(bell_at=setting.bell_at, terms=(*own, *_around(own, shared)), closures=tuple(closures))


def _around(own: Sequence[Span], shared: Sequence[Span]) -> list[Span]:
    """The partnership's terms before a setting's first own term and after its last: next year's dates take nothing from this year."""
    if not own:
        return list(shared)
    first, last = min(start for start, _ in own), max(end for _, end in own)
    return [(start, end) for start, end in shared if end < first or start > last]
