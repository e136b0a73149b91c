"""The access log as an information-governance lead reads it: newest first, as quick at the millionth entry as at the first.

Theirs are the entries about records that their agency controls, and those of their agency's own people (AUD-04, ADR 0020).
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from safeguarding.access.posts import agencies_where
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, User
from safeguarding.audit.enums import WayIn
from safeguarding.audit.events import EVENTS
from safeguarding.audit.models import AuditEntry
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible
from safeguarding.refs import normalise_ref
from safeguarding.web.paging import CAP, KeysetPage, capped, decode_cursor, encode_cursor

PAGE = 50
MOST_PEOPLE = MOST_AGENCIES = 50
MOST_EXPORTED = 10_000
TROUBLE = "trouble"
OUTCOMES = {"done": "Done", "denied": "Refused", "failed": "Failed"}
UNSAID = "web"
# What an entry was about when it was no record with a reference.
_NO_RECORD = {"agencies.User": "A person's account", "agencies.ApiToken": "A token", "agencies.Agency": "An agency"}
# Beyond so many agencies one query for all is quicker than one for each.
_MANY_AGENCIES = 16


@dataclass(frozen=True)
class Search:
    """What somebody asks the log for; an empty part asks for nothing."""

    person: str = ""
    user: User | None = None
    agency: str = ""
    ref: str = ""
    event: str = ""
    purpose: str = ""
    outcome: str = ""
    since: dt.datetime | None = None
    until: dt.datetime | None = None

    @property
    def asked(self) -> list[str]:
        """Which parts were filled in: that much is remembered of a search, not what was typed."""
        return [each.name for each in fields(self) if getattr(self, each.name)]


@dataclass(frozen=True)
class Line:
    """One entry in words."""

    entry: AuditEntry
    who: str
    roles: Sequence[str] = field(default_factory=tuple)
    hidden: Collection[str] = frozenset()

    @property
    def day(self) -> dt.date:
        return timezone.localdate(self.entry.timestamp)

    @property
    def what(self) -> str:
        return EVENTS.get(self.entry.event, self.entry.event)

    @property
    def ref(self) -> str:
        facts = self.entry.additional_data or {}
        found = normalise_ref(self.entry.object_repr) or normalise_ref(str(facts.get("ref", ""))) or ""
        return "" if found in self.hidden else found

    @property
    def shown(self) -> list[str]:
        """What a list showed, without what the reader is shut out from."""
        return [ref for ref in self.entry.objects_shown if ref not in self.hidden]

    @property
    def about(self) -> str:
        """Another thing than a record, without its number: database ids never leave."""
        label = self.entry.object_repr.partition(" ")[0]
        if self.ref or "." not in label:
            return ""
        return _NO_RECORD.get(label) or apps.get_model(label)._meta.verbose_name.capitalize()

    @property
    def agency(self) -> str:
        return self.entry.actor_agency.name if self.entry.actor_agency else ""

    @property
    def purpose(self) -> str:
        """What a person said; a service's is the name of its work, which is told by what it did."""
        return "" if self.entry.purpose == UNSAID or not self.entry.actor_id else self.entry.purpose

    @property
    def way(self) -> str:
        return WayIn(self.entry.way_in).label if self.entry.way_in else ""

    @property
    def outcome(self) -> str:
        return OUTCOMES.get(self.entry.outcome, self.entry.outcome)


def led_by(user: User) -> list[Agency]:
    """The agencies whose information governance this person leads; to everybody else these pages are not there (AUD-04)."""
    led = list(Agency.objects.filter(pk__in=agencies_where(user, "audit")).order_by("name", "pk"))
    if not user.is_active or not led:
        raise NotVisible
    return led


def mine(*, for_user: User) -> Q:
    """Entries about my agencies' records, and of my agencies' people (AUD-04, NTK-02)."""
    led = [agency.pk for agency in led_by(for_user)]
    return Q(agency_id__in=led) | Q(actor_agency_id__in=led)


def _narrowed(search: Search) -> QuerySet[AuditEntry]:
    entries = AuditEntry.objects.all()
    if search.user is not None:
        entries = entries.filter(actor_id=search.user.pk)
    if search.person:
        entries = entries.filter(actor_id__in=[user.pk for user in _people(search.person)[:MOST_PEOPLE]])
    if search.agency:
        found = Agency.objects.filter(name__icontains=search.agency).order_by("name", "pk")[:MOST_AGENCIES]
        entries = entries.filter(actor_agency_id__in=[agency.pk for agency in found])
    if search.ref:
        entries = entries.filter(object_repr=search.ref)
    if search.outcome == TROUBLE:
        entries = entries.filter(outcome__in=["denied", "failed"])
    exactly = {"event": search.event, "purpose": search.purpose, "timestamp__gte": search.since}
    exactly |= {"timestamp__lt": search.until, "outcome": search.outcome if search.outcome != TROUBLE else ""}
    return entries.filter(**{name: value for name, value in exactly.items() if value})


