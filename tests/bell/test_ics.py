"""What a school's calendar file says, and what it does not; each entry that is left out says why."""

import datetime as dt

import pytest

from alerts.bell.ics import Unreadable, decode, read
from safeguarding.agencies.enums import PeriodKind

TERM, CLOSED = PeriodKind.TERM, PeriodKind.CLOSED


def event(title: str, start: str, end: str = "", *, more: str = "", value: str = ";VALUE=DATE") -> str:
    ends = f"DTEND{value}:{end}\r\n" if end else ""
    return f"BEGIN:VEVENT\r\nUID:{title}\r\nSUMMARY:{title}\r\nDTSTART{value}:{start}\r\n{ends}{more}END:VEVENT\r\n"


def calendar(*events: str) -> str:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\n{''.join(events)}END:VCALENDAR\r\n"


@pytest.mark.req("ALR-23")
@pytest.mark.parametrize(
    ("events", "kind", "first", "last"),
    [
        ([event("Autumn term", "20270902", "20271218")], TERM, "2027-09-02", "2027-12-17"),
        ([event("Half term", "20271025", "20271030")], CLOSED, "2027-10-25", "2027-10-29"),
        ([event("INSET day", "20271101")], CLOSED, "2027-11-01", "2027-11-01"),
        ([event("Staff training day - no pupils", "20271101", "20271102")], CLOSED, "2027-11-01", "2027-11-01"),
        (
            [event("Spring term starts", "20280104"), event("Spring term ends", "20280331")],
            TERM,
            "2028-01-04",
            "2028-03-31",
        ),
        ([event("End of autumn half term holiday", "20271025", "20271030")], CLOSED, "2027-10-25", "2027-10-29"),
        # by the clock on the wall, on both sides of the change in October
        (
            [event("School closed", "20271030T230000Z", "20271101T000000Z", value="")],
            CLOSED,
            "2027-10-31",
            "2027-11-01",
        ),
    ],
)
def test_terms_and_closures(events: list[str], kind: PeriodKind, first: str, last: str) -> None:
    found = read(calendar(*events))
    [period] = found.periods
    assert (period.kind, period.starts_on, period.ends_on) == (
        kind, dt.date.fromisoformat(first), dt.date.fromisoformat(last),
    )  # fmt: skip
    assert not found.troubles


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        (event("Year 5 swimming", "20271101"), "neither a term nor a closure"),
        (event("INSET day", "20271101", more="RRULE:FREQ=YEARLY\r\n"), "repeats"),
        (event("INSET day", "nonsense"), "no date"),
        ("BEGIN:VEVENT\r\nSUMMARY:INSET day\r\nEND:VEVENT\r\n", "no date"),
        (event("Half term", "20271030", "20271025"), "ends before it starts"),
        (event("School closed", "20270101", "20290101"), "longer than 200 days"),
        (event("Inset twilight", "20271101T160000Z", "20271101T180000Z", value=""), "only a part of a day"),
        (event("Summer term ends", "20280721"), "No start of this term"),
        (event("Summer term starts", "20280417"), "No end of this term"),
    ],
)
def test_what_is_left_out_says_why_and_the_rest_is_read(entry: str, why: str) -> None:
    found = read(calendar(entry, event("Half term", "20280214", "20280219")))
    assert [period.name for period in found.periods] == ["Half term"]
    [trouble] = found.troubles
    assert why in trouble.why


@pytest.mark.parametrize("text", ["", "hello", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", "name,day\r\nINSET,1/9/2027\r\n"])
def test_what_is_no_calendar_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(Unreadable, match="Nothing was read"):
        read(text)


def test_a_file_that_is_too_large_or_oddly_encoded() -> None:
    with pytest.raises(Unreadable, match="larger than 300 kB"):
        decode(b"x" * 300_001)
    assert "Café" in decode("Café".encode("cp1252"))
    assert decode("\ufeffBEGIN".encode()) == "BEGIN"
