"""Tags: words people read, and nothing a name could break out of."""

import base64
import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from safeguarding.web.paging import KeysetPage, decode_cursor, encode_cursor
from safeguarding.web.templatetags import hub

LONDON = ZoneInfo("Europe/London")


def drawn(source: str, **context: object) -> str:
    request = RequestFactory().get("/alerts/?status=sent&cursor=x")
    return Template("{% load hub %}" + source).render(Context({"request": request, **context}))


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (0, 0, "midnight"),
        (0, 5, "12:05am"),
        (8, 6, "8:06am"),
        (9, 0, "9am"),
        (12, 0, "midday"),
        (12, 30, "12:30pm"),
        (23, 59, "11:59pm"),
    ],
)
def test_times_as_people_say_them(hour: int, minute: int, words: str) -> None:
    assert hub.clock(dt.time(hour, minute)) == words
    assert hub.clock(dt.datetime(2026, 1, 5, hour, minute, tzinfo=LONDON)) == words


def test_a_moment_in_summer_is_told_in_summer_time() -> None:
    at = dt.datetime(2026, 6, 16, 7, 6, tzinfo=dt.UTC)
    assert hub.moment(at) == '<time datetime="2026-06-16T07:06:00+00:00">16 June 2026 at 8:06am</time>'
    assert hub.day(dt.datetime(2026, 6, 15, 23, 30, tzinfo=dt.UTC)) == "16 June 2026"
    assert (hub.moment(None), hub.day(None), hub.clock(None), hub.in_words(None)) == ("", "", "", "")


def test_what_ends_at_midnight_ends_with_the_day_before() -> None:
    end = dt.datetime(2026, 6, 16, 23, 0, 30, tzinfo=dt.UTC)
    assert hub.until(end) == '<time datetime="2026-06-16T23:00:30+00:00">the end of 16 June 2026</time>'
    assert hub.until(end - dt.timedelta(hours=1)) == hub.moment(end - dt.timedelta(hours=1))
    assert hub.until(None) == ""


@pytest.mark.parametrize(
    ("away", "words"),
    [
        (dt.timedelta(hours=2, minutes=1), "in 2 hours"),
        (dt.timedelta(minutes=61), "in 1 hour"),
        (dt.timedelta(seconds=30), "now"),
        (-dt.timedelta(minutes=40), "40 minutes ago"),
        (-dt.timedelta(days=3), "3 days ago"),
    ],
)
def test_how_far_off(monkeypatch: pytest.MonkeyPatch, away: dt.timedelta, words: str) -> None:
    now = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: now)
    assert hub.in_words(now + away) == words


@pytest.mark.parametrize(
    "source",
    [
        "{{ name|person }}",
        "{% tag name 'red' %}",
        "{% card title=name %}x{% endcard %}",
        "{% row key=name %}{{ name }}{% endrow %}",
        "{% details summary=name %}{{ name }}{% enddetails %}",
        "{% warning %}{{ name }}{% endwarning %}",
        "{% timeline entries %}",
        "{% readers people %}",
        "{% sub_navigation items name %}",
    ],
)
def test_every_tag_escapes(source: str) -> None:
    name = "<script>alert(1)</script>"
    html = drawn(
        source,
        name=name,
        entries=[{"title": name, "by": name, "when": None, "text": name}],
        people=[{"name": name, "role": name, "agency": name, "why": name}],
        items=[{"title": name, "href": '"><script>', "active": True, "count": name}],
    )
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_a_query_keeps_the_filter_and_drops_what_is_empty() -> None:
    assert drawn("{% query status='new' cursor=None %}") == "?status=new"
    assert drawn("{% query status='' cursor=None %}") == "?"


@pytest.mark.parametrize(
    ("address", "may_be_hidden", "cleared"),
    [
        ("/alerts/?view=new&cursor=x", True, ""),
        ("/alerts/?view=new&kind=", True, ""),
        (
            "/alerts/?view=new&kind=missing&cursor=x",
            False,
            '<a class="govuk-link" href="?view=new">Clear the filter</a>',
        ),
        ("/alerts/?kind=missing&status=sent", False, '<a class="govuk-link" href="?">Clear the filter</a>'),
    ],
)
def test_a_filter_in_use_is_never_hidden_and_can_be_cleared(address: str, may_be_hidden: bool, cleared: str) -> None:
    context = Context({"request": RequestFactory().get(address)})
    html = Template("{% load hub %}{% filter_panel %}<b>fields</b>{% endfilter_panel %}").render(context)
    assert ('data-module="moj-filter"' in html) is may_be_hidden
    assert ("Clear the filter" in html) is not may_be_hidden
    assert cleared in html
    assert "<b>fields</b>" in html


def test_the_pager_leads_on_and_back() -> None:
    html = drawn("{% pager page %}", page=KeysetPage([1], "abc", False))
    assert 'href="?status=sent&amp;cursor=abc"' in html
    assert 'href="?status=sent"' in html
    assert drawn("{% pager page %}", page=KeysetPage([1], None, True)).strip() == ""


# deeper than a reader of JSON goes
NESTED = base64.urlsafe_b64encode(b"[" * 200_000).decode()


@pytest.mark.parametrize("text", ["x", "%%%", "bnVsbA", "WzEsMl0", "WyIyMDI2IiwgMV0", "é", "W" * 5000, NESTED])
def test_a_made_up_cursor_is_the_first_page(text: str) -> None:
    assert decode_cursor(text) is None


def test_a_cursor_comes_back_whole() -> None:
    at = dt.datetime(2026, 6, 16, 7, 6, 5, 123456, tzinfo=dt.UTC)
    assert decode_cursor(encode_cursor([at, 7])) == (at, 7)
