"""Writes of the setting that a child leaves: begin, send, cancel (ALR-28)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from alerts.delivery.enums import AlertStatus, SentBack
from alerts.delivery.models import Alert
from alerts.files.copying import note_transfer
from alerts.files.models import SafeguardingFile
from alerts.moves import authority, manifest, outside, policies, selectors, supplements, telling
from alerts.moves.enums import OPEN, Destination, MoveReason, MoveState, TransferState
from alerts.moves.models import ChildMove, Transfer
from alerts.response.services import keep_after_all
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.agencies.calendars import calendar_of
from safeguarding.agencies.models import Agency, User
from safeguarding.agencies.selectors import council_of
from safeguarding.audit.record import record
from safeguarding.children.enums import PlacementSource
from safeguarding.children.models import Child
from safeguarding.children.selectors import records_of_same
from safeguarding.children.services import leave, place
from safeguarding.errors import Conflict, NotVisible

PURPOSE = "move a child's file"


@dataclass(frozen=True)
class Leaving:
    """What the setting says: when the child left, why, and where the child goes as far as it is known."""

    left_on: dt.date
    reason: MoveReason
    destination: Destination
    setting: Agency | None = None
    # {"setting", "name", "email"} of a body that is not in the Hub
    outside: dict[str, str] | None = None


@transaction.atomic
def begin(file: SafeguardingFile, *, leaving: Leaving, by: User) -> Transfer:
    """The child has left: from that day five school days run until receipt (ALR-28). Nothing is sent by this."""
    return begin_for(selectors.file_to_move(file.ref, for_user=by), leaving=leaving, by=by)


def begin_for(file: SafeguardingFile, *, leaving: Leaving, by: User, since: dt.date | None = None) -> Transfer:
    """The same of a file that its reader is known to keep, or that dispatch hands over with its setting's end.

    `since`: from when the five days run, where that is not the day on which the child left.
    """
    policies.check_left_on(leaving.left_on)
    recipient = council_of(file.partnership) if leaving.destination == Destination.AUTHORITY else leaving.setting
    policies.check_can_go_to(leaving.destination, recipient, file.controller)
    goes_outside = leaving.destination == Destination.OUTSIDE
    transfer = Transfer(
        partnership_id=file.partnership_id,
        controller=file.controller,
        file=file,
        child_given_name=file.child_given_name,
        child_family_name=file.child_family_name,
        child_date_of_birth=file.child_date_of_birth,
        destination=leaving.destination,
        recipient=None if goes_outside else recipient,
        outside=leaving.outside if goes_outside else None,
        reason=leaving.reason,
        left_on=leaving.left_on,
        due_on=policies.due_on(calendar_of(file.controller, file.partnership), since or leaving.left_on),
        begun_by=by,
    )
    try:
        with transaction.atomic():
            transfer.save()
    except IntegrityError:
        raise Conflict(
            "A transfer of this file is on its way already. Nothing was saved. Finish or cancel that one first."
        ) from None
    facts = {"to": str(leaving.destination), "reason": str(leaving.reason), "due_on": transfer.due_on.isoformat()}
    record("transfer.begun", transfer, facts=facts, at=transfer.controller_id)
    return transfer


def _held(transfer: Transfer, by: User) -> Transfer:
    """The transfer again, for update, for who keeps the file at the sending end."""
    mine = Transfer.objects.visible_to(by).filter(pk=transfer.pk)
    held = mine.select_related("crypto_key", "controller", "recipient", "partnership").select_for_update(
        of=("self",), no_key=True
    ).first()  # fmt: skip
    if held is None or not selectors.get_transfer(held.ref, for_user=by).is_sender:
        raise NotVisible
    return held


@transaction.atomic
def send(transfer: Transfer, *, by: User) -> Transfer:
    """The list of what goes is frozen, and the receiver is told that a file is coming (ALR-28).

    The child attends this setting no longer, and alerts that are open here go back to the hub, to be sent where the
    child is now; a move to another area is the hub's to look at (MSH-09).
    """
    held = _held(transfer, by)
    policies.check_can_become(held, TransferState.SENT)
    with acting_as(as_dispatch(PURPOSE)):
        freeze_and_send(held, by=by)
        if held.recipient is not None:
            telling.tell_end(
                held, held.recipient, occasion="sent", headline="A child's safeguarding file is coming",
                sentence="A setting sends you the file of a child who comes to you. Please confirm that the child is yours.",
            )  # fmt: skip
    if held.destination == Destination.OUTSIDE:
        outside.send_link(held, by=by)
    record_sent(held)
    return held


def freeze_and_send(transfer: Transfer, *, by: User) -> None:
    """What follows from sending, but for telling; runs as dispatch."""
    file = _file(transfer)
    contents = selectors.contents_of(file)
    arrived = supplements.arrived_before(transfer)
    if arrived:
        contents = supplements.without_what_arrived(contents, arrived)
    policies.check_has_something(contents.items)
    transfer.manifest, transfer.digest = manifest.to_json(contents.items), manifest.total(contents.items)
    transfer.state, transfer.sent_at, transfer.sent_by = TransferState.SENT, timezone.now(), by
    transfer.save(update_fields=["manifest", "digest", "state", "sent_at", "sent_by"])
    note_transfer(file, text=_sent_words(transfer), source_ref=transfer.ref, by=by)
    if not arrived:
        _leave(transfer, file, by)
        authority.tell_of_move(transfer, file)


def record_sent(transfer: Transfer) -> None:
    late = policies.is_late(transfer, timezone.localdate())
    facts = {"items": len(transfer.manifest or ()), "digest": transfer.digest, "late": late}
    record("transfer.sent", transfer, facts=facts, at=transfer.controller_id)


def _file(transfer: Transfer) -> SafeguardingFile:
    """The sender's own file, for update; runs as dispatch."""
    files = SafeguardingFile.objects.select_related("crypto_key", "controller", "partnership", "child__crypto_key")
    held: SafeguardingFile = files.select_for_update(of=("self",), no_key=True).get(pk=transfer.file_id)
    transfer.file = held
    return held


