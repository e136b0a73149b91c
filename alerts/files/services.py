"""Writes of a safeguarding file: opened with the first alert, then added to, never changed (ALR-15)."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from alerts.delivery.models import Alert
from alerts.files import policies, selectors
from alerts.files.copying import take_into_use
from alerts.files.enums import ChildsPart, EntryKind, Link, PersonsPart, Relation
from alerts.files.models import EntryGrant, FileEntry, FileLink, FilePerson, SafeguardingFile
from alerts.intake.enums import Route
from alerts.intake.models import Notification
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.agencies.models import User
from safeguarding.audit.record import record
from safeguarding.children.models import Child, Placement
from safeguarding.children.selectors import records_of_same
from safeguarding.errors import Conflict, NotVisible, Refused


def is_filed(alert: Alert) -> bool:
    """An alert for the head alone, or for the authority instead of the setting, stays out of the file: others keep that,
    and one of them may be whom it is about (MRC-18)."""
    return alert.route == Route.USUAL


@transaction.atomic
def file_alert(alert: Alert) -> SafeguardingFile | None:
    """A sent alert is filed in the child's file at the setting; where there is none, one is opened for it (ALR-15).

    Files of the other children of the same notification at the same setting are linked. Once for each alert.
    """
    if not is_filed(alert):
        return None
    with acting_as(as_dispatch("file an alert")):
        _one_at_a_time(alert)
        file = _file_for(alert)
        if not FileEntry.objects.filter(file=file, alert=alert, kind=EntryKind.ALERT).exists():
            day = alert.incident_on or timezone.localdate(alert.sent_at)
            _append(file, kind=EntryKind.ALERT, happened_on=day, text=_words(alert), by=None, alert=alert)
            record("alert.filed", alert, facts={"file": file.ref}, at=file.controller_id)
            if file.moved_on is not None and _attends(alert):
                take_into_use(file)
            _link_to_the_others(file, alert)
    return file


def _one_at_a_time(alert: Alert) -> None:
    """Two workers that file siblings at once would not see each other's entries, and link nothing (ALR-15).

    After the alert and before the file, as where the police correct it.
    """
    Notification.objects.select_for_update(no_key=True).values_list("pk", flat=True).get(pk=alert.notification_id)


def _words(alert: Alert) -> str:
    """That something happened and never what (ALR-04); the adults stand in the alert, and with its access."""
    return f"{alert.get_kind_display()} alert {alert.ref} from {alert.controller.name}, made from a report of {alert.origin}."


def file_of(alert: Alert) -> SafeguardingFile | None:
    """The file at the setting of this alert's child, also where two records of the child were joined; read as dispatch.

    None for an alert that stays out of it: what is done about that is not filed either.
    """
    if not is_filed(alert):
        return None
    with acting_as(as_dispatch("find a file")):
        return _of_child(alert).select_related("crypto_key", "partnership", "controller").order_by("pk").first()


def _of_child(alert: Alert) -> Any:
    """Records that a person has joined are one child, and have one file (ALR-03)."""
    root = Child.objects.filter(pk=alert.child_id).values_list("merged_into_id", flat=True).first() or alert.child_id
    joined = Child.objects.filter(Q(pk=root) | Q(merged_into=root)).values("pk")
    return SafeguardingFile.objects.filter(controller_id=alert.setting_id, child_id__in=joined)


def _attends(alert: Alert) -> bool:
    """An alert that waited may arrive after the child has gone, and brings nobody back (ALR-28)."""
    same = records_of_same([alert.child_id])
    return Placement.objects.filter(child__in=same, setting=alert.setting_id, ends_on=None).exists()


def _file_for(alert: Alert) -> SafeguardingFile:
    found = file_of(alert)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            file = SafeguardingFile.objects.create(
                partnership_id=alert.partnership_id,
                controller_id=alert.setting_id,
                child_id=alert.child_id,
                child_given_name=alert.child_given_name,
                child_family_name=alert.child_family_name,
                child_date_of_birth=alert.child_date_of_birth,
                opened_for=alert.ref,
            )
    except IntegrityError:  # another alert about the same child was sent in the same moment
        return SafeguardingFile.objects.select_related("crypto_key").get(
            controller_id=alert.setting_id, child_id=alert.child_id
        )
    record("file.begun", file, facts={"alert": alert.ref}, at=file.controller_id)
    return file


def _link_to_the_others(file: SafeguardingFile, alert: Alert) -> None:
    """Brothers and sisters at this setting; at another setting they have a file there, which is none of this one's (NTK-02)."""
    alike = FileEntry.objects.filter(
        alert__notification=alert.notification_id, kind=EntryKind.ALERT, controller_id=file.controller_id
    )
    for other in sorted(set(alike.exclude(file=file).values_list("file_id", flat=True))):
        first, second = sorted((file.pk, other))
        if not FileLink.objects.filter(first_id=first, second_id=second).exists():
            FileLink.objects.create(
                partnership_id=file.partnership_id,
                controller_id=file.controller_id,
                first_id=first,
                second_id=second,
                kind=Link.INCIDENT,
            )


