"""A CSV file of notifications, one row a child, read into notifications; pure: no database, no clock of its own (ALR-01)."""

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from alerts.intake import parsing
from alerts.intake.content import PoliceNotification
from safeguarding.agencies.calendars import LONDON

NEEDED = ("reference", "kind", "occurred_at", "child_given_name", "child_family_name", "child_date_of_birth")
COLUMNS = (
    "reference", "kind", "occurred_at", "risk", "family_informed", "location", "postcode",
    "child_given_name", "child_family_name", "child_date_of_birth", "child_present", "upn", "urn", "setting_name",
    "home_educated", "victim_name", "victim_date_of_birth", "perpetrator_name", "perpetrator_date_of_birth", "narrative",
)  # fmt: skip
# May stand in a file; that it does not is nothing to warn of.
EXTRA = ("child_expected_on",)
MOST_ROWS = 100_000

_INCIDENT = ("kind", "occurred_at", "risk", "family_informed", "location", "postcode", "narrative")
_FORMULA = ("=", "+", "-", "@")
_SEPARATORS = ",;\t"
_YES_NO = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}
_UK_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_LOCAL_TIME = re.compile(r"([0-9/]{8,10}|[0-9-]{10})[T ]([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)")
# Where a field of a notification came from, to say which cell is wrong.
_COLUMN_OF = {"given_name": "child_given_name", "family_name": "child_family_name", "present": "child_present"}

csv.field_size_limit(parsing.LONGEST_NARRATIVE + 1000)


class Unreadable(Exception):
    """Nothing of the file was taken; the sentence says why and what to do."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with a row, without a word of its content; a warning did not keep the row out."""

    row: int
    reason: str
    column: str = ""
    is_warning: bool = False


@dataclass(frozen=True)
class Row:
    number: int
    cells: dict[str, str]
    problems: tuple[Problem, ...] = ()


@dataclass
class Group:
    """All rows of one reference: one notification, which goes in whole or not at all."""

    reference: str
    rows: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class File:
    groups: Sequence[Group]
    rows_total: int
    problems: Sequence[Problem]


def decode(data: bytes) -> str:
    """The text of a file as spreadsheets save it: UTF-8 with or without BOM, UTF-16, else Windows-1252."""
    if data.startswith(b"PK\x03\x04") or data.startswith(b"\xd0\xcf\x11\xe0"):
        raise Unreadable("This is a spreadsheet, not a CSV file. Save it as CSV (UTF-8), then upload that.")
    try:
        text = data.decode("utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            raise Unreadable("The characters of this file cannot be read. Save it as CSV (UTF-8).") from None
    if "\0" in text:
        raise Unreadable("This file holds NUL bytes, which no text has. Save it as CSV (UTF-8).")
    return text


def read(text: str) -> File:
    """The file's rows by reference; raises `Unreadable` when its columns or its quotes cannot be trusted."""
    records = _records(text)
    header = next(records, None)
    if header is None:
        raise Unreadable("The file is empty. The first row must name the columns.")
    columns = _columns(header)
    groups: dict[str, Group] = {}
    total = 0
    for number, record in enumerate(records, start=2):
        if not any(cell.strip() for cell in record):
            continue
        total += 1
        if total > MOST_ROWS:
            raise Unreadable(f"The file has more than {MOST_ROWS:,} rows. Split it, then upload the parts.")
        row = _row(number, record, columns)
        # A row without reference stands alone; it is told, and holds nothing else back.
        reference = row.cells.get("reference", "")
        key = reference or f"\0{number}"
        groups.setdefault(key, Group(reference)).rows.append(row)
    if not total:
        raise Unreadable("The file has no rows below its column names.")
    missing = [Problem(1, "This column is missing: taken as not known.", name, True) for name in _absent(columns)]
    return File(list(groups.values()), total, missing)


def _records(text: str) -> Iterator[list[str]]:
    first_line = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first_line.count)
    # Line ends stay as they are: inside quotes they belong to the cell.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        yield from reader
    except csv.Error:
        raise Unreadable(
            f"The rows cannot be told apart from line {reader.line_num} on: look for a quotation mark too many."
        ) from None


