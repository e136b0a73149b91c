"""In the holidays: who is named answers, is chased on working days, and the bell moves with the calendar (ALR-07, ALR-23)."""

import datetime as dt
from typing import Any

import pytest
import time_machine

from alerts.delivery.bells import move_bells
from alerts.delivery.chasing import chase_overdue
from alerts.intake.enums import Route
from alerts.models import Alert
from safeguarding.agencies.enums import PeriodKind, Role
from safeguarding.agencies.models import CalendarPeriod, HolidayCover, PartnershipAgency, User
from tests.delivery.support import alert_of, drain, emails, prepared, sent
from tests.delivery.test_chasing import DSL, HOLIDAY, london, school_year
from tests.factories import PartnershipFactory, World, member
from tests.support.db import as_service, fixtures
from tests.support.web import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.req("ALR-23")]
SUMMER = "2026-07-24T20:00"  # a Friday evening in the summer holidays
HEAD = 4


@pytest.fixture
def summer(world: World) -> World:
    with fixtures():
        school_year(world)
        world.contact = member(world.school, Role.HOLIDAY_CONTACT)
    return world


def cover(world: World, user: User, first: str, last: str, **fields: Any) -> HolidayCover:
    with fixtures():
        return HolidayCover.objects.create(
            agency=world.school,
            user=user,
            phone="07700 900123",
            starts_on=first,
            ends_on=last,
            named_by=world.dsl,
            **fields,
        )


def close(world: World, first: str, last: str) -> None:
    with fixtures():
        CalendarPeriod.objects.create(
            partnership=world.partnership,
            agency=world.school,
            kind=PeriodKind.CLOSED,
            name="Closed",
            starts_on=first,
            ends_on=last,
        )


def chased_to(world: World) -> list[tuple[str, str]]:
    return [(email.to, email.template) for email in emails() if email.template != "alert_sent"]


def test_the_holiday_contact_is_chased_on_the_next_working_day_then_the_head_then_the_hub_phones(summer: World) -> None:
    with time_machine.travel(london(SUMMER), tick=False) as clock:
        alert = alert_of(sent(summer, summer.school))
        assert alert.due_at == london("2026-09-02T08:45")
        assert alert.holiday_due_at == alert.next_chase_at == london("2026-07-27T08:45")
        for at, expected in (
            ("2026-07-25T09:00", []),
            ("2026-07-27T08:45", [(summer.contact.email, "alert_reminder")]),
            ("2026-07-27T11:45", [(summer.contact.email, "alert_reminder"), (summer.head.email, "alert_passed_on")]),
        ):
            clock.move_to(london(at))
            chase_overdue()
            assert chased_to(summer) == expected
        clock.move_to(london("2026-07-27T15:45"))
        chase_overdue()
        alert = alert_of(alert.notification)
        assert (alert.audience, alert.chased) == (DSL | HOLIDAY | HEAD, 3)
        assert alert.next_chase_at == london("2026-09-02T08:45"), "then from the first bell of term, as every alert is"


@pytest.mark.req("ALR-07")
def test_the_hub_sees_what_no_contact_has_opened_and_whom_to_phone(summer: World) -> None:
    cover(summer, summer.contact, "2026-07-20", "2026-08-31")
    with time_machine.travel(london(SUMMER), tick=False) as clock:
        alert = alert_of(sent(summer, summer.school))
        officer = signed_in(summer.officer)
        assert "unopened in the holidays" not in officer.get("/today/").content.decode()
        clock.move_to(london("2026-07-27T08:46"))
        officer = signed_in(summer.officer)
        assert "unopened in the holidays" in officer.get("/today/").content.decode()
        assert alert.ref in officer.get("/sent/?view=holiday").content.decode()
        assert alert.ref not in officer.get("/sent/?view=overdue").content.decode()
        page = officer.get(f"/sent/{alert.ref}/").content.decode()
        assert "07700 900123" in page
        assert summer.contact.name in page


def test_a_partnership_may_chase_nobody_in_the_holidays(summer: World) -> None:
    with fixtures():
        summer.partnership.holiday_chasing = []
        summer.partnership.save()
    with time_machine.travel(london(SUMMER), tick=False):
        assert alert_of(sent(summer, summer.school)).next_chase_at == london("2026-09-02T08:45")


def test_in_term_nothing_is_chased_before_the_bell(summer: World) -> None:
    with time_machine.travel(london("2026-11-19T21:40"), tick=False):
        alert = alert_of(sent(summer, summer.school))
    assert (alert.holiday_due_at, alert.next_chase_at) == (None, london("2026-11-20T08:45"))


@pytest.mark.req("ALR-07")
def test_who_is_named_for_the_day_is_told_and_no_other_contact(summer: World) -> None:
    with fixtures():
        other = member(summer.school, Role.HOLIDAY_CONTACT)
    cover(summer, other, "2026-07-20", "2026-08-02")
    cover(summer, summer.contact, "2026-08-03", "2026-08-31")
    cover(summer, summer.contact, "2026-07-20", "2026-08-02", withdrawn_at=london("2026-07-01T09:00"))
    with time_machine.travel(london(SUMMER), tick=False):
        sent(summer, summer.school)
    assert {email.to for email in emails()} == {summer.dsl.email, other.email}


