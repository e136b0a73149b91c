"""The board, the list behind it, the month's page, CSV and PDF count by one rule, and only what is my hub's (ALR-23, NTK-02)."""

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.bell import proofs, selectors, services
from alerts.bell.enums import Outcome, Show
from alerts.bell.forms import BoardFilter
from alerts.bell.selectors import Asked, Tally, total_of
from alerts.delivery.enums import LateReason
from alerts.models import Alert
from safeguarding.agencies.calendars import LONDON
from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.agencies.models import Partnership
from safeguarding.errors import NotVisible, Refused
from tests.delivery.support import events, facts
from tests.factories import AgencyFactory, World, member
from tests.support.db import as_user, fixtures
from tests.support.web import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.req("ALR-23")]
BELL = dt.datetime(2026, 11, 23, 8, 45, tzinfo=LONDON)
NOW = dt.datetime(2026, 11, 23, 9, 30, tzinfo=LONDON)
MONTH = Asked(dt.date(2026, 11, 1), dt.date(2026, 11, 30))
MINUTE = dt.timedelta(minutes=1)
TOTAL, IN_TIME = "Alerts that had to beat a bell in this month", "Opened at the setting before the bell"


def made(world: World, outcome: str, *, bell: dt.datetime = BELL, many: int = 1, **fields: Any) -> list[Alert]:
    """Alerts whose times, and nothing else, say what became of them."""
    early, late = bell - 60 * MINUTE, bell + 5 * MINUTE
    times: dict[str, dict[str, Any]] = {
        "in_time": {"status": "opened", "sent_at": early, "opened_at": bell},
        "acknowledged": {
            "status": "acknowledged",
            "sent_at": early,
            "opened_at": early,
            "acknowledged_at": bell - MINUTE,
        },
        "arrived": {"status": "opened", "received_at": bell + MINUTE, "sent_at": late, "opened_at": late + MINUTE},
        "screened": {"status": "sent", "received_at": bell - MINUTE, "sent_at": late},
        "stuck": {"status": "queued", "audience": 0, "sent_at": None},
        "unopened": {"status": "opened", "sent_at": early, "opened_at": bell + dt.timedelta(seconds=1)},
        "withheld": {"status": "withheld", "withheld_reason": "never_signed", "audience": 0, "sent_at": None},
    }
    gateway = "" if outcome in ("stuck", "withheld") else "agreement" if outcome == "unopened" else "statutory_duty"
    values = {
        "gateway": gateway,
        "received_at": early,
        "created_at": early,
        "due_at": bell,
        "bell_at": bell,
        **times[outcome],
        **fields,
    }
    with fixtures():
        return [world.alert(**values) for _ in range(many)]


@pytest.fixture
def month(world: World) -> World:
    """A Monday of everything, a week before it of in-time alerts, another month, another hub, and a bell to come."""
    for outcome, many in (
        ("in_time", 6),
        ("acknowledged", 3),
        ("arrived", 2),
        ("screened", 1),
        ("stuck", 1),
        ("unopened", 4),
    ):
        made(world, outcome, many=many)
    made(world, "withheld", setting=world.other_school)
    made(world, "acknowledged", bell=BELL - dt.timedelta(days=7), many=5, setting=world.other_school)
    made(world, "in_time", bell=BELL - dt.timedelta(days=28))
    made(world, "stuck", bell=NOW + dt.timedelta(days=1), created_at=NOW, received_at=NOW)
    with fixtures():
        other = AgencyFactory(kind=AgencyKind.MASH, partnership=world.partnership)
        world.stranger = member(other, Role.MASH_MANAGER)
        Alert.objects.filter(pk=made(world, "arrived")[0].pk).update(controller=other)
    return world


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def test_each_day_says_what_became_of_its_alerts(month: World) -> None:
    with as_user(month.manager):
        found = selectors.board(MONTH, for_user=month.manager)
    assert [day.label for day in found.days] == [dt.date(2026, 11, n) for n in (24, 23, 16)]
    monday = found.days[1]
    assert monday.outcomes == {"in_time": 9, "arrived": 2, "screened": 2, "unopened": 4, "withheld": 1}
    assert (monday.total, monday.in_time, monday.late, monday.sent_before, monday.acknowledged_before) == (
        18,
        9,
        9,
        13,
        3,
    )
    assert found.days[0].outcomes == {"waiting": 1}
    assert [(each.label, each.total, each.late) for each in found.settings] == [
        ("First School", 18, 8),
        ("Second School", 6, 1),
    ]
    assert found.total.outcomes == total_of(found.settings).outcomes


