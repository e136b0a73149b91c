"""What the tests of a setting's response do again and again."""

import datetime as dt
from typing import Any

from django.utils import timezone

from alerts.files.enums import StaffRole
from alerts.files.services import file_alert
from alerts.models import Alert, EntryGrant, FileEntry, Response
from alerts.readers import sharing
from alerts.response import answers, selectors
from alerts.response.answers import Answer
from alerts.response.enums import Concerns
from safeguarding.agencies.models import User
from safeguarding.audit.models import AuditEntry
from tests.factories import World
from tests.support.db import as_service, as_user, fixtures

WEEK = dt.timedelta(days=7)


def sent_alert(world: World, **fields: Any) -> Alert:
    """An alert that has left, filed as sending files it."""
    with fixtures():
        alert = world.alert(**fields)
    with as_service("dispatch"):
        file_alert(Alert.objects.select_related("controller", "setting").get(pk=alert.pk))
    return alert


def say(alert: Alert, by: User, concerns: str = "none", version: int = 0, **fields: Any) -> Response:
    with as_user(by):
        mine = selectors.get_alert(alert.ref, for_user=by)
        return answers.answer(mine, Answer(Concerns(concerns), **fields), version=version, by=by)


def filed(alert: Alert) -> list[tuple[str, str]]:
    """What stands in the child's file about this alert: kind and words."""
    with fixtures():
        return [(entry.kind, entry.text) for entry in FileEntry.objects.filter(alert=alert).order_by("pk")]


def again(alert: Alert) -> Alert:
    with fixtures():
        return Alert.objects.get(pk=alert.pk)


def events(alert: Alert) -> list[str]:
    with as_service("dispatch"):
        return list(AuditEntry.objects.filter(alert_id=alert.pk).order_by("pk").values_list("event", flat=True))


def tell(alert: Alert, person: User, by: User, **fields: Any) -> EntryGrant:
    wanted = {
        "agency": alert.setting,
        "as_role": StaffRole.TUTOR,
        "reason": "Tutor of the child",
        "items": ["kind"],
        "words": "Let her be late without remark.",
        "until": timezone.localdate() + WEEK,
        **fields,
    }
    with as_user(by):
        return sharing.tell(alert, sharing.Telling(person=person, **wanted), by=by)
