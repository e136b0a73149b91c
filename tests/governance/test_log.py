"""The IG lead's log: whose entries it shows, what can be asked of it, and that list, count and export say the same."""

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from alerts.lado import services as lado
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible
from safeguarding.governance import log
from safeguarding.governance.exports import guarded, log_file
from safeguarding.governance.log import Search
from safeguarding.governance.trails import trail_of
from safeguarding.refs import number_of, ref_for
from tests.factories import World
from tests.governance.conftest import entries
from tests.readers.support import shut_out
from tests.support.db import as_user, fixtures

pytestmark = pytest.mark.django_db

HIDDEN = ("Ottilie", "Quillfeather", "Ferelith", "Osric")


def events(search: Search, who: Any) -> list[str]:
    with as_user(who):
        page = log.log_page(search, cursor="", for_user=who)
    return [
        line.entry.event for line in page.rows if not line.entry.event.startswith(("log.", "user.", "configuration."))
    ]


@pytest.mark.req("AUD-04", "NTK-02")
def test_a_lead_sees_what_is_about_the_agency_s_records_and_what_its_own_people_did(world: World) -> None:
    everything = ["notification.opened", "alert.checked", "alert.opened", "alert.opened"]
    assert events(Search(), world.hub_lead) == everything
    assert events(Search(), world.school_lead) == ["alert.opened", "alert.listed"]
    assert events(Search(), world.ig_lead) == []


@pytest.mark.req("AUD-04", "NTK-01")
@pytest.mark.parametrize("who", ["dsl", "officer", "manager", "admin", "tutor", "constable"])
def test_for_everybody_else_there_is_no_log(world: World, who: str) -> None:
    person = getattr(world, who)
    with as_user(person), pytest.raises(NotVisible):
        log.log_page(Search(), cursor="", for_user=person)


@pytest.mark.req("AUD-04")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"event": "alert.checked"}, ["alert.checked"]),
        ({"purpose": "To support the child"}, ["alert.opened"]),
        ({"agency": "Second"}, ["alert.opened"]),
        ({"outcome": "denied"}, []),
        ({"person": "nobody of this name"}, []),
        ({"since": dt.timedelta(days=1)}, []),
        ({"until": dt.timedelta(days=-1)}, []),
        ({"since": dt.timedelta(days=-1), "event": "alert.opened"}, ["alert.opened", "alert.opened"]),
    ],
    ids=lambda value: "+".join(value) if value else "nothing",
)
def test_every_way_of_asking(world: World, asked: dict[str, Any], found: list[str]) -> None:
    now = timezone.now()
    moments = {name: now + away for name, away in asked.items() if isinstance(away, dt.timedelta)}
    assert events(Search(**{**asked, **moments}), world.hub_lead) == found


@pytest.mark.req("AUD-04")
def test_asking_by_person_and_by_reference(world: World) -> None:
    assert events(Search(person=world.officer.email), world.hub_lead) == ["notification.opened", "alert.checked"]
    assert events(Search(user=world.dsl), world.school_lead) == ["alert.opened", "alert.listed"]
    assert events(Search(ref=world.one.ref), world.hub_lead) == ["alert.checked", "alert.opened"]
    assert events(Search(ref=world.two.ref), world.school_lead) == []


@pytest.mark.req("AUD-01", "AUD-04")
def test_a_refusal_shows_to_the_lead_of_who_was_refused_with_the_reference_asked_for(world: World) -> None:
    with fixtures():
        from safeguarding.agencies.enums import Role
        from tests.factories import member

        lead = member(world.other_school, Role.IG_LEAD)
    with as_user(lead):
        (line,) = log.log_page(Search(outcome="trouble"), cursor="", for_user=lead).rows
    assert (line.what, line.outcome, line.ref, line.who) == (
        "Access refused", "Refused", world.one.ref, world.other_dsl.name,
    )  # fmt: skip


@pytest.mark.req("AUD-04")
def test_pages_follow_each_other_without_gap_or_repeat(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "PAGE", 7)
    with as_user(world.officer):
        for _ in range(20):
            record("alert.checked", world.one)
    seen: list[int] = []
    cursor = ""
    with as_user(world.hub_lead):
        search = Search(event="alert.checked")
        while True:
            page = log.log_page(search, cursor=cursor, for_user=world.hub_lead)
            seen += [line.entry.pk for line in page.rows]
            if not page.older:
                break
            cursor = page.older
    assert seen == sorted((entry.pk for entry in entries(event="alert.checked")), reverse=True)
    assert len(seen) == 21


@pytest.mark.req("AUD-04")
@pytest.mark.parametrize("asked", [{}, {"event": "alert.opened"}, {"outcome": "denied"}, {"agency": "First"}], ids=str)
@pytest.mark.parametrize("who", ["hub_lead", "school_lead"])
def test_list_count_and_export_say_the_same(world: World, who: str, asked: dict[str, Any]) -> None:
    lead = getattr(world, who)
    search = Search(**asked)
    with as_user(lead):
        listed = [line.entry.pk for line in log.log_page(search, cursor="", for_user=lead).rows]
        counted = log.log_count(search, for_user=lead)
        exported = [line.entry.pk for line in log.log_export(search, for_user=lead, purpose="assurance")]
    # looking was itself remembered in between
    own = {entry.pk for entry in entries(event__startswith="log.")}
    assert [pk for pk in exported if pk not in own] == [pk for pk in listed if pk not in own]
    assert int(counted) - len(listed) in (0, 1)


def rows_of(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))


