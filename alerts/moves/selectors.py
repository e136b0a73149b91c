"""Reads of files on their way, for both ends, and of children who move to another area (ALR-28, MSH-09)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet
from django.utils import timezone

from alerts.files import selectors as files
from alerts.files.models import FileEntry, FilePerson, SafeguardingFile
from alerts.moves import manifest
from alerts.moves.enums import OPEN, MoveState, TransferState
from alerts.moves.manifest import Item
from alerts.moves.models import ChildMove, Transfer
from safeguarding.access.posts import agencies_or_absent, agencies_where
from safeguarding.agencies.enums import SETTING_KINDS, AgencyKind
from safeguarding.agencies.models import Agency, Partnership, PartnershipAgency, User
from safeguarding.audit.record import Shown, record_listing
from safeguarding.children.matching import Details, Likeness
from safeguarding.children.models import Child
from safeguarding.children.selectors import judge_all
from safeguarding.errors import NotVisible
from safeguarding.refs import normalise_ref
from safeguarding.web.paging import CAP, KeysetPage, keyset_page

_MOST_FOUND = 20


def find_settings_anywhere(text: str) -> list[Agency]:
    """Settings of any partnership by URN or by a part of their name: a child may move anywhere (ALR-28)."""
    text = text.strip()
    if not text:
        return []
    found = Agency.objects.filter(kind__in=SETTING_KINDS, is_active=True)
    if text.isdigit():
        return list(found.filter(urn=text))
    for word in text.split():
        found = found.filter(name__icontains=word)
    return list(found.order_by("name", "pk")[:_MOST_FOUND])


# -- transfers


def transfers(*, for_user: User) -> QuerySet[Any, Any]:
    """Of both ends; what was not sent yet is none of the receiver's business, and who keeps no files has none (NTK-01)."""
    at = agencies_or_absent(for_user, "file")
    came = Q(recipient_id__in=at, sent_at__isnull=False) & ~Q(state=TransferState.BEGUN)
    mine = Transfer.objects.visible_to(for_user).filter(Q(controller_id__in=at) | came)
    # the file of the other end is behind its own wall: to join it would hide the transfer
    return mine.select_related(
        "crypto_key", "controller", "recipient", "partnership", "begun_by", "sent_by", "ended_by"
    )


def transfers_page(*, for_user: User, cursor: str) -> KeysetPage:
    """The names of both ends alone, as `from_name` and `to_name`; one that is outside the Hub stands in the row itself."""
    narrow = transfers(for_user=for_user).select_related(None).select_related("crypto_key")
    named = narrow.defer("manifest").annotate(from_name=F("controller__name"), to_name=F("recipient__name"))
    return keyset_page(named, field="begun_at", cursor=cursor)


def remember_listing(page: KeysetPage) -> None:
    record_listing("transfer.listed", [Shown(each.ref, each.controller_id) for each in page])


@dataclass(frozen=True)
class Found:
    """One transfer, and from which end it is read; of the file the receiver sees nothing before receipt."""

    transfer: Transfer
    is_sender: bool
    is_receiver: bool

    @property
    def items(self) -> list[Item]:
        """What was sent: for the sender, and for the receiver once they have confirmed that the child is theirs."""
        if self.is_sender or self.transfer.state == TransferState.RECEIVED:
            return manifest.from_json(self.transfer.manifest)
        return []

    @property
    def may_send(self) -> bool:
        return self.is_sender and self.transfer.state == TransferState.BEGUN

    @property
    def may_cancel(self) -> bool:
        return self.is_sender and self.transfer.state in OPEN

    @property
    def may_receive(self) -> bool:
        return self.is_receiver and self.transfer.state == TransferState.SENT


def get_transfer(ref: str, *, for_user: User) -> Found:
    """Absent and another setting's are the same (NTK-01)."""
    found = transfers(for_user=for_user).filter(ref=normalise_ref(ref) or "").first()
    if found is None:
        raise NotVisible
    at = agencies_where(for_user, "file")
    return Found(found, found.controller_id in at, found.recipient_id in at)


def file_to_move(ref: str, *, for_user: User) -> SafeguardingFile:
    """A file that this person keeps: a grant lets read, not send away (NTK-03)."""
    file = files.get_file(ref, for_user=for_user)
    if not files.keeps(file, for_user=for_user):
        raise NotVisible
    return file


def open_transfer_of(file: SafeguardingFile, *, for_user: User) -> Transfer | None:
    found: Transfer | None = transfers(for_user=for_user).filter(file=file, state__in=OPEN).first()
    return found


def sent_away(*, for_user: User) -> dict[str, Any]:
    """What is begun here and not sent, with the first day; and what was sent and has no receipt in time."""
    mine = Transfer.objects.visible_to(for_user).filter(
        controller_id__in=agencies_where(for_user, "file"), state__in=OPEN
    )
    begun = Q(state=TransferState.BEGUN)
    found: dict[str, Any] = mine.order_by().aggregate(
        begun=Count("pk", filter=begun),
        first=Min("due_on", filter=begun),
        unanswered=Count("pk", filter=~begun & Q(due_on__lt=timezone.localdate())),
    )
    return found


def coming(*, for_user: User) -> dict[str, Any]:
    """Files that come here and wait for somebody to confirm that the child is theirs."""
    mine = Transfer.objects.visible_to(for_user).filter(
        recipient_id__in=agencies_where(for_user, "file"), state=TransferState.SENT
    )
    found: dict[str, Any] = mine.order_by()[: CAP + 1].aggregate(count=Count("pk"), first=Min("due_on"))
    return found