def goes_to(transfer: Transfer) -> str:
    """Its name, whether it is in the Hub or not; a list has asked for it already."""
    if named := getattr(transfer, "to_name", None):
        return str(named)
    if transfer.recipient is not None:
        return transfer.recipient.name
    return str((transfer.outside or {}).get("setting", ""))


def _sent_words(transfer: Transfer) -> str:
    return (
        f"A copy of this file was sent to {goes_to(transfer)}, transfer {transfer.ref}. "
        f"Hash of what was sent (SHA-256): {transfer.digest}"
    )


def _leave(transfer: Transfer, file: SafeguardingFile, by: User) -> None:
    records = Child.objects.filter(pk__in=records_of_same([file.child_id]))
    for child in records:
        leave(child=child, setting=transfer.controller)
        if transfer.reason == MoveReason.AT_HOME:
            child.home_educated = True
            child.save(update_fields=["home_educated"])
    _send_alerts_back(transfer, [child.pk for child in records], by)


def _send_alerts_back(transfer: Transfer, child_ids: list[int], by: User) -> None:
    note = f"The child's file goes to {goes_to(transfer)}, transfer {transfer.ref}."
    send_alerts_back(Alert.objects.filter(setting=transfer.controller_id, child__in=child_ids), note=note, by=by)


def send_alerts_back(alerts: QuerySet[Alert], *, note: str, by: User) -> int:
    """What is open is for the hub to redirect, as when a setting says by itself that a child has left (ALR-28).

    Runs as dispatch: who sends a file away need not be whom each alert is addressed to.
    """
    at_the_setting = (AlertStatus.SENT, AlertStatus.OPENED, AlertStatus.ACKNOWLEDGED)
    still_open = alerts.filter(status__in=at_the_setting, recalled_at=None, sent_back_at=None)
    held = list(still_open.select_for_update(of=("self",), no_key=True).select_related("crypto_key").order_by("pk"))
    for alert in held:
        alert.sent_back_at, alert.sent_back_by = timezone.now(), by
        alert.sent_back_because, alert.sent_back_note, alert.next_chase_at = SentBack.LEFT, note, None
        alert.save(
            update_fields=["sent_back_at", "sent_back_by", "sent_back_because", "sent_back_note", "next_chase_at"]
        )
        record("alert.sent_back", alert, facts={"because": str(SentBack.LEFT), "by": by.pk})
    return len(held)


@transaction.atomic
def begin_supplement(transfer: Transfer, *, by: User) -> Transfer:
    """What was written since goes after the file, as soon as a person sends it; five school days run from today (ALR-28)."""
    held = _held(transfer, by)
    policies.check_can_be_supplemented(held, written=supplements.written_since(held, for_user=by))
    file = selectors.file_to_move(held.file.ref, for_user=by)
    reason, destination = MoveReason(held.reason), Destination(held.destination)
    leaving = Leaving(held.left_on, reason, destination, held.recipient, held.outside)
    return begin_for(file, leaving=leaving, by=by, since=timezone.localdate())


