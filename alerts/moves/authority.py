"""A child moves out of a hub's area: a person of that hub passes it on, and the next hub takes the child up (MSH-09)."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from alerts.files.models import SafeguardingFile
from alerts.intake.services import lock_partnership
from alerts.moves import policies, selectors, telling
from alerts.moves.enums import MoveReason, MoveState
from alerts.moves.models import ChildMove, Transfer
from alerts.moves.shut_out import somebody_is_shut_out
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.agencies.selectors import hub_of, partnerships_of
from safeguarding.audit.record import record
from safeguarding.children.models import Child
from safeguarding.children.services import register
from safeguarding.errors import NotVisible, Refused


def _partnership_left_for(transfer: Transfer) -> Partnership | None:
    """Another one than the child's own, where the receiving setting is in none of the child's."""
    if transfer.recipient is None:
        return None
    joined = partnerships_of(transfer.recipient)
    if not joined or any(each.pk == transfer.partnership_id for each in joined):
        return None
    return joined[0]


def tell_of_move(transfer: Transfer, file: SafeguardingFile) -> ChildMove | None:
    """The setting's word reaches its hub when the child leaves the area, as far as anybody can tell. Runs as dispatch."""
    to = _partnership_left_for(transfer)
    if to is None and transfer.reason != MoveReason.HOME:
        return None
    child = file.child.merged_into or file.child
    move = ChildMove.objects.create(
        partnership_id=child.partnership_id,
        controller_id=child.controller_id,
        child=child,
        child_given_name=transfer.child_given_name,
        child_family_name=transfer.child_family_name,
        child_date_of_birth=transfer.child_date_of_birth,
        told_by=transfer.controller,
        source_ref=transfer.ref,
        reason=transfer.reason,
        left_on=transfer.left_on,
        to_partnership=to,
    )
    record("move.told", move, facts={"transfer": transfer.ref, "known_where": to is not None})
    telling.tell_hub(
        move, move.controller, occasion="told", headline="A child has moved out of your area",
        sentence="A setting says that a child has moved. Please decide whether the hub of the other area has to know.",
    )  # fmt: skip
    return move


@transaction.atomic
def tell_by_hand(child: Child, *, to: Partnership, left_on: dt.date, by: User) -> ChildMove:
    """The hub heard of the move by itself; whether it is passed on is decided on the next page."""
    mine = Child.objects.visible_to(by).filter(pk=child.pk).with_keys().first()
    if mine is None:
        raise NotVisible
    policies.check_left_on(left_on)
    policies.check_is_elsewhere(to, mine.partnership_id)
    move = ChildMove.objects.create(
        partnership_id=mine.partnership_id,
        controller_id=mine.controller_id,
        child=mine,
        child_given_name=mine.given_name,
        child_family_name=mine.family_name,
        child_date_of_birth=mine.date_of_birth,
        told_by_id=mine.controller_id,
        reason=MoveReason.HOME,
        left_on=left_on,
        to_partnership=to,
    )
    record("move.told", move, facts={"known_where": True})
    return move


def _held(move: ChildMove, by: User, *, sender: bool) -> ChildMove:
    mine = ChildMove.objects.visible_to(by).filter(pk=move.pk)
    held = mine.select_related("crypto_key", "controller", "partnership", "to_hub", "to_partnership").select_for_update(
        of=("self",), no_key=True
    ).first()  # fmt: skip
    if held is None:
        raise NotVisible
    found = selectors.get_move(held.ref, for_user=by)
    if not (found.is_sender if sender else found.is_receiver):
        raise NotVisible
    return held


