"""Writes of the end that a file comes to: receipt, or back to the sender; in the Hub and outside of it (ALR-28)."""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from alerts.files.copying import Arrival, copy_entries, copy_people, file_for, note_transfer
from alerts.files.models import FileEntry, FilePerson, SafeguardingFile
from alerts.intake.services import as_matching, lock_partnership
from alerts.moves import policies, selectors, services, supplements, telling
from alerts.moves.enums import TransferState
from alerts.moves.models import Transfer, TransferLink
from alerts.moves.selectors import Contents
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.agencies.selectors import hub_of, partnerships_of
from safeguarding.audit.record import record
from safeguarding.children.enums import PlacementSource
from safeguarding.children.matching import Details, Verdict
from safeguarding.children.models import Child
from safeguarding.children.selectors import judge_all
from safeguarding.children.services import place, register
from safeguarding.errors import NotVisible

PURPOSE = "receive a child's file"


def _held(transfer: Transfer, by: User) -> Transfer:
    """The transfer again, for update, for who keeps files where it comes to."""
    mine = Transfer.objects.visible_to(by).filter(pk=transfer.pk)
    held = mine.select_related("crypto_key", "controller", "recipient", "partnership").select_for_update(
        of=("self",), no_key=True
    ).first()  # fmt: skip
    if held is None or not selectors.get_transfer(held.ref, for_user=by).is_receiver:
        raise NotVisible
    return held


@transaction.atomic
def receive(transfer: Transfer, *, by: User) -> SafeguardingFile:
    """The child is on our roll: the file is copied, under this setting's own key, and both ends know by whom (ALR-28)."""
    held = _held(transfer, by)
    policies.check_can_become(held, TransferState.RECEIVED)
    recipient = held.recipient
    assert recipient is not None
    with acting_as(as_dispatch(PURPOSE)):
        source = _source(held)
        contents = selectors.contents_sent(held)
        policies.check_is_as_sent(same=selectors.is_as_sent(contents))
    arrived = supplements.arrived_before(held)
    file = arrived[-1].received_file if arrived else _arrive(held, source, recipient)
    assert file is not None
    with acting_as(as_dispatch(PURPOSE)):
        _copy(held, file, contents, by, what="A supplement to the file" if arrived else "The file")
    came_from = {each.pk: _came_from(held, contents, each) for each in contents.people}
    copy_people(contents.people, file, came_from=came_from, by=by)
    services.end(held, state=TransferState.RECEIVED, by=by, received_file=file)
    with acting_as(as_dispatch(PURPOSE)):
        _say_that_it_moved(held, source)
    facts = {"items": len(contents.items), "late": timezone.localdate() > held.due_on, "file": file.ref}
    record("transfer.received", held, facts=facts, at=recipient.pk)
    return file


def _source(transfer: Transfer) -> SafeguardingFile:
    files = SafeguardingFile.objects.select_related("crypto_key", "controller", "partnership", "child__crypto_key")
    found: SafeguardingFile = files.get(pk=transfer.file_id)
    transfer.file = found
    return found


def _came_from(transfer: Transfer, contents: Contents, record: FileEntry | FilePerson) -> str:
    """Who wrote it, and at which setting; what came there with a transfer keeps the words that it came with."""
    if record.came_from:
        return record.came_from
    code = record.ref if isinstance(record, FileEntry) else record.code
    author = next(each.author for each in contents.items if each.ref == code)
    return f"{author}, {transfer.controller.name}"


def _arrive(transfer: Transfer, source: SafeguardingFile, recipient: Agency) -> SafeguardingFile:
    """The child as the receiving hub knows them, at the setting, with a file there."""
    joined = partnerships_of(recipient)
    at_home = any(each.pk == source.partnership_id for each in joined)
    partnership = source.partnership if at_home else joined[0]
    with as_matching(PURPOSE):
        child = _standing(source.child) if at_home else _known_there(transfer, partnership)
        if recipient.is_setting:
            place(child=child, setting=recipient, source=PlacementSource.PERSON)
    arrival = Arrival(
        child=child,
        setting=recipient,
        partnership=partnership,
        given_name=transfer.child_given_name,
        family_name=transfer.child_family_name,
        date_of_birth=transfer.child_date_of_birth,
        came_from=transfer.controller.name,
        source_ref=transfer.ref,
    )
    with acting_as(as_dispatch(PURPOSE)):
        return file_for(arrival)


def _standing(child: Child) -> Child:
    return child.merged_into or child


