"""Midnight, and the nights on which the clocks change: which day, which hour, which bell (ALR-01, ALR-23)."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from alerts.delivery.services import alerts_wanted
from alerts.intake.content import Person, warnings
from alerts.intake.csv_upload import _time
from alerts.intake.entry import _moment, clock_words, typed
from alerts.intake.parsing import time_in
from alerts.screening.words import age_words, due_words
from safeguarding.agencies.calendars import LONDON, SchoolCalendar
from safeguarding.agencies.models import User
from tests.delivery.support import screened
from tests.factories import World, police_content
from tests.intake.test_form import FILLED, NEW
from tests.support.db import as_service, fixtures

# (day and time as typed in London, the moment)
NIGHTS = [
    # in March the hour from one to two does not exist: it is read as the hour after it
    ("2026-03-29", "00:59", "2026-03-29T00:59:00+00:00"),
    ("2026-03-29", "01:30", "2026-03-29T01:30:00+00:00"),
    ("2026-03-29", "02:00", "2026-03-29T01:00:00+00:00"),
    # in summer midnight is the evening before in UTC
    ("2026-03-30", "00:00", "2026-03-29T23:00:00+00:00"),
    # in October it comes twice: the first is meant
    ("2026-10-25", "01:30", "2026-10-25T00:30:00+00:00"),
    ("2026-10-25", "02:00", "2026-10-25T02:00:00+00:00"),
    ("2026-10-26", "00:00", "2026-10-26T00:00:00+00:00"),
]


@pytest.mark.req("ALR-01")
@pytest.mark.parametrize(("day", "time", "moment"), NIGHTS)
def test_a_local_time_is_one_moment_by_form_and_by_file(day: str, time: str, moment: str) -> None:
    by_form = _moment(dt.date.fromisoformat(day), dt.time.fromisoformat(time))
    by_file = _time(f"{day} {time}")
    for text in (by_form, by_file):
        read = time_in(text or "")
        assert isinstance(read, dt.datetime)
        assert read.isoformat() == moment


@pytest.mark.django_db
@pytest.mark.req("ALR-01")
@pytest.mark.parametrize(
    ("day", "time", "sentence"),
    [
        ((29, 3, 2026), "01:30", "this time never came"),
        ((25, 10, 2026), "01:30", "this time came twice. The first is taken"),
        ((25, 10, 2026), "02:00", ""),
        ((29, 3, 2026), "02:00", ""),
    ],
)
def test_who_types_a_time_of_the_night_of_the_change_is_told_how_it_is_read(
    db: None, browser: Callable[[User], Client], day: tuple[int, int, int], time: str, sentence: str
) -> None:
    assert (sentence != "") == bool(clock_words(dt.date(*reversed(day)), dt.time.fromisoformat(time)))
    with fixtures():
        constable = World().constable
    typed_in = {
        **FILLED,
        **{f"occurred_on_{place}": str(part) for place, part in enumerate(day)},
        "occurred_time": time,
    }
    with time_machine.travel("2026-12-01 09:00 +0000"):
        page = browser(constable).post(NEW, {**typed_in, "action": "check"}).content.decode()
    assert "Check before you send" in page
    assert sentence in page
    assert ("The clocks went" in page) == (sentence != "")


@pytest.mark.req("ALR-01")
@pytest.mark.parametrize(("day", "time", "moment"), NIGHTS)
def test_what_the_hub_corrects_is_shown_as_it_was(day: str, time: str, moment: str) -> None:
    at = dt.datetime.fromisoformat(moment)
    shown = typed(police_content(occurred_at=at))
    on = dt.date(int(shown["occurred_on_2"]), int(shown["occurred_on_1"]), int(shown["occurred_on_0"]))
    again = _moment(on, dt.time.fromisoformat(shown["occurred_time"]))
    assert time_in(again or "") == at


@pytest.mark.django_db
@pytest.mark.req("ALR-04")
@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (dt.datetime(2026, 3, 28, 23, 59, tzinfo=dt.UTC), dt.date(2026, 3, 28)),
        (dt.datetime(2026, 3, 29, 0, 0, tzinfo=dt.UTC), dt.date(2026, 3, 29)),
        (dt.datetime(2026, 3, 29, 23, 0, tzinfo=dt.UTC), dt.date(2026, 3, 30)),
        (dt.datetime(2026, 10, 24, 23, 0, tzinfo=dt.UTC), dt.date(2026, 10, 25)),
        (dt.datetime(2026, 10, 25, 23, 30, tzinfo=dt.UTC), dt.date(2026, 10, 25)),
    ],
)
def test_the_alert_names_the_day_that_it_was_here(moment: dt.datetime, day: dt.date) -> None:
    with fixtures():
        world = World()
        notification = screened(world, world.school, content=police_content(occurred_at=moment))
    with as_service("dispatch"):
        [alert] = alerts_wanted(notification)
    assert alert.incident_on == day


@pytest.mark.req("ALR-23")
@pytest.mark.parametrize(
    ("after", "bell"),
    [
        # Friday night before the clocks go forward, and the Sunday itself: Monday's bell is an hour earlier in UTC
        (dt.datetime(2026, 3, 27, 23, 30, tzinfo=dt.UTC), "2026-03-30T07:45:00+00:00"),
        (dt.datetime(2026, 3, 29, 23, 30, tzinfo=dt.UTC), "2026-03-30T07:45:00+00:00"),
        (dt.datetime(2026, 10, 23, 22, 30, tzinfo=dt.UTC), "2026-10-26T08:45:00+00:00"),
        (dt.datetime(2026, 10, 25, 23, 59, tzinfo=dt.UTC), "2026-10-26T08:45:00+00:00"),
    ],
)
def test_the_bell_after_the_clocks_changed(after: dt.datetime, bell: str) -> None:
    calendar = SchoolCalendar(bell_at=dt.time(8, 45), terms=(), closures=())
    assert calendar.next_bell(after).astimezone(dt.UTC).isoformat() == bell


@pytest.mark.req("MSH-01")
def test_the_queues_clock_counts_hours_that_pass() -> None:
    """Four hours over the change are four hours, whatever the clock on the wall says."""
    for night in (dt.datetime(2026, 3, 29, 0, 0, tzinfo=LONDON), dt.datetime(2026, 10, 25, 0, 0, tzinfo=LONDON)):
        due = night.astimezone(dt.UTC) + dt.timedelta(hours=4)
        assert due_words(due.astimezone(LONDON), night.astimezone(dt.UTC)) == "Due in 4 hours"


@pytest.mark.req("ALR-01")
def test_a_birthday_begins_at_londons_midnight() -> None:
    child = Person(role="child", given_name="Ottilie", family_name="Quillfeather", date_of_birth=dt.date(2008, 6, 2))
    just_after_midnight = dt.datetime(2026, 6, 1, 23, 30, tzinfo=dt.UTC)
    assert warnings(police_content(people=(child,), occurred_at=just_after_midnight))
    assert not warnings(police_content(people=(child,), occurred_at=just_after_midnight - dt.timedelta(hours=1)))
    assert age_words(child.date_of_birth, timezone.localdate(just_after_midnight)) == "18"
