"""What was written in a file after it was sent: it stayed behind, and can go after it to the same place (ALR-28)."""

from collections.abc import Iterable

from alerts.files.enums import EntryKind
from alerts.files.models import FileEntry, FilePerson
from alerts.moves import manifest
from alerts.moves.enums import TransferState
from alerts.moves.models import Transfer
from alerts.moves.selectors import Contents
from safeguarding.agencies.models import User


def arrived_before(transfer: Transfer) -> list[Transfer]:
    """What has arrived of the same leaving at the same place, oldest first; with any, this transfer is a supplement."""
    return [each for each in _arrived(transfer) if each.pk < transfer.pk]


def _arrived(transfer: Transfer) -> list[Transfer]:
    same = Transfer.objects.filter(
        file=transfer.file_id,
        state=TransferState.RECEIVED,
        destination=transfer.destination,
        recipient=transfer.recipient_id,
        left_on=transfer.left_on,
    )
    rows = same.select_related("crypto_key", "received_file").order_by("pk")
    return [each for each in rows if each.outside == transfer.outside]


def _carried(transfers: Iterable[Transfer]) -> set[str]:
    return {item.ref for each in transfers for item in manifest.from_json(each.manifest)}


def without_what_arrived(contents: Contents, transfers: Iterable[Transfer]) -> Contents:
    """Only what none of these carried; where a file went is for the setting that wrote it down."""
    there = _carried(transfers)
    entries = [each for each in contents.entries if each.ref not in there and each.kind != EntryKind.TRANSFER]
    people = [each for each in contents.people if each.code not in there]
    return Contents(entries, people, manifest.items_of(entries, people))


def written_since(transfer: Transfer, *, for_user: User) -> int:
    """How much stands in the sender's file and is neither in this transfer nor arrived by another (ALR-28)."""
    if transfer.state not in (TransferState.SENT, TransferState.RECEIVED):
        return 0
    there = _carried([transfer, *_arrived(transfer)])
    entries = FileEntry.objects.visible_to(for_user).filter(file=transfer.file_id).exclude(kind=EntryKind.TRANSFER)
    people = FilePerson.objects.visible_to(for_user).filter(file=transfer.file_id)
    written = [*entries.values_list("ref", flat=True), *(each.code for each in people.only("pk"))]
    return sum(ref not in there for ref in written)