def _known_there(transfer: Transfer, partnership: Partnership) -> Child:
    """On record at the other hub for sure, or put there: its people look at who is alike (ALR-03, MSH-09)."""
    details = Details(transfer.child_given_name, transfer.child_family_name, transfer.child_date_of_birth)
    lock_partnership(partnership.pk)
    [judged] = judge_all(partnership, [details])
    if judged.verdict is Verdict.SURE and judged.best is not None:
        return Child.objects.with_keys().get(pk=judged.best.key)
    return register(partnership=partnership, hub=hub_of(partnership), details=details)


def _copy(transfer: Transfer, file: SafeguardingFile, contents: Contents, by: User, *, what: str) -> None:
    came_from = {entry.pk: _came_from(transfer, contents, entry) for entry in contents.entries}
    copy_entries(contents.entries, file, came_from=came_from)
    count = len(contents.entries)
    words = (
        f"{what} of {transfer.controller.name} came with the child, transfer {transfer.ref}: {count} "
        f"{'entry' if count == 1 else 'entries'}. Hash of what was sent (SHA-256): {transfer.digest}"
    )
    note_transfer(file, text=words, source_ref=transfer.ref, by=by)


def _say_that_it_moved(transfer: Transfer, source: SafeguardingFile) -> None:
    """The sender keeps its copy, and sees that another setting goes on with it."""
    where = services.goes_to(transfer)
    source.moved_to, source.moved_on = where, timezone.localdate(transfer.ended_at)
    source.save(update_fields=["moved_to", "moved_on"])
    note_transfer(source, text=f"{where} has received it, transfer {transfer.ref}.", source_ref=transfer.ref, by=None)
    telling.tell_end(
        transfer, transfer.controller, occasion="received", headline="A safeguarding file was received",
        sentence="The setting to which you sent a child's file has given receipt. There is nothing more to do.",
    )  # fmt: skip


@transaction.atomic
def refuse(transfer: Transfer, *, why: str, by: User) -> Transfer:
    """Not our child: it goes back to the sender with the reason, and nothing of the file was seen here (ALR-28)."""
    held = _held(transfer, by)
    policies.check_can_become(held, TransferState.REFUSED)
    services.end(held, state=TransferState.REFUSED, by=by, answer=why)
    with acting_as(as_dispatch(PURPOSE)):
        _say_that_it_came_back(held)
    record("transfer.refused", held, at=held.recipient_id)
    return held


def _say_that_it_came_back(transfer: Transfer) -> None:
    source = _source(transfer)
    where = services.goes_to(transfer)
    words = f"{where} sent it back, transfer {transfer.ref}: {transfer.answer}"
    note_transfer(source, text=words, source_ref=transfer.ref, by=None)
    telling.tell_end(
        transfer, transfer.controller, occasion="refused", headline="A safeguarding file was sent back",
        sentence="The setting to which you sent a child's file says that the child is not theirs. Find out where the child "
        "is, and send it there.",
    )  # fmt: skip


# -- outside of the Hub: behind a link and a code, as the hub's own service


@dataclass(frozen=True)
class Receipt:
    """Who gives receipt for a setting that is not in the Hub."""

    name: str
    post: str


def _held_by_guest(link: TransferLink) -> Transfer:
    whole = Transfer.objects.select_related("crypto_key", "controller", "recipient", "partnership")
    held: Transfer = whole.select_for_update(of=("self",), no_key=True).get(pk=link.transfer_id)
    return held


def _use(link: TransferLink) -> None:
    link.used_at = timezone.now()
    link.save(update_fields=["used_at"])


@transaction.atomic
def receive_as_guest(link: TransferLink, receipt: Receipt) -> Transfer:
    """Receipt with a name and a post; the link is worth nothing afterwards (ALR-28). Runs as dispatch."""
    held = _held_by_guest(link)
    policies.check_can_become(held, TransferState.RECEIVED)
    policies.check_was_downloaded(link)
    services.end(held, state=TransferState.RECEIVED, by=None, receipt={"name": receipt.name, "post": receipt.post})
    _use(link)
    _say_that_it_moved(held, _source(held))
    record("transfer.received", held, facts={"late": timezone.localdate() > held.due_on, "guest": link.pk})
    return held


@transaction.atomic
def refuse_as_guest(link: TransferLink, receipt: Receipt, *, why: str) -> Transfer:
    """Not their child: it goes back with the reason. Runs as dispatch."""
    held = _held_by_guest(link)
    policies.check_can_become(held, TransferState.REFUSED)
    said = {"name": receipt.name, "post": receipt.post}
    services.end(held, state=TransferState.REFUSED, by=None, receipt=said, answer=why)
    _use(link)
    _say_that_it_came_back(held)
    record("transfer.refused", held, facts={"guest": link.pk})
    return held
