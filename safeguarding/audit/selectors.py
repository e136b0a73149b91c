"""Reads of the audit: what happened to a record, for those who may see the record (AUD-01, NTK-08)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.contrib.contenttypes.models import ContentType
from django.db import models

from safeguarding.agencies.models import User
from safeguarding.audit.events import EVENTS
from safeguarding.audit.models import AuditEntry

# Services have no name of their own in a timeline: to a reader the hub did it.
BY_ITSELF = "the Hub itself"
_LONGEST_HISTORY = 500


@dataclass(frozen=True)
class Happened:
    """One line of a timeline; who looked again and again has one line that says how often."""

    event: str
    title: str
    by: str
    when: dt.datetime
    subject: str
    times: int = 1

    @property
    def text(self) -> str:
        return f"{self.times} times in all" if self.times > 1 else ""


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
            title=EVENTS.get(entry.event, entry.event),
            by=entry.actor.name if entry.actor else BY_ITSELF,
            when=entry.timestamp,
            subject=entry.object_repr,
        )
        # looking again is one line; anything else stands by itself
        key = (
            entry.event,
            entry.actor_id,
            entry.object_repr,
            "" if entry.event.endswith((".opened", ".checked")) else str(number),
        )
        first = lines.get(key)
        lines[key] = line if first is None else replace(first, times=first.times + 1)
    return lines.values()
