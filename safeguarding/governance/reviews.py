"""Unusual access as its IG lead sees it, and closing the review with a finding (AUD-06)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from safeguarding.agencies.models import User
from safeguarding.audit.events import EVENTS
from safeguarding.audit.models import AuditEntry
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible
from safeguarding.governance import policies
from safeguarding.governance.enums import ReviewOutcome, ReviewStatus
from safeguarding.governance.log import led_by, mine
from safeguarding.governance.models import UnusualAccess
from safeguarding.refs import normalise_ref


def raised(*, for_user: User) -> QuerySet[UnusualAccess]:
    """What was raised at the agencies that this person leads, but never about that person (AUD-06)."""
    led = [agency.pk for agency in led_by(for_user)]
    return UnusualAccess.objects.visible_to(for_user).filter(controller__in=led)


def to_review(*, for_user: User) -> QuerySet[UnusualAccess]:
    """Open ones, due first on top."""
    open_ones = raised(for_user=for_user).filter(status=ReviewStatus.OPEN)
    return open_ones.select_related("person", "controller").defer("finding", "evidence").order_by("due_at", "pk")


def reviewed(*, for_user: User) -> QuerySet[UnusualAccess]:
    closed = raised(for_user=for_user).filter(status=ReviewStatus.CLOSED).defer("finding", "evidence")
    return closed.select_related("person", "controller", "reviewed_by").order_by("-reviewed_at", "-pk")


def overdue(*, for_user: User) -> QuerySet[UnusualAccess]:
    return to_review(for_user=for_user).filter(due_at__lt=timezone.now())


@dataclass(frozen=True)
class Shown:
    """One entry that shows it."""

    at: dt.datetime
    what: str
    ref: str


@dataclass(frozen=True)
class Detail:
    """One raised thing with what shows it; `in_log`: my own log knows the person."""

    row: UnusualAccess
    lines: Sequence[Shown]
    in_log: bool

    @property
    def more(self) -> int:
        return self.row.times - len(self.lines)

    @property
    def is_open(self) -> bool:
        return self.row.status == ReviewStatus.OPEN

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.row.due_at < timezone.now()


def detail(ref: str, *, for_user: User) -> Detail:
    """Absent, another agency's and one's own are the same; looking is remembered (AUD-01, NTK-01)."""
    row = (
        raised(for_user=for_user)
        .select_related("crypto_key", "person", "controller", "reviewed_by")
        .filter(ref=normalise_ref(ref) or "")
        .first()
    )
    if row is None:
        raise NotVisible
    lines = [
        Shown(dt.datetime.fromisoformat(at), EVENTS.get(event, event), ref) for at, event, ref in row.evidence or []
    ]
    in_log = AuditEntry.objects.filter(mine(for_user=for_user), actor_id=row.person_id).exists()
    return Detail(row, lines[::-1], in_log)


def remember_look(found: Detail) -> None:
    record("unusual.opened", found.row, at=found.row.controller_id)


@transaction.atomic
def review(row: UnusualAccess, *, outcome: ReviewOutcome, finding: str, by: User) -> UnusualAccess:
    """Closed with what was found, by a lead who is not the person; the words are sealed, the outcome is logged (AUD-06)."""
    found = raised(for_user=by).select_for_update(of=("self",)).select_related("crypto_key").filter(pk=row.pk).first()
    if found is None:
        raise NotVisible
    policies.check_can_review(found, by=by)
    found.status, found.outcome, found.finding = ReviewStatus.CLOSED, outcome, finding
    found.reviewed_by, found.reviewed_at = by, timezone.now()
    found.save(update_fields=["status", "outcome", "finding", "reviewed_by", "reviewed_at"])
    record("unusual.reviewed", found, facts={"outcome": outcome, "kind": found.kind}, at=found.controller_id)
    return found