def _append(
    file: SafeguardingFile,
    *,
    kind: EntryKind,
    happened_on: dt.date,
    text: str,
    by: User | None,
    source_ref: str = "",
    alert: Alert | None = None,
    part: ChildsPart | str = "",
    addendum_to: FileEntry | None = None,
    shown: dict[str, Any] | None = None,
) -> FileEntry:
    entry = FileEntry.objects.create(
        partnership_id=file.partnership_id,
        controller_id=file.controller_id,
        crypto_key=file.crypto_key,
        file=file,
        kind=kind,
        happened_on=happened_on,
        recorded_by=by,
        source_ref=source_ref or (alert.ref if alert else ""),
        alert=alert,
        part=part,
        text=text,
        shown=shown,
        addendum_to=addendum_to,
    )
    file.changed_at = entry.recorded_at
    file.save(update_fields=["changed_at"])
    return entry


@transaction.atomic
def add_entry(
    file: SafeguardingFile,
    *,
    kind: EntryKind,
    happened_on: dt.date,
    text: str,
    source_ref: str = "",
    by: User,
    part: ChildsPart | str = "",
    alert: Alert | None = None,
    shown: dict[str, Any] | None = None,
) -> FileEntry:
    """Something that was done, in the chronology of the child; other rooms record through this and in no other way.

    Filed as dispatch: who did it need not be a reader of the file.
    """
    policies.check_can_have_happened(happened_on)
    with acting_as(as_dispatch("file an entry")):
        entry = _append(file, kind=kind, happened_on=happened_on, text=text, by=by, source_ref=source_ref, alert=alert,
                        part=part, shown=shown)  # fmt: skip
    facts = {"kind": str(kind), "file": file.ref, "late": policies.is_late(entry), "source": source_ref}
    record("file.entry_added", entry, facts=facts, at=file.controller_id)
    return entry


def file_with(alert: Alert, *, kind: EntryKind, text: str, by: User, **more: Any) -> FileEntry | None:
    """What was done about an alert, today, in the file of its child; None where the setting keeps none yet."""
    file = file_of(alert)
    if file is None:
        return None
    return add_entry(
        file, kind=kind, happened_on=timezone.localdate(), text=text, source_ref=alert.ref, by=by, alert=alert, **more
    )


def note_change(alert: Alert, *, text: str) -> None:
    """The police corrected or took back an alert, or it was sent in error: in the chronology, beside what was filed (SHR-14).

    A file that an alert opened reads its child's name as it is now, unless it came to be by an error and holds nothing
    else: then it keeps no name. Runs as dispatch.
    """
    file = file_of(alert)
    if file is None:
        return
    _append(file, kind=EntryKind.ALERT, happened_on=timezone.localdate(), text=text, by=None, alert=alert)
    if alert.recalled_at is not None:  # what colleagues were told of it counts no longer either (ALR-16)
        told = EntryGrant.objects.live().filter(content_object__alert=alert)
        told.update(withdrawn_at=timezone.now())
    others = FileEntry.objects.filter(file=file).exclude(alert=alert, recorded_by=None)
    if file.opened_for != alert.ref or (alert.recalled_at is not None and others.exists()):
        return
    for name in ("child_given_name", "child_family_name", "child_date_of_birth"):
        setattr(file, name, getattr(alert, name))
    file.save(update_fields=["child_given_name", "child_family_name", "child_date_of_birth"])


def _held(file: SafeguardingFile, by: User) -> SafeguardingFile:
    """The file again, for update, for who keeps it; a grant lets read, not write (NTK-03)."""
    mine = SafeguardingFile.objects.visible_to(by).filter(pk=file.pk).select_related("crypto_key")
    held = mine.select_for_update(of=("self",), no_key=True).first()
    if held is None:
        raise NotVisible
    return held