@pytest.mark.req("ALR-07")
def test_where_nobody_is_named_every_contact_is_told(summer: World) -> None:
    cover(summer, summer.contact, "2026-08-03", "2026-08-31")
    with time_machine.travel(london(SUMMER), tick=False):
        sent(summer, summer.school)
    assert {email.to for email in emails()} == {summer.dsl.email, summer.contact.email}


def test_an_inset_day_known_late_moves_the_bell_that_has_not_rung(summer: World) -> None:
    with time_machine.travel(london("2026-11-22T20:00"), tick=False) as clock:
        alert = alert_of(sent(summer, summer.school))
        assert alert.due_at == alert.bell_at == london("2026-11-23T08:45")
        clock.move_to(london("2026-11-23T07:30"))
        close(summer, "2026-11-23", "2026-11-23")
        with as_service("dispatch"):
            assert move_bells(summer.school.pk) == 1
            assert move_bells(summer.school.pk) == 0
    alert = alert_of(alert.notification)
    assert alert.due_at == alert.bell_at == alert.next_chase_at == london("2026-11-24T08:45")


def test_a_bell_that_has_rung_stays_where_it_was(summer: World) -> None:
    with time_machine.travel(london("2026-11-22T20:00"), tick=False) as clock:
        alert = alert_of(sent(summer, summer.school))
        clock.move_to(london("2026-11-23T08:46"))
        close(summer, "2026-11-23", "2026-11-23")
        with as_service("dispatch"):
            assert move_bells(summer.school.pk) == 0
    assert alert_of(alert.notification).bell_at == london("2026-11-23T08:45")


@pytest.mark.req("ALR-07")
def test_a_school_that_closes_for_days_has_its_holiday_contact_told(summer: World) -> None:
    with time_machine.travel(london("2026-11-22T20:00"), tick=False) as clock:
        alert = alert_of(sent(summer, summer.school))
        clock.move_to(london("2026-11-23T07:30"))
        close(summer, "2026-11-23", "2026-11-27")
        with as_service("dispatch"):
            move_bells(summer.school.pk)
    alert = alert_of(alert.notification)
    assert alert.due_at == london("2026-11-30T08:45")
    assert alert.holiday_due_at == alert.next_chase_at == london("2026-11-23T08:45")
    assert chased_to(summer) == [(summer.contact.email, "alert_passed_on")]


@pytest.mark.req("MRC-18")
def test_a_school_that_closes_passes_what_is_for_the_head_alone_to_nobody(summer: World) -> None:
    with time_machine.travel(london("2026-11-22T20:00"), tick=False) as clock:
        notification = prepared(summer, summer.school)
        with fixtures():
            Alert.objects.filter(notification=notification).update(route=Route.HEAD)
        drain()
        clock.move_to(london("2026-11-23T07:30"))
        close(summer, "2026-11-23", "2026-11-27")
        with as_service("dispatch"):
            assert move_bells(summer.school.pk) == 1
    alert = alert_of(notification)
    assert (alert.audience, alert.holiday_due_at) == (HEAD, None)
    assert chased_to(summer) == []
    assert alert.due_at == alert.next_chase_at == london("2026-11-30T08:45"), "its bell moves all the same"


def test_a_settings_calendar_counts_in_both_its_partnerships(summer: World) -> None:
    with fixtures():
        second = PartnershipFactory()
        PartnershipAgency.objects.create(partnership=second, agency=summer.school)
    close(summer, "2026-11-23", "2026-11-23")
    from safeguarding.agencies.calendars import calendar_of

    after = london("2026-11-22T20:00")
    assert {calendar_of(summer.school, each).next_bell(after) for each in (summer.partnership, second)} == {
        london("2026-11-24T08:45")
    }


@pytest.mark.parametrize(
    ("occurred", "reached", "bell"),
    [
        ("2026-11-19T22:00", "2026-11-20T06:00", "2026-11-20T08:45"),
        ("2026-11-19T22:00", "2026-11-20T10:00", "2026-11-20T08:45"),  # too late for it, and it stays the bell to beat
        ("2026-03-28T23:30", "2026-03-29T02:10", "2026-04-13T08:45"),  # the night in which the clock goes forward
        ("2026-10-25T00:30", "2026-10-25T01:30", "2026-11-02T08:45"),  # and back, in half term
    ],
)
def test_the_bell_to_beat_is_the_first_after_the_incident(
    summer: World, occurred: str, reached: str, bell: str
) -> None:
    with time_machine.travel(london(reached), tick=False):
        alert: Alert = alert_of(sent(summer, summer.school, occurred_at=london(occurred)))
    assert alert.bell_at == london(bell)
    assert alert.received_at == london(reached).astimezone(dt.UTC)
    assert alert.due_at >= alert.bell_at
