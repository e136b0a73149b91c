"""What becomes of alerts when the police correct or withdraw what they sent, or one went to the wrong setting (ALR-04, ALR-23).

Whoever changes alerts of a notification takes them first and the notification after, as sending does.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from agreements.register.enums import IN_AN_ALERT, Item
from alerts.delivery import messages, policies
from alerts.delivery.enums import AT_THE_SETTING, AlertStatus, RecalledBecause, RedirectedBecause
from alerts.delivery.models import Alert
from alerts.delivery.selectors import sent_alert
from alerts.delivery.services import alerts_wanted, calendar_for, gate_for, holiday_due, prepare_alerts
from alerts.files.services import note_change
from alerts.intake.enums import ChildState
from alerts.intake.models import Notification, NotificationChild
from alerts.response.recalling import follow_recall
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.agencies.models import Agency, User
from safeguarding.audit.record import record
from safeguarding.children.enums import PlacementSource
from safeguarding.children.services import leave, place
from safeguarding.notifications.services import enqueue


def hold_alerts(notification: Notification) -> list[Alert]:
    """All alerts of a notification, for update, in one order. Runs as dispatch."""
    held = Alert.objects.select_for_update(of=("self",), no_key=True).filter(notification=notification)
    return list(held.select_related("partnership", "setting", "controller", "crypto_key").order_by("pk"))


def take_back(notification: Notification, *, because: RecalledBecause, occasion: str, by: User) -> int:
    """What has not left never leaves; every setting that holds an alert is told; how many are (ALR-23). Runs as dispatch."""
    return sum(_take_back(alert, because, occasion, by) for alert in hold_alerts(notification))


def _take_back(alert: Alert, because: RecalledBecause, occasion: str, by: User) -> bool:
    if alert.status in (AlertStatus.QUEUED, AlertStatus.WITHHELD):
        alert.status, alert.withheld_reason, alert.failed_at = AlertStatus.CANCELLED, "", None
        alert.save(update_fields=["status", "withheld_reason", "failed_at"])
        record("alert.cancelled", alert, facts={"because": because, "by": by.pk})
        return False
    if alert.status not in AT_THE_SETTING or alert.recalled_at is not None:
        return False
    alert.recalled_at, alert.recalled_because = timezone.now(), because
    if because == RecalledBecause.WRONG_SETTING:
        allowed = alert.items
        policies.keep_only(alert, ())
        alert.items = allowed  # no more than had left may come back, should it count after all (AGR-01)
        alert.child_given_name = alert.child_family_name = ""
    _tell_again(alert, occasion)
    note_change(
        alert,
        text=f"Alert {alert.ref} counts no longer: {because.label.lower()}. To be read as if it had not been sent.",
    )
    record("alert.recalled", alert, facts={"because": because, "by": by.pk})
    return True


@dataclass
class Followed:
    """How many settings were told, and which items of an alert now say something else."""

    told: int = 0
    items: set[str] = field(default_factory=set)


def follow(notification: Notification, *, occasion: str, by: User) -> Followed:
    """Alerts follow a correction: changed, recalled, or new; a setting whose alert says the same is left in peace.

    Only items that left before are corrected: the gateway that let them leave is the right
    by which they are put right. Runs as dispatch.
    """
    held = hold_alerts(notification)
    wanted = {(alert.child_id, alert.setting_id): alert for alert in alerts_wanted(notification)}
    second_of = dict(_named_now(notification).values_list("child_id", "second_setting_id"))
    elsewhere = {child_id: alert for (child_id, _), alert in wanted.items()}
    followed = Followed()
    for alert in held:
        # what went to the authority instead says what the setting's own would
        now = wanted.get((alert.child_id, alert.setting_id)) or wanted.get((alert.child_id, alert.instead_of_id or 0))
        if now is None and alert.follows_id and second_of.get(alert.child_id) == alert.setting_id:
            # the hub told a second setting as well: it reads what the first, or the authority instead, reads
            now = elsewhere.get(alert.child_id)
        if now is not None:
            _put_right(alert, now, occasion, followed)
        elif alert.child_id in elsewhere:
            followed.told += _take_back(alert, RecalledBecause.WRONG_SETTING, occasion, by)
        elif alert.child_id not in second_of:
            followed.told += _take_back(alert, RecalledBecause.NOT_NAMED, occasion, by)
    prepare_alerts(notification, by=None)
    return followed


def _named_now(notification: Notification) -> VisibleQuerySet:
    return NotificationChild.objects.filter(notification=notification, generation=notification.generation)


def _put_right(alert: Alert, now: Alert, occasion: str, followed: Followed) -> None:
    """The corrected words of the police take the place of the wrong ones, which are not kept (ALR-09)."""
    left = alert.status in AT_THE_SETTING
    if left and alert.items:
        policies.keep_only(now, alert.items)
    changed = [
        str(item)
        for item, fields in policies.FIELDS_OF.items()
        if any(getattr(alert, field) != getattr(now, field) for field in fields)
    ]
    was_back = alert.recalled_at is not None or alert.status == AlertStatus.CANCELLED
    # the authority reads instead of whom it was told
    moved = now.setting_id == alert.setting_id and now.instead_of_id != alert.instead_of_id
    if not changed and not was_back and not moved:
        return
    if moved:
        alert.instead_of = now.instead_of
    followed.items.update(changed)
    for name in _CORRECTED:
        setattr(alert, name, getattr(now, name))
    if not left:
        if alert.status == AlertStatus.CANCELLED:
            alert.status = AlertStatus.QUEUED
            enqueue("alert.send", {"alert": alert.pk})
        alert.save(update_fields=["status", "instead_of", *_CORRECTED])
        record("alert.corrected", alert, facts={"items": changed, "sent": False})
        return
    alert.corrected_at, alert.corrected = timezone.now(), sorted({*alert.corrected, *changed})
    alert.recalled_at, alert.recalled_because = None, ""
    _tell_again(alert, occasion)
    what = ", ".join(Item(item).label.lower() for item in changed)
    what = what or ("it counts after all" if was_back else "the setting that the child attends")
    note_change(alert, text=f"Alert {alert.ref} was corrected by {alert.origin}: {what}. The alert reads as it is now.")
    record("alert.corrected", alert, facts={"items": changed, "sent": True})
    followed.told += 1


_CORRECTED = tuple(field for fields in policies.FIELDS_OF.values() for field in fields)
_TOLD_AGAIN = (
    *("status", "opened_at", "opened_by", "acknowledged_at", "acknowledged_by", "closed_at"),
    *("first_opened_at", "first_acknowledged_at", "holiday_due_at"),
    *("due_at", "chased", "next_chase_at", "corrected_at", "corrected", "recalled_at", "recalled_because"),
    *("items", "instead_of"),
    *_CORRECTED,
)


def _tell_again(alert: Alert, occasion: str) -> None:
    """To be opened and acknowledged anew, before the next bell; who opened it before stays in the history (ALR-23)."""
    now = timezone.now()
    alert.status = AlertStatus.SENT
    alert.first_opened_at = alert.first_opened_at or alert.opened_at
    alert.first_acknowledged_at = alert.first_acknowledged_at or alert.acknowledged_at
    alert.opened_at = alert.opened_by = alert.acknowledged_at = alert.acknowledged_by = alert.closed_at = None
    calendar = calendar_for(alert.setting, partnership=alert.partnership)
    alert.due_at, alert.holiday_due_at = calendar.next_bell(now), holiday_due(alert, calendar=calendar, now=now)
    alert.chased, alert.next_chase_at = 0, policies.chase_time(alert)
    alert.save(update_fields=_TOLD_AGAIN)
    follow_recall(alert)
    roles = [str(role) for role in policies.roles_of(alert.audience)]
    people = messages.tell(alert, messages.holders_for(alert), roles, template=messages.CHANGED, occasion=occasion)
    record("alert.told_again", alert, facts={"people": people, "due_at": alert.due_at.isoformat()})


@transaction.atomic
def redirect(alert: Alert, *, setting: Agency, because: RedirectedBecause, by: User) -> Alert:
    """A person of the hub sends what one setting was told to another; where it was an error, it is recalled there (ALR-03, ALR-28).

    Made from the alert itself, for the police content is gone; so it holds no more than the first setting was told (ALR-09).
    A setting from which it was taken back before is told again.
    """
    sent_alert(alert.ref, for_user=by)
    with acting_as(as_dispatch("redirect")):
        of_the_child = {
            each.setting_id: each
            for each in hold_alerts(Notification(pk=alert.notification_id))
            if each.child_id == alert.child_id
        }
        held, there = of_the_child[alert.setting_id], of_the_child.get(setting.pk)
        policies.check_can_redirect(held)
        policies.check_can_go_to(setting, [pk for pk, each in of_the_child.items() if policies.can_redirect(each)])
        occasion = f"redirected-{held.pk}-{timezone.now():%Y%m%d%H%M%S%f}"
        follower = _come_back(there, held, occasion) if there else _follower(held, setting)
        if because != RedirectedBecause.DUAL:
            _take_back(held, RecalledBecause.WRONG_SETTING, occasion, by)
        if follower.status == AlertStatus.QUEUED:
            enqueue("alert.send", {"alert": follower.pk})
    record("alert.redirected", held, facts={"because": because, "to": follower.ref})
    record("alert.prepared", follower, facts={"follows": held.ref})
    place(child=held.child, setting=setting, source=PlacementSource.PERSON)
    if because != RedirectedBecause.DUAL:
        leave(child=held.child, setting=held.setting)
    _remember_where(held, follower, because, by)
    return follower


def _follower(alert: Alert, setting: Agency) -> Alert:
    now = timezone.now()
    same = {field: getattr(alert, field) for field in (*_CORRECTED, *_COPIED)}
    calendar = calendar_for(setting, partnership=alert.partnership)
    return Alert.objects.create(
        **same,
        setting=setting,
        follows=alert,
        created_at=now,
        due_at=calendar.next_bell(now),
        bell_at=calendar.next_bell(alert.notification.occurred_at),
    )


_COPIED = (
    *("partnership", "controller", "notification_id", "child_id", "kind"),
    *("disclaimer", "query_contact", "origin", "incident", "received_at"),
)


def _come_back(there: Alert, held: Alert, occasion: str) -> Alert:
    """It was recalled or cancelled where it belongs after all: that setting is told again, what the other one was told, as
    far as it may be told now (ALR-03, ALR-08, ALR-23)."""
    now = timezone.now()
    for name in _CORRECTED:
        setattr(there, name, getattr(held, name))
    there.follows, there.recalled_at, there.recalled_because = held, None, ""
    there.sent_back_at = there.sent_back_by = there.sent_back_note = None
    there.sent_back_because, there.corrected = "", []
    if there.status == AlertStatus.CANCELLED:
        there.status = AlertStatus.QUEUED
        there.due_at = calendar_for(there.setting, partnership=there.partnership).next_bell(now)
    else:
        decision = gate_for(there, at=now)
        policies.check_can_be_told_again(there, decision)
        policies.keep_only(there, decision.items & set(held.items or IN_AN_ALERT))
        there.gateway, there.agreement = decision.gateway or "", decision.agreement
        there.corrected_at = now
        _tell_again(there, occasion)
        note_change(there, text=f"Alert {there.ref} counts after all: {there.controller.name} found the child here.")
    there.save(update_fields=_CAME_BACK)
    return there


_CAME_BACK = (
    *("status", "due_at", "follows", "recalled_at", "recalled_because", "gateway", "agreement", "corrected"),
    *("sent_back_at", "sent_back_by", "sent_back_because", "sent_back_note"),
    *_CORRECTED,
)


def _remember_where(alert: Alert, follower: Alert, because: RedirectedBecause, by: User) -> None:
    """A later correction of the police finds the child where the hub has found it: a person has decided that (ALR-03)."""
    rows = NotificationChild.objects.filter(
        notification_id=alert.notification_id, child_id=alert.child_id, state=ChildState.SETTLED
    )
    for row in rows:
        if because == RedirectedBecause.DUAL or row.second_setting_id == alert.setting_id:
            row.second_setting = follower.setting
        else:
            row.setting, row.home_educated, row.route = follower.setting, False, follower.route
        row.decided_by, row.decided_at = by, timezone.now()
        row.save(update_fields=["setting", "second_setting", "home_educated", "route", "decided_by", "decided_at"])


def followers_of(alert: Alert) -> Sequence[Alert]:
    """Where it was sent instead, or as well; references and settings, for the hub."""
    return list(
        Alert.objects.filter(follows=alert).select_related("setting").only("ref", "setting__name", "created_at")
    )


def same_incident(alert: Alert, *, for_user: User) -> list[tuple[str, dt.datetime | None]]:
    """Other alerts that this reader has about the same child and incident, by reference and day (ALR-10)."""
    if alert.incident is None:
        return []
    others = Alert.objects.addressed_to(for_user).filter(
        setting_id=alert.setting_id, incident=alert.incident, child_id=alert.child_id
    )
    return list(others.exclude(pk=alert.pk).order_by("pk").values_list("ref", "sent_at"))
