"""A calendar that changes moves the bells that have not rung yet: an INSET day known late, a school closed by snow (ALR-23)."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from alerts.delivery import messages, policies
from alerts.delivery.enums import AlertStatus
from alerts.delivery.models import Alert
from alerts.delivery.services import calendar_for, holiday_due
from alerts.intake.enums import Route
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.agencies.calendars import SchoolCalendar
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency
from safeguarding.audit.record import record
from safeguarding.notifications.services import enqueue

_UNREAD = (AlertStatus.QUEUED, AlertStatus.WITHHELD, AlertStatus.SENT)


@transaction.atomic
def move_bells(setting_id: int) -> int:
    """Every unread alert of the setting whose bell is still to come, by the calendar as it is now; runs as dispatch.

    A bell that has rung stays where it was: nobody is in time afterwards. Returns how many were moved.
    """
    setting, now = Agency.objects.get(pk=setting_id), timezone.now()
    waiting = (
        Alert.objects.select_for_update(of=("self",), no_key=True)
        .select_related("partnership", "setting", "notification")
        .filter(setting=setting, status__in=_UNREAD, due_at__gt=now)
        .order_by("pk")
    )
    calendars: dict[int, SchoolCalendar] = {}
    moved = 0
    for alert in waiting:
        if alert.partnership_id not in calendars:
            calendars[alert.partnership_id] = calendar_for(setting, partnership=alert.partnership)
        moved += _move(alert, calendars[alert.partnership_id], now)
    return moved


def move_bells_of_area(partnership_id: int) -> None:
    """The authority's days changed: every setting there with an unread alert looks at its bells; runs as dispatch."""
    waiting = Alert.objects.filter(partnership=partnership_id, status__in=_UNREAD, due_at__gt=timezone.now())
    for setting in waiting.order_by("setting").values_list("setting", flat=True).distinct():
        enqueue("bells.move", {"setting": setting})


def _move(alert: Alert, calendar: SchoolCalendar, now: dt.datetime) -> bool:
    was = alert.due_at, alert.bell_at
    alert.due_at = _bell(calendar, alert.sent_at or alert.created_at, now)
    if alert.bell_at > now:
        alert.bell_at = _bell(calendar, alert.notification.occurred_at, now)
    if (alert.due_at, alert.bell_at) == was:
        return False
    if alert.status == AlertStatus.SENT:
        _tell_who_is_there(alert, calendar, now)
        alert.next_chase_at = policies.chase_time(alert)
    alert.save(update_fields=["due_at", "bell_at", "holiday_due_at", "audience", "next_chase_at"])
    record("alert.bell_moved", alert, facts={"was": was[0].isoformat(), "due_at": alert.due_at.isoformat()})
    return True


def _bell(calendar: SchoolCalendar, after: dt.datetime, now: dt.datetime) -> dt.datetime:
    bell = calendar.next_bell(after)
    return bell if bell > now else calendar.next_bell(now)


def _tell_who_is_there(alert: Alert, calendar: SchoolCalendar, now: dt.datetime) -> None:
    """When the school turns out to be closed for days, the holiday contact is told now (ALR-07).

    What is for the head alone is passed on to nobody else (MRC-18).
    """
    if alert.route != Route.USUAL:
        return
    bit = AUDIENCE_BITS[Role.HOLIDAY_CONTACT]
    if alert.audience & bit or not alert.setting.is_setting or not calendar.on_holiday(now):
        return
    alert.audience |= bit
    alert.holiday_due_at = holiday_due(alert, calendar=calendar, now=now)
    holders = messages.holders_for(alert)
    people = messages.tell(alert, holders, [Role.HOLIDAY_CONTACT], template=messages.PASSED_ON, occasion="closed")
    record("alert.escalated", alert, facts={"to": Role.HOLIDAY_CONTACT, "people": people})