def test_two_settings_of_one_name_are_counted_as_two(world: World) -> None:
    with fixtures():
        alike = AgencyFactory(partnership=world.partnership, urn="999003", name=world.school.name)
        unnumbered = AgencyFactory(partnership=world.partnership, urn=None, name=world.school.name)
    made(world, "arrived", many=3)
    made(world, "in_time", setting=alike, many=2)
    made(world, "in_time", setting=unnumbered)
    made(world, "in_time", setting=world.other_school)
    with as_user(world.manager):
        found = selectors.by_setting(MONTH, for_user=world.manager)
        [part] = [part for part in proof_of(world).parts if part.title == "By setting"]
        shown = BoardFilter(settings=selectors.settings_of_hubs(for_user=world.manager), partnerships=[])
    assert {(each.label, each.key, each.total, each.late) for each in found} == {
        ("First School, URN 999001", world.school.slug, 3, 3),
        ("First School, URN 999003", alike.slug, 2, 0),
        (f"First School, {unnumbered.slug}", unnumbered.slug, 1, 0),
        ("Second School", world.other_school.slug, 1, 0),
    }
    assert {row.label for row in part.rows} == {each.label for each in found}
    offered = dict(shown.fields["setting"].choices)
    assert {offered[each.key] for each in found} == {each.label for each in found}


@pytest.mark.req("ALR-10")
def test_a_correction_takes_nobodys_promptness_away_and_a_recall_leaves_no_bell(world: World) -> None:
    made(world, "screened", sent_at=BELL - MINUTE, first_opened_at=BELL, first_acknowledged_at=BELL)
    made(world, "unopened", recalled_at=NOW, recalled_because="withdrawn")
    made(world, "stuck", status="cancelled")
    with as_user(world.manager):
        [monday] = selectors.by_day(MONTH, for_user=world.manager)
    assert monday.outcomes == {"in_time": 1}
    assert monday.acknowledged_before == 1


@pytest.mark.req("NTK-02")
def test_nobody_counts_what_is_not_their_hubs(month: World) -> None:
    with as_user(month.stranger):
        assert selectors.board(MONTH, for_user=month.stranger).total.outcomes == {"arrived": 1}
    for name in ("dsl", "constable", "ig_lead", "tutor", "admin"):
        person = getattr(month, name)
        with as_user(person), pytest.raises(NotVisible):
            selectors.board(MONTH, for_user=person)


@pytest.mark.req("NTK-04")
def test_who_is_shut_out_of_an_alert_does_not_count_it(month: World) -> None:
    from alerts.models import Exclusion

    with fixtures():
        alert = Alert.objects.filter(late_reason="", controller=month.mash, status="sent").first()
        assert alert is not None
        Exclusion.objects.create(
            user=month.manager, agency=month.mash, alert=alert, because="family", note="x", made_by=month.officer,
            review_on="2027-01-01", partnership=month.partnership, controller=month.mash,
        )  # fmt: skip
    with as_user(month.manager):
        assert selectors.board(MONTH, for_user=month.manager).total.total == 23
    with as_user(month.officer):
        assert selectors.board(MONTH, for_user=month.officer).total.total == 24


@pytest.mark.parametrize("show", list(Show))
def test_the_list_behind_a_number_has_as_many_alerts(month: World, show: Show) -> None:
    with as_user(month.manager):
        total = selectors.board(MONTH, for_user=month.manager).total
        count = {"all": total.total, "late": total.late, "waiting": total.waiting, "in_time": total.in_time}[show.value]
        assert len(selectors.alerts_behind(MONTH, show, "", cursor="", for_user=month.manager)) == count
        for reason, number in total.reasons if show == Show.LATE else ():
            page = selectors.alerts_behind(MONTH, show, reason, cursor="", for_user=month.manager)
            assert len(page) == number


def test_a_person_of_the_hub_says_why_and_the_board_counts_that(month: World) -> None:
    with as_user(month.manager):
        page = selectors.alerts_behind(MONTH, Show.LATE, LateReason.UNOPENED, cursor="", for_user=month.manager)
        ref = page.rows[0].ref
        alert = services.say_why_late(ref, reason=LateReason.PHONED, by=month.manager)
        assert dict(selectors.board(MONTH, for_user=month.manager).total.reasons)[LateReason.PHONED] == 1
    assert "alert.late_explained" in events(alert)
    assert facts(alert, "alert.late_explained") == {"reason": "phoned", "was": ""}


def test_what_was_in_time_needs_no_reason(month: World) -> None:
    with as_user(month.manager):
        [ref, *_] = [
            each.ref for each in selectors.alerts_behind(MONTH, Show.IN_TIME, "", cursor="", for_user=month.manager)
        ]
        with pytest.raises(Refused, match="needs no reason"):
            services.say_why_late(ref, reason=LateReason.FAULT, by=month.manager)
    with as_user(month.stranger), pytest.raises(NotVisible):
        services.say_why_late(ref, reason=LateReason.FAULT, by=month.stranger)