def _columns(header: Sequence[str]) -> list[str]:
    names = [re.sub(r"[\s_]+", "_", cell.strip().casefold()) for cell in header]
    while names and not names[-1]:
        names.pop()
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise Unreadable(f"These columns are missing: {', '.join(missing)}. The first row must name the columns.")
    for place, name in enumerate(names, start=1):
        if name not in (*COLUMNS, *EXTRA):
            raise Unreadable(
                f"Column {place} has a name that is not in the list. Were two columns merged? Correct the first row."
            )
        if name in names[place:]:
            raise Unreadable(f"The column {name} stands twice. Leave one of them out.")
    return names


def _absent(columns: Sequence[str]) -> list[str]:
    return [name for name in COLUMNS if name not in columns]


def _row(number: int, record: Sequence[str], columns: Sequence[str]) -> Row:
    cells = [cell.strip() for cell in record]
    if len(cells) < len(columns) or any(cells[len(columns) :]):
        much = "fewer" if len(cells) < len(columns) else "more"
        reason = f"This row has {much} cells than there are columns. Put text with separators in quotation marks."
        named = dict(zip(columns, cells, strict=False))
        return Row(number, {"reference": named.get("reference", "")}, (Problem(number, reason),))
    named = dict(zip(columns, cells, strict=False))
    problems = [
        Problem(number, "This cell begins like a formula. It was kept as text.", name, True)
        for name, cell in named.items()
        if cell.startswith(_FORMULA)
    ]
    if not named["reference"]:
        problems.append(
            Problem(number, "The reference is missing. Were cells merged? Each row needs its own.", "reference")
        )
    return Row(number, named, tuple(problems))


def notification_of(group: Group, *, now: dt.datetime) -> tuple[PoliceNotification | None, list[Problem]]:
    """The notification of one reference, or None when a row is bad; then no row of it goes in (ALR-01)."""
    problems = [problem for row in group.rows for problem in row.problems]
    if not _any_bad(problems):
        problems += _disagreements(group)
    if not _any_bad(problems):
        rows, doubled = _without_doubles(group.rows)
        problems += doubled
        body, origins = _body(rows, problems)
        if not _any_bad(problems):
            try:
                return parsing.parse(body, now=now), problems
            except parsing.Invalid as error:
                problems += [_problem(remark.pointer, remark.detail, origins, rows) for remark in error.remarks]
    bad = {problem.row for problem in problems if not problem.is_warning}
    first = min(bad)
    problems += [
        Problem(row.number, f"Held back with row {first} of the same reference, so that nothing is half sent.")
        for row in group.rows
        if row.number not in bad
    ]
    return None, problems


def _any_bad(problems: Sequence[Problem]) -> bool:
    return any(not problem.is_warning for problem in problems)


def _disagreements(group: Group) -> list[Problem]:
    first = group.rows[0]
    return [
        Problem(row.number, f"Another value than in row {first.number} of the same reference.", name)
        for row in group.rows[1:]
        for name in _INCIDENT
        if row.cells.get(name, "") not in ("", first.cells.get(name, ""))
    ]


def _without_doubles(rows: Sequence[Row]) -> tuple[list[Row], list[Problem]]:
    kept: dict[tuple[str, ...], Row] = {}
    doubled = []
    for row in rows:
        child = tuple(row.cells.get(name, "") for name in (*COLUMNS, *EXTRA) if name not in _INCIDENT)
        if child in kept:
            reason = f"The same as row {kept[child].number}. It was taken once."
            doubled.append(Problem(row.number, reason, is_warning=True))
        else:
            kept[child] = row
    return list(kept.values()), doubled


