"""School days and bells, through summer time, bank holidays and the setting's own terms."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeguarding.agencies.calendars import LONDON, SchoolCalendar, calendar_of, is_working_day
from safeguarding.agencies.enums import PeriodKind
from safeguarding.agencies.models import CalendarPeriod
from tests.factories import World
from tests.support.db import fixtures

FIRST = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
EVERY_DAY = SchoolCalendar(bell_at=dt.time(8, 45), terms=(), closures=())


def london(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.req("ALR-23")
@pytest.mark.parametrize(
    ("after", "bell"),
    [
        ("2026-11-19T21:40", "2026-11-20T08:45"),  # Thursday night
        ("2026-11-20T08:44:59", "2026-11-20T08:45"),  # the bell has not rung yet
        ("2026-11-20T08:45", "2026-11-23T08:45"),  # it has: Monday
        ("2026-11-21T12:00", "2026-11-23T08:45"),  # Saturday
        ("2026-12-24T23:00", "2026-12-29T08:45"),  # Christmas Friday, Boxing Day moved to Monday
        ("2026-12-31T23:59:59", "2027-01-04T08:45"),
        ("2026-04-02T18:00", "2026-04-07T08:45"),  # Good Friday to Easter Monday
        ("2026-08-28T18:00", "2026-09-01T08:45"),  # summer bank holiday
        ("2022-12-23T18:00", "2022-12-28T08:45"),  # both moved
    ],
)
def test_the_next_bell(after: str, bell: str) -> None:
    assert EVERY_DAY.next_bell(london(after)) == london(bell)


@pytest.mark.req("ALR-23")
@pytest.mark.parametrize(
    ("after", "bell"),
    [
        ("2026-03-27T20:00", "2026-03-30T07:45+00:00"),  # the clocks go forward on Sunday the 29th
        ("2026-03-29T00:30", "2026-03-30T07:45+00:00"),
        ("2026-10-23T20:00", "2026-10-26T08:45+00:00"),  # and back on Sunday the 25th
        ("2026-10-25T01:30", "2026-10-26T08:45+00:00"),  # an hour that there is twice
    ],
)
def test_the_bell_rings_by_the_clock_on_the_wall(after: str, bell: str) -> None:
    assert EVERY_DAY.next_bell(london(after)).astimezone(dt.UTC) == dt.datetime.fromisoformat(bell)


def test_the_time_may_come_in_any_zone() -> None:
    """Half past midnight in London is still yesterday in UTC in summer."""
    assert EVERY_DAY.next_bell(dt.datetime(2026, 6, 3, 23, 30, tzinfo=dt.UTC)) == london("2026-06-04T08:45")
    assert EVERY_DAY.next_bell(dt.datetime(2026, 6, 4, 8, 0, tzinfo=dt.UTC)) == london("2026-06-05T08:45")


@given(
    st.integers(min_value=0, max_value=15 * 366 * 24 * 60).map(lambda minutes: FIRST + dt.timedelta(minutes=minutes))
)
def test_the_next_bell_is_always_ahead_within_a_week_and_on_a_working_day(after: dt.datetime) -> None:
    bell = EVERY_DAY.next_bell(after)
    assert after < bell <= after + dt.timedelta(days=7)
    assert is_working_day(bell.date())
    assert bell.time() == dt.time(8, 45)


TERM = SchoolCalendar(
    bell_at=dt.time(9, 0),
    terms=((dt.date(2026, 9, 3), dt.date(2026, 12, 18)), (dt.date(2027, 1, 5), dt.date(2027, 3, 25))),
    closures=((dt.date(2026, 10, 26), dt.date(2026, 10, 30)), (dt.date(2026, 11, 27), dt.date(2026, 11, 27))),
)


def test_half_terms_holidays_and_closures_are_no_school_days() -> None:
    assert TERM.next_bell(london("2026-10-23T10:00")) == london("2026-11-02T09:00")
    assert TERM.next_bell(london("2026-11-26T10:00")) == london("2026-11-30T09:00")
    assert TERM.next_bell(london("2026-12-18T10:00")) == london("2027-01-05T09:00")


def test_in_the_long_holidays_without_a_term_in_sight_a_working_day_counts() -> None:
    assert TERM.next_bell(london("2027-06-01T10:00")) == london("2027-06-02T09:00")


@pytest.mark.req("ALR-07")
@pytest.mark.parametrize(
    ("at", "holiday"),
    [
        ("2026-11-18T12:00", False),
        ("2026-11-20T18:00", False),  # a weekend is no holiday
        ("2026-10-23T12:00", False),
        ("2026-10-23T18:00", True),  # school is out for half term
        ("2026-10-24T12:00", True),
        ("2026-10-28T12:00", True),
        ("2026-10-29T12:00", False),  # Monday is four days ahead
        ("2026-12-19T12:00", True),
        ("2026-12-25T12:00", True),
        ("2027-01-01T12:00", False),
    ],
)
def test_when_the_holiday_contact_is_told(at: str, holiday: bool) -> None:
    assert TERM.on_holiday(london(at)) is holiday


@pytest.mark.django_db
def test_a_setting_s_own_terms_stand_before_the_partnership_s_and_its_closures_beside_them() -> None:
    with fixtures():
        world = World()
        for agency, kind, start, end in (
            (None, PeriodKind.TERM, "2026-09-01", "2026-12-18"),
            (None, PeriodKind.CLOSED, "2026-10-26", "2026-10-30"),
            (world.school, PeriodKind.TERM, "2026-09-07", "2026-12-11"),
            (world.school, PeriodKind.CLOSED, "2026-09-11", "2026-09-11"),
        ):
            CalendarPeriod.objects.create(
                partnership=world.partnership, agency=agency, kind=kind, name="x", starts_on=start, ends_on=end
            )
    own, shared = calendar_of(world.school, world.partnership), calendar_of(world.other_school, world.partnership)
    days = [dt.date(2026, 9, 1), dt.date(2026, 9, 11), dt.date(2026, 10, 27), dt.date(2026, 12, 14)]
    assert [own.is_school_day(day) for day in days] == [False, False, False, False]
    assert [shared.is_school_day(day) for day in days] == [True, True, False, True]
    assert own.is_school_day(dt.date(2026, 9, 10))


@pytest.mark.req("ALR-23")
@pytest.mark.django_db
def test_next_years_own_terms_take_nothing_from_the_authoritys_this_year() -> None:
    with fixtures():
        world = World()
        for agency, start, end in (
            (None, "2026-09-02", "2026-12-18"),
            (None, "2027-01-04", "2027-03-25"),
            (world.school, "2027-01-06", "2027-03-19"),
            (None, "2027-04-12", "2027-05-28"),
        ):
            CalendarPeriod.objects.create(
                partnership=world.partnership, agency=agency, kind="term", name="Term", starts_on=start, ends_on=end
            )
        calendar = calendar_of(world.school, world.partnership)
    for day, expected in (
        ("2026-11-26", True),
        ("2027-01-04", False),
        ("2027-01-06", True),
        ("2027-03-22", False),
        ("2027-04-13", True),
    ):
        assert calendar.is_school_day(dt.date.fromisoformat(day)) is expected, day