@pytest.mark.req("AUD-04")
def test_the_exported_file_has_the_rows_of_the_page_and_runs_nothing(world: World, hub_lead: Client) -> None:
    page = hub_lead.get("/log/?event=alert.opened")
    assert page.status_code == 200
    shown = re.findall(r'href="/log/seen/([A-Z0-9-]+)/"', page.content.decode())
    assert hub_lead.post("/log/export/?event=alert.opened", {}).content.count(b"Select what you need it for") == 2
    answer = hub_lead.post("/log/export/?event=alert.opened", {"purpose": "assurance"})
    rows = rows_of(answer.content)
    assert [row["Record"] for row in rows] == shown == [world.two.ref, world.one.ref]
    assert rows[0]["Purpose"] == "'=1+1"
    assert (rows[1]["Who"], rows[1]["Way in"], rows[1]["Agency"]) == (world.dsl.name, "By role", "First School")
    (entry,) = entries(event="log.exported")
    assert (entry.purpose, entry.additional_data) == ("assurance", {"asked": ["event"], "rows": 2})


@pytest.mark.parametrize("cell", ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"])
def test_a_cell_that_would_run_is_text(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["A-0000-0000", "Robin Vane", "", 12, "2026-11-22T10:00:00+00:00"])
def test_any_other_cell_is_left_alone(cell: Any) -> None:
    assert guarded(cell) == str(cell)


@pytest.mark.req("AUD-02", "AUD-04")
def test_no_page_of_the_log_names_a_child_or_an_adult(world: World, hub_lead: Client) -> None:
    paths = ["/log/", f"/log/seen/{world.child_on_record.ref}/", f"/log/people/{world.dsl.code}/", "/log/seen/"]
    for path in paths:
        answer = hub_lead.get(path)
        assert answer.status_code == 200, path
        assert not [name for name in HIDDEN if name in answer.content.decode()], path
    exported = hub_lead.post("/log/export/", {"purpose": "assurance"}).content.decode()
    assert not [name for name in HIDDEN if name in exported]


@pytest.mark.req("AUD-04")
def test_a_wrong_filter_is_no_answer(world: World, hub_lead: Client) -> None:
    answer = hub_lead.get("/log/?ref=A-1234-5678&since=31/02/2026").content.decode()
    assert "There is a problem" in answer
    assert "Nothing was looked up" in answer
    backwards = hub_lead.get("/log/?since=3/3/2026&until=1/3/2026").content.decode()
    assert "or later" in backwards


@pytest.mark.req("AUD-04")
@pytest.mark.parametrize("path", ["/log/", "/log/people/{code}/"])
def test_a_last_day_at_the_end_of_time_is_a_slip_that_the_page_names(world: World, hub_lead: Client, path: str) -> None:
    answer = hub_lead.get(f"{path.format(code=world.officer.code)}?until=31/12/9999")
    assert answer.status_code == 200
    assert "To must not lie more than 20 years in the future" in answer.content.decode()


@pytest.mark.req("AUD-04")
def test_what_one_person_opened_day_by_day(world: World, school_lead: Client) -> None:
    today = f"{timezone.localdate():%d/%m/%Y}"
    page = school_lead.get(f"/log/people/{world.dsl.code}/?since={today}&until={today}").content.decode()
    assert world.one.ref in page
    assert "To support the child" in page
    # the school's lead knows nothing of the officer, though the officer exists
    assert school_lead.get(f"/log/people/{world.officer.code}/").status_code == 404
    assert school_lead.get("/log/people/P-0000-0000/").status_code == 404
    assert [entry.object_id for entry in entries(event="log.person")] == [world.dsl.pk]
    exported = school_lead.post(f"/log/people/{world.dsl.code}/export/", {"purpose": "investigation"})
    assert {row["Who"] for row in rows_of(exported.content)} == {world.dsl.name}


@pytest.mark.req("AUD-04")
def test_the_log_costs_the_same_however_much_there_is(world: World, django_assert_num_queries: Any) -> None:
    def look() -> None:
        log.log_page(Search(), cursor="", for_user=world.hub_lead)
        log.log_count(Search(), for_user=world.hub_lead)

    with as_user(world.hub_lead):
        look()
    with as_user(world.officer):
        for _ in range(30):
            record("alert.checked", world.one, shown=[world.two.ref])
    with as_user(world.hub_lead), django_assert_num_queries(8):
        look()


@pytest.mark.parametrize("number", [0, 1, 7, 12345, (1 << 35) - 1])
def test_a_code_leads_back_to_its_row_and_only_with_its_own_letter(number: int) -> None:
    assert number_of("P", ref_for("P", number)) == number
    assert number_of("A", ref_for("P", number)) is None
    assert number_of("P", "P-0000-000!") is None


@pytest.mark.req("NTK-04", "MRC-18", "AUD-04")
def test_what_a_lead_is_shut_out_from_leaves_no_trace_in_the_log(world: World) -> None:
    """The lead is the adult whom the school told the hub about: neither the line about it, nor the alert's reference in a list."""
    with as_user(world.dsl):
        lado.tell(world.one, adult="Osric", work="keeps the accounts", by=world.dsl)
    assert "lado.told" in events(Search(), world.school_lead)
    shut_out(world.one, world.school_lead, by=world.dsl)
    assert events(Search(), world.school_lead) == ["alert.listed"]
    with as_user(world.school_lead):
        [listed] = [
            line
            for line in log.log_export(Search(), for_user=world.school_lead, purpose="To look")
            if line.entry.event == "alert.listed"
        ]
        assert (listed.entry.objects_shown, listed.shown) == ([world.one.ref], [])
        assert world.one.ref not in log_file([listed]).content.decode()
        with pytest.raises(NotVisible):
            trail_of(world.one.ref, for_user=world.school_lead)
    with as_user(world.hub_lead):
        assert trail_of(world.one.ref, for_user=world.hub_lead).people
