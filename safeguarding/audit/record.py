"""The only writer of the audit (design §5)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from safeguarding.access.log_walls import may_be_logged
from safeguarding.access.principal import current
from safeguarding.audit.enums import WayIn
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
    at: int | None = None,
    way: WayIn | str = "",
    using: str = "default",
) -> AuditEntry:
    """Remember what happened, in the same transaction; if it cannot be remembered, it does not happen (AUD-01, AUD-02).

    `shown`: references of the objects that a page showed. `facts`: states, counts and codes, never names or free text.
    `at`: the agency for which a person with two hats acts, where the room knows it; the database checks it. `way`: how the
    person came in, where it is neither by role nor by name.
    """
    entry = _entry(event, purpose=purpose, shown=shown, facts=facts, outcome=outcome, at=at, way=way)
    if subject is not None:
        _about(entry, subject)
    entry.save(using=using)
    return entry


@dataclass(frozen=True)
class Shown:
    """One object on a list: its reference, the agency that controls it, and the one for which it is read."""

    ref: str
    controller: int
    at: int | None = None


def record_listing(
    event: str,
    shown: Iterable[Shown],
    *,
    purpose: str = "",
    facts: dict[str, Any] | None = None,
    counted: str = "",
) -> None:
    """A page of a list is one entry for each agency whose records it showed, with those references alone (AUD-01, AUD-04).

    Nearly always that is one entry; who reads for two schools leaves one with each, so that neither sees the other's.
    `counted`: the fact under which each entry says how many of its agency's records there were.
    """
    pages: dict[tuple[int | None, int | None], list[str]] = {}
    for each in shown:
        pages.setdefault((each.controller, each.at), []).append(each.ref)
    entries = []
    for (controller, at), refs in (pages or {(None, None): []}).items():
        said = {**(facts or {}), counted: len(refs)} if counted else facts
        entry = _entry(event, purpose=purpose, shown=refs, facts=said, outcome="done", at=at, way="")
        entry.agency_id = controller
        entries.append(entry)
    AuditEntry.objects.bulk_create(entries)


def _entry(
    event: str,
    *,
    purpose: str,
    shown: Iterable[str],
    facts: dict[str, Any] | None,
    outcome: str,
    at: int | None,
    way: str,
) -> AuditEntry:
    if event not in EVENTS:
        raise ValueError(f"{event} is not listed in audit/events.py")
    principal = current()
    return AuditEntry(
        event=event,
        action=AuditEntry.Action.ACCESS,
        actor_id=principal.user_id,
        actor_agency_id=at,
        way_in=way,
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


def _about(entry: AuditEntry, subject: models.Model) -> None:
    if not may_be_logged(subject._meta.label):
        raise ValueError(
            f"{subject._meta.label} is not listed in access/log_walls.py: its entries would tell who is shut out"
        )
    entry.content_type = ContentType.objects.get_for_model(subject)
    entry.object_pk = str(subject.pk)
    entry.object_id = subject.pk
    entry.object_repr = getattr(subject, "ref", "") or f"{subject._meta.label} {subject.pk}"
    entry.partnership_id = getattr(subject, "partnership_id", None)
    entry.agency_id = getattr(subject, "controller_id", None) or getattr(subject, "agency_id", None)
    if subject._meta.label == "alerts.Alert":
        entry.alert_id = subject.pk
        entry.notification_id = getattr(subject, "notification_id", None)
    elif subject._meta.label == "agreements.Correction":
        entry.alert_id = subject.alert_id  # type: ignore[attr-defined]  # it is one: its label says so
    elif subject._meta.label == "alerts.Notification":
        entry.notification_id = subject.pk


def record_outside(event: str, *, outcome: str, facts: dict[str, Any] | None = None) -> None:
    """Remember a refusal or a crash on a second connection, which the request's rollback does not reach (AUD-01)."""
    if not current().is_someone:
        return
    with transaction.atomic(using="outside"):
        record(event, outcome=outcome, facts=facts, using="outside")
