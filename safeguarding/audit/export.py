"""The log as a file that anybody can check with docs/verify_audit_export.py, without the Hub and without a database (AUD-03).

One agency's export holds its own entries; of all others only folded hashes. Every hash is reckoned anew from what the
database says now: an entry that was altered to hide it from its agency spoils that agency's own export.
"""

import datetime as dt
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.utils import timezone

from safeguarding.audit import merkle
from safeguarding.audit.canonical import NEWEST, salt, time_text
from safeguarding.audit.heads import Heads
from safeguarding.audit.models import Seal
from safeguarding.audit.reading import (
    Content,
    Ids,
    contents,
    entry_times,
    key_seals,
    last_drawn,
    number_at,
    seal_batches,
    seals_before,
)
from safeguarding.audit.statements import Signed

FORMAT, VERSION = "safeguarding-hub audit export", 1


def export_lines(
    places: Sequence[Path],
    *,
    agency_id: int | None = None,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
) -> Iterator[str]:
    """The file's lines, oldest seal first; who may have them is asked by the caller."""
    first = number_at(since) if since else 1
    last = number_at(until) - 1 if until else None
    head = _head(places)
    yield _line(
        format=FORMAT,
        version=VERSION,
        made=time_text(timezone.now()),
        agency=agency_id,
        first=first,
        to_the_end=last is None,
        keys=[_said(signed) for signed in key_seals(first)],
        head=_said(head) if head else None,
    )
    seals = entries = 0
    sealed, settled, scan_from = Ids(), 0, 0
    for seal in seals_before(first):
        for number, _ in seal.listed:
            sealed.add(number)
        scan_from = max(scan_from, _settled(seal))
    for batch in seal_batches(first, last):
        found = contents([(_form(seal), number) for seal in batch for number, _ in seal.listed])
        for seal in batch:
            line, shown = _of_seal(seal, found, agency_id)
            for number, _ in seal.listed:
                sealed.add(number)
            settled = max(settled, _settled(seal))
            seals, entries = seals + 1, entries + shown
            yield line
    if last is None:
        yield from _past_the_sealer(sealed, scan_from, settled, agency_id)
    yield _line(end=True, seals=seals, entries=entries)


def _of_seal(seal: Seal, found: dict[int, Content], agency_id: int | None) -> tuple[str, int]:
    secret = bytes(seal.secret)
    leaves: list[bytes] = []
    entries: list[dict[str, str]] = []
    missing: list[int] = []
    shown: dict[int, int] = {}
    for position, (number, kept) in enumerate(seal.listed):
        here = found.get(number)
        if here is None:
            missing.append(number)
            leaves.append(kept)
            continue
        _, content, columns = here
        salted = salt(secret, number)
        leaves.append(merkle.leaf(number, salted, content))
        if _is_for(agency_id, columns):
            shown[position] = len(entries)
            entry = {"entry": content.decode("ascii"), "salt": salted.hex()}
            entries.append(entry if leaves[-1] == kept else {**entry, "sealed_as": kept.hex()})
    said: dict[str, Any] = {
        **_said(seal.signed),
        "number": seal.pk,
        "entries": entries,
        "tree": merkle.prune(leaves, shown),
    }
    return _line(**said, **({"missing": missing} if missing else {})), len(entries)


def _is_for(agency_id: int | None, columns: dict[str, Any]) -> bool:
    """Of an agency is what was done to its records, and what its own people did (AUD-04)."""
    return agency_id is None or agency_id in (columns["agency_id"], columns["actor_agency_id"])


def _past_the_sealer(sealed: Ids, scan_from: int, settled: int, agency_id: int | None) -> Iterator[str]:
    """Entries that no seal covers and that none was to come for; whoever checks the file is told of them."""
    for batch in entry_times(scan_from):
        drawn = last_drawn()
        unsealed = [number for number, _ in batch if number not in sealed]
        stray = [(NEWEST, number) for number in unsealed if number <= settled or number > drawn]
        for _, content, columns in contents(stray).values():
            if _is_for(agency_id, columns):
                yield _line(unsealed=content.decode("ascii"))


def _head(places: Sequence[Path]) -> Signed | None:
    heads = [signed for place in places if (signed := Heads(place).last())]
    return max(heads, key=lambda signed: signed.statement.n, default=None)


def _form(seal: Seal) -> int:
    try:
        return seal.signed.statement.form
    except ValueError:
        return NEWEST


def _settled(seal: Seal) -> int:
    try:
        return seal.signed.statement.settled
    except ValueError:
        return 0


def _said(signed: Signed) -> dict[str, str]:
    return {"statement": signed.text, "signature": signed.signature}


def _line(**said: Any) -> str:
    return json.dumps(said, separators=(",", ":")) + "\n"
