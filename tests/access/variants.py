"""Each way in that somebody may give, with what it hangs on changed: given in their name as far as the rules go, and no further."""

import copy
from collections.abc import Iterator
from typing import Any

from django.apps import apps

from tests.access.oracle import Oracle
from tests.access.plan import DAY, GLASS, NOW, House
from tests.access.statements import REFUSED, as_told, insert, with_columns

# What a way in hangs on, and in whose name it is given: each is changed for every other value that the house knows.
VARIED = {
    "alerts.AlertGrant": "user_id agency_id content_object_id break_glass_id expires_at",
    "alerts.NotificationGrant": "user_id agency_id content_object_id break_glass_id expires_at",
    "alerts.FileGrant": "user_id agency_id content_object_id break_glass_id expires_at",
    "alerts.EntryGrant": "user_id agency_id content_object_id break_glass_id expires_at",
    "alerts.DiscussionInvitation": "user_id agency_id content_object_id break_glass_id expires_at",
    "alerts.Exclusion": "user_id agency_id controller_id child_id alert_id notification_id",
    "alerts.BreakGlass": "alert_id notification_id agency_id role expires_at review_agency_id",
    "alerts.StrategyDiscussion": "partnership_id controller_id asked_at_id requested_by_id",
}


GIVEN_BY = ("granted_by_id", "made_by_id", "requested_by_id", "user_id")


def judge_variants(label: str, house: House, oracle: Oracle) -> Iterator[tuple]:
    """Each way in that somebody may give, with one thing about it changed: given in their name as far as the rules go."""
    if label not in VARIED:
        return
    people = {person.pk: person for person in house.people.values()}
    given_by = next(name for name in GIVEN_BY if hasattr(house.rows[label][0], name))
    good: dict[tuple, Any] = {}
    for row in house.rows[label]:
        giver = people.get(getattr(row, given_by))
        if giver is not None and oracle.adds(giver, label, row):
            kind = (
                giver.pk,
                row.agency_id if hasattr(row, "agency_id") else 0,
                getattr(row, "break_glass_id", 0) is None,
            )
            good.setdefault(kind, row)
    for row, columns in with_columns(label, list(good.values())[:6]):
        giver = people[getattr(row, given_by)]
        one: list[dict[str, Any]] = [
            {name: value} for name in VARIED[label].split() for value in _values(name, label, house)
        ]
        one += [{"user_id": giver.pk}] if "user_id" in columns else []
        if label == "alerts.StrategyDiscussion":  # of the authority of the other partnership, which the asker is not of
            one += [{"partnership_id": w.partnership.pk, "controller_id": w.council.pk} for w in house.worlds]
        if label == "alerts.Exclusion":  # of one thing alone, whatever the row itself is of
            of = {"child_id": None, "alert_id": None, "notification_id": None}
            one += [of | {name: value} for name in of for value in _values(name, label, house)]
        for changes in (*one, *(_people_where_they_work(house) if {"user_id", "agency_id"} <= columns.keys() else ())):
            if _is_wrong(giver, label, (row, columns), changes, oracle):
                yield label, giver.name, changes, row.pk
    if given_by == "granted_by_id":
        yield from _in_other_names(label, next(iter(good.values())), house, oracle)


def _is_wrong(giver: Any, label: str, found: tuple[Any, dict], changes: dict[str, Any], oracle: Oracle) -> bool:
    """Let in where the oracle says no, or the other way round: the row with these changes, sent in by `giver`."""
    row, columns = found
    other = copy.copy(row)
    for name, value in changes.items():
        setattr(other, name, value)
    statement, values = insert(label, {**columns, **changes})
    return (as_told(giver, statement, values) != REFUSED) != oracle.adds(giver, label, other)


# Who gives nothing, or less than a colleague: every way in of their own opens little, or is over.
OTHERS = (
    *("tutor_here", "deputy_here", "head_here", "officer_here", "shut_dsl", "leaver_here", "invited", "sends_deputy"),
    *("invited_withdrawn", "invited_expired", "invited_leaver", "invited_untrained", "invited_shut"),
    *("let_in_again", "both"),
)


def _in_other_names(label: str, good: Any, house: House, oracle: Oracle) -> Iterator[tuple]:
    """To a colleague wherever the giver works or has worked; and to whoever broke a glass, through that."""
    [found] = with_columns(label, [good])
    records = _values("content_object_id", label, house)
    through = [
        {"user_id": glass.user_id, "agency_id": glass.agency_id, "break_glass_id": glass.pk, "expires_at": glass.expires_at}
        for glass in house.rows["alerts.BreakGlass"]
    ]  # fmt: skip
    for giver in (house.people[name] for name in OTHERS):
        posts = {each.agency_id for each in house.rows["agencies.Membership"] if each.user_id == giver.pk}
        to = [{"user_id": _colleague(giver, at, house).pk, "agency_id": at, "break_glass_id": None} for at in posts]
        for given in (*to, *through):
            for number in records:
                changes = {"expires_at": NOW + DAY, **given, "granted_by_id": giver.pk, "content_object_id": number}
                if _is_wrong(giver, label, found, changes, oracle):
                    yield label, giver.name, changes, good.pk


def _colleague(giver: Any, agency_id: int, house: House) -> Any:
    """Somebody else who works there now."""
    there = {
        each.user_id for each in house.rows["agencies.Membership"] if each.agency_id == agency_id and not each.ended_at
    }
    return next(each for each in house.people.values() if each.pk in there and each != giver and each.is_active)


def _people_where_they_work(house: House) -> Iterator[dict[str, Any]]:
    """To somebody at another agency than the one in the row, of this partnership and of the other."""
    names = ("officer_here", "manager_here", "other_dsl_here", "tutor_here", "constable_here", "social_worker_here")
    names += ("dsl_there", "officer_there", "ehe_there", "two_hats_here")
    for person in (house.people[name] for name in names):
        for membership in house.rows["agencies.Membership"]:
            if membership.user_id == person.pk:
                yield {"user_id": person.pk, "agency_id": membership.agency_id}


def _values(column: str, label: str, house: House) -> list[Any]:
    """Every other value that it could have in this house."""
    if column == "expires_at":
        return [NOW - DAY, NOW + GLASS * 1.5, NOW + 45 * DAY, NOW + 400 * DAY]
    if column == "role":
        return ["mash_officer", "mash_manager", "dsl", "deputy_dsl", "head", "setting_staff"]
    if column in {"user_id", "requested_by_id"}:
        names = ("officer_here", "dsl_here", "inactive_here", "leaver_here", "system_here", "outsider", "officer_there")
        names += ("shut_dsl", "shut_granted", "shut_officer", "invited_shut", "tutor_here", "constable_here")
        return [house.people[name].pk for name in names]
    if column == "partnership_id":
        return [world.partnership.pk for world in house.worlds]
    if column.endswith("agency_id") or column in {"controller_id", "asked_at_id"}:
        return sorted({each.agency_id for bodies in house.bodies.values() for each in bodies})
    of = {
        "break_glass_id": "alerts.BreakGlass", "child_id": "children.Child", "alert_id": "alerts.Alert",
        "notification_id": "alerts.Notification",
    }.get(column)  # fmt: skip
    of = of or apps.get_model(label)._meta.get_field("content_object").related_model._meta.label
    pks = [row.pk for row in house.rows[of]]
    return [*([None] if column != "content_object_id" else []), *pks[:6], *pks[-3:]]