@dataclass(frozen=True)
class Note:
    """What somebody writes down: one text, and for each child its own part in it."""

    kind: EntryKind
    happened_on: dt.date
    text: str
    part: ChildsPart | str = ""


@transaction.atomic
def write_note(
    file: SafeguardingFile, *, note: Note, also: Mapping[str, ChildsPart | str] | None = None, by: User
) -> list[FileEntry]:
    """A note in this child's file, and in one step in those of linked children, each with the part of that child.

    `also`: by reference of a linked file, the part of its child; all are written, or none is.
    """
    policies.check_is_written_by_hand(note.kind)
    policies.check_can_have_happened(note.happened_on)
    linked = {each.file.ref: each.file for each in selectors.linked_files(file, for_user=by)}
    wanted = [(file, note.part), *((linked.get(ref), part) for ref, part in (also or {}).items())]
    entries = []
    for each, part in wanted:
        if each is None:
            raise NotVisible
        held = _held(each, by)
        entry = _append(held, kind=note.kind, happened_on=note.happened_on, text=note.text, by=by, part=part)
        facts = {"kind": str(note.kind), "file": held.ref, "late": policies.is_late(entry), "of": len(wanted)}
        record("file.entry_added", entry, facts=facts, at=held.controller_id)
        entries.append(entry)
    return entries


@transaction.atomic
def add_addendum(entry: FileEntry, *, text: str, by: User) -> FileEntry:
    """What was wrong or missing is said below it; the entry itself stays as it was written."""
    held = _held(entry.file, by)
    policies.check_can_be_added_to(entry)
    added = _append(
        held, kind=EntryKind(entry.kind), happened_on=entry.happened_on, text=text, by=by, alert=entry.alert,
        source_ref=entry.source_ref, addendum_to=entry,
    )  # fmt: skip
    record("file.addendum_added", added, facts={"to": entry.ref, "file": held.ref}, at=held.controller_id)
    return added


@transaction.atomic
def add_person(
    file: SafeguardingFile, *, name: str, relation: Relation, part: PersonsPart, note: str, by: User
) -> FilePerson:
    """Somebody in the child's life, with the part that the setting knows of; said for this child alone."""
    held = _held(file, by)
    person = FilePerson.objects.create(
        partnership_id=held.partnership_id,
        controller_id=held.controller_id,
        crypto_key=held.crypto_key,
        file=held,
        name=name,
        relation=relation,
        part=part,
        note=note or None,
        added_by=by,
    )
    record("file.person_added", held, facts={"relation": str(relation), "part": str(part)}, at=held.controller_id)
    return person


@transaction.atomic
def end_person(person: FilePerson, *, by: User) -> None:
    """No longer in the child's life, or taken down wrongly; the line stays, crossed out, with when and by whom."""
    held = _held(person.file, by)
    if person.ended_at is not None:
        raise Conflict("Somebody has taken this person off already. Nothing was changed.")
    person.ended_at, person.ended_by = timezone.now(), by
    person.save(update_fields=["ended_at", "ended_by"])
    record("file.person_ended", held, facts={"relation": person.relation}, at=held.controller_id)


@transaction.atomic
def link(file: SafeguardingFile, *, other: SafeguardingFile, kind: Link, by: User) -> FileLink:
    """Two children of one setting belong together; said again in another way, the newer word counts."""
    if file.pk == other.pk:
        raise Refused("This is the same file. Nothing was changed. Enter the reference of the other child's file.")
    if file.controller_id != other.controller_id:
        raise NotVisible
    first, second = sorted((_held(file, by), _held(other, by)), key=lambda each: each.pk)
    found = FileLink.objects.visible_to(by).filter(first=first, second=second).first()
    if found is None:
        found = FileLink.objects.create(
            partnership_id=file.partnership_id, controller_id=file.controller_id, first=first, second=second, kind=kind,
            linked_by=by,
        )  # fmt: skip
    else:
        found.kind, found.linked_at, found.linked_by = kind, timezone.now(), by
        found.save(update_fields=["kind", "linked_at", "linked_by"])
    record("file.linked", file, facts={"to": other.ref, "kind": str(kind)}, at=file.controller_id)
    return found