def _body(rows: Sequence[Row], problems: list[Problem]) -> tuple[dict[str, object], list[tuple[Row, str]]]:
    """The JSON body that an API client would have sent, and the row and role that each person came from."""
    first = rows[0]
    kind = re.sub(r"[\s-]+", "_", first.cells["kind"].casefold())
    people: list[dict[str, object]] = []
    origins: list[tuple[Row, str]] = []
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        for role in ("victim", "perpetrator"):
            name, born = row.cells.get(f"{role}_name", ""), row.cells.get(f"{role}_date_of_birth", "")
            if (name or born) and (role, name, born) not in seen:
                seen.add((role, name, born))
                people.append(_adult(role, name, _date(born)))
                origins.append((row, role))
    for row in rows:
        people.append(_child(row, "missing_child" if kind == "missing_episode" else "child", problems))
        origins.append((row, "child"))
    body: dict[str, object] = {
        "reference": first.cells["reference"],
        "kind": kind,
        "occurred_at": _time(first.cells["occurred_at"]),
        "risk": first.cells.get("risk", "").casefold() or None,
        "family_informed": _flag(first, "family_informed", problems),
        "location": _location(first),
        "narrative": first.cells.get("narrative", ""),
        "people": people,
    }
    return body, origins


def _adult(role: str, name: str, born: str | None) -> dict[str, object]:
    given, _, family = name.rpartition(" ")
    return {"role": role, "given_name": given.strip(), "family_name": family, "date_of_birth": born}


def _child(row: Row, role: str, problems: list[Problem]) -> dict[str, object]:
    cells = row.cells
    return {
        "role": role,
        "given_name": cells["child_given_name"],
        "family_name": cells["child_family_name"],
        "date_of_birth": _date(cells["child_date_of_birth"]),
        "expected_on": _date(cells.get("child_expected_on", "")),
        "present": _flag(row, "child_present", problems),
        "upn": cells.get("upn") or None,
        "home_educated": _flag(row, "home_educated", problems),
        "setting": {"urn": cells.get("urn") or None, "name": cells.get("setting_name") or None},
    }


def _location(row: Row) -> dict[str, object] | None:
    lines = [line.strip() for line in row.cells.get("location", "").splitlines() if line.strip()]
    postcode = row.cells.get("postcode") or None
    return {"lines": lines, "postcode": postcode} if lines or postcode else None


def _flag(row: Row, name: str, problems: list[Problem]) -> bool | None:
    cell = row.cells.get(name, "").casefold()
    if cell in ("", "unknown", "not known"):
        return None
    if cell not in _YES_NO:
        problems.append(Problem(row.number, "Give yes, no, or nothing.", name))
        return None
    return _YES_NO[cell]


def _date(cell: str) -> str | None:
    """A date as the API writes it; what is no date stays as it is and is refused there."""
    found = _UK_DATE.fullmatch(cell)
    return f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else cell or None


def _time(cell: str) -> str:
    """A time as the API writes it; one without zone is London's."""
    found = _LOCAL_TIME.fullmatch(cell)
    if not found:
        return cell
    try:
        local = dt.datetime.fromisoformat(f"{_date(found[1])}T{found[2]}")
    except ValueError:
        return cell
    return local.replace(tzinfo=LONDON).isoformat()


def _problem(pointer: str, detail: str, origins: Sequence[tuple[Row, str]], rows: Sequence[Row]) -> Problem:
    """A fault in the body, told as the row and column that it came from."""
    parts = pointer.split("/")[1:]
    if parts[:1] != ["people"] or len(parts) < 3:
        column = parts[0] if parts and parts[0] in COLUMNS else ""
        return Problem(rows[0].number, detail, column)
    row, role = origins[int(parts[1])]
    name = parts[-1]
    if role != "child":
        return Problem(row.number, detail, f"{role}_date_of_birth" if name == "date_of_birth" else f"{role}_name")
    if name in ("date_of_birth", "expected_on"):
        return Problem(row.number, detail, f"child_{name}")
    if parts[2] == "setting":
        return Problem(row.number, detail, "urn" if name == "urn" else "setting_name")
    return Problem(row.number, detail, _COLUMN_OF.get(name, name))
