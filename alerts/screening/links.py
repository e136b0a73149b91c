"""One incident, reported twice: a person says that two notifications are about the same, and can take it back (ALR-03, ALR-10).

Each keeps its own alert and its own owner; the alerts say that they belong together.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from alerts.delivery.models import Alert
from alerts.intake.content import PoliceNotification
from alerts.intake.models import MatchCandidate, Notification, NotificationChild
from alerts.screening.querysets import queue
from safeguarding.agencies.models import User
from safeguarding.audit.record import record
from safeguarding.children.selectors import records_of_same
from safeguarding.errors import NotVisible
from safeguarding.refs import normalise_ref

# How far apart two forces put one incident at most.
_NEAR = dt.timedelta(hours=24)
_MOST = 5


@dataclass(frozen=True)
class Twin:
    """Another notification about a child of this one, from about the same time; its content while it is there."""

    notification: Notification
    content: PoliceNotification | None
    linked: bool


def twins_of(notification: Notification, *, for_user: User) -> Sequence[Twin]:
    """What may be the same incident: never decided by itself, and never without a child in common (ALR-03)."""
    mine = NotificationChild.objects.visible_to(for_user).filter(
        notification=notification, generation=notification.generation
    )
    rows = dict(mine.values_list("pk", "child_id"))
    alike = MatchCandidate.objects.visible_to(for_user).filter(notification_child__in=list(rows))
    of_record = records_of_same({*filter(None, rows.values()), *alike.values_list("child_id", flat=True)})
    named = NotificationChild.objects.visible_to(for_user).filter(
        Q(child__in=of_record) | Q(candidates__child__in=of_record)
    )
    near = Q(occurred_at__range=(notification.occurred_at - _NEAR, notification.occurred_at + _NEAR))
    linked = Q(incident=notification.incident, incident__isnull=False)
    others = queue().handled_by(for_user).filter(linked | near & Q(pk__in=named.values("notification_id")))
    found = others.exclude(pk=notification.pk).filter(withdrawn_at=None).select_related("crypto_key", "source")
    return [
        Twin(
            notification=each,
            content=PoliceNotification.from_json(each.content) if each.content else None,
            linked=notification.incident is not None and each.incident == notification.incident,
        )
        for each in found.order_by("-received_at", "-pk")[:_MOST]
    ]


def _both(ref: str, other: str, by: User) -> tuple[Notification, Notification]:
    """Both for update in one order, and only for who works on both (MSH-01)."""
    found = queue().handled_by(by).filter(ref__in=[normalise_ref(ref) or "", normalise_ref(other) or ""])
    rows = {row.ref: row for row in found.select_for_update(of=("self",)).order_by("pk")}
    one, two = rows.get(normalise_ref(ref) or ""), rows.get(normalise_ref(other) or "")
    if one is None or two is None or one == two or one.controller_id != two.controller_id:
        raise NotVisible
    return one, two


def _mark(notification: Notification, incident: int | None) -> None:
    notification.incident = incident
    notification.version += 1
    notification.save(update_fields=["incident", "version"])
    Alert.objects.filter(notification=notification).update(incident=incident)


@transaction.atomic
def link(*, ref: str, other: str, by: User) -> None:
    """The two are about one incident; whoever receives both alerts reads that they belong together (ALR-10)."""
    one, two = _both(ref, other, by)
    incident = one.incident or two.incident or min(one.pk, two.pk)
    for each, its_twin in ((one, two), (two, one)):
        if each.incident != incident:
            _mark(each, incident)
        record("notification.linked", each, facts={"other": its_twin.ref})


@transaction.atomic
def unlink(*, ref: str, other: str, by: User) -> None:
    """They are not the same after all: this one stands by itself again."""
    one, two = _both(ref, other, by)
    if one.incident is None or one.incident != two.incident:
        return
    _mark(one, None)
    for each, its_twin in ((one, two), (two, one)):
        record("notification.unlinked", each, facts={"other": its_twin.ref})
