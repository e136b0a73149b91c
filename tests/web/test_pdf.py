"""Documents: tagged, the same bytes for the same input, and made whatever is written in them."""

import datetime as dt
import re

import pytest

from safeguarding.web import pdf
from tests.support.pdf import streams

AT = dt.datetime(2026, 11, 26, 7, 30, tzinfo=dt.UTC)


def data(**more: object) -> dict[str, object]:
    said = {
        "title": "Telling settings",
        "version": "2",
        "partnership": "Wexbourne",
        "marking": "OFFICIAL-SENSITIVE",
        "reference": "G-0000-0000",
        "made": "26 November 2026",
        "standing": "In force",
        "parties": [
            {"name": "Police", "ico": "ZA1", "role": "Source", "controllership": "Controller", "state": "Signed"}
        ],
        "sections": [{"title": "Purposes", "lines": ["Support."]}],
        "digest": "ab" * 32,
    }
    return said | more


def test_a_document_is_tagged_has_a_title_and_a_language() -> None:
    made = pdf.document("agreement", data(), at=AT)
    inside = made + b"".join(streams(made))
    assert made.startswith(b"%PDF-1.7")
    for sign in (b"/MarkInfo", b"/StructTreeRoot", b"/Lang", b"pdfuaid", b"Telling settings, version 2"):
        assert sign in inside, sign
    # headings, lists and tables are there for a screen reader, with the head of the table told apart
    for tag in (b"/H1", b"/H2", b"/LI", b"/TH", b"/TD"):
        assert tag in inside, tag


def test_the_same_input_gives_the_same_bytes_and_another_day_gives_others() -> None:
    first, again = (pdf.document("agreement", data(), at=AT) for _ in range(2))
    assert first == again
    london = AT.astimezone(dt.timezone(dt.timedelta(hours=1)))
    assert pdf.document("agreement", data(), at=london) == first
    assert pdf.document("agreement", data(), at=AT + dt.timedelta(days=1)) != first


def test_only_our_own_fonts_are_in_it() -> None:
    assert set(re.findall(rb"/BaseFont ?/(?:\w{6}\+)?([\w-]+)", _all(pdf.document("agreement", data(), at=AT)))) == {
        b"LiberationSans",
        b"LiberationSans-Bold",
    }
    assert (pdf.FONTS / "OFL.txt").read_text(encoding="utf-8").count("Version 1.1") >= 2


NAMES = (
    *("Zoë Łukaszewicz", "Юлия", "Ἀθηνᾶ", "محمد", "ਜਸਪ੍ਰੀਤ", "রহিমা", "प्रिया", "பிரியா", "大明", "🙂"),
    # clusters of what one font has and another has not, controls, and what looks like markup
    *("👨‍👩‍👧", "e\u0dcfx", "a\u20ddb", "e\u0a3c", "\u0007\u0008.", "\ufffe", "\u202ex", "#strong[x] $ * _ \\u0007"),
)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_in_any_script_is_no_reason_not_to_make_it(name: str) -> None:
    """What none of our fonts can draw is written as its code; what looks like markup is text."""
    assert pdf.document("agreement", data(standing=name), at=AT) != pdf.document("agreement", data(), at=AT)


def test_a_template_that_is_not_there_is_an_error_and_no_empty_page() -> None:
    with pytest.raises(RuntimeError):
        pdf.document("no-such-template", data(), at=AT)


def _all(made: bytes) -> bytes:
    return made + b"".join(streams(made))
