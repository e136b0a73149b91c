"""Unopened alerts are chased by the partnership's steps, counted from the bell (ALR-23)."""

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone

from alerts.delivery import messages, policies
from alerts.delivery.enums import AlertStatus
from alerts.delivery.models import Alert
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.audit.record import record

log = logging.getLogger("hub.chasing")

BATCH = 100
_AFTER_TROUBLE = dt.timedelta(minutes=5)


def chase_overdue() -> int:
    """Every step that is due now, for every alert that nobody has opened; in batches, so that no lock is held for long."""
    at, total = timezone.now(), 0
    with acting_as(as_dispatch("chase")):
        while chased := chase_batch(at):
            total += chased
    return total


@transaction.atomic
def chase_batch(at: dt.datetime) -> int:
    """Two runs at once share the work: each takes rows that the other does not hold."""
    waiting = (
        Alert.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
        .select_related("partnership", "setting")
        .filter(status=AlertStatus.SENT, next_chase_at__lte=at)
        .order_by("next_chase_at", "pk")[:BATCH]
    )
    alerts = list(waiting)
    for alert in alerts:
        _chase(alert, at)
    return len(alerts)


def _chase(alert: Alert, at: dt.datetime) -> None:
    """One alert's trouble is not another's."""
    try:
        with transaction.atomic():
            _take_steps(alert, at)
    except Exception as error:
        log.error("alert %s could not be chased", alert.ref, exc_info=error)
        Alert.objects.filter(pk=alert.pk).update(next_chase_at=at + _AFTER_TROUBLE)


def _take_steps(alert: Alert, at: dt.datetime) -> None:
    holders = messages.holders_for(alert)
    for number, step in enumerate(policies.steps_of(alert)[alert.chased :], start=alert.chased):
        if step.at > at:
            break
        alert.chased = number + 1
        _take_step(alert, number, step, holders)
    alert.next_chase_at = policies.chase_time(alert)
    alert.save(update_fields=["audience", "chased", "next_chase_at"])


def _take_step(alert: Alert, number: int, step: policies.Step, holders: messages.Holders) -> None:
    """Remind whom it is addressed to, address the next role as well, or leave it to the hub to phone (ALR-23)."""
    to = policies.role_chased(step, alert)
    facts = {"step": number + 1, "to": to}
    if to == policies.TO_THE_HUB:
        record("alert.escalated", alert, facts=facts)
        return
    reminded = bool(alert.audience & AUDIENCE_BITS[to])
    alert.audience |= AUDIENCE_BITS[to]
    people = messages.tell(
        alert,
        holders,
        [to],
        template=messages.REMINDER if reminded else messages.PASSED_ON,
        # its time as well: an alert that is told again goes through the same steps again
        occasion=f"chase-{step.at:%Y%m%d%H%M}-{number + 1}",
    )
    record("alert.chased" if reminded else "alert.escalated", alert, facts={**facts, "people": people})