@transaction.atomic
def flag(move: ChildMove, *, to: Partnership, note: str, by: User) -> ChildMove:
    """A person of the child's hub decides that the other hub has to know; from then on that hub reads it (MSH-09).

    What a hub asked before has answered is for the first hub: the next one does not read it (NTK-01).
    """
    held = _held(move, by, sender=True)
    policies.check_move_can_become(held, MoveState.FLAGGED)
    policies.check_is_elsewhere(to, held.partnership_id)
    held.to_partnership, held.to_hub, held.note = to, hub_of(to), note or None
    held.state, held.decided_at, held.decided_by = MoveState.FLAGGED, timezone.now(), by
    held.answer = held.answered_at = held.answered_by = None
    held.save(update_fields=[
        "to_partnership", "to_hub", "note", "state", "decided_at", "decided_by", "answer", "answered_at", "answered_by",
    ])  # fmt: skip
    facts = {"to": to.slug, "somebody_shut_out": somebody_is_shut_out(held, for_user=by)}
    record("move.flagged", held, facts=facts, at=held.controller_id)
    with acting_as(as_dispatch("tell the next hub")):
        telling.tell_hub(
            held, held.to_hub, occasion=f"flagged-{held.decided_at:%Y%m%d%H%M%S}",
            headline="A child has moved to your area",
            sentence="The hub of another area passes on that a child has moved to yours. Please take the child up.",
        )  # fmt: skip
    return held


@transaction.atomic
def keep(move: ChildMove, *, note: str, by: User) -> ChildMove:
    """Not passed on, with the reason: nothing is known that the other hub would need, or the child has not moved.

    A hub that was asked before and said no does not read the reason: the move is none of its any more (MSH-09, NTK-01).
    """
    held = _held(move, by, sender=True)
    policies.check_move_can_become(held, MoveState.KEPT)
    held.state, held.note, held.decided_at, held.decided_by = MoveState.KEPT, note, timezone.now(), by
    held.to_hub = None
    held.save(update_fields=["state", "note", "decided_at", "decided_by", "to_hub"])
    record("move.kept", held, at=held.controller_id)
    return held


@transaction.atomic
def take_up(move: ChildMove, *, child_ref: str, by: User) -> Child:
    """The next hub has the child on its record, or puts the child there; both hubs see who took it up (MSH-09)."""
    held = _held(move, by, sender=False)
    policies.check_move_can_become(held, MoveState.TAKEN_UP)
    child = _record_of(held, child_ref, by)
    held.state, held.taken_as, held.answered_at, held.answered_by = MoveState.TAKEN_UP, child, timezone.now(), by
    held.save(update_fields=["state", "taken_as", "answered_at", "answered_by"])
    record("move.taken_up", held, facts={"new": not child_ref}, at=held.to_hub_id)
    _tell_back(held, "taken-up", "A child who moved was taken up", "The hub of the other area has taken the child up.")
    return child


def _record_of(move: ChildMove, child_ref: str, by: User) -> Child:
    assert move.to_partnership is not None
    assert move.to_hub is not None
    if not child_ref:
        lock_partnership(move.to_partnership.pk)
        return register(partnership=move.to_partnership, hub=move.to_hub, details=selectors.details_of(move))
    known = Child.objects.visible_to(by).filter(controller=move.to_hub, ref=child_ref)
    found: Child | None = known.with_keys().first()
    if found is None:
        raise Refused("This child is not on your record any more. Nothing was saved. Open the page again, and choose.")
    return found


@transaction.atomic
def not_here(move: ChildMove, *, answer: str, by: User) -> ChildMove:
    """The child is not in this area either: back to the first hub, so that nobody falls between two."""
    held = _held(move, by, sender=False)
    policies.check_move_can_become(held, MoveState.NOT_HERE)
    held.state, held.answer, held.answered_at, held.answered_by = MoveState.NOT_HERE, answer, timezone.now(), by
    held.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    record("move.not_here", held, at=held.to_hub_id)
    _tell_back(held, "not-here", "A child who moved is not where you said", "The other hub does not know of the child.")
    return held


def _tell_back(move: ChildMove, occasion: str, headline: str, sentence: str) -> None:
    with acting_as(as_dispatch("tell the first hub")):
        at = f"{occasion}-{move.answered_at:%Y%m%d%H%M%S}"
        telling.tell_hub(move, _hub(move), occasion=at, headline=headline, sentence=sentence)


def _hub(move: ChildMove) -> Agency:
    return move.controller
