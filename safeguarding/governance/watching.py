"""The watch: a named service that reads the log as it grows, and raises what is unusual with the IG lead (AUD-06).

It compares family names in memory and keeps a code. What it raised once it does not raise again: later entries join it.
"""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from safeguarding.access.handlers import HANDLERS
from safeguarding.access.principal import Principal, acting_as
from safeguarding.access.rules import WATCH
from safeguarding.agencies.calendars import is_working_day
from safeguarding.agencies.models import Agency, Membership, Partnership, User
from safeguarding.agencies.selectors import hub_of, partnerships_of
from safeguarding.audit.events import EXPORTS, OPENINGS
from safeguarding.audit.models import AuditEntry
from safeguarding.audit.record import record
from safeguarding.governance import rules
from safeguarding.governance.enums import ReviewStatus, Unusual
from safeguarding.governance.models import UnusualAccess, WatchMark
from safeguarding.governance.rules import Act, Finding
from safeguarding.notifications.services import queue_email
from safeguarding.refs import normalise_ref

log = logging.getLogger("hub.watch")

# Entries become visible when their transaction commits: the last stretch is looked at again.
OVERLAP = dt.timedelta(minutes=15)
# Long enough that every threshold in minutes is seen whole.
LONGEST_WINDOW = dt.timedelta(hours=2)
# So long somebody has to claim or decide what they have opened.
TIME_TO_WORK = dt.timedelta(hours=24)
OPENED = "notification.opened"
FIRST_LOOK = dt.timedelta(days=1)
MOST_SHOWN = 200
_LOCK = 7041606

Names = Callable[[Sequence[str]], Mapping[str, set[str]]]
_names: list[Names] = []


def names_from(room: Names) -> None:
    """A room says which family names stand in its records: by reference, opened in memory, kept nowhere (AUD-06)."""
    _names.append(room)


@transaction.atomic
def watch(at: dt.datetime | None = None) -> list[UnusualAccess]:
    """Look at what happened since the last time; what is raised now (AUD-06). One watch at a time."""
    now = at or timezone.now()
    with acting_as(Principal(service=WATCH, purpose="watch")):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
            if cursor.fetchone() == (False,):
                return []
        mark = WatchMark.objects.first() or WatchMark(looked_until=now - FIRST_LOOK)
        since = min(mark.looked_until, now) - OVERLAP
        raised = [row for finding, limits in _found(since, now) if (row := _raise(finding, limits, now)) is not None]
        mark.looked_until = now
        mark.save()
    return raised


def _found(since: dt.datetime, now: dt.datetime) -> list[tuple[Finding, dict[str, Any]]]:
    found: list[tuple[Finding, dict[str, Any]]] = []
    limits_at: dict[int | None, dict[str, Any]] = {}

    def limits(acts: Sequence[Act]) -> dict[str, Any]:
        agency = acts[0].agency or acts[0].controller
        return limits_at.setdefault(agency, _limits_of(agency))

    acts = _acts_of(since - LONGEST_WINDOW, now, active_since=since)
    acts = _with_the_morning(acts, timezone.localdate(since), since - LONGEST_WINDOW, EXPORTS)
    people = User.objects.in_bulk(acts)
    names = _names_in({act.record for each in acts.values() for act in each if act.event in OPENINGS})
    for person, done in acts.items():
        mine = limits(done)
        found += [(finding, mine) for finding in rules.findings(done, mine)]
        same = rules.own_name(done, mine, people[person].name, names)
        found += [(same, mine)] if same else []
    start = since - TIME_TO_WORK
    opened = _acts_of(start, now - TIME_TO_WORK, events=(OPENED,))
    opened = _with_the_morning(opened, timezone.localdate(start), start, (OPENED,))
    worked_on = _worked_on(opened)
    for person, looked in opened.items():
        for day in rules.days(looked):
            idle = rules.never_assigned(day, limits(day), worked_on[person])
            found += [(idle, limits(day))] if idle else []
    return found


def _with_the_morning(
    acts: Mapping[int, list[Act]], day: dt.date, start: dt.datetime, events: Sequence[str]
) -> dict[int, list[Act]]:
    """With the same by the same people earlier that day, before `start`: a threshold of a day sees the day from midnight on."""
    people = [person for person, done in acts.items() if any(act.event in events for act in done)]
    midnight = timezone.make_aware(dt.datetime.combine(day, dt.time()))
    earlier = _acts_of(midnight, start, events=events, people=people) if people and midnight < start else {}
    return {person: [*earlier.get(person, ()), *done] for person, done in acts.items()}


