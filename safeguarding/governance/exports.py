"""Rows as a CSV file that a spreadsheet opens without running anything in it."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from safeguarding.governance.enums import ItemResult
from safeguarding.governance.log import Line
from safeguarding.governance.models import SampleItem
from safeguarding.governance.sampling import Work
from safeguarding.governance.trails import Seen

# A spreadsheet takes a cell that begins like this for a formula.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")

# The scheme in force for what leaves as a file; it travels in the name, whatever is done with the rows (SHR-09).
MARKING = "OFFICIAL-SENSITIVE"

LOG_HEAD = (
    "When",
    "Who",
    "Roles",
    "Agency",
    "What",
    "Record",
    "About",
    "Way in",
    "Purpose",
    "From",
    "Outcome",
    "Shown",
)
SAMPLE_HEAD = ("Number", "Record", "When", "Result", "Found", "Follows", "Recorded by")
TRAIL_HEAD = ("Who", "Roles", "Agency", "Way in", "Times", "First", "Last", "What", "Purposes")


def guarded(value: Any) -> str:
    """A cell as text; what would run as a formula gets an apostrophe before it."""
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_RUNS) else text


def csv_file(name: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """Built here and now, inside the transaction: a streamed body would run after it, as nobody."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    response = HttpResponse(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    marked = f"{MARKING}-{name}-{timezone.localdate():%Y-%m-%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{marked}"'
    return response


def log_file(lines: Iterable[Line]) -> HttpResponse:
    return csv_file("access-log", LOG_HEAD, map(_log_row, lines))


def _log_row(line: Line) -> Sequence[Any]:
    entry = line.entry
    return (
        timezone.localtime(entry.timestamp).isoformat(timespec="seconds"),
        *(line.who or "The Hub itself", "; ".join(line.roles), line.agency, line.what, line.ref, line.about, line.way),
        *(line.purpose, entry.remote_addr or "", line.outcome, " ".join(line.shown)),
    )


def trail_file(people: Iterable[Seen]) -> HttpResponse:
    return csv_file("who-has-seen", TRAIL_HEAD, map(_trail_row, people))


def _trail_row(seen: Seen) -> Sequence[Any]:
    first, last = (timezone.localtime(each).isoformat(timespec="seconds") for each in (seen.first, seen.last))
    words = ("; ".join(seen.events), "; ".join(seen.purposes))
    return (seen.person.name, "; ".join(seen.roles), seen.agency, seen.way, seen.times, first, last, *words)


def sample_file(found: Work) -> HttpResponse:
    return csv_file(f"sample-{found.sample.ref}", SAMPLE_HEAD, map(_sample_row, found.items))


def _sample_row(item: SampleItem) -> Sequence[Any]:
    at = timezone.localtime(item.happened_at).isoformat(timespec="seconds")
    result = ItemResult(item.result).label if item.result else ""
    recorded = item.recorded_by.name if item.recorded_by else ""
    return (item.position, item.ref, at, result, item.note or "", item.action or "", recorded)
