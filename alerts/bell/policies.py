"""What may be written in a calendar, who may be named, and what the hub may say of a late alert (ALR-07, ALR-23)."""

import datetime as dt

from django.utils import timezone

from alerts.bell.enums import Outcome
from alerts.bell.ics import LONGEST_TERM
from alerts.delivery.models import Alert
from safeguarding.errors import Refused

_FURTHEST = dt.timedelta(days=3 * 366)
# So long before a holiday somebody should be named, and so long before its end a calendar should be renewed.
NAME_BEFORE, RENEW_BEFORE = 21, 60


def check_period(starts_on: dt.date, ends_on: dt.date) -> None:
    """A term or a closure is a stretch of days that a person could have meant."""
    if ends_on < starts_on:
        raise Refused("The last day is before the first. Nothing was saved. Check the two dates.")
    if ends_on - starts_on > LONGEST_TERM:
        raise Refused("That is longer than 200 days. Nothing was saved. Enter each term by itself.")
    if abs(starts_on - timezone.localdate()) > _FURTHEST:
        raise Refused("That is more than three years from today. Nothing was saved. Check the year.")


def check_cover(starts_on: dt.date, ends_on: dt.date) -> None:
    """Somebody is named for days that are still to come (ALR-07)."""
    check_period(starts_on, ends_on)
    if ends_on < timezone.localdate():
        raise Refused("These days are over. Nothing was saved. Check the two dates.")


def is_late(alert: Alert) -> bool:
    """By `with_outcome`: neither in time nor still waiting."""
    outcome: str = alert.outcome  # type: ignore[attr-defined]  # annotated by querysets.with_outcome
    return outcome not in Outcome.values


def check_can_explain(alert: Alert) -> None:
    """Only what was late needs a reason (ALR-23)."""
    if not is_late(alert):
        raise Refused(
            "This alert was opened before its bell, or its bell is still to come. Nothing was changed. It needs no reason."
        )
