"""Writes of the setting: opening an alert, and acknowledging it (ALR-23, AUD-01)."""

from django.db import transaction
from django.utils import timezone

from alerts.delivery.enums import AlertStatus
from alerts.delivery.models import Alert
from alerts.delivery.policies import chase_time
from alerts.response import policies
from alerts.response.selectors import may_answer, way_in
from safeguarding.agencies.models import User
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible, Refused


def locked(alert: Alert, *, by: User) -> Alert:
    """The alert again, for update where `by` may answer for the setting; a grant lets read, not answer (NTK-03).

    Who opened it is read after the lock: a joined row is as it was before the wait.
    """
    mine = (
        Alert.objects.addressed_to(by)
        .filter(pk=alert.pk)
        .select_related("crypto_key", "setting", "controller", "partnership")
    )
    again = mine.select_for_update(of=("self",)).first() or mine.first()
    if again is None:
        raise NotVisible
    return again


@transaction.atomic
def open_alert(alert: Alert, *, by: User, purpose: str) -> Alert:
    """Every opening is remembered; the first by somebody addressed stops the chasing and shows to the hub (ALR-23, AUD-01)."""
    alert = locked(alert, by=by)
    first = policies.is_first_opening(alert) and may_answer(alert, for_user=by)
    if first:
        alert.status, alert.opened_at, alert.opened_by = AlertStatus.OPENED, timezone.now(), by
        alert.next_chase_at = None
        alert.save(update_fields=["status", "opened_at", "opened_by", "next_chase_at"])
    record(
        "alert.opened",
        alert,
        purpose=purpose,
        facts={"first": first},
        at=alert.setting_id,
        way=way_in(alert, for_user=by),
    )
    return alert


@transaction.atomic
def acknowledge(alert: Alert, *, by: User) -> Alert:
    """Somebody addressed says that it was read and is being acted on; a second time changes nothing (ALR-12)."""
    alert = locked(alert, by=by)
    if alert.status in policies.ANSWERED:
        return alert
    if not may_answer(alert, for_user=by):
        raise Refused("You were let see this alert; the people it is addressed to acknowledge it. Nothing was changed.")
    if policies.is_first_opening(alert):
        alert = open_alert(alert, by=by, purpose="acknowledge")
    policies.check_can_acknowledge(alert)
    if alert.sent_back_at is not None:
        keep_after_all(alert)
    alert.status, alert.acknowledged_at, alert.acknowledged_by = AlertStatus.ACKNOWLEDGED, timezone.now(), by
    alert.save(update_fields=["status", "acknowledged_at", "acknowledged_by"])
    record("alert.acknowledged", alert, at=alert.setting_id)
    return alert


def keep_after_all(alert: Alert) -> None:
    """The setting knows the child whose alert had gone back: it leaves the hub's list, and the memory keeps both (ALR-28).

    Where nobody has opened it, it is chased again (ALR-23).
    """
    alert.sent_back_at, alert.sent_back_by = None, None
    alert.sent_back_because, alert.sent_back_note = "", None
    if alert.status == AlertStatus.SENT:
        alert.next_chase_at = chase_time(alert)
    alert.save(update_fields=["sent_back_at", "sent_back_by", "sent_back_because", "sent_back_note", "next_chase_at"])
    record("alert.taken_back", alert, at=alert.setting_id)
