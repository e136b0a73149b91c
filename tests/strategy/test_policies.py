"""Quorum, states and clocks as tables; every clock also over the nights in which England's clocks change."""

import datetime as dt
from itertools import combinations
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from alerts.strategy import policies
from alerts.strategy.enums import Capacity, DiscussionState, InquiryState, Means
from alerts.strategy.models import StrategyDiscussion
from safeguarding.agencies.calendars import LONDON, nth_working_day
from safeguarding.errors import Conflict, Refused

PLAIN: Any = SimpleNamespace(strategy={})


def discussion(**fields: Any) -> StrategyDiscussion:
    return StrategyDiscussion(**{"state": DiscussionState.ARRANGED, **fields})


EVERYBODY = (Capacity.POLICE, Capacity.HEALTH, Capacity.HOSPITAL, Capacity.SETTING)


@pytest.mark.req("STR-01", "STR-03")
@pytest.mark.parametrize("in_hospital", [False, True])
def test_police_and_health_are_the_minimum_and_the_hospital_where_the_child_is_in_one(in_hospital: bool) -> None:
    for number in range(len(EVERYBODY) + 1):
        for there in combinations(EVERYBODY, number):
            health = Capacity.HEALTH in there or Capacity.HOSPITAL in there
            enough = Capacity.POLICE in there and health and (Capacity.HOSPITAL in there or not in_hospital)
            wanted = discussion(in_hospital=in_hospital)
            assert (not policies.missing_of(wanted, there)) == enough, there
            held = {"held_at": timezone.now(), "attended": there, "emergency": False, "follow_up_on": None}
            assert policies.allows(policies.check_can_hold, wanted, **held) == enough, there


@pytest.mark.req("STR-03")
def test_an_emergency_is_held_on_what_is_known_with_a_day_to_follow_up() -> None:
    now, today = timezone.now(), timezone.localdate()
    for there, follow_up_on, right in (
        ((), today, True),
        ((), None, False),
        ((), today - dt.timedelta(days=1), False),
        ((Capacity.POLICE, Capacity.HEALTH), today, True),
    ):
        held = {"held_at": now, "attended": there, "emergency": True, "follow_up_on": follow_up_on}
        assert policies.allows(policies.check_can_hold, discussion(), **held) == right
    policies.check_telephone(Means.TELEPHONE, out_of_hours=True)
    policies.check_telephone(Means.MEETING, out_of_hours=False)
    with pytest.raises(Refused, match="by telephone"):
        policies.check_telephone(Means.VIDEO, out_of_hours=True)


@pytest.mark.req("STR-01", "STR-02")
def test_what_each_state_allows() -> None:
    now = timezone.now()
    full = {"held_at": now, "attended": EVERYBODY, "emergency": False, "follow_up_on": None}
    for state in DiscussionState:
        each = discussion(state=state)
        open_now = state in (DiscussionState.ASKED, DiscussionState.ARRANGED)
        held = state == DiscussionState.HELD
        assert policies.allows(policies.check_can_hold, each, **full) == open_now
        assert policies.allows(policies.check_can_arrange, each, now + dt.timedelta(hours=1)) == open_now
        assert policies.allows(policies.check_can_end_without, each) == open_now
        assert policies.allows(policies.check_can_record, each) == held
        assert policies.allows(policies.check_can_send, each, written=True, actions=1) == held
        assert policies.allows(policies.check_can_raise, each) == (held or state == DiscussionState.SENT)
    each = discussion(state=DiscussionState.HELD)
    assert not policies.allows(policies.check_can_send, each, written=False, actions=1)
    assert not policies.allows(policies.check_can_send, each, written=True, actions=0)
    for outcome in InquiryState:
        for inquiry in ("", *InquiryState):
            allowed = inquiry == InquiryState.RUNNING and outcome in policies.OUTCOMES
            assert policies.allows(policies.check_can_conclude, discussion(inquiry=inquiry), outcome) == allowed
    with pytest.raises(Conflict, match="A colleague changed"):
        policies.check_version(discussion(version=2), 1)


def london(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=LONDON)  # type: ignore[arg-type,misc]  # year to minute


