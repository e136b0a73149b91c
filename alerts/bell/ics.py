"""A school's calendar out of an .ics file: which of its entries are terms or closures, and what is wrong with the others (ALR-23)."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from icalendar import Calendar
from icalendar.cal.component import Component

from safeguarding.agencies.calendars import LONDON
from safeguarding.agencies.enums import PeriodKind

LARGEST = 300_000
MOST_ENTRIES = 1000
LONGEST_NAME = 60
LONGEST_TERM = dt.timedelta(days=200)
_MOST_OF_A_DAY = dt.timedelta(hours=5)
_NO_DATE = "It has no date that can be read."
# So long at least is an entry that calls itself a term.
_A_TERM = dt.timedelta(days=14)
_CLOSED = re.compile(
    r"half[ -]?term|inset|in-set|holiday|vacation|clos(?:ed|ure)|training day|non[ -]?pupil|occasional day|disaggregated"
    r"|(?:christmas|easter|summer|winter|spring|autumn|october|february|may) break|bank hol|no school",
    re.IGNORECASE,
)
_STARTS = re.compile(r"\b(?:start|begin|first day|opens|re-?open|return|commence)", re.IGNORECASE)
_ENDS = re.compile(r"\b(?:end|last day|finish|break(?:s)? up|closes)", re.IGNORECASE)
_TERM = re.compile(r"\bterm\b|school year", re.IGNORECASE)


class Unreadable(Exception):
    """The file is no calendar at all; the sentence is for the person who chose it."""

    def __init__(self, sentence: str):
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Period:
    kind: PeriodKind
    name: str
    starts_on: dt.date
    ends_on: dt.date

    @property
    def span(self) -> tuple[str, dt.date, dt.date]:
        return str(self.kind), self.starts_on, self.ends_on


@dataclass(frozen=True)
class Trouble:
    """An entry that was not taken, by its place in the file and its own title, and why."""

    number: int
    title: str
    why: str


@dataclass
class Read:
    periods: list[Period] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)


@dataclass(frozen=True)
class _Entry:
    number: int
    title: str
    starts_on: dt.date
    ends_on: dt.date


def decode(data: bytes) -> str:
    if len(data) > LARGEST:
        raise Unreadable("The file is larger than 300 kB. Nothing was read. Choose the school's own calendar of terms.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read(text: str) -> Read:
    """Terms and closures; every other entry is listed with the reason for which it was left out."""
    try:
        calendar = Calendar.from_ical(text.replace("\x00", ""))
    except (ValueError, IndexError, KeyError, AttributeError, TypeError):
        raise Unreadable("This is not a calendar file. Nothing was read. Choose a file that ends in .ics.") from None
    found, entries = Read(), []
    events = calendar.walk("VEVENT")
    if len(events) > MOST_ENTRIES:
        raise Unreadable("The file has more than 1,000 entries. Nothing was read. Choose the calendar of terms only.")
    for number, event in enumerate(events, start=1):
        title = " ".join(str(event.get("SUMMARY", "")).split())[:LONGEST_NAME] or "No title"
        try:
            entries.append(_entry(number, title, event))
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            found.troubles.append(Trouble(number, title, _sentence(error)))
    _sort_out(entries, found)
    return found


def _sentence(error: Exception) -> str:
    """Ours stand in the error; the library's would mean nothing to a reader."""
    return str(error) if isinstance(error, _Refusal) else _NO_DATE


class _Refusal(ValueError):
    pass


def _entry(number: int, title: str, event: Component) -> _Entry:
    if event.get("RRULE") or event.get("RDATE"):
        raise _Refusal("It repeats. Enter each closure by hand.")
    first, last = _days(title, _moment(event, "DTSTART"), _moment(event, "DTEND"))
    if last < first:
        raise _Refusal("It ends before it starts.")
    if last - first > LONGEST_TERM:
        raise _Refusal("It is longer than 200 days.")
    return _Entry(number, title, first, last)


def _moment(event: Component, name: str) -> dt.date | None:
    found = getattr(event.get(name), "dt", None)
    if found is not None and not isinstance(found, dt.date):
        raise _Refusal(_NO_DATE)
    return found


def _days(title: str, start: dt.date | None, end: dt.date | None) -> tuple[dt.date, dt.date]:
    """First and last day; an all-day entry ends on the day after its last."""
    if start is None:
        raise _Refusal(_NO_DATE)
    if isinstance(start, dt.datetime):
        first, last = _local(start), _local(end if isinstance(end, dt.datetime) else start)
        if last - first < _MOST_OF_A_DAY and not (_STARTS.search(title) or _ENDS.search(title)):
            raise _Refusal("It takes only a part of a day.")
        return first.date(), last.date()
    if end is None or end == start:
        return start, start
    return start, end - dt.timedelta(days=1)


def _local(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(LONDON).replace(tzinfo=None) if moment.tzinfo else moment


def _sort_out(entries: Sequence[_Entry], found: Read) -> None:
    """Closures by their words; terms by their length, or by a start and the next end."""
    begun: _Entry | None = None
    for entry in sorted(entries, key=lambda each: (each.starts_on, each.number)):
        if _TERM.search(entry.title) and not _CLOSED.search(entry.title):
            if entry.ends_on - entry.starts_on >= _A_TERM:
                found.periods.append(_period(PeriodKind.TERM, entry))
                continue
            if _STARTS.search(entry.title):
                found.troubles += _without_end(begun)
                begun = entry
                continue
            if _ENDS.search(entry.title):
                if begun is None:
                    found.troubles.append(Trouble(entry.number, entry.title, "No start of this term comes before it."))
                else:
                    found.periods.append(Period(PeriodKind.TERM, _name(begun.title), begun.starts_on, entry.ends_on))
                begun = None
                continue
        if _CLOSED.search(entry.title):
            found.periods.append(_period(PeriodKind.CLOSED, entry))
            continue
        found.troubles.append(Trouble(entry.number, entry.title, "It is neither a term nor a closure: left out."))
    found.troubles += _without_end(begun)


def _without_end(begun: _Entry | None) -> Iterator[Trouble]:
    if begun is not None:
        yield Trouble(begun.number, begun.title, "No end of this term comes after it.")


def _period(kind: PeriodKind, entry: _Entry) -> Period:
    return Period(kind, entry.title, entry.starts_on, entry.ends_on)


def _name(title: str) -> str:
    """ "Autumn term begins" is the autumn term."""
    return (
        re.sub(r"\s*[-:,]?\s*\b(?:starts?|begins?|first day.*|opens?|commences?)\b.*$", "", title, flags=re.IGNORECASE)
        or title
    )
