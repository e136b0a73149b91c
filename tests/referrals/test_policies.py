"""Clocks and states of a referral, as truth tables."""

import datetime as dt
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from alerts.referrals import policies
from alerts.referrals.enums import Outcome, ReferralState
from safeguarding.agencies.calendars import LONDON, after_working_days
from safeguarding.errors import Conflict, Refused


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.req("MSH-05")
@pytest.mark.parametrize(
    ("received", "days", "expected"),
    [
        ("2026-11-25T16:00", 1, "2026-11-26T16:00"),  # Wednesday
        ("2026-11-27T16:00", 1, "2026-11-30T16:00"),  # Friday afternoon
        ("2026-11-28T09:00", 1, "2026-11-30T09:00"),  # Saturday
        ("2026-11-29T23:59", 1, "2026-11-30T23:59"),
        ("2026-12-24T15:00", 1, "2026-12-29T15:00"),  # Christmas falls on a Friday, its substitute on a Monday
        ("2026-12-25T15:00", 1, "2026-12-29T15:00"),
        ("2026-03-27T01:30", 1, "2026-03-30T01:30"),  # the clocks change in between
        ("2026-11-28T09:00", 6, "2026-12-07T09:00"),
    ],
)  # fmt: skip
def test_one_working_day(received: str, days: int, expected: str) -> None:
    assert after_working_days(at(received), days) == at(expected)


def referral(state: str, **fields: Any) -> Any:
    partnership = SimpleNamespace(clocks=fields.pop("clocks", {}))
    values = {"rag": "", "received_at": at("2026-11-25T10:00"), "tell_by": at("2026-11-26T10:00"), "told_at": None}
    return SimpleNamespace(state=state, partnership=partnership, **{**values, **fields})


@pytest.mark.req("MSH-05", "MSH-07")
@pytest.mark.parametrize(
    ("state", "rag", "expected"),
    [
        ("received", "", "2026-11-25T14:00"),  # nobody has looked: it may be red
        ("triaged", "red", "2026-11-25T14:00"),
        ("triaged", "amber", "2026-11-26T10:00"),
        ("triaged", "green", "2026-11-26T10:00"),  # 72 hours to work on it, but the referrer is told within the day
        ("decided", "red", "2026-11-26T10:00"),
        ("told", "red", None),
        ("closed", "red", None),
    ],
)
def test_what_the_hub_owes_next(state: str, rag: str, expected: str | None) -> None:
    assert policies.due_at(referral(state, rag=rag)) == (at(expected) if expected else None)


def test_a_partnership_sets_its_own_clocks() -> None:
    assert policies.due_at(referral("triaged", rag="red", clocks={"red": 2})) == at("2026-11-25T12:00")
    assert policies.tell_by(SimpleNamespace(clocks={"decision_days": 2}), at("2026-11-25T10:00")) == at(
        "2026-11-27T10:00"
    )  # type: ignore[arg-type]  # the clocks are all that is asked of it


CHECKS = {
    "triage": (policies.check_can_triage, {"received", "triaged"}),
    "decide": (policies.check_can_decide, {"triaged", "decided", "told"}),
    "tell": (policies.check_can_tell, {"decided"}),
    "close": (partial(policies.check_can_close, waiting=False), {"told"}),
}


@pytest.mark.req("MSH-07")
@pytest.mark.parametrize("what", CHECKS)
def test_what_each_state_allows(what: str) -> None:
    check, allowed = CHECKS[what]
    for state in ReferralState.values:
        assert policies.allows(check, referral(state, rag="amber")) == (state in allowed), (what, state)


def test_nothing_is_decided_before_somebody_has_triaged() -> None:
    with pytest.raises(Refused, match="triaged"):
        policies.check_can_decide(referral("received"))
    with pytest.raises(Conflict, match="closed"):
        policies.check_can_decide(referral("closed", rag="red"))


def test_the_usual_words_exist_for_every_outcome() -> None:
    assert set(policies.WORDS) == set(Outcome)