def _acts_of(
    since: dt.datetime,
    until: dt.datetime,
    *,
    active_since: dt.datetime | None = None,
    events: Sequence[str] = (),
    people: Sequence[int] = (),
) -> dict[int, list[Act]]:
    """What each person did in this time, by person; with `active_since`, of those only who did something after it."""
    watched = events or {*OPENINGS, *EXPORTS, rules.REFUSED, rules.KNOCKED}
    entries = AuditEntry.objects.filter(timestamp__gte=since, timestamp__lt=until)
    # whatever somebody without any role does counts
    entries = entries.filter(Q(event__in=watched) | (Q(actor_roles="", actor__isnull=False) if not events else Q()))
    if people:
        entries = entries.filter(actor__in=people)
    by_person: dict[int, list[Act]] = defaultdict(list)
    for entry in entries.select_related("actor_agency").order_by("timestamp", "pk"):
        if (act := _act(entry)) is not None:
            by_person[act.person].append(act)
    _mark_leavers(by_person)
    if active_since is None:
        return by_person
    return {person: acts for person, acts in by_person.items() if acts[-1].at >= active_since}


def _act(entry: AuditEntry) -> Act | None:
    person = entry.object_id if entry.event == rules.KNOCKED else entry.actor_id
    if person is None:
        return None
    facts = entry.additional_data or {}
    return Act(
        pk=entry.pk,
        at=entry.timestamp,
        event=entry.event,
        person=person,
        agency=entry.actor_agency_id or (entry.agency_id if entry.event == rules.KNOCKED else None),
        agency_kind=entry.actor_agency.kind if entry.actor_agency else "",
        controller=entry.agency_id,
        # who only knocked has no roles in the entry: whether they have any is asked below
        roles="?" if entry.event == rules.KNOCKED else entry.actor_roles,
        record=normalise_ref(entry.object_repr) or normalise_ref(str(facts.get("ref", ""))) or "",
        rows=facts.get("rows", 0) if isinstance(facts.get("rows"), int) else 0,
        request=entry.cid or "",
    )


def _mark_leavers(by_person: dict[int, list[Act]]) -> None:
    """A failed sign-in says nothing of roles: it is a leaver's when the person belongs nowhere any more (NTK-07)."""
    knocked = [person for person, acts in by_person.items() if any(act.event == rules.KNOCKED for act in acts)]
    there = set(
        Membership.objects.filter(user_id__in=knocked, ended_at=None, user__is_active=True).values_list(
            "user_id", flat=True
        )
    )
    for person in set(knocked) - there:
        by_person[person] = [
            Act(**{**vars(act), "roles": ""}) if act.event == rules.KNOCKED else act for act in by_person[person]
        ]


def _worked_on(opened: Mapping[int, Sequence[Act]]) -> dict[int, set[str]]:
    """Which of the records that each of them opened they worked on."""
    refs = {act.record for looked in opened.values() for act in looked}
    done = AuditEntry.objects.filter(actor__in=opened, event__in=rules.WORK, object_repr__in=refs)
    worked_on: dict[int, set[str]] = defaultdict(set)
    for person, ref in done.values_list("actor_id", "object_repr"):
        worked_on[person].add(ref)
    return worked_on


def _names_in(refs: set[str]) -> Mapping[str, set[str]]:
    names: dict[str, set[str]] = {}
    for room in _names:
        names |= room(sorted(refs))
    return names


def _limits_of(agency_id: int | None) -> dict[str, Any]:
    agency = Agency.objects.filter(pk=agency_id).first() if agency_id else None
    partnerships = partnerships_of(agency) if agency else []
    return rules.thresholds(partnerships[0].unusual if partnerships else {})


