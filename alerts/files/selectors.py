"""Reads of safeguarding files: a setting's list, one file with its chronology, and what one entry tells a colleague."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from alerts.files import policies
from alerts.files.enums import Link
from alerts.files.models import EntryGrant, FileEntry, FileLink, FilePerson, SafeguardingFile
from safeguarding.access.posts import agencies_where
from safeguarding.access.querysets import granted_to
from safeguarding.access.selectors import Reader, readers_of_file
from safeguarding.agencies.models import User
from safeguarding.audit.record import Shown, record_listing
from safeguarding.errors import NotVisible
from safeguarding.refs import normalise_ref
from safeguarding.web.paging import KeysetPage, keyset_page

PAGE = 25
# A printed file is read whole; nobody prints more than this, and the page says so when it stops there.
MOST_PRINTED = 1000


def files(*, for_user: User) -> QuerySet[Any, Any]:
    return SafeguardingFile.objects.visible_to(for_user).select_related("crypto_key", "controller")


def files_page(*, cursor: str, for_user: User) -> KeysetPage:
    """The files that this person keeps or was lent, what was recorded last on top; to others there are none (NTK-03)."""
    kept, lent = agencies_where(for_user, "file"), list(_lent(for_user))
    if not kept and not lent:
        raise NotVisible
    mine = files(for_user=for_user).filter(Q(controller_id__in=kept) | Q(pk__in=lent))
    return keyset_page(mine, field="changed_at", cursor=cursor, size=PAGE)


def _lent(user: User) -> QuerySet[Any, Any]:
    lent = SafeguardingFile.objects.visible_to(user).filter(pk__in=granted_to(user, "alerts.FileGrant"))
    return lent.values_list("pk", flat=True)


def keeps_files(user: User) -> bool:
    return bool(agencies_where(user, "file"))


def remember_listing(rows: Iterable[SafeguardingFile]) -> None:
    """A page of the list is remembered with the references that it showed (AUD-01)."""
    record_listing("file.listed", [Shown(file.ref, file.controller_id, file.controller_id) for file in rows])


def get_file(ref: str, *, for_user: User) -> SafeguardingFile:
    """The file with this reference; absent and another setting's are the same (NTK-01)."""
    found = files(for_user=for_user).select_related("partnership").filter(ref=normalise_ref(ref) or "").first()
    if found is None:
        raise NotVisible
    return found


def keeps(file: SafeguardingFile, *, for_user: User) -> bool:
    """Whether this person keeps the file by role: a grant lets read, not write (NTK-03)."""
    return file.controller_id in agencies_where(for_user, "file")


def may_lend(file: SafeguardingFile, *, for_user: User) -> bool:
    """The DSL and the head may let a colleague read the whole file by name (NTK-03)."""
    return file.controller_id in agencies_where(for_user, "share")


def readers_of(file: SafeguardingFile, *, for_user: User) -> list[Reader]:
    return readers_of_file(file, for_user=for_user)


@dataclass(frozen=True)
class Filters:
    """What narrows the chronology: a kind of entry, and the days of the event."""

    kind: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    cursor: str = ""

    @property
    def narrow(self) -> bool:
        return bool(self.kind or self.since or self.until)


@dataclass
class Line:
    """One entry with what was added to it later."""

    entry: FileEntry
    addenda: list[FileEntry] = field(default_factory=list)

    @property
    def late(self) -> bool:
        return policies.is_late(self.entry)


@dataclass(frozen=True)
class Chronology:
    """One page of it; `older` is the last reference shown, for no database id leaves."""

    lines: Sequence[Line]
    older: str
    is_first: bool