@pytest.mark.req("STR-02")
@pytest.mark.parametrize(
    ("held", "due"),
    [
        # a plain week
        (london(2026, 11, 24, 15, 30), london(2026, 11, 26, 15, 30)),
        # the night of 28 to 29 March 2026 has 23 hours: by the clock on the wall it is an hour later
        (london(2026, 3, 27, 23, 59), london(2026, 3, 30, 0, 59)),
        (london(2026, 3, 28, 0, 0), london(2026, 3, 30, 1, 0)),
        # the night of 24 to 25 October 2026 has 25 hours
        (london(2026, 10, 24, 0, 0), london(2026, 10, 25, 23, 0)),
        (london(2026, 10, 23, 23, 59), london(2026, 10, 25, 22, 59)),
    ],
)
def test_the_record_is_due_after_48_hours_as_they_pass(held: dt.datetime, due: dt.datetime) -> None:
    assert policies.record_due_at(PLAIN, held) == due
    assert (due.astimezone(dt.UTC) - held.astimezone(dt.UTC)) == dt.timedelta(hours=48)


@pytest.mark.req("STR-05")
@pytest.mark.parametrize(
    ("day", "number", "expected"),
    [
        (dt.date(2026, 11, 26), 1, dt.date(2026, 11, 27)),
        (dt.date(2026, 11, 27), 1, dt.date(2026, 11, 30)),  # over a weekend
        (dt.date(2026, 11, 28), 1, dt.date(2026, 11, 30)),  # from a Saturday
        (dt.date(2026, 12, 24), 1, dt.date(2026, 12, 29)),  # Christmas, and Boxing Day that is kept on the Monday
        (dt.date(2026, 4, 1), 15, dt.date(2026, 4, 24)),  # Good Friday and Easter Monday lie between
        (dt.date(2026, 11, 26), 15, dt.date(2026, 12, 17)),
        (dt.date(2026, 11, 26), 45, dt.date(2027, 2, 2)),  # three bank holidays lie between
    ],
)
def test_working_days_of_england(day: dt.date, number: int, expected: dt.date) -> None:
    assert nth_working_day(day, number) == expected


@pytest.mark.req("STR-05")
@pytest.mark.parametrize(
    ("held", "first_day"),
    [
        # half past midnight in England in summer is still the day before in UTC
        (london(2026, 3, 30, 0, 30), dt.date(2026, 3, 30)),
        (london(2026, 3, 28, 23, 59), dt.date(2026, 3, 28)),
        (london(2026, 10, 25, 0, 30), dt.date(2026, 10, 25)),
        (london(2026, 10, 24, 23, 59), dt.date(2026, 10, 24)),
    ],
)
def test_the_conference_counts_from_the_day_on_the_wall(held: dt.datetime, first_day: dt.date) -> None:
    expected = nth_working_day(first_day, 15)
    assert policies.conference_due_on(PLAIN, held.astimezone(dt.UTC)) == expected
    each = discussion(inquiry=InquiryState.RUNNING, conference_due_on=expected, held_at=held)
    midnight = london(expected.year, expected.month, expected.day, 0, 0) + dt.timedelta(days=1)
    assert not policies.conference_is_late(each, midnight - dt.timedelta(seconds=1))
    assert policies.conference_is_late(each, midnight)


@pytest.mark.req("STR-05")
def test_figures_are_the_partnerships_own_and_days_end_at_midnight_whatever_the_clocks_do() -> None:
    own: Any = SimpleNamespace(strategy={"record_hours": 24, "conference_days": 10, "assessment_days": 20})
    assert policies.record_due_at(own, london(2026, 11, 24, 9)) == london(2026, 11, 25, 9)
    assert policies.assessment_due_on(own, dt.date(2026, 11, 2)) == dt.date(2026, 11, 30)
    assert policies.end_of(dt.date(2026, 3, 29)).astimezone(dt.UTC) == dt.datetime(2026, 3, 29, 23, tzinfo=dt.UTC)
    assert policies.end_of(dt.date(2026, 10, 25)).astimezone(dt.UTC) == dt.datetime(2026, 10, 26, tzinfo=dt.UTC)


@pytest.mark.req("STR-02", "STR-05")
def test_somebody_is_reminded_ahead_at_the_moment_and_every_day_after() -> None:
    held = london(2026, 3, 27, 12)
    due = policies.record_due_at(PLAIN, held)
    each = discussion(state=DiscussionState.HELD, held_at=held, record_due_at=due)
    moments, now = [], held
    for _ in range(4):
        following = policies.next_chase(each, now)
        assert following is not None
        moments.append(following - due)
        now = following
    hours = [round(moment / dt.timedelta(hours=1)) for moment in moments]
    assert hours == [-12, 0, 24, 48]
    over = discussion(state=DiscussionState.SENT, record_sent_at=held, inquiry=InquiryState.NOT_STARTED)
    assert policies.next_chase(over, held) == held + dt.timedelta(hours=24)
    assert policies.next_chase(over, held + dt.timedelta(hours=24)) is None
