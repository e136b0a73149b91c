"""A screened notification, and the outbox worked off as the workers do it."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from alerts.delivery.models import Alert
from alerts.delivery.services import prepare_alerts
from alerts.intake.content import Person
from alerts.models import Notification
from safeguarding.access.principal import acting_as
from safeguarding.agencies.models import Agency
from safeguarding.audit.models import AuditEntry
from safeguarding.notifications.models import Email, OutboxMessage
from safeguarding.notifications.outbox import RELAY, work_off
from tests.factories import FAMILY, NotificationChildFactory, World, police_content
from tests.support.db import as_service, as_user, fixtures

ADULTS = FAMILY[:2]


def child(given_name: str = "Ottilie", **fields: Any) -> Person:
    values = {"role": "child", "family_name": "Quillfeather", "date_of_birth": dt.date(2016, 5, 4), **fields}
    return Person(given_name=given_name, **values)


def screened(world: World, *settings: Agency, waiting: int = 0, **fields: Any) -> Notification:
    """One child for each setting, settled, and as many more as are `waiting`; police content and all."""
    people = [*ADULTS, *(child(f"Child{n}") for n in range(len(settings) + waiting))]
    kind = fields.get("kind", "domestic_abuse")
    content = fields.pop("content", None) or police_content(people=tuple(people), kind=kind)
    notification = world.notification(
        **{"status": "screened", "content": content.to_json(), "occurred_at": content.occurred_at, **fields}
    )
    for number, position in enumerate(position for position, _ in content.children):
        settled = number < len(settings)
        NotificationChildFactory(
            partnership=world.partnership,
            controller=world.mash,
            notification=notification,
            position=position,
            state="settled" if settled else "waiting",
            waiting_for="" if settled else "match",
            child=world.child() if settled else None,
            setting=settings[number] if settled else None,
            home_educated=settled and settings[number] == world.council,
        )
    return notification


def prepared(world: World, *settings: Agency, **fields: Any) -> Notification:
    with fixtures():
        notification = screened(world, *settings, **fields)
    with as_user(world.officer):
        prepare_alerts(notification, by=world.officer)
    return notification


def sent(world: World, *settings: Agency, **fields: Any) -> Notification:
    notification = prepared(world, *settings, **fields)
    drain()
    return notification


def drain() -> int:
    """Work off everything that is due; how many messages that were."""
    done = 0
    while waiting := due_messages():
        results = [work_off(number) for number in waiting]
        done += sum(results)
        if not any(results):
            return done
    return done


def due_messages() -> list[int]:
    with acting_as(RELAY), transaction.atomic():
        messages = OutboxMessage.objects.filter(done_at=None, given_up_at=None, available_at__lte=timezone.now())
        return list(messages.order_by("id").values_list("pk", flat=True))


def alerts_of(notification: Notification) -> list[Alert]:
    with as_service("dispatch"), transaction.atomic():
        alerts = Alert.objects.filter(notification=notification)
        return list(alerts.select_related("crypto_key", "setting", "partnership", "notification").order_by("pk"))


def alert_of(notification: Notification) -> Alert:
    [alert] = [each for each in alerts_of(notification) if each.instead_of_id is None]
    return alert


def again(notification: Notification) -> Notification:
    with as_service("dispatch"), transaction.atomic():
        return Notification.objects.select_related("crypto_key").get(pk=notification.pk)


def emails() -> list[Email]:
    with as_service("dispatch"), transaction.atomic():
        return list(Email.objects.select_related("recipient").order_by("pk"))


def events(about: Any) -> list[str]:
    with as_service("dispatch"), transaction.atomic():
        entries = AuditEntry.objects.filter(object_pk=str(about.pk), content_type__model=about._meta.model_name)
        return list(entries.order_by("timestamp", "id").values_list("event", flat=True))


def facts(about: Any, event: str) -> dict:
    with as_service("dispatch"), transaction.atomic():
        entry = AuditEntry.objects.filter(object_pk=str(about.pk), event=event).latest("id")
        return entry.additional_data
