"""What counts as unusual: pure rules over what happened, with the partnership's own thresholds (AUD-06)."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils import timezone

from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.audit.events import EXPORTS, OPENINGS
from safeguarding.governance.enums import Unusual

# A partnership's `unusual` changes any of these; None or an empty value switches the rule off.
DEFAULTS: dict[str, Any] = {
    "hours": ["06:00", "22:00"],
    "open_all_hours": [AgencyKind.POLICE, AgencyKind.MASH],
    "burst": {"records": 40, "minutes": 10},
    "own_name": True,
    "never_assigned": {"records": 5},
    "after_leaving": True,
    "refusals": {"times": 8, "minutes": 60},
    "exports": {"rows": 5000, "times": 10},
    "review_days": 5,
}

WORK = (
    "notification.claimed",
    "screening.decided",
    "child.match_decided",
    "notification.received",
    "notification.closed",
)
REFUSED = "access.denied"
KNOCKED, LEFT_BY_THEMSELVES = (
    "user.sign_in_failed",
    ("user.signed_out", "member.joined", "member.ended", "user.signed_in"),
)


@dataclass(frozen=True)
class Act:
    """One thing that a person did, or that was tried with their account."""

    pk: int
    at: dt.datetime
    event: str
    person: int
    agency: int | None
    agency_kind: str = ""
    controller: int | None = None
    roles: str = ""
    record: str = ""
    rows: int = 0
    request: str = ""


@dataclass(frozen=True)
class Finding:
    """A rule that fired: for whom, and which entries show it."""

    kind: Unusual
    acts: Sequence[Act]

    @property
    def person(self) -> int:
        return self.acts[0].person


def thresholds(partnership_s_own: Mapping[str, Any]) -> dict[str, Any]:
    return {**DEFAULTS, **partnership_s_own}


def findings(acts: Iterable[Act], limits: Mapping[str, Any]) -> Iterator[Finding]:
    """Everything unusual about what one person did; `acts` in the order in which they happened."""
    done = sorted(acts, key=lambda act: (act.at, act.pk))
    found = [rule(done, limits) for rule in (out_of_hours, burst, after_leaving, refusals)]
    found += [exports(day, limits) for day in days(act for act in done if act.event in EXPORTS)]
    yield from (each for each in found if each is not None)


def days(acts: Iterable[Act]) -> list[list[Act]]:
    """The acts of each day by the clock on the wall; a threshold of a day is held against one of these."""
    return [list(day) for _, day in groupby(acts, key=lambda act: timezone.localdate(act.at))]


def out_of_hours(acts: Sequence[Act], limits: Mapping[str, Any]) -> Finding | None:
    """Opened outside the hours; a police force and a hub have none (AUD-06)."""
    if not limits["hours"]:
        return None
    start, end = (dt.time.fromisoformat(text) for text in limits["hours"])
    late = [
        act
        for act in acts
        if act.event in OPENINGS
        and act.agency_kind not in limits["open_all_hours"]
        and not start <= timezone.localtime(act.at).time() < end
    ]
    return Finding(Unusual.OUT_OF_HOURS, late) if late else None


def burst(acts: Sequence[Act], limits: Mapping[str, Any]) -> Finding | None:
    """So many different records within so many minutes; the same record again and again is one (AUD-06)."""
    limit = limits["burst"]
    opened = [act for act in acts if act.event in OPENINGS]
    return _many(Unusual.BURST, opened, limit, "records", key=lambda act: act.record) if limit else None


def refusals(acts: Sequence[Act], limits: Mapping[str, Any]) -> Finding | None:
    """Refused so often within so many minutes: somebody tries references (AUD-06, NTK-01)."""
    limit = limits["refusals"]
    refused = [act for act in acts if act.event == REFUSED]
    return _many(Unusual.REFUSALS, refused, limit, "times", key=lambda act: act.pk) if limit else None


def _many(
    kind: Unusual, acts: Sequence[Act], limit: Mapping[str, int], what: str, *, key: Callable[[Act], Any]
) -> Finding | None:
    """The acts of every stretch of time that holds as many different things as the threshold says."""
    span = dt.timedelta(minutes=limit["minutes"])
    shown: dict[int, Act] = {}
    first = 0
    for last, act in enumerate(acts):
        while act.at - acts[first].at > span:
            first += 1
        window = acts[first : last + 1]
        if len({key(each) for each in window}) >= limit[what]:
            shown |= {each.pk: each for each in window}
    return Finding(kind, list(shown.values())) if shown else None


def after_leaving(acts: Sequence[Act], limits: Mapping[str, Any]) -> Finding | None:
    """Somebody without any role any more knocks, or acts; signing out is none of it (AUD-06, NTK-07)."""
    if not limits["after_leaving"]:
        return None
    late = [act for act in acts if not act.roles and act.agency is not None and act.event not in LEFT_BY_THEMSELVES]
    return Finding(Unusual.AFTER_LEAVING, late) if late else None


def exports(acts: Sequence[Act], limits: Mapping[str, Any]) -> Finding | None:
    """So many rows or so many files taken out; `acts` of one day (AUD-06)."""
    limit = limits["exports"]
    if not limit:
        return None
    taken_out = [act for act in acts if act.event in EXPORTS]
    # one file with records of several agencies leaves an entry with each of them
    files = {act.request or act.pk for act in taken_out}
    many = sum(act.rows for act in taken_out) >= limit["rows"] or len(files) >= limit["times"]
    return Finding(Unusual.EXPORTS, taken_out) if many else None


def never_assigned(acts: Sequence[Act], limits: Mapping[str, Any], worked_on: set[str]) -> Finding | None:
    """A hub's officer opened so many records and worked on none of them; `acts` of one day; a manager looks after all (AUD-06)."""
    limit = limits["never_assigned"]
    if not limit:
        return None
    looked = [
        act
        for act in acts
        if act.event == "notification.opened"
        and Role.MASH_OFFICER in act.roles.split(",")
        and Role.MASH_MANAGER not in act.roles.split(",")
        and act.record not in worked_on
    ]
    return Finding(Unusual.NEVER_ASSIGNED, looked) if len({act.record for act in looked}) >= limit["records"] else None


def family_names(name: str) -> set[str]:
    """The family names in a person's name, as one compares them: the last word, and each half of a double name."""
    words = name.casefold().replace("’", "'").split()
    if not words:
        return set()
    return {part for part in (words[-1], *words[-1].split("-")) if len(part) > 1}


def own_name(
    acts: Sequence[Act], limits: Mapping[str, Any], person: str, names: Mapping[str, set[str]]
) -> Finding | None:
    """Opened a record of somebody with the reader's own family name; `names` are the family names in each record (AUD-06)."""
    own = family_names(person)
    if not limits["own_name"]:
        return None
    same = [act for act in acts if act.event in OPENINGS and own & names.get(act.record, set())]
    return Finding(Unusual.OWN_NAME, same) if same else None
