"""Who may see a controlled record now, and why (NTK-08)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, User

Rows = list[tuple[int, int | None, str | None, str]]


@dataclass(frozen=True)
class Reader:
    """One person, and one reason for which the walls let that person in."""

    user_id: int
    name: str
    role: str
    agency: str
    why: str


def readers_of_alert(alert: models.Model, *, for_user: User) -> list[Reader]:
    """Everybody who may see this alert now and why, as the walls themselves say; empty for who may not see it (NTK-08)."""
    rows = _rows("SELECT user_id, agency_id, role, why FROM app.alert_readers(%s)", alert.pk)
    return _readers(rows, for_user, _ALERT_REASONS, _grants("alerts.AlertGrant", alert, rows))


def readers_of_notification(notification: models.Model, *, for_user: User) -> list[Reader]:
    """Everybody who may see this notification now and why (NTK-08)."""
    rows = _rows("SELECT user_id, agency_id, role, why FROM app.notification_readers(%s)", notification.pk)
    return _readers(rows, for_user, _NOTIFICATION_REASONS, _grants("alerts.NotificationGrant", notification, rows))


def readers_of_child(child: models.Model, *, for_user: User) -> list[Reader]:
    """Everybody who may see this child's record now and why; who is shut out stands nowhere (NTK-08, MRC-18)."""
    rows = _rows("SELECT user_id, agency_id, role, why FROM app.child_readers(%s)", child.pk)
    return _readers(rows, for_user, {"keeps": "This team keeps the record of the child."}, {})


def readers_of_file(file: models.Model, *, for_user: User) -> list[Reader]:
    """Everybody who may read this child's safeguarding file now and why (NTK-08, ALR-15)."""
    rows = _rows("SELECT user_id, agency_id, role, why FROM app.file_readers(%s)", file.pk)
    return _readers(rows, for_user, _FILE_REASONS, _grants("alerts.FileGrant", file, rows))


_FILE_REASONS = {"keeps_file": "This role keeps the safeguarding files of the setting."}


def readers_of_discussion(discussion: models.Model, *, for_user: User) -> list[Reader]:
    """Everybody who may see this strategy discussion now and why (NTK-08)."""
    rows = _rows("SELECT user_id, agency_id, role, why FROM app.discussion_readers(%s)", discussion.pk)
    return _readers(rows, for_user, _DISCUSSION_REASONS, {})


_DISCUSSION_REASONS = {
    "authority": "The local authority convenes the discussion and answers for its record.",
    "asked": "This team asked for the discussion; it does not see the record.",
    "invited": "Was invited by name; sees the record once it is sent.",
}
_ALERT_REASONS = {
    "addressed": "The alert is addressed to this role at the setting.",
    "controls": "This team sent the alert and answers for it.",
}
_NOTIFICATION_REASONS = {
    "handles": "This team screens the notification.",
    "sent_it": "This agency sent the notification and sees how far it has got.",
}


def _rows(statement: str, pk: int) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(statement, [pk])
        return cursor.fetchall()


_BY_NAME = ("granted", "emergency")


def _grants(label: str, record: models.Model, rows: Rows) -> dict[int, str]:
    if not any(why in _BY_NAME for _, _, _, why in rows):
        return {}
    grant = apps.get_model(label)
    live = grant._base_manager.filter(content_object_id=record.pk, withdrawn_at=None, expires_at__gt=timezone.now())
    return {each.user_id: _why(each) for each in live.select_related("granted_by").order_by("expires_at")}


def _why(grant: Any) -> str:
    until = timezone.localtime(grant.expires_at)
    if grant.break_glass_id is not None:
        half = "am" if until.hour < 12 else "pm"
        return f"Opened it in an emergency, until {until.hour % 12 or 12}:{until:%M}{half} on {until:%-d %B %Y}."
    # it ends with the day before midnight
    last = until - dt.timedelta(seconds=1)
    return f"{grant.granted_by.name} gave access until {last:%-d %B %Y}: {grant.reason}"


def _readers(rows: Rows, for_user: User, reasons: dict[str, str], grants: dict[int, str]) -> list[Reader]:
    people = User.objects.in_bulk({user_id for user_id, _, _, _ in rows})
    agencies = Agency.objects.in_bulk({agency_id for _, agency_id, _, _ in rows if agency_id})
    readers = [
        Reader(
            user_id=user_id,
            name="You" if user_id == for_user.pk else people[user_id].name,
            role=Role(role).label if role else "",
            agency=agencies[agency_id].name if agency_id else "",
            why=grants.get(user_id, "") if why in _BY_NAME else reasons[why],
        )
        for user_id, agency_id, role, why in rows
    ]
    return sorted(readers, key=lambda reader: (reader.name != "You", reader.agency, reader.name, reader.role))
