"""What the hub owes and is late with is brought to its managers (MSH-05, MSH-07)."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from alerts.referrals import policies, services
from alerts.referrals.models import Referral
from safeguarding.access.principal import acting_as
from safeguarding.access.told import not_to_be_told, people_at
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import User
from safeguarding.audit.record import record
from safeguarding.guests.services import as_dispatch
from safeguarding.notifications.services import queue_email

BATCH = 100


def chase_late() -> int:
    """Every referral that is late, at most every few hours; in batches, so that no lock is held for long."""
    at, total = timezone.now(), 0
    with acting_as(as_dispatch("chase referrals")):
        while chased := chase_batch(at):
            total += chased
    return total


@transaction.atomic
def chase_batch(at: dt.datetime) -> int:
    """Two runs at once share the work: each takes rows that the other does not hold."""
    not_lately = Q(chased_at=None) | Q(chased_at__lte=at - policies.CHASED_EVERY)
    late = (
        Referral.objects.filter(not_lately, due_at__lte=at).defer("content", "feedback").select_related("partnership")
    )
    rows = list(late.select_for_update(skip_locked=True, of=("self",), no_key=True).order_by("due_at", "pk")[:BATCH])
    managers = people_at({row.controller_id for row in rows}, (Role.MASH_MANAGER,))
    for row in rows:
        row.chased_at = at
        row.save(update_fields=["chased_at"])
        shut = not_to_be_told(referral_id=row.pk)
        people = [person for person in managers.get(row.controller_id, []) if person.pk not in shut]
        for person in people:
            _remind(row, person)
        record("referral.chased", row, facts={"people": len(people)})
    return len(rows)


def _remind(referral: Referral, person: User) -> None:
    assert referral.chased_at is not None
    queue_email(
        to=person.email,
        template="referral_late",
        context={
            "ref": referral.ref,
            "link": f"{settings.SITE_URL}/referrals/{referral.ref}/",
            "marking": referral.partnership.marking,
        },
        dedupe_key=f"referral-late:{referral.pk}:{person.pk}:{referral.chased_at:%Y%m%d%H}",
        recipient=person,
        about=referral,
    )


def clear_drafts() -> int:
    """Drafts that nobody has come back to (MSH-05)."""
    at, total = timezone.now(), 0
    with acting_as(as_dispatch("clear drafts")):
        while cleared := _clear_batch(at):
            total += cleared
    return total


@transaction.atomic
def _clear_batch(at: dt.datetime) -> int:
    return services.clear_stale_drafts(at)