def proof_of(world: World) -> proofs.Proof:
    return proofs.proof(world.partnership.slug, MONTH.first, for_user=world.manager)


def test_board_page_csv_and_pdf_say_the_same(month: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a file shows a number at all, it is the board's."""
    told: dict[str, Any] = {}
    monkeypatch.setattr(proofs, "document", lambda template, data, at: told.update(data) or b"%PDF")
    with as_user(month.manager):
        board = selectors.board(MONTH, for_user=month.manager)
        found = proof_of(month)
        out = proofs.published(found)
        proofs.paper(found, out)
    assert found.total.outcomes == board.total.outcomes
    whole = {
        (part.title, label): [str(getattr(row, key)) for key in ("in_time", "waiting", "late", "total")]
        for part in found.parts
        for row, (label, _) in zip(part.rows, next(p for p in out.parts if p.title == part.title).rows, strict=True)
    }
    rows = [row for row in proofs.csv_rows(out) if (row[0], row[1]) in whole]
    assert len(rows) == len(whole) == 3 + 3 + 2
    for title, label, *numbers in rows:
        assert all(shown in (proofs.HIDDEN, number) for shown, number in zip(numbers, whole[title, label], strict=True))
    assert [
        [title, *row] for part in told["parts"] for title, row in ((part["title"], each) for each in part["rows"])
    ] == [list(row) for row in rows]
    assert not [number for row in rows for number in row[2:] if number in ("1", "2", "3", "4")]


def test_small_numbers_do_not_leave_in_any_line(month: World) -> None:
    with as_user(month.manager):
        out = proofs.published(proof_of(month))
    numbers = [number for _, number in (*out.summary, *out.reasons)]
    assert not {"1", "2", "3", "4"} & set(numbers)
    shown = dict(out.summary)
    assert shown["Alerts that had to beat a bell in this month"] == "24"
    assert shown["Sent before the bell"] == proofs.HIDDEN, "with it, the four that nobody opened could be worked out"
    assert shown["Not known before the bell"] == proofs.HIDDEN, (
        "with it, the one bell still to come could be worked out"
    )


def proof_counting(parts: tuple[proofs.Part, ...], total: Tally) -> proofs.Proof:
    return proofs.Proof(Partnership(), MONTH.first, MONTH.last, NOW, parts, total)


def published(*, sent: int = 0, acknowledged: int = 0, **outcomes: int) -> tuple[dict[str, str], dict[str, str]]:
    total = Tally("x", sent_before=sent, acknowledged_before=acknowledged, outcomes=outcomes)
    out = proofs.published(proof_counting((proofs.Part("a", "a", [total]),), total))
    return dict(out.summary), dict(out.reasons)


@pytest.mark.parametrize(
    ("sent", "outcomes"),
    [
        (95, {"in_time": 93, "screened": 15, "unopened": 2}),
        (108, {"in_time": 93, "screened": 2, "unopened": 15}),
        (103, {"in_time": 93, "screened": 20, "phoned": 10, "fault": 3}),
        (145, {"in_time": 93, "screened": 20, "unopened": 50, "arrived": 20}),
    ],
)
def test_what_was_sent_in_time_gives_no_hidden_reason_away(sent: int, outcomes: dict[str, int]) -> None:
    summary, _ = published(sent=sent, acknowledged=60, **outcomes)
    assert summary["Opened at the setting before the bell"] == "93"
    assert summary["Sent before the bell"] == proofs.HIDDEN


def test_what_was_sent_in_time_is_shown_where_it_tells_nothing_that_is_hidden() -> None:
    summary, reasons = published(sent=143, acknowledged=60, in_time=93, screened=12, arrived=3, unopened=50)
    assert summary["Sent before the bell"] == "143"
    assert list(reasons.values()).count(proofs.HIDDEN) == 2


def test_reasons_and_settings_do_not_stand_in_the_order_of_their_numbers(month: World) -> None:
    made(month, "arrived", setting=month.other_school, many=30)
    with as_user(month.manager):
        out = proofs.published(proof_of(month))
    assert [label for label, _ in out.reasons] == sorted(label for label, _ in out.reasons)
    for part in out.parts[1:]:
        assert [label for label, _ in part.rows] == sorted(label for label, _ in part.rows)


def test_a_number_hidden_beside_what_was_not_known_bounds_no_reason() -> None:
    """One bell still to come, so at most twelve were not known; eleven for one reason would leave one for the other."""
    summary, reasons = published(sent=20, in_time=100, waiting=1, unopened=11, screened=1)
    shown = [int(each) for each in (summary[TOTAL], summary[IN_TIME], *reasons.values()) if each != proofs.HIDDEN]
    assert sorted(shown) not in ([11, 100, 113], [1, 100, 113])


tally = st.builds(
    lambda counts: Tally(
        "x", outcomes=dict(zip((Outcome.IN_TIME, Outcome.WAITING, LateReason.ARRIVED), counts, strict=True))
    ),
    st.tuples(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12)),
)


