"""Who has seen this record: everybody whom the log names with it, and as what (AUD-04, NTK-08)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Count, Max, Min
from django.db.models.expressions import RawSQL

from safeguarding.agencies.models import Agency, User
from safeguarding.audit.enums import WayIn
from safeguarding.audit.events import EVENTS
from safeguarding.audit.models import AuditEntry
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible
from safeguarding.governance.log import UNSAID, mine, roles_in

MOST_ENTRIES = 5_000
# Whoever looked a trail up has seen the trail and not the record.
_LOOKED_UP = ("log.trail", "log.exported")


@dataclass(frozen=True)
class Seen:
    """One person in one role at one agency, by one way in: how often, from when to when, and what for."""

    person: User
    agency: str
    roles: Sequence[str]
    way: str
    times: int
    first: dt.datetime
    last: dt.datetime
    purposes: Sequence[str]
    events: Sequence[str]


@dataclass(frozen=True)
class Trail:
    """Everybody who has seen a record, and the references under which it was seen: a child's alerts and notifications too."""

    ref: str
    refs: Sequence[str]
    people: Sequence[Seen]
    more: bool = False


def trail_of(ref: str, *, for_user: User, purpose: str = "") -> Trail:
    """Who has seen this record, newest first; a record that is not my agency's business is not there (AUD-04, NTK-01)."""
    refs = _refs_under(ref)
    ids = _entries_about(refs, for_user)
    if not ids:
        raise NotVisible
    trail = Trail(ref, refs, _people(ids[:MOST_ENTRIES]), more=len(ids) > MOST_ENTRIES)
    record("log.exported" if purpose else "log.trail", shown=[ref], purpose=purpose, facts={"rows": len(trail.people)})
    return trail


def _refs_under(ref: str) -> list[str]:
    """The record, and for a child every alert and notification about it; the database asks whether I may know (NTK-02)."""
    if not ref.startswith("C"):
        return [ref]
    with connection.cursor() as cursor:
        cursor.execute("SELECT found.ref FROM app.records_of_child(%s) AS found", [ref])
        found = {row[0] for row in cursor.fetchall()}
    return [ref, *sorted(found - {ref})]


def _entries_about(refs: Sequence[str], for_user: User) -> list[int]:
    """Newest first; entries about the records themselves, and lists or searches that showed them."""
    theirs = AuditEntry.objects.filter(mine(for_user=for_user), outcome="done", actor__isnull=False)
    theirs = theirs.exclude(event__in=_LOOKED_UP)
    showing = RawSQL("SELECT app.entries_showing(%s)", [list(refs)])
    named = theirs.filter(object_repr__in=refs).order_by("-timestamp", "-pk").values_list("pk", flat=True)
    shown = theirs.filter(pk__in=showing).order_by("-timestamp", "-pk").values_list("pk", flat=True)
    found = {*named[: MOST_ENTRIES + 1], *shown[: MOST_ENTRIES + 1]}
    return sorted(found, reverse=True)


def _people(ids: Sequence[int]) -> list[Seen]:
    rows = (
        AuditEntry.objects.filter(pk__in=ids)
        .order_by()
        .values("actor_id", "actor_agency_id", "actor_roles", "way_in")
        .annotate(
            times=Count("pk"),
            first=Min("timestamp"),
            last=Max("timestamp"),
            purposes=ArrayAgg("purpose", distinct=True),
            events=ArrayAgg("event", distinct=True),
        )
    )
    people = User.objects.in_bulk({row["actor_id"] for row in rows})
    agencies = Agency.objects.in_bulk({row["actor_agency_id"] for row in rows if row["actor_agency_id"]})
    seen = [
        Seen(
            person=people[row["actor_id"]],
            agency=agencies[row["actor_agency_id"]].name if row["actor_agency_id"] else "",
            roles=roles_in(row["actor_roles"]),
            way=WayIn(row["way_in"]).label if row["way_in"] else "",
            times=row["times"],
            first=row["first"],
            last=row["last"],
            purposes=[purpose for purpose in row["purposes"] if purpose not in ("", UNSAID)],
            events=[EVENTS.get(event, event) for event in row["events"]],
        )
        for row in rows
    ]
    return sorted(seen, key=lambda each: each.last, reverse=True)
