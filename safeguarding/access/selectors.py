"""Who may see a controlled record now, and why (NTK-08)."""

from dataclasses import dataclass

from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, User


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
    grants = _grants(alert) if any(why == "granted" for _, _, _, why in rows) else {}
    return _readers(rows, for_user, {**_ALERT_REASONS, "granted": ""}, grants)


def readers_of_notification(notification: models.Model, *, for_user: User) -> list[Reader]:
    """Everybody who may see this notification now and why (NTK-08)."""
    rows = _rows("SELECT user_id, agency_id, role, why FROM app.notification_readers(%s)", notification.pk)
    return _readers(rows, for_user, _NOTIFICATION_REASONS, {})


_ALERT_REASONS = {
    "addressed": "The alert is addressed to this role at the setting.",
    "controls": "This team sent the alert and answers for it.",
}
_NOTIFICATION_REASONS = {
    "handles": "This team screens the notification.",
    "sent_it": "This agency sent the notification and sees how far it has got.",
}


def _rows(statement: str, pk: int) -> list[tuple[int, int | None, str | None, str]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [pk])
        return cursor.fetchall()


def _grants(alert: models.Model) -> dict[int, str]:
    grant = apps.get_model("alerts", "AlertGrant")
    live = grant._base_manager.filter(content_object_id=alert.pk, withdrawn_at=None, expires_at__gt=timezone.now())
    return {
        each.user_id: f"{each.granted_by.name} gave access until {timezone.localtime(each.expires_at):%-d %B %Y}: "
        f"{each.reason}"
        for each in live.select_related("granted_by")
    }


def _readers(
    rows: list[tuple[int, int | None, str | None, str]], for_user: User, reasons: dict[str, str], grants: dict[int, str]
) -> list[Reader]:
    people = User.objects.in_bulk({user_id for user_id, _, _, _ in rows})
    agencies = Agency.objects.in_bulk({agency_id for _, agency_id, _, _ in rows if agency_id})
    readers = [
        Reader(
            user_id=user_id,
            name="You" if user_id == for_user.pk else people[user_id].name,
            role=Role(role).label if role else "",
            agency=agencies[agency_id].name if agency_id else "",
            why=reasons[why] or grants.get(user_id, ""),
        )
        for user_id, agency_id, role, why in rows
    ]
    return sorted(readers, key=lambda reader: (reader.name != "You", reader.agency, reader.name, reader.role))
