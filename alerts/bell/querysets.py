"""Each alert with what became of it before its bell; the one rule that board, list, CSV and PDF count by (ALR-23)."""

import datetime as dt

from django.db.models import Case, CharField, F, Q, Value, When

from alerts.bell.enums import Outcome, Show
from alerts.delivery.enums import AlertStatus, LateReason
from alerts.delivery.models import Alert
from alerts.delivery.querysets import AlertQuerySet
from safeguarding.agencies.calendars import LONDON
from safeguarding.agencies.models import User

OPENED_BEFORE = Q(opened_at__lte=F("bell_at")) | Q(first_opened_at__lte=F("bell_at"))
SENT_BEFORE = Q(sent_at__lte=F("bell_at"))
ACKNOWLEDGED_BEFORE = Q(acknowledged_at__lte=F("bell_at")) | Q(first_acknowledged_at__lte=F("bell_at"))
_WITHHELD = Q(status=AlertStatus.WITHHELD)


def midnight(day: dt.date) -> dt.datetime:
    """The day's first moment by the clock on the wall: in March and October a day has not twenty-four hours."""
    return dt.datetime.combine(day, dt.time(), tzinfo=LONDON)


def to_beat_a_bell(hubs: list[int], first: dt.date, last: dt.date, *, user: User) -> AlertQuerySet:
    """The alerts of these hubs whose bell rings on one of these days; by equality where it is one hub, for the index's sake.

    What the police took back before it was sent, or the hub recalled, has no bell to beat any more.
    """
    mine = Alert.objects.filter(controller=hubs[0]) if len(hubs) == 1 else Alert.objects.filter(controller__in=hubs)
    until = midnight(last + dt.timedelta(days=1))
    counted = mine.not_shut_to(user).exclude(status=AlertStatus.CANCELLED).filter(recalled_at=None)
    return counted.filter(bell_at__gte=midnight(first), bell_at__lt=until)


def with_outcome(alerts: AlertQuerySet, now: dt.datetime) -> AlertQuerySet:
    """In time, still waiting, or late and why: what a person of the hub said, else what the times say.

    In time is what somebody at the setting opened before the bell; what was sent in time and left unopened is late for that reason.
    """
    why = Case(
        When(~Q(late_reason=""), then=F("late_reason")),
        When(_WITHHELD, then=Value(LateReason.WITHHELD.value)),
        When(received_at__gt=F("bell_at"), then=Value(LateReason.ARRIVED.value)),
        When(SENT_BEFORE, then=Value(LateReason.UNOPENED.value)),
        default=Value(LateReason.SCREENED.value),
        output_field=CharField(),
    )
    return alerts.annotate(
        outcome=Case(
            When(OPENED_BEFORE, then=Value(Outcome.IN_TIME.value)),
            When(Q(bell_at__gt=now) & ~_WITHHELD, then=Value(Outcome.WAITING.value)),
            default=why,
            output_field=CharField(),
        )
    )


def only(alerts: AlertQuerySet, show: Show, why: str, now: dt.datetime) -> AlertQuerySet:
    """What the list behind a number shows; the same conditions as `with_outcome` counts by."""
    counted = with_outcome(alerts, now)
    if show == Show.LATE:
        late = counted.exclude(outcome__in=Outcome.values)
        return late.filter(outcome=why) if why else late
    return counted.filter(outcome=show.value) if show != Show.ALL else counted
