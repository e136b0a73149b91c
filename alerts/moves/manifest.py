"""What goes along with a child, item by item: frozen when it is sent, so that both sides can compare (ALR-28).

Pure but for the records it is given: the same records give the same hashes on any machine.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from alerts.files.enums import EntryKind
from alerts.files.models import FileEntry, FilePerson

PERSON = "person"
THE_HUB = "The Hub itself"


@dataclass(frozen=True)
class Item:
    """One entry, or one person, of the file: what kind, of which day, by whom, and the hash of what it says."""

    ref: str
    kind: str
    day: str
    author: str
    sha256: str

    @property
    def kind_label(self) -> str:
        return "Person in the child's life" if self.kind == PERSON else str(EntryKind(self.kind).label)


def author_of(entry: FileEntry) -> str:
    """Who wrote it, also where it came with a transfer already."""
    if entry.recorded_by is not None:
        return entry.recorded_by.name
    return entry.came_from or THE_HUB


def _hash(said: Any) -> str:
    return hashlib.sha256(_canonical(said)).hexdigest()


def _canonical(said: Any) -> bytes:
    return json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":")).encode()


def hash_of_entry(entry: FileEntry, author: str) -> str:
    """Over everything that the entry says; `author` as it was when the file was sent, for people change their names."""
    return _hash(
        {
            "ref": entry.ref,
            "kind": str(entry.kind),
            "happened_on": entry.happened_on.isoformat(),
            "recorded_at": entry.recorded_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            "author": author,
            "source": entry.source_ref,
            "part": str(entry.part),
            "text": entry.text,
            "addendum_to": entry.addendum_to.ref if entry.addendum_to else "",
        }
    )


def hash_of_person(person: FilePerson) -> str:
    return _hash(
        {
            "code": person.code,
            "name": person.name,
            "relation": str(person.relation),
            "part": str(person.part),
            "note": person.note or "",
        }
    )


def items_of(entries: Iterable[FileEntry], people: Iterable[FilePerson]) -> list[Item]:
    """In the order in which they were written; people after what was written."""
    found = []
    for entry in entries:
        author = author_of(entry)
        day = entry.happened_on.isoformat()
        found.append(Item(entry.ref, str(entry.kind), day, author, hash_of_entry(entry, author)))
    for person in people:
        author = person.added_by.name if person.added_by else THE_HUB
        day = person.added_at.astimezone(dt.UTC).date().isoformat()
        found.append(Item(person.code, PERSON, day, author, hash_of_person(person)))
    return found


def total(items: Sequence[Item]) -> str:
    """One hash over the whole list: it changes when any item, or their order, does."""
    return _hash(to_json(items))


def to_json(items: Sequence[Item]) -> list[dict[str, str]]:
    return [asdict(item) for item in items]


def from_json(rows: Sequence[dict[str, str]] | None) -> list[Item]:
    return [Item(**row) for row in rows or ()]