@given(st.lists(tally, min_size=1, max_size=5), st.lists(st.integers(0, 1), min_size=5, max_size=5))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_total_hidden_in_one_table_is_hidden_in_every_one(days: list[Tally], cut: list[int]) -> None:
    groups = [[day for day, side in zip(days, cut, strict=False) if side == n] for n in (0, 1)]
    settings_ = [total_of(group, str(n)) for n, group in enumerate(groups) if group]
    total = total_of(days)
    found = proof_counting((proofs.Part("a", "a", days), proofs.Part("b", "b", settings_)), total)
    out = proofs.published(found)
    small = {str(n) for n in range(1, 5)}
    assert not small & {number for part in out.parts for _, numbers in part.rows for number in numbers}
    assert not small & {number for _, number in (*out.summary, *out.reasons)}
    said_as = dict(out.summary)
    lines = (
        "Opened at the setting before the bell",
        "Bell still to come",
        "Not known before the bell",
        "Alerts that had to beat a bell in this month",
    )
    for n, line in enumerate(lines):
        for part in out.parts:
            column = [numbers[n] for _, numbers in part.rows]
            # one hidden number in a column whose total is shown could be worked out
            assert column.count(proofs.HIDDEN) != 1 or said_as[line] == proofs.HIDDEN


def test_the_pages(month: World) -> None:
    client = signed_in(month.manager)
    board = client.get("/bell/").content.decode()
    assert "23 November 2026" in board
    assert "2: it reached the hub after the bell" in re.sub(r"<[^>]+>", "", board)
    asked = "first_0=23&first_1=11&first_2=2026&last_0=23&last_1=11&last_2=2026"
    behind = client.get(f"/bell/alerts/?{asked}&show=late&why=arrived").content.decode()
    refs = set(re.findall(r"/bell/alerts/(A-[^/]+)/", behind))
    assert len(refs) == 2
    assert not [name for name in ("Ottilie", "Quillfeather", "Ferelith") if name in board + behind]
    path = f"/bell/alerts/{refs.pop()}/"
    assert "Select why" in client.post(path, {}).content.decode()
    done = client.post(path, {"reason": "fault"}, follow=True).content.decode()
    assert "is saved" in done
    slug = month.partnership.slug
    assert "Download the proof" in client.get(f"/bell/months/{slug}/2026-11/").content.decode()
    assert "November 2026" in client.get("/bell/months/").content.decode()
    assert "First School" in client.get("/bell/settings/").content.decode()
    pdf = client.get(f"/bell/months/{slug}/2026-11/pdf/")
    assert pdf.content.startswith(b"%PDF")
    sheet = client.get(f"/bell/months/{slug}/2026-11/csv/").content.decode("utf-8-sig")
    assert next(csv.reader(io.StringIO(sheet)))[0] == "Part"
    for bad in ("2026-13", "2026-12", "26-11", "2026-1", "x"):
        assert client.get(f"/bell/months/{slug}/{bad}/").status_code == 404
    assert client.get("/bell/months/elsewhere/2026-11/").status_code == 404
    assert (
        "Last day must be"
        in client.get("/bell/?first_0=2&first_1=11&first_2=2026&last_0=1&last_1=11&last_2=2026").content.decode()
    )


def test_as_many_queries_for_a_month_as_for_a_day(month: World) -> None:
    client = signed_in(month.manager)
    client.get("/bell/")
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get("/bell/")
        counts.append(len(asked))
        made(month, "unopened", many=5)
        with fixtures():
            made(month, "in_time", setting=AgencyFactory(partnership=month.partnership))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("bell", "day"),
    [
        (dt.datetime(2026, 3, 29, 0, 30, tzinfo=LONDON), dt.date(2026, 3, 29)),
        (dt.datetime(2026, 3, 28, 23, 59, tzinfo=LONDON), dt.date(2026, 3, 28)),
        (dt.datetime(2026, 10, 25, 23, 30, tzinfo=LONDON), dt.date(2026, 10, 25)),
        (
            dt.datetime(2026, 10, 24, 23, 30, tzinfo=LONDON),
            dt.date(2026, 10, 24),
        ),  # already Saturday's end in summer time
    ],
)
def test_a_bell_near_midnight_counts_on_londons_day(world: World, bell: dt.datetime, day: dt.date) -> None:
    made(world, "in_time", bell=bell)
    with as_user(world.manager):
        assert [each.label for each in selectors.by_day(Asked(day, day), for_user=world.manager)] == [day]
        for other in (day - dt.timedelta(days=1), day + dt.timedelta(days=1)):
            assert not selectors.by_day(Asked(other, other), for_user=world.manager)
