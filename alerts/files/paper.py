"""A safeguarding file on paper: what its PDF says, as data for the template (ALR-15, SHR-09)."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from alerts.files.models import FileEntry, FilePerson, SafeguardingFile
from alerts.files.selectors import Line
from safeguarding.web.pdf import document


def file_pdf(
    file: SafeguardingFile,
    lines: Sequence[Line],
    people: Sequence[FilePerson],
    *,
    made_for: str,
    at: dt.datetime,
    note: str = "",
) -> bytes:
    """The whole chronology, oldest first, with late entries marked and addenda below what they belong to."""
    today = timezone.localdate(at)
    child = f"{file.child_given_name} {file.child_family_name}"
    born = f", born {_spoken(file.child_date_of_birth)}" if file.child_date_of_birth else ""
    return document(
        "safeguarding_file",
        {
            "child": child + born,
            "setting": f"Safeguarding file, {file.controller.name}",
            "marking": file.partnership.marking,
            "reference": file.ref,
            "made": f"{_spoken(today)} for {made_for}",
            "note": note,
            "people": [_person(person) for person in people],
            "entries": [_entry(line) for line in lines],
        },
        at=at,
    )


def _person(person: FilePerson) -> dict[str, str]:
    ended = f" Taken off on {_spoken(timezone.localdate(person.ended_at))}." if person.ended_at else ""
    note = f"\n{person.note}" if person.note else ""
    came = f"\nCame with a transfer: {person.came_from}." if person.came_from else ""
    return {
        "name": person.name,
        "who": person.get_relation_display(),
        "part": f"{person.get_part_display()}.{ended}{note}{came}",
    }


def _entry(line: Line) -> dict[str, Any]:
    entry = line.entry
    late = "Late entry. " if line.late else ""
    came = "Came with a transfer. " if entry.came_from else ""
    part = f"\nThis child: {entry.get_part_display().lower()}." if entry.part else ""
    return {
        "title": f"{_spoken(entry.happened_on)}: {entry.get_kind_display()}",
        "text": entry.text + part,
        "by": f"{late}{came}{_by(entry)}, {entry.ref}",
        "addenda": [f"Addendum by {_by(added)}: {added.text}" for added in line.addenda],
    }


def _by(entry: FileEntry) -> str:
    who = entry.recorded_by.name if entry.recorded_by else entry.came_from or "The Hub itself"
    return f"{who}, recorded {_spoken(timezone.localdate(entry.recorded_at))}"


def _spoken(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
