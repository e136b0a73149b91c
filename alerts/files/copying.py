"""A file that comes with a child from another setting: a copy under this setting's own key (ALR-28)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from alerts.files.enums import EntryKind
from alerts.files.models import FileEntry, FilePerson, SafeguardingFile
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.children.models import Child


@dataclass(frozen=True)
class Arrival:
    """Who comes where, and from whom; `source_ref` is what brought them."""

    child: Child
    setting: Agency
    partnership: Partnership
    given_name: str
    family_name: str
    date_of_birth: Any
    came_from: str
    source_ref: str


def file_for(arrival: Arrival) -> SafeguardingFile:
    """The setting's file of this child, by any of its records; opened where there is none. Runs as dispatch."""
    root = arrival.child.merged_into_id or arrival.child.pk
    same = Child.objects.filter(Q(pk=root) | Q(merged_into=root)).values("pk")
    kept = SafeguardingFile.objects.filter(controller=arrival.setting, child__in=same)
    found = kept.select_related("crypto_key", "controller").order_by("pk").first()
    if found is not None:
        if found.came_from is None:
            found.came_from = arrival.came_from
            found.save(update_fields=["came_from"])
        take_into_use(found)
        return found
    return SafeguardingFile.objects.create(
        partnership=arrival.partnership,
        controller=arrival.setting,
        child=arrival.child,
        child_given_name=arrival.given_name,
        child_family_name=arrival.family_name,
        child_date_of_birth=arrival.date_of_birth,
        opened_for=arrival.source_ref,
        came_from=arrival.came_from,
    )


def take_into_use(file: SafeguardingFile) -> None:
    """The child is here again: what stands in this file is no copy kept of one that went elsewhere (ALR-28). Runs as dispatch."""
    if file.moved_on is not None:
        file.moved_to, file.moved_on = None, None
        file.save(update_fields=["moved_to", "moved_on"])


def copy_entries(entries: Iterable[FileEntry], to: SafeguardingFile, *, came_from: Mapping[int, str]) -> int:
    """Each entry with its own days; who wrote it stays as words, and what colleagues were told is not carried on.

    Addenda after what they belong to; alerts stay at the setting that was told. Runs as dispatch.
    """
    copies: dict[int, FileEntry] = {}
    there = {(each.kind, each.recorded_at): each for each in FileEntry.objects.filter(file=to, addendum_to=None)}
    whole = sorted(entries, key=lambda entry: (entry.addendum_to_id is not None, entry.pk))
    for addenda in (False, True):
        several = [entry for entry in whole if (entry.addendum_to_id is not None) == addenda]
        for entry in several:
            copies[entry.pk] = _copy(
                entry, to, came_from[entry.pk], copies.get(entry.addendum_to_id or 0) or _came_before(entry, there)
            )
        FileEntry.objects.bulk_create([copies[entry.pk] for entry in several])
    to.changed_at = timezone.now()
    to.save(update_fields=["changed_at"])
    return len(copies)


def _came_before(entry: FileEntry, there: Mapping[tuple[str, Any], FileEntry]) -> FileEntry | None:
    """The copy that came with an earlier transfer of what an addendum belongs to: kind and moment stay with a copy."""
    parent = entry.addendum_to
    return there.get((parent.kind, parent.recorded_at)) if parent else None


def _copy(entry: FileEntry, to: SafeguardingFile, came_from: str, parent: FileEntry | None) -> FileEntry:
    return FileEntry(
        partnership_id=to.partnership_id,
        controller_id=to.controller_id,
        crypto_key=to.crypto_key,
        file=to,
        kind=entry.kind,
        happened_on=entry.happened_on,
        recorded_at=entry.recorded_at,
        source_ref=entry.source_ref,
        part=entry.part,
        text=entry.text,
        came_from=came_from,
        addendum_to=parent,
    )


def copy_people(
    people: Iterable[FilePerson], to: SafeguardingFile, *, came_from: Mapping[int, str], by: User
) -> list[FilePerson]:
    """Who belongs to the child comes along; put there by who gives receipt, who keeps the file."""
    return [
        FilePerson.objects.create(
            partnership_id=to.partnership_id,
            controller_id=to.controller_id,
            crypto_key=to.crypto_key,
            file=to,
            name=person.name,
            relation=person.relation,
            part=person.part,
            note=person.note,
            came_from=came_from[person.pk],
            added_at=person.added_at,
            added_by=by,
            ended_at=person.ended_at,
        )
        for person in people
    ]


def note_transfer(file: SafeguardingFile, *, text: str, source_ref: str, by: User | None) -> FileEntry:
    """That it went, or came: in the chronology, beside everything else. Runs as dispatch."""
    entry = FileEntry.objects.create(
        partnership_id=file.partnership_id,
        controller_id=file.controller_id,
        crypto_key=file.crypto_key,
        file=file,
        kind=EntryKind.TRANSFER,
        happened_on=timezone.localdate(),
        recorded_by=by,
        source_ref=source_ref,
        text=text,
    )
    file.changed_at = entry.recorded_at
    file.save(update_fields=["changed_at"])
    return entry
