"""Unopened alerts are chased from the bell of the setting's own next school day (ALR-23)."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection, connections

from alerts.delivery import chasing
from alerts.delivery.chasing import chase_batch, chase_overdue
from alerts.delivery.enums import RedirectedBecause
from alerts.delivery.messages import holders_for, tell
from alerts.delivery.models import Alert
from alerts.delivery.recalls import redirect
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.agencies.enums import PeriodKind, Role
from safeguarding.agencies.models import CalendarPeriod, Membership
from tests.delivery.support import alert_of, alerts_of, drain, emails, events, facts, sent
from tests.factories import World, member
from tests.support.db import as_service, as_user, fixtures

LONDON = ZoneInfo("Europe/London")
DSL, DEPUTY, HEAD, HOLIDAY = (AUDIENCE_BITS[role] for role in ("dsl", "deputy_dsl", "head", "holiday_contact"))
YEAR = [
    (PeriodKind.TERM, "Spring", "2026-01-05", "2026-03-27"),
    (PeriodKind.TERM, "Summer", "2026-04-13", "2026-07-21"),
    (PeriodKind.TERM, "Autumn", "2026-09-02", "2026-12-18"),
    (PeriodKind.CLOSED, "Half term", "2026-05-25", "2026-05-29"),
    (PeriodKind.CLOSED, "Half term", "2026-10-26", "2026-10-30"),
]


def london(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


def school_year(world: World) -> None:
    for kind, name, start, end in YEAR:
        CalendarPeriod.objects.create(partnership=world.partnership, kind=kind, name=name, starts_on=start, ends_on=end)


@pytest.fixture
def in_term(world: World) -> World:
    with fixtures():
        school_year(world)
        world.contact = member(world.school, Role.HOLIDAY_CONTACT)
    return world


@pytest.mark.req("ALR-23")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "bell", "holiday"),
    [
        ("2026-11-19T21:40", "2026-11-20T08:45", False),  # a weekday night
        ("2026-11-20T08:44", "2026-11-20T08:45", False),  # a minute before the bell
        ("2026-11-20T08:45", "2026-11-23T08:45", False),  # the bell has rung
        ("2026-11-20T23:10", "2026-11-23T08:45", False),  # Friday night
        ("2026-11-22T23:59", "2026-11-23T08:45", False),  # Sunday night
        ("2026-05-01T22:00", "2026-05-05T08:45", False),  # before a bank-holiday Monday
        ("2026-05-22T11:00", "2026-06-01T08:45", False),  # the last morning before half term: somebody is there
        ("2026-05-22T22:00", "2026-06-01T08:45", True),  # that night nobody is
        ("2026-10-23T23:30", "2026-11-02T08:45", True),  # half term in which the clock goes back, 25 October
        ("2026-03-28T23:30", "2026-04-13T08:45", True),  # holidays in which the clock goes forward, 29 March
        ("2026-07-21T20:00", "2026-09-02T08:45", True),  # summer
        ("2026-09-01T12:00", "2026-09-02T08:45", False),  # the day before term
        ("2026-12-18T17:00", "2026-12-21T08:45", True),  # no term in sight: the next working day
    ],
)
def test_due_before_the_bell_of_the_next_school_day(in_term: World, now: str, bell: str, holiday: bool) -> None:
    with time_machine.travel(london(now), tick=False):
        alert = alert_of(sent(in_term, in_term.school))
    assert alert.due_at == london(bell)
    assert alert.audience == (DSL | HOLIDAY if holiday else DSL)
    expected = {in_term.dsl.email, *([in_term.contact.email] if holiday else [])}
    assert {email.to for email in emails()} == expected


@pytest.mark.req("ALR-23")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "bell_in_utc"),
    [
        ("2027-03-26T23:00", "2027-03-29T07:45+00:00"),  # the clock goes forward on Sunday 28 March 2027
        ("2026-10-23T23:00", "2026-10-26T08:45+00:00"),  # and back on Sunday 25 October
    ],
)
def test_the_bell_is_londons_across_a_change_of_the_clock(world: World, now: str, bell_in_utc: str) -> None:
    with time_machine.travel(london(now), tick=False):
        alert = alert_of(sent(world, world.school))
    bell = dt.datetime.fromisoformat(bell_in_utc)
    if bell.month == 3:  # Easter Monday in 2027
        bell += dt.timedelta(days=1)
    assert alert.due_at == bell
    assert alert.next_chase_at == bell


@pytest.mark.req("ALR-06", "ALR-23")
@pytest.mark.django_db
def test_the_councils_officer_works_through_the_school_holidays(in_term: World) -> None:
    with time_machine.travel(london("2026-08-28T22:00"), tick=False):
        alert = alert_of(sent(in_term, in_term.council))
    assert alert.due_at == london("2026-09-01T08:45")  # a Tuesday: Monday is a bank holiday


@pytest.mark.req("ALR-23")
@pytest.mark.django_db
def test_a_settings_own_inset_day_and_own_bell_count(in_term: World) -> None:
    with fixtures():
        CalendarPeriod.objects.create(
            partnership=in_term.partnership,
            agency=in_term.school,
            kind=PeriodKind.CLOSED,
            name="INSET",
            starts_on="2026-11-23",
            ends_on="2026-11-23",
        )
        in_term.school.bell_at = dt.time(8, 20)
        in_term.school.save()
    with time_machine.travel(london("2026-11-20T23:10"), tick=False):
        own, other = alerts_of(sent(in_term, in_term.school, in_term.other_school))
    assert own.due_at == london("2026-11-24T08:20")
    assert other.due_at == london("2026-11-23T08:45")


@pytest.mark.req("ALR-23")
@pytest.mark.django_db
def test_a_friday_nights_alert_is_chased_from_mondays_bell_step_by_step(in_term: World) -> None:
    with time_machine.travel(london("2026-11-20T23:10"), tick=False) as clock:
        notification = sent(in_term, in_term.school)
        mail.outbox.clear()

        def at(time: str) -> tuple[int, int, list[str]]:
            clock.move_to(london(f"2026-11-23T{time}"))
            chase_overdue()
            drain()
            alert = alert_of(notification)
            told = [message.to[0] for message in mail.outbox]
            mail.outbox.clear()
            return alert.audience, alert.chased, told

        assert at("08:44") == (DSL, 0, [])
        assert at("08:45") == (DSL, 1, [in_term.dsl.email])
        assert at("08:46") == (DSL, 1, [])
        assert at("09:15") == (DSL | DEPUTY, 2, [in_term.deputy.email])
        assert at("09:45") == (DSL | DEPUTY | HEAD, 3, [in_term.head.email])
        assert at("10:45") == (DSL | DEPUTY | HEAD, 4, [])
        assert at("15:00") == (DSL | DEPUTY | HEAD, 4, [])
    alert = alert_of(notification)
    assert alert.next_chase_at is None
    assert [event for event in events(alert) if event.startswith("alert.")] == [
        *("alert.prepared", "alert.sent", "alert.filed", "alert.chased"),
        *("alert.escalated", "alert.escalated", "alert.escalated"),
    ]
    assert facts(alert, "alert.escalated") == {"step": 4, "to": "mash"}
    for person in (in_term.deputy, in_term.head):
        with as_user(person):
            assert Alert.objects.get() == alert


@pytest.mark.req("ALR-23")
@pytest.mark.django_db
def test_after_an_outage_every_step_that_was_missed_is_taken_once(in_term: World) -> None:
    with time_machine.travel(london("2026-11-20T23:10"), tick=False) as clock:
        notification = sent(in_term, in_term.school)
        clock.move_to(london("2026-11-23T09:50"))
        chase_overdue()
        chase_overdue()
        drain()
    assert alert_of(notification).chased == 3
    assert [email.template for email in emails()] == [
        *("alert_sent", "alert_reminder", "alert_passed_on", "alert_passed_on"),
    ]
    assert [email.recipient for email in emails()] == [in_term.dsl, in_term.dsl, in_term.deputy, in_term.head]


@pytest.mark.req("ALR-23")
@pytest.mark.django_db
def test_an_alert_that_was_told_again_is_chased_again(in_term: World) -> None:
    with time_machine.travel(london("2026-11-20T23:10"), tick=False) as clock:
        notification = sent(in_term, in_term.school)
        clock.move_to(london("2026-11-23T08:45"))
        chase_overdue()
        clock.move_to(london("2026-11-23T09:00"))
        with as_user(in_term.officer):
            redirect(
                alert_of(notification),
                setting=in_term.other_school,
                because=RedirectedBecause.NOT_ON_ROLL,
                by=in_term.officer,
            )
        drain()
        clock.move_to(london("2026-11-24T09:15"))
        chase_overdue()
        drain()
    recalled = alerts_of(notification)[0]
    mails = [(email.template, email.recipient) for email in emails() if email.about_id == recalled.pk]
    assert mails == [
        ("alert_sent", in_term.dsl),
        ("alert_reminder", in_term.dsl),
        ("alert_changed", in_term.dsl),
        ("alert_reminder", in_term.dsl),
        ("alert_passed_on", in_term.deputy),
    ]
    assert facts(recalled, "alert.chased")["people"] == 1
    with as_service("dispatch"):
        holders = holders_for(recalled)
        again = tell(recalled, holders, ["dsl"], template="alert_sent", occasion="sent")
    assert again == 0, "the history counts whom an e-mail went to"


@pytest.mark.req("ALR-23", "ALR-04")
@pytest.mark.django_db
def test_what_chases_names_nobody_either(in_term: World) -> None:
    with time_machine.travel(london("2026-11-20T23:10"), tick=False) as clock:
        alert = alert_of(sent(in_term, in_term.school))
        clock.move_to(london("2026-11-23T09:20"))
        chase_overdue()
        drain()
    _, reminder, passed_on = mail.outbox
    assert reminder.subject == f"Not opened yet: Domestic Abuse Notification {alert.ref}"
    assert passed_on.subject == f"Passed on to you: Domestic Abuse Notification {alert.ref}"
    for message in (reminder, passed_on):
        whole = message.message().as_string()
        assert f"/alerts/{alert.ref}/" in whole
        for name in ("Child0", "Quillfeather", "Ferelith", "Vane"):
            assert name not in whole


@pytest.mark.req("ALR-23")
@pytest.mark.django_db
@pytest.mark.parametrize("status", ["opened", "acknowledged", "withheld"])
def test_only_what_was_sent_and_not_opened_is_chased(in_term: World, status: str) -> None:
    with time_machine.travel(london("2026-11-20T23:10"), tick=False) as clock:
        notification = sent(in_term, in_term.school)
        with fixtures():
            Alert.objects.update(status=status, withheld_reason="refused" if status == "withheld" else "")
        clock.move_to(london("2026-11-23T12:00"))
        assert chase_overdue() == 0
    assert alert_of(notification).chased == 0


@pytest.mark.req("ALR-06", "ALR-23")
@pytest.mark.django_db
def test_the_councils_officer_is_reminded_and_nobody_else_at_the_council_is_addressed(in_term: World) -> None:
    with fixtures():
        member(in_term.council, Role.HEAD)
    with time_machine.travel(london("2026-11-20T23:10"), tick=False) as clock:
        notification = sent(in_term, in_term.council)
        clock.move_to(london("2026-11-23T12:00"))
        chase_overdue()
        drain()
    alert = alert_of(notification)
    assert alert.audience == AUDIENCE_BITS["ehe_officer"]
    assert {email.to for email in emails()} == {in_term.ehe.email}
    assert facts(alert, "alert.escalated")["to"] == "mash"


@pytest.mark.req("ALR-23")
@pytest.mark.django_db
def test_a_new_deputy_sees_what_was_passed_on_before_she_came(in_term: World) -> None:
    with fixtures():
        Membership.objects.filter(user=in_term.deputy).delete()
    with time_machine.travel(london("2026-11-20T23:10"), tick=False) as clock:
        alert = alert_of(sent(in_term, in_term.school))
        clock.move_to(london("2026-11-23T09:20"))
        chase_overdue()
        assert facts(alert, "alert.escalated") == {"step": 2, "to": "deputy_dsl", "people": 0}
        with fixtures():
            newcomer = member(in_term.school, Role.DEPUTY_DSL)
    with as_user(newcomer):
        assert Alert.objects.get() == alert


@pytest.mark.req("ALR-23")
@pytest.mark.django_db
def test_one_alert_that_cannot_be_chased_does_not_hold_the_others(
    in_term: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with time_machine.travel(london("2026-11-20T23:10"), tick=False) as clock:
        bad, good = alerts_of(sent(in_term, in_term.school, in_term.school))
        take_steps = chasing._take_steps

        def refuse_one(alert: Alert, at: dt.datetime) -> None:
            if alert == bad:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT 1 / 0")
            take_steps(alert, at)

        monkeypatch.setattr(chasing, "_take_steps", refuse_one)
        clock.move_to(london("2026-11-23T08:45"))
        assert chase_overdue() == 2
        assert bad.ref in caplog.text
        monkeypatch.undo()
        clock.move_to(london("2026-11-23T08:50"))
        assert chase_overdue() == 1
    assert [alert.chased for alert in alerts_of(good.notification)] == [1, 1]


@pytest.mark.django_db
def test_a_batch_is_bounded(in_term: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that no lock is held for long."""
    monkeypatch.setattr(chasing, "BATCH", 2)
    with time_machine.travel(london("2026-11-20T23:10"), tick=False) as clock:
        sent(in_term, *[in_term.school] * 5)
        clock.move_to(london("2026-11-23T08:45"))
        with as_service("dispatch"):
            sizes = [chase_batch(london("2026-11-23T08:45")) for _ in range(4)]
    assert sizes == [2, 2, 1, 0]


@pytest.mark.req("ALR-23")
@pytest.mark.django_db(transaction=True, databases=["default", "outside"])
def test_two_runs_at_once_share_the_work() -> None:
    with fixtures():
        world = World()
    with time_machine.travel(london("2026-11-20T23:10"), tick=False) as clock:
        first, _ = alerts_of(sent(world, world.school, world.school))
        clock.move_to(london("2026-11-23T08:45"))
        other = connections["outside"]
        with fixtures(), other.cursor() as cursor:
            cursor.execute("RESET ROLE")
            cursor.execute("BEGIN")
            cursor.execute("SELECT id FROM alerts_alert WHERE id = %s FOR UPDATE", [first.pk])
        try:
            assert chase_overdue() == 1
        finally:
            with other.cursor() as cursor:
                cursor.execute("ROLLBACK")
        assert [alert.chased for alert in alerts_of(first.notification)] == [0, 1]
        assert chase_overdue() == 1