def _newest(search: Search, *, for_user: User, limit: int, cursor: str = "") -> list[int]:
    """Ids of the newest: each agency's own by its own index, then of all of them, in one query."""
    led = [agency.pk for agency in led_by(for_user)]
    entries = _narrowed(search)
    after = decode_cursor(cursor) if cursor else None
    if after is not None:
        moment, number = after
        entries = entries.filter(timestamp__lte=moment).exclude(timestamp=moment, pk__gte=number)
    groups: list[dict[str, Any]] = [{"": pk} for pk in led] if len(led) <= _MANY_AGENCIES else [{"__in": led}]
    branches = [
        entries.filter(**{f"{column}_id{how}": value})
        .order_by("-timestamp", "-pk")
        .values_list("timestamp", "pk")[:limit]
        for group in groups
        for how, value in group.items()
        for column in ("agency", "actor_agency")
    ]
    found = set(branches[0].union(*branches[1:], all=True))
    return [pk for _, pk in sorted(found, reverse=True)[:limit]]


def lines_of(entries: Iterable[AuditEntry], *, for_user: User) -> list[Line]:
    hidden = _hidden_from(for_user)
    return [Line(each, each.actor.name if each.actor else "", roles_in(each.actor_roles), hidden) for each in entries]


def _lines(ids: Sequence[int], for_user: User) -> list[Line]:
    found = AuditEntry.objects.select_related("actor", "actor_agency").in_bulk(list(ids))
    return lines_of([found[pk] for pk in ids], for_user=for_user)


def _hidden_from(user: User) -> frozenset[str]:
    """References of what this person is shut out from, which colleagues were shown all the same (NTK-04, MRC-18)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT shut.ref FROM app.shut_from_log(%s) AS shut WHERE shut.ref IS NOT NULL", [user.pk])
        return frozenset(ref for (ref,) in cursor.fetchall())


def roles_in(text: str) -> tuple[str, ...]:
    return tuple(str(Role(role).label) for role in text.split(",") if role in Role.values)


def log_page(search: Search, *, cursor: str, for_user: User) -> KeysetPage:
    """One page of the log; looking at it is remembered as well (AUD-01, AUD-04)."""
    ids = _newest(search, for_user=for_user, limit=PAGE + 1, cursor=cursor)
    lines = _lines(ids[:PAGE], for_user)
    event = "log.person" if search.user else "log.searched"
    record(event, search.user, facts={"asked": search.asked, "rows": len(lines)})
    older = encode_cursor([lines[-1].entry.timestamp, lines[-1].entry.pk]) if len(ids) > PAGE else None
    return KeysetPage(lines, older, not cursor)


def log_count(search: Search, *, for_user: User) -> str:
    """How many entries there are, counted up to a thousand."""
    return capped(len(_newest(search, for_user=for_user, limit=CAP + 1)))


def log_export(search: Search, *, for_user: User, purpose: str) -> list[Line]:
    """The same rows as the list, newest first, up to ten thousand; who took them out and why is remembered (AUD-04)."""
    lines = _lines(_newest(search, for_user=for_user, limit=MOST_EXPORTED), for_user)
    record("log.exported", search.user, purpose=purpose, facts={"asked": search.asked, "rows": len(lines)})
    return lines


def _people(text: str) -> QuerySet[User]:
    return User.objects.filter(Q(name__icontains=text) | Q(email__icontains=text)).order_by("name", "pk")


def people_in_log(text: str, *, for_user: User) -> list[User]:
    """People with this in their name or address of whom my log knows anything (AUD-04)."""
    known = AuditEntry.objects.filter(mine(for_user=for_user), actor_id=OuterRef("pk"))
    return list(_people(text).filter(Exists(known))[:MOST_PEOPLE])


def person_in_log(number: int | None, *, for_user: User) -> User:
    """One person of whom my log knows; anybody else is not there (AUD-04, NTK-01)."""
    found = User.objects.filter(pk=number).first() if number is not None else None
    if found is None or not AuditEntry.objects.filter(mine(for_user=for_user), actor_id=found.pk).exists():
        raise NotVisible
    return found