@transaction.atomic
def cancel(transfer: Transfer, *, by: User) -> Transfer:
    """It was begun by mistake, or the child goes elsewhere: whoever was told a file is coming finds that it is not.

    The child attends here again: what sending it made of the child's alerts, and told the hub, is undone (ALR-28, MSH-09).
    """
    held = _held(transfer, by)
    policies.check_can_become(held, TransferState.CANCELLED)
    was_sent = held.state == TransferState.SENT
    end(held, state=TransferState.CANCELLED, by=by)
    with acting_as(as_dispatch(PURPOSE)):
        file = _file(held)
        if was_sent:
            outside.withdraw_links(held)
            if not supplements.arrived_before(held):
                place(child=file.child, setting=held.controller, source=PlacementSource.PERSON)
                _take_alerts_back(held, file)
                _take_move_back(held)
            note_transfer(file, text=f"Transfer {held.ref} was cancelled.", source_ref=held.ref, by=by)
    record("transfer.cancelled", held, facts={"was_sent": was_sent}, at=held.controller_id)
    return held


def _take_alerts_back(transfer: Transfer, file: SafeguardingFile) -> None:
    """Those that this transfer sent back; what a person sent back for a reason of their own stays with the hub."""
    sent_back = Alert.objects.filter(
        setting=transfer.controller_id,
        child__in=records_of_same([file.child_id]),
        sent_back_because=SentBack.LEFT,
        sent_back_at__gte=transfer.sent_at,
        recalled_at=None,
    )
    whole = sent_back.select_related("crypto_key", "setting", "controller", "partnership").order_by("pk")
    for alert in whole.select_for_update(of=("self",), no_key=True):
        if transfer.ref in (alert.sent_back_note or ""):
            keep_after_all(alert)


def _take_move_back(transfer: Transfer) -> None:
    """The hub learns that the child has not moved; what nobody has decided is not passed on any more (MSH-09)."""
    told = ChildMove.objects.filter(source_ref=transfer.ref).exclude(state=MoveState.KEPT)
    whole = told.select_related("crypto_key", "controller", "partnership").order_by("pk")
    for move in whole.select_for_update(of=("self",), no_key=True):
        sentence = "The setting has cancelled the transfer of which you were told: the child has not moved by it. "
        if move.state == MoveState.TOLD:
            move.state, move.decided_at = MoveState.KEPT, timezone.now()
            move.note = f"{transfer.controller.name} has cancelled transfer {transfer.ref}."
            move.save(update_fields=["state", "decided_at", "note"])
            record("move.kept", move, facts={"cancelled": transfer.ref})
            sentence += "Nothing was passed on, and there is nothing to decide."
        else:
            sentence += "It was passed on already. Please phone the hub of the other area."
        telling.tell_hub(
            move, move.controller, occasion="cancelled", headline="A child has not moved after all", sentence=sentence
        )


def end(transfer: Transfer, *, state: TransferState, by: User | None, **more: Any) -> None:
    """The last state of a transfer, with who brought it about."""
    transfer.state, transfer.ended_at, transfer.ended_by = state, timezone.now(), by
    for name, value in more.items():
        setattr(transfer, name, value)
    transfer.save(update_fields=["state", "ended_at", "ended_by", *more])


def chase() -> int:
    """Once each working day, whoever is late: the sender until it is sent, then the receiver (ALR-28)."""
    today = timezone.localdate()
    if not policies.is_chasing_day(today):
        return 0
    with acting_as(as_dispatch("chase transfers of files")), transaction.atomic():
        late = Transfer.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
        late = late.filter(state__in=OPEN, due_on__lt=today).exclude(chased_on=today)
        found = list(
            late.select_related("partnership", "controller", "recipient", "file").order_by("due_on", "pk")[:200]
        )
        for transfer in found:
            _chase(transfer, today)
    return len(found)


def _chase(transfer: Transfer, today: dt.date) -> None:
    begun = transfer.state == TransferState.BEGUN
    sentence = (
        "A child left, and the safeguarding file should be where the child is by now. Please send it."
        if begun
        else "A child's safeguarding file was sent, and receipt was not given in time. Please see to it."
    )
    waits = transfer.controller if begun or transfer.recipient is None else transfer.recipient
    people = telling.tell_end(
        transfer, waits, headline="A safeguarding file is late", sentence=sentence, occasion=f"late-{today:%Y%m%d}"
    )
    transfer.chased_on = today
    transfer.save(update_fields=["chased_on"])
    record("transfer.chased", transfer, facts={"people": people, "state": transfer.state})
