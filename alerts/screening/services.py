"""Writes of screening: claiming, deciding, and going on where nobody screens (MSH-01)."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from alerts.delivery.services import prepare_alerts
from alerts.intake.enums import NotificationStatus
from alerts.intake.models import Notification
from alerts.screening import policies
from alerts.screening.enums import Decision
from alerts.screening.models import Screening
from alerts.screening.querysets import queue
from safeguarding.access.principal import Principal, acting_as, current
from safeguarding.agencies.models import User
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible
from safeguarding.notifications.services import enqueue


def locked(notification: Notification, *, by: User) -> Notification:
    """The notification again, for update, and only if `by` may work on it.

    Who holds it is read after the lock: a joined row is as it was before the wait.
    """
    again = (
        queue()
        .handled_by(by)
        .select_related("partnership", "crypto_key")
        .select_for_update(of=("self",))
        .filter(pk=notification.pk)
        .first()
    )
    if again is None:
        raise NotVisible
    return again


def _claim_for(notification: Notification, by: User) -> None:
    notification.claimed_by, notification.claimed_at = by, timezone.now()
    notification.save(update_fields=["claimed_by", "claimed_at"])


@transaction.atomic
def claim(*, notification: Notification, by: User, held_since: dt.datetime | None = None) -> Notification:
    """An officer says that she works on it; of two at once one wins and the other is told who (MSH-01).

    `held_since`: the claim of a colleague that she was shown and takes over.
    """
    notification = locked(notification, by=by)
    policies.check_can_claim(notification, by=by, held_since=held_since)
    holder = notification.claimed_by
    if holder is not None and holder.pk == by.pk:
        return notification
    _claim_for(notification, by)
    record("notification.claimed", notification, facts={"taken_over_from": holder.pk} if holder else None)
    return notification


@transaction.atomic
def claim_next(*, by: User) -> Notification | None:
    """The one that is due first of those that nobody works on; two who ask at once never get the same (MSH-01)."""
    free = queue().handled_by(by).to_screen().filter(claimed_by=None).select_related("partnership")
    row = free.select_for_update(of=("self",), skip_locked=True).order_by("due_at", "pk").first()
    if row is not None:
        _claim_for(row, by)
        record("notification.claimed", row, facts={"taken": "next"})
    return row


@transaction.atomic
def release(*, notification: Notification, by: User) -> Notification:
    """An officer lets go of her claim, for a colleague to take it."""
    notification = locked(notification, by=by)
    policies.check_can_release(notification, by=by)
    notification.claimed_by = notification.claimed_at = None
    notification.save(update_fields=["claimed_by", "claimed_at"])
    record("notification.released", notification)
    return notification


@transaction.atomic
def screen(
    notification: Notification, *, level: int, decision: Decision, reason: str, version: int, by: User
) -> Screening:
    """Level of need, decision, reason, who, when, once; what it sends goes on at once (MSH-01, ALR-11)."""
    notification = locked(notification, by=by)
    policies.check_can_screen(notification, by=by)
    policies.check_version(notification, version)
    policies.check_can_decide(notification.partnership, level, decision)
    if notification.claimed_by is None:
        _claim_for(notification, by)
    screening = Screening.objects.create(
        partnership_id=notification.partnership_id,
        controller_id=notification.controller_id,
        notification=notification,
        level=level,
        level_name=policies.level_of(notification.partnership, level)["name"],
        decision=decision,
        reason=reason,
        decided_by=by,
        decided_at=timezone.now(),
    )
    record("screening.decided", notification, facts={"level": level, "decision": decision})
    _decided(notification, policies.LEADS_TO[decision], screening.decided_at)
    if decision == Decision.NO_ALERT:
        record("notification.closed", notification)
        enqueue("notification.settle", {"notification": notification.pk})
    else:
        prepare_alerts(notification, by=by)
    return screening


@transaction.atomic
def rescreen(notification: Notification, *, level: int, reason: str, seen: int, by: User) -> Screening:
    """What was said since may change the level of need: another screening follows, and the earlier stays (ALR-13, MSH-01)."""
    notification = locked(notification, by=by)
    before = Screening.objects.filter(notification=notification)
    policies.check_can_rescreen(notification, seen=seen, there=before.count())
    screening = Screening.objects.create(
        partnership_id=notification.partnership_id,
        controller_id=notification.controller_id,
        notification=notification,
        level=level,
        level_name=policies.level_of(notification.partnership, level)["name"],
        decision=Decision.CHANGED,
        reason=reason,
        decided_by=by,
        decided_at=timezone.now(),
    )
    record("screening.changed", notification, facts={"level": level})
    return screening


def _decided(notification: Notification, status: NotificationStatus, at: dt.datetime) -> None:
    notification.status = status
    notification.version += 1
    notification.screened_at = at
    if status == NotificationStatus.CLOSED:
        notification.closed_at = at
    notification.save(update_fields=["status", "version", "screened_at", "closed_at"])


@transaction.atomic
def send_unscreened(notification: Notification, *, by: User | None = None) -> None:
    """A partnership that does not screen sends as soon as a child is settled (ALR-02, ALR-23).

    `by` settled a child by hand; the sending itself is the dispatcher's, whoever's request it is in.
    """
    asker = current()
    dispatch = Principal(
        service="dispatch", purpose="send unscreened", remote_addr=asker.remote_addr, request_id=asker.request_id
    )
    with acting_as(dispatch):
        notification = (
            Notification.objects.select_related("partnership", "crypto_key")
            .select_for_update(of=("self",))
            .get(pk=notification.pk)
        )
        policies.check_can_go_unscreened(notification)
        _decided(notification, NotificationStatus.SCREENED, timezone.now())
        prepare_alerts(notification, by=by)
