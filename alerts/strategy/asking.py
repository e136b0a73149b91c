"""Asking for a strategy discussion: from what was screened or referred, or by hand for a child (STR-01, ALR-11)."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from alerts.intake.services import as_matching
from alerts.strategy import messages, sharing
from alerts.strategy.enums import Origin
from alerts.strategy.models import ConcernedChild, StrategyDiscussion
from alerts.strategy.sharing import Telling
from alerts.strategy.sources import Source
from safeguarding.access.posts import agencies_where
from safeguarding.access.told import check_is_heard
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.agencies.selectors import hub_of, members_of
from safeguarding.audit.record import record
from safeguarding.children.matching import Details, Verdict
from safeguarding.children.models import Child
from safeguarding.children.selectors import judge_all
from safeguarding.children.services import register
from safeguarding.errors import NotVisible, Refused


@transaction.atomic
def ask(
    source: Source, *, authority: Agency, reason: str, in_hospital: bool, telling: Telling, by: User
) -> StrategyDiscussion:
    """The authority's managers are told at once; whoever else is needed, they invite (STR-01).

    Where no manager would get it, it goes by telephone. Where a hub asks, it shares with the authority, and decides to (SHR-02).
    """
    _check_may_ask(source, authority, by)
    _check_not_shut_out(source.children, by)
    discussion = StrategyDiscussion.objects.create(
        partnership=source.partnership,
        controller=authority,
        asked_at=source.asked_at,
        requested_by=by,
        origin=source.origin,
        origin_ref=source.ref,
        notification=source.notification,
        reason=reason,
        referred_on=source.referred_on,
        in_hospital=in_hospital,
        told=telling.told,
        told_words=telling.words or None,
        told_by=telling.by,
    )
    ConcernedChild.objects.bulk_create(
        ConcernedChild(
            partnership=source.partnership,
            controller=authority,
            discussion=discussion,
            asked_at=source.asked_at,
            child=child,
            position=position,
            given_name=child.given_name,
            family_name=child.family_name,
            date_of_birth=child.date_of_birth,
        )
        for position, child in enumerate(source.children)
    )
    managers = messages.managers_of(discussion)
    check_is_heard(
        [] if managers else [authority.name],
        does="convenes strategy discussions in the Hub",
        then="Nothing was asked for. Phone them.",
    )
    facts = {"origin": source.origin, "from": source.ref, "children": len(source.children)}
    record("discussion.asked", discussion, facts=facts)
    sharing.decide(discussion, to=authority, by=by)
    messages.tell(
        discussion,
        managers,
        headline="A strategy discussion is asked for",
        sentence="Somebody asks you to convene a strategy discussion. Please arrange it, or hold it by telephone, now.",
        occasion="asked",
    )
    return discussion


def _check_may_ask(source: Source, authority: Agency, by: User) -> None:
    """In the name of the agency where the asker works on it, and of an authority of the partnership (STR-01)."""
    if not members_of(source.partnership).filter(pk=authority.pk).exists():
        raise NotVisible
    kind = "strategy" if source.asked_at.pk == authority.pk else "notification"
    if source.asked_at.pk not in agencies_where(by, kind):
        raise NotVisible
    if not source.children:
        raise Refused(
            "Nobody knows yet which child this is about. Nothing was asked for. Settle who the child is first."
        )
    known = StrategyDiscussion.objects.visible_to(by).filter(origin_ref=source.ref, state__in=("asked", "arranged"))
    if source.ref and known.exists():
        raise Refused("A strategy discussion about this is asked for already. Nothing was added. Open it instead.")


def _check_not_shut_out(children: Sequence[Child], by: User) -> None:
    """The wall would refuse with an error; it does not say why (MRC-18)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.shut_children(%s)", [by.pk])
        shut = {row[0] for row in cursor.fetchall()}
    if shut & {child.pk for child in children}:
        raise Refused("You cannot ask for this discussion. Nothing was saved. Ask a colleague to do it.")


@transaction.atomic
def ask_by_hand(
    details: Sequence[Details], *, authority: Agency, partnership: Partnership, by: User, **asked: Any
) -> StrategyDiscussion:
    """The authority asks for children whom it names itself; refused, nothing of it stays (STR-01)."""
    if authority.pk not in agencies_where(by, "strategy"):
        raise NotVisible
    source = _source_by_hand(details, authority=authority, partnership=partnership)
    return ask(source, authority=authority, by=by, **asked)


def _source_by_hand(details: Sequence[Details], *, authority: Agency, partnership: Partnership) -> Source:
    """Children whom the authority names: found on the hub's record where that is certain, put on record otherwise (ALR-03).

    Matching acts, for no social worker sees the hub's children; who is shut out of one of them is refused when asking.
    """
    with as_matching("strategy discussion"):
        hub = hub_of(partnership)
        children = [
            Child.objects.with_keys().get(pk=judgement.alike[0].key)
            if judgement.verdict is Verdict.SURE
            else register(partnership=partnership, hub=hub, details=each)
            for each, judgement in zip(details, judge_all(partnership, details), strict=True)
        ]
    return Source(Origin.BY_HAND, partnership, authority, children, referred_on=timezone.localdate())