def _raise(finding: Finding, limits: Mapping[str, Any], now: dt.datetime) -> UnusualAccess | None:
    """A new row and an e-mail; or, where the same thing stands already, its new entries with it."""
    where = _reviewed_at(finding)
    if where is None:
        log.warning("unusual access (%s) has no agency to go to", finding.kind)
        return None
    agency, partnership, leads = where
    first, last = (f"{timezone.localdate(finding.acts[at].at):%Y-%m-%d}" for at in (0, -1))
    # what goes on past midnight is one thing: its row stands under the day on which it began
    same = list(
        UnusualAccess.objects.select_for_update(of=("self",))
        .select_related("crypto_key")
        .filter(controller=agency, person_id=finding.person, kind=finding.kind)
        .filter(Q(occasion__startswith=first) | Q(occasion__startswith=last) | Q(last_at__gte=finding.acts[0].at))
        .order_by("pk")
    )
    known = {pk for row in same for pk in row.entry_ids}
    fresh = [act for act in finding.acts if act.pk not in known]
    if not fresh:
        return None
    if same and same[-1].status == ReviewStatus.OPEN:
        _join(same[-1], fresh)
        return None
    day = f"{timezone.localdate(fresh[0].at):%Y-%m-%d}"
    before = sum(row.occasion.startswith(day) for row in same)
    occasion = f"{day}/{before + 1}" if before else day
    row = UnusualAccess.objects.create(
        partnership=partnership,
        controller=agency,
        kind=finding.kind,
        person_id=finding.person,
        occasion=occasion,
        entry_ids=[act.pk for act in fresh],
        evidence=_evidence(fresh)[:MOST_SHOWN],
        times=len(fresh),
        first_at=fresh[0].at,
        last_at=fresh[-1].at,
        raised_at=now,
        due_at=due_after(now, int(limits["review_days"])),
    )
    record("unusual.raised", row, facts={"kind": row.kind, "user": row.person_id})
    _tell(row, leads)
    return row


def _join(row: UnusualAccess, fresh: Sequence[Act]) -> None:
    row.entry_ids = [*row.entry_ids, *(act.pk for act in fresh)]
    row.evidence = [*(row.evidence or []), *_evidence(fresh)][:MOST_SHOWN]
    row.times += len(fresh)
    row.first_at, row.last_at = min(row.first_at, fresh[0].at), max(row.last_at, fresh[-1].at)
    row.save(update_fields=["entry_ids", "evidence", "times", "first_at", "last_at"])


def _evidence(acts: Sequence[Act]) -> list[list[str]]:
    return [[act.at.isoformat(), act.event, act.record] for act in acts]


def _reviewed_at(finding: Finding) -> tuple[Agency, Partnership, list[User]] | None:
    """The person's own agency, where it has another IG lead than that person; else the one that controls the records; else the hub."""
    act = finding.acts[0]
    candidates = [pk for pk in (act.agency, *dict.fromkeys(each.controller for each in finding.acts)) if pk]
    home = Agency.objects.filter(pk=act.agency).first() if act.agency else None
    candidates += [hub_of(partnership).pk for partnership in (partnerships_of(home) if home else [])]
    agencies = Agency.objects.in_bulk(candidates)
    fitting = [(agencies[pk], partnerships_of(agencies[pk]), leads_of(pk, but=finding.person)) for pk in candidates]
    fitting = [each for each in fitting if each[1]]
    if not fitting:
        return None
    agency, partnerships, leads = next((each for each in fitting if each[2]), fitting[0])
    return agency, partnerships[0], leads


def leads_of(agency_id: int, *, but: int) -> list[User]:
    held = Membership.objects.filter(
        agency_id=agency_id, role__in=HANDLERS["audit"], ended_at=None, user__is_active=True
    )
    return [each.user for each in held.exclude(user_id=but).select_related("user").order_by("pk")]


def due_after(at: dt.datetime, working_days: int) -> dt.datetime:
    """The same time of day, so many working days later."""
    due = timezone.localtime(at)
    while working_days > 0:
        due += dt.timedelta(days=1)
        working_days -= is_working_day(due.date())
    return due


def _tell(row: UnusualAccess, leads: Iterable[User]) -> None:
    """At once, by type, reference and link: the e-mail names nobody (AUD-06)."""
    for lead in leads:
        queue_email(
            to=lead.email,
            template="unusual_access",
            context={
                "ref": row.ref,
                "kind": Unusual(row.kind).label,
                "agency": row.controller.name,
                "marking": row.partnership.marking,
                "due": f"{timezone.localtime(row.due_at):%-d %B %Y}",
                "link": f"{settings.SITE_URL}/unusual/{row.ref}/",
            },
            dedupe_key=f"unusual:{row.pk}:{lead.pk}",
            recipient=lead,
            about=row,
        )