def chronology(file: SafeguardingFile, filters: Filters, *, for_user: User, limit: int = PAGE) -> Chronology:
    """By the day of the event, newest first, late entries in their place; two queries however many there are."""
    entries = FileEntry.objects.visible_to(for_user).filter(file=file, addendum_to=None)
    if filters.kind:
        entries = entries.filter(kind=filters.kind)
    if filters.since:
        entries = entries.filter(happened_on__gte=filters.since)
    if filters.until:
        entries = entries.filter(happened_on__lte=filters.until)
    if filters.cursor:
        last = FileEntry.objects.visible_to(for_user).filter(file=file, ref=normalise_ref(filters.cursor) or "").first()
        if last is None:
            raise NotVisible
        before = Q(happened_on__lt=last.happened_on) | Q(happened_on=last.happened_on, pk__lt=last.pk)
        entries = entries.filter(before)
    found = list(entries.select_related("crypto_key", "recorded_by").order_by("-happened_on", "-pk")[: limit + 1])
    page = found[:limit]
    return Chronology(_with_addenda(page, for_user), page[-1].ref if len(found) > limit else "", not filters.cursor)


def _with_addenda(entries: Sequence[FileEntry], user: User) -> list[Line]:
    lines = {entry.pk: Line(entry) for entry in entries}
    added = FileEntry.objects.visible_to(user).filter(addendum_to__in=lines)
    for entry in added.select_related("crypto_key", "recorded_by").order_by("recorded_at", "pk"):
        lines[entry.addendum_to_id or 0].addenda.append(entry)
    return list(lines.values())


def get_entry(file: SafeguardingFile, ref: str, *, for_user: User) -> FileEntry:
    mine = FileEntry.objects.visible_to(for_user).filter(file=file, ref=normalise_ref(ref) or "")
    found = mine.select_related("crypto_key", "file__crypto_key", "recorded_by", "alert").first()
    if found is None:
        raise NotVisible
    return found


def people_in(file: SafeguardingFile, *, for_user: User) -> list[FilePerson]:
    """Who belongs to this child now, then who did."""
    mine = FilePerson.objects.visible_to(for_user).filter(file=file).select_related("crypto_key", "file", "ended_by")
    return sorted(mine.order_by("pk"), key=lambda person: person.ended_at is not None)


def get_person(file: SafeguardingFile, code: str, *, for_user: User) -> FilePerson:
    for person in people_in(file, for_user=for_user):
        if person.code == code:
            return person
    raise NotVisible


@dataclass(frozen=True)
class Linked:
    file: SafeguardingFile
    kind: Link


def linked_files(file: SafeguardingFile, *, for_user: User) -> list[Linked]:
    """The linked children whose files this person may read as well: each wall is asked about each file (NTK-04)."""
    mine = FileLink.objects.visible_to(for_user).filter(Q(first=file) | Q(second=file))
    kinds = {each.second_id if each.first_id == file.pk else each.first_id: Link(each.kind) for each in mine}
    others = files(for_user=for_user).filter(pk__in=kinds).order_by("pk")
    return [Linked(other, kinds[other.pk]) for other in others]


@dataclass(frozen=True)
class Told:
    """What one entry tells a colleague, by which grant."""

    grant: EntryGrant
    entry: FileEntry


def told(ref: str, *, for_user: User) -> Told:
    """The entry with this reference as far as a live grant names this person; that they may read it is asked as well (ALR-16)."""
    mine = FileEntry.objects.visible_to(for_user).filter(ref=normalise_ref(ref) or "", shown__isnull=False)
    entry = mine.select_related("crypto_key", "controller", "partnership").first()
    grants = EntryGrant.objects.live_for(for_user).filter(content_object=entry).select_related("granted_by")
    if entry is None or (grant := grants.first()) is None:
        raise NotVisible
    return Told(grant, entry)


def told_to(user: User) -> list[Told]:
    """Everything that this person was told by name and may still read, what ends first on top (ALR-16)."""
    live = {grant.content_object_id: grant for grant in EntryGrant.objects.live_for(user).select_related("granted_by")}
    entries = FileEntry.objects.visible_to(user).filter(pk__in=live, shown__isnull=False)
    found = [Told(live[entry.pk], entry) for entry in entries.select_related("crypto_key", "controller")]
    return sorted(found, key=lambda each: each.grant.expires_at)
