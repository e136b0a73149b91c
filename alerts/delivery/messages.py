"""The e-mails about an alert: type, reference, link, and by when; never a name (ALR-04, design §6)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from alerts.delivery.models import Alert
from alerts.intake.enums import NotificationKind
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, HolidayCover, Membership, User
from safeguarding.notifications.services import queue_email

SENT, REMINDER, PASSED_ON, CHANGED = "alert_sent", "alert_reminder", "alert_passed_on", "alert_changed"

Holders = dict[str, list[User]]


def holders_at(setting: Agency) -> Holders:
    """Who holds which of the roles that alerts are addressed to, at this setting now; read as dispatch (ALR-07, NTK-07)."""
    held: Holders = {}
    rows = Membership.objects.filter(
        agency=setting,
        role__in=list(AUDIENCE_BITS),
        ended_at=None,
        user__is_active=True,
        user__is_integration=False,
    )
    for membership in rows.select_related("user").order_by("pk"):
        held.setdefault(membership.role, []).append(membership.user)
    if contacts := held.get(Role.HOLIDAY_CONTACT):
        held[Role.HOLIDAY_CONTACT] = _named_for_today(setting, contacts)
    return held


def _named_for_today(setting: Agency, contacts: list[User]) -> list[User]:
    """Whoever is named for today, of those who hold the role; all of them, where nobody is (ALR-07)."""
    today = timezone.localdate()
    covers = HolidayCover.objects.filter(agency=setting, withdrawn_at=None, starts_on__lte=today, ends_on__gte=today)
    named = set(covers.values_list("user_id", flat=True))
    return [user for user in contacts if user.pk in named] or contacts


def holders_for(alert: Alert) -> Holders:
    """Who of them may be told of this alert: who is shut out of it gets no e-mail, whatever their role (MRC-18)."""
    shut = shut_from(alert)
    held = holders_at(alert.setting)
    if not shut:
        return held
    open_to = {role: [user for user in users if user.pk not in shut] for role, users in held.items()}
    return {role: users for role, users in open_to.items() if users}


def shut_from(alert: Alert) -> set[int]:
    """Who must not hear of it; read as dispatch (MRC-18)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.not_to_be_told(%s)", [alert.pk])
        return {row[0] for row in cursor.fetchall()}


def roles_that_open(setting: Agency, holders: Holders) -> set[str]:
    """The roles of which one of the holders can open content now: training and terms are current (NTK-06)."""
    able = Membership.objects.filter(agency=setting, ended_at=None, cleared_until__gt=timezone.now())
    held = set(able.values_list("user_id", "role"))
    return {role for role, users in holders.items() if any((user.pk, role) in held for user in users)}


def tell(alert: Alert, holders: Holders, roles: Iterable[str], *, template: str, occasion: str) -> int:
    """One e-mail to each person who holds one of `roles`, once for this occasion; to how many one goes (ALR-04, ALR-23)."""
    people = {user.pk: (user, role) for role in sorted(roles, reverse=True) for user in holders.get(role, [])}
    told = 0
    for user, role in people.values():
        email = queue_email(
            to=user.email,
            template=template,
            context={**context_of(alert), "role": role},
            dedupe_key=f"alert:{alert.pk}:{occasion}:{user.pk}",
            recipient=user,
            about=alert,
        )
        told += email is not None
    return told


def context_of(alert: Alert) -> dict[str, Any]:
    return {
        "title": title_of(alert),
        "ref": alert.ref,
        "link": f"{settings.SITE_URL}/alerts/{alert.ref}/",
        "due": spoken(alert.due_at),
        "contact": alert.query_contact,
        "marking": alert.partnership.marking,
    }


def title_of(alert: Alert) -> str:
    """The partnership's own words for this type of notification (ALR-02)."""
    return alert.partnership.titles.get(alert.kind) or f"{NotificationKind(alert.kind).label} notification"


def spoken(at: dt.datetime) -> str:
    """As people say it: 8:45am on Monday 23 November 2026."""
    local = timezone.localtime(at)
    half = "am" if local.hour < 12 else "pm"
    return f"{local.hour % 12 or 12}:{local:%M}{half} on {local:%A} {local.day} {local:%B %Y}"