# -- what stands in a file; as dispatch, or for who keeps it


@dataclass(frozen=True)
class Contents:
    """The records of a file that go along, and the list of them."""

    entries: Sequence[FileEntry]
    people: Sequence[FilePerson]
    items: Sequence[Item]


def contents_of(file: SafeguardingFile) -> Contents:
    """Everything that stands in the file now; runs as dispatch, for who sends may not be every entry's reader."""
    entries = list(
        FileEntry.objects.filter(file=file).select_related("crypto_key", "recorded_by", "addendum_to").order_by("pk")
    )
    people = list(FilePerson.objects.filter(file=file).select_related("crypto_key", "added_by").order_by("pk"))
    return Contents(entries, people, manifest.items_of(entries, people))


def contents_sent(transfer: Transfer) -> Contents:
    """What the manifest lists, as it stands in the sender's file; runs as dispatch."""
    items = manifest.from_json(transfer.manifest)
    refs = {item.ref for item in items}
    whole = contents_of(transfer.file)
    return Contents(
        [entry for entry in whole.entries if entry.ref in refs],
        [person for person in whole.people if person.code in refs],
        items,
    )


def is_as_sent(contents: Contents) -> bool:
    """Whether every item still says what was frozen: nothing changed, nothing gone."""
    authors = {item.ref: item.author for item in contents.items}
    now = {entry.ref: manifest.hash_of_entry(entry, authors[entry.ref]) for entry in contents.entries}
    now |= {person.code: manifest.hash_of_person(person) for person in contents.people}
    return now == {item.ref: item.sha256 for item in contents.items}


# -- children who move between hubs


def moves(*, for_user: User) -> QuerySet[Any, Any]:
    """Away from a hub of this person's, and to it; to others there are none (NTK-01)."""
    at = agencies_or_absent(for_user, "child")
    mine = ChildMove.objects.visible_to(for_user).filter(Q(controller_id__in=at) | Q(to_hub_id__in=at))
    return mine.select_related(
        "crypto_key", "controller", "partnership", "to_hub", "to_partnership", "told_by", "decided_by", "answered_by"
    )


def moves_page(*, for_user: User, cursor: str) -> KeysetPage:
    """Of hubs and area the names alone: four bodies and three people for each row cost more than the walls."""
    narrow = moves(for_user=for_user).select_related(None).select_related("crypto_key")
    named = narrow.annotate(
        from_name=F("controller__name"), hub_name=F("to_hub__name"), area_name=F("to_partnership__name")
    )
    return keyset_page(named, field="told_at", cursor=cursor)


def remember_moves(page: KeysetPage) -> None:
    record_listing("move.listed", [Shown(each.ref, each.controller_id) for each in page])


@dataclass(frozen=True)
class FoundMove:
    move: ChildMove
    is_sender: bool
    is_receiver: bool

    @property
    def may_decide(self) -> bool:
        return self.is_sender and self.move.state in (MoveState.TOLD, MoveState.KEPT, MoveState.NOT_HERE)

    @property
    def may_answer(self) -> bool:
        return self.is_receiver and self.move.state == MoveState.FLAGGED


def get_move(ref: str, *, for_user: User) -> FoundMove:
    found = moves(for_user=for_user).filter(ref=normalise_ref(ref) or "").first()
    if found is None:
        raise NotVisible
    at = agencies_where(for_user, "child")
    return FoundMove(found, found.controller_id in at, found.to_hub_id in at)


def child_who_moves(ref: str, *, for_user: User) -> Child:
    """A child on the hub's record; of two records that were joined the one that stands (ALR-03)."""
    known = Child.objects.visible_to(for_user).filter(ref=normalise_ref(ref) or "", merged_into=None)
    found: Child | None = known.with_keys().first()
    if found is None:
        raise NotVisible
    return found


def other_areas(partnership_id: int) -> list[Partnership]:
    """Every other partnership of the installation that has a hub; a public register."""
    with_hub = PartnershipAgency.objects.filter(agency__kind=AgencyKind.MASH, agency__is_active=True, left_on=None)
    others = Partnership.objects.filter(pk__in=with_hub.values("partnership")).exclude(pk=partnership_id)
    return list(others.order_by("name", "pk"))


def details_of(move: ChildMove) -> Details:
    return Details(move.child_given_name, move.child_family_name, move.child_date_of_birth)


@dataclass(frozen=True)
class Alike:
    """A child on the receiving hub's record who may be the one that comes."""

    child: Child
    likeness: Likeness


def alike(move: ChildMove, *, for_user: User) -> list[Alike]:
    """Who on this hub's record may be the child, likeliest first (ALR-03)."""
    assert move.to_partnership is not None
    [judged] = judge_all(move.to_partnership, [details_of(move)])
    found = Child.objects.visible_to(for_user).with_keys().in_bulk([each.key for each in judged.alike])
    return [Alike(found[each.key], each) for each in judged.alike if each.key in found]


def moves_waiting(*, for_user: User) -> dict[str, int]:
    """For a hub: who has moved away and nobody has decided, and who came and nobody has taken up."""
    at = agencies_where(for_user, "child")
    mine = ChildMove.objects.visible_to(for_user).order_by()
    away = mine.filter(controller_id__in=at, state__in=(MoveState.TOLD, MoveState.NOT_HERE))[: CAP + 1].count()
    here = mine.filter(to_hub_id__in=at, state=MoveState.FLAGGED)[: CAP + 1].count()
    return {"away": away, "here": here}
