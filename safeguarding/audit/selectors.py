"""Reads of the audit: what happened to a record, for those who may see the record (AUD-01, NTK-08)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import models

from safeguarding.agencies.models import User
from safeguarding.audit.events import EVENTS
from safeguarding.audit.models import AuditEntry

# Services have no name of their own in a timeline: to a reader the hub did it.
BY_ITSELF = "the hub, by itself"
_LONGEST_HISTORY = 500


@dataclass(frozen=True)
class Happened:
    """One line of a timeline; a person who did the same again and again has one line with how often and when last."""

    event: str
    what: str
    who: str
    at: dt.datetime
    subject: str
    times: int = 1
    last_at: dt.datetime | None = None

    @property
    def again(self) -> bool:
        return self.times > 1


def history_of(subject: models.Model, *, for_user: User) -> list[Happened]:
    """What happened to an alert or a notification, oldest first, without a word of its content (AUD-01, AUD-02)."""
    entries = AuditEntry.objects.visible_to(for_user).filter(_about(subject), outcome="done")
    newest = entries.select_related("actor").order_by("-timestamp", "-pk")[:_LONGEST_HISTORY]
    return list(_gathered(reversed(newest)))


def _about(subject: models.Model) -> models.Q:
    match subject._meta.label:
        case "alerts.Alert":
            return models.Q(alert_id=subject.pk)
        case "alerts.Notification":
            return models.Q(notification_id=subject.pk)
    return models.Q(content_type=ContentType.objects.get_for_model(subject), object_id=subject.pk)


def _gathered(entries: Iterable[AuditEntry]) -> Iterable[Happened]:
    lines: dict[tuple[str, int | None, str, str], Happened] = {}
    for number, entry in enumerate(entries):
        line = Happened(
            event=entry.event,
            what=EVENTS.get(entry.event, entry.event),
            who=entry.actor.name if entry.actor else BY_ITSELF,
            at=entry.timestamp,
            subject=entry.object_repr,
        )
        # looking again is one line; anything else stands by itself
        key = (entry.event, entry.actor_id, entry.object_repr, "" if entry.event.endswith(".opened") else str(number))
        first = lines.get(key)
        lines[key] = line if first is None else _once_more(first, entry.timestamp)
    return lines.values()


def _once_more(first: Happened, at: dt.datetime) -> Happened:
    return Happened(first.event, first.what, first.who, first.at, first.subject, first.times + 1, at)
