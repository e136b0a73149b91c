"""The only writer of the audit (design §5)."""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from safeguarding.access.principal import current
from safeguarding.audit.events import EVENTS
from safeguarding.audit.models import AuditEntry


def record(
    event: str,
    subject: models.Model | None = None,
    *,
    purpose: str = "",
    shown: Iterable[str] = (),
    facts: dict[str, Any] | None = None,
    outcome: str = "done",
    using: str = "default",
) -> AuditEntry:
    """Remember what happened, in the same transaction; if it cannot be remembered, it does not happen (AUD-01, AUD-02).

    `shown`: references of the objects that a page showed. `facts`: states, counts and codes, never names or free text.
    """
    if event not in EVENTS:
        raise ValueError(f"{event} is not listed in audit/events.py")
    principal = current()
    entry = AuditEntry(
        event=event,
        action=AuditEntry.Action.ACCESS,
        actor_id=principal.user_id,
        service=principal.service,
        purpose=purpose or principal.purpose,
        remote_addr=principal.remote_addr,
        cid=principal.request_id or None,
        outcome=outcome,
        objects_shown=list(shown),
        additional_data=facts or None,
        object_pk="",
        object_repr="",
    )
    if subject is not None:
        entry.content_type = ContentType.objects.get_for_model(subject)
        entry.object_pk = str(subject.pk)
        entry.object_id = subject.pk
        entry.object_repr = getattr(subject, "ref", "") or f"{subject._meta.label} {subject.pk}"
        entry.partnership_id = getattr(subject, "partnership_id", None)
        entry.agency_id = getattr(subject, "controller_id", None) or getattr(subject, "agency_id", None)
        if subject._meta.label == "alerts.Alert":
            entry.alert_id = subject.pk
            entry.notification_id = getattr(subject, "notification_id", None)
        elif subject._meta.label == "alerts.Notification":
            entry.notification_id = subject.pk
    entry.save(using=using)
    return entry


def record_outside(event: str, *, outcome: str, facts: dict[str, Any] | None = None) -> None:
    """Remember a refusal or a crash on a second connection, which the request's rollback does not reach (AUD-01)."""
    if not current().is_someone:
        return
    with transaction.atomic(using="outside"):
        record(event, outcome=outcome, facts=facts, using="outside")
