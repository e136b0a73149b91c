"""Writes of the asked agency: what it holds, whose it stays, and whether it may be passed on (MSH-02, MSH-03)."""

import datetime as dt

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from alerts.requests import policies, selectors, telling
from alerts.requests.enums import AskState, Onward
from alerts.requests.models import Ask, HeldItem
from safeguarding.access.posts import agencies_where
from safeguarding.agencies.models import User
from safeguarding.audit.record import record
from safeguarding.errors import Conflict, NotVisible


def _held(ask: Ask, by: User) -> Ask:
    """The question again, for update, where `by` answers for the agency."""
    mine = Ask.objects.visible_to(by).filter(agency__in=agencies_where(by, "asked"), pk=ask.pk)
    held = (
        mine.select_for_update(of=("self",), no_key=True).select_related("crypto_key", "agency", "partnership").first()
    )
    if held is None:
        raise NotVisible
    return held


@transaction.atomic
def open_question(ask: Ask, *, by: User) -> None:
    """Reading which child it is about is an opening, and remembered (AUD-01)."""
    record("request.opened", ask, at=ask.agency_id, purpose="Asked for information")


@transaction.atomic
def add_item(
    ask: Ask,
    *,
    text: str,
    nature: str,
    currency: str,
    originated_on: dt.date | None,
    onward: bool,
    limits: str,
    by: User,
) -> HeldItem:
    """One piece of what the agency holds; it stays the agency's own, and the hub sees it once all is sent (MSH-03, SHR-08)."""
    ask = _held(ask, by)
    policies.check_can_answer(ask, AskState.ANSWERED)
    last = HeldItem.objects.visible_to(by).filter(ask=ask).aggregate(Max("position"))["position__max"] or 0
    item = HeldItem.objects.create(
        partnership=ask.partnership,
        controller=ask.agency,
        ask=ask,
        child_id=ask.child_id,
        position=last + 1,
        text=text,
        nature=nature,
        currency=currency,
        originator=ask.agency.name,
        originated_on=originated_on,
        marking=ask.marking,
        given_by=by,
        onward=Onward.PERMITTED if onward else Onward.HUB_ONLY,
        onward_limits=limits if onward else "",
        onward_by=by if onward else None,
        onward_at=timezone.now() if onward else None,
    )
    record("request.item_added", ask, at=ask.agency_id, facts={"item": item.position, "onward": str(item.onward)})
    return item


@transaction.atomic
def finish(ask: Ask, *, by: User) -> Ask:
    """That is all we hold: the items reach the hub (MSH-02)."""
    held = _held(ask, by)
    policies.check_can_answer(held, AskState.ANSWERED)
    items = HeldItem.objects.visible_to(by).filter(ask=held)
    policies.check_has_items(items.count())
    answered = _answer(held, AskState.ANSWERED, "", by)
    items.update(hub_id=held.controller_id)
    return answered


@transaction.atomic
def hold_nothing(ask: Ask, *, words: str, by: User) -> Ask:
    """Looked, and found nothing: that is an answer, and says where was looked (MSH-02)."""
    held = _held(ask, by)
    if HeldItem.objects.visible_to(by).filter(ask=held).exists():
        raise Conflict("You have added what you hold. Nothing was changed. Send that, or decline.")
    return _answer(held, AskState.NOTHING, words, by)


@transaction.atomic
def decline(ask: Ask, *, words: str, by: User) -> Ask:
    """The agency does not share what it may hold, and says why (MSH-02)."""
    return _answer(_held(ask, by), AskState.DECLINED, words, by)


def _answer(ask: Ask, state: AskState, words: str, by: User) -> Ask:
    policies.check_can_answer(ask, state)
    ask.state, ask.answered_at, ask.answered_by, ask.words = state, timezone.now(), by, words or None
    ask.save(update_fields=["state", "answered_at", "answered_by", "words"])
    record("request.answered", ask, at=ask.agency_id, facts={"state": str(state)})
    telling.of_answer(ask)
    return ask


@transaction.atomic
def say_onward(item: HeldItem, *, permitted: bool, limits: str, by: User) -> HeldItem:
    """The originator alone decides about passing its information on, and may change its mind until it has left (MSH-03)."""
    mine = HeldItem.objects.visible_to(by).filter(controller__in=agencies_where(by, "asked"), pk=item.pk)
    held = mine.select_for_update(of=("self",), no_key=True).select_related("crypto_key", "ask", "partnership").first()
    if held is None:
        raise NotVisible
    held.onward = Onward.PERMITTED if permitted else Onward.REFUSED
    held.onward_limits, held.onward_by, held.onward_at = limits if permitted else "", by, timezone.now()
    held.save(update_fields=["onward", "onward_limits", "onward_by", "onward_at"])
    record(
        "request.permission_given" if permitted else "request.permission_refused",
        held.ask,
        at=held.controller_id,
        facts={"item": held.position},
    )
    telling.of_permission_said(selectors.given_item(held.ask, held.position, for_user=by))
    return held
