"""The weekly review: conversion, outcomes, small numbers, and a week that is closed (MSH-07)."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts import small_numbers
from alerts.models import Referral, Screening, WeeklyReview
from alerts.referrals import review, services
from alerts.referrals.enums import Stage
from alerts.referrals.needs import weeks
from safeguarding.agencies.calendars import LONDON
from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.errors import Conflict, NotVisible, Refused
from tests.factories import AgencyFactory, MembershipFactory, World
from tests.support.db import as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db

MONDAY = dt.date(2026, 11, 16)
NEXT_MONDAY = dt.datetime(2026, 11, 23, 9, tzinfo=LONDON)


def put(world: World, number: int, *, kind: str = "school", outcome: str = "", day: int = 1, **fields: Any) -> None:
    received = dt.datetime.combine(MONDAY + dt.timedelta(days=day), dt.time(10), tzinfo=LONDON)
    for _ in range(number):
        Referral.objects.create(
            partnership=world.partnership, controller=world.mash, made_by=world.dsl, source=world.school, source_kind=kind,
            content={"sections": [], "children": []}, consent="given", worry=5, tell_by=received, due_at=received,
            received_at=received, outcome=outcome, rag="amber" if outcome else "",
            state="decided" if outcome else "received", **fields,
        )  # fmt: skip


@pytest.fixture
def week(world: World) -> World:
    """Twelve notifications of which five were taken up, and referrals of every outcome; some just outside the week."""
    received = dt.datetime.combine(MONDAY, dt.time(), tzinfo=LONDON)
    with fixtures():
        for number in range(12):
            notification = world.notification(received_at=received)
            Screening.objects.create(
                partnership=world.partnership, controller=world.mash, notification=notification, level=4, level_name="x",
                decision="send_and_contact" if number < 5 else "send", reason="CANARY", decided_by=world.officer,
            )  # fmt: skip
        world.notification(received_at=received - dt.timedelta(seconds=1))
        world.notification(received_at=received + dt.timedelta(days=7))
        put(world, 7)
        put(world, 6, outcome="no_action")
        put(world, 8, outcome="assessment", day=6)
        put(world, 5, kind="health", outcome="strategy")
        put(world, 2, kind="health", outcome="enquiry")
        put(world, 3, outcome="enquiry", day=7)
    return world


@pytest.mark.req("MSH-07")
def test_conversion_from_contact_to_section_47(week: World) -> None:
    with as_user(week.officer):
        figures = review.figures_of(week.mash, MONDAY, for_user=week.officer)
    assert figures.stages["police"] == {"contact": 12, "referral": 5, "assessment": 0, "strategy": 0, "enquiry": 0}
    assert figures.stages["school"] == {"contact": 21, "referral": 8, "assessment": 8, "strategy": 0, "enquiry": 0}
    assert figures.stages["health"] == {"contact": 7, "referral": 7, "assessment": 7, "strategy": 7, "enquiry": 2}
    assert figures.outcomes == {"": 7, "no_action": 6, "assessment": 8, "strategy": 5, "enquiry": 2}


@pytest.mark.req("MSH-07")
def test_small_numbers_are_not_printed_and_cannot_be_worked_out(week: World) -> None:
    with time_machine.travel(NEXT_MONDAY, tick=False), as_user(week.officer):
        found = review.review_of(week.mash, MONDAY, for_user=week.officer)
    health = dict(found.by_source.rows)["Health body"]
    assert health[list(Stage).index(Stage.ENQUIRY)] == "under 5"
    outcomes = {label: numbers[0] for label, numbers in found.outcomes.rows}
    assert outcomes["Section 47 enquiry"] == "under 5"
    # 28 in all: with one number hidden it would be the rest; so the next smallest is hidden as well
    assert outcomes["Strategy discussion"] == "not shown"
    assert found.outcomes.total == ["28"]


@pytest.mark.req("MSH-07")
def test_the_sums_of_the_stages_do_not_give_a_hidden_outcome_away(world: World) -> None:
    with fixtures():
        for outcome, number in (
            ("no_action", 20),
            ("early_help", 10),
            ("assessment", 2),
            ("strategy", 6),
            ("enquiry", 7),
        ):
            put(world, number, outcome=outcome)
    with time_machine.travel(NEXT_MONDAY, tick=False), as_user(world.officer):
        found = review.review_of(world.mash, MONDAY, for_user=world.officer)
    assert dict(found.outcomes.rows)["Single assessment"] == ["under 5"]
    # 15 came at least to an assessment and 13 to a strategy discussion: both printed, the two could be told
    for numbers in (found.by_source.total, found.by_source.rows[0][1]):
        assert [numbers[2].isdecimal(), numbers[3].isdecimal()] != [True, True]
    week = found.chart.words[-2]
    assert list(week[1:]) == list(found.by_source.total[:2])


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([], []),
        ([0, 0], ["0", "0"]),
        ([4], ["under 5"]),
        ([5, 1200], ["5", "1,200"]),
        ([3, 9, 7], ["under 5", "9", "not shown"]),
        ([3, 4, 9], ["under 5", "under 5", "9"]),
        ([0, 1, 0], ["0", "under 5", "0"]),
    ],
)
def test_the_rule_of_small_numbers(numbers: list[int], expected: list[str]) -> None:
    assert small_numbers.column(numbers) == expected
    drawn = [number if word[0].isdecimal() else 0 for number, word in zip(numbers, expected, strict=True)]
    assert [small_numbers.drawn(word) for word in expected] == drawn


@pytest.mark.req("MSH-07")
def test_a_manager_closes_a_week_that_is_over_once_and_its_numbers_stay(week: World) -> None:
    sunday = time_machine.travel(dt.datetime(2026, 11, 22, 9, tzinfo=LONDON), tick=False)
    with sunday, as_user(week.manager), pytest.raises(Refused, match="not over yet"):
        services.close_week(week.mash, week=MONDAY, found="CANARY", by=week.manager)
    with time_machine.travel(NEXT_MONDAY, tick=False):
        with as_user(week.officer), pytest.raises(NotVisible):
            services.close_week(week.mash, week=MONDAY, found="CANARY", by=week.officer)
        with as_user(week.manager):
            assert review.to_review(for_user=week.manager) == ([week.mash], MONDAY)
            services.close_week(week.mash, week=MONDAY, found="CANARY found", by=week.manager)
            assert review.to_review(for_user=week.manager) == ([], MONDAY)
            with pytest.raises(Conflict, match="closed this week already"):
                services.close_week(week.mash, week=MONDAY, found="again", by=week.manager)
        with fixtures():
            put(week, 9, outcome="enquiry")
        with as_user(week.manager):
            found = review.review_of(week.mash, MONDAY, for_user=week.manager)
            assert found.closed is not None
            assert found.closed.found == "CANARY found"
            assert found.outcomes.total == ["28"]
            assert not found.can_close


@pytest.mark.req("MSH-07")
def test_home_leads_to_the_hub_whose_week_waits(week: World) -> None:
    with fixtures():
        second = AgencyFactory(kind=AgencyKind.MASH, partnership=week.partnership, name="The second hub")
        MembershipFactory(user=week.manager, agency=second, role=Role.MASH_MANAGER)
    with time_machine.travel(NEXT_MONDAY, tick=False):
        with as_user(week.manager):
            [both] = weeks(week.manager)
            services.close_week(week.mash, week=MONDAY, found="CANARY found", by=week.manager)
            [need] = weeks(week.manager)
        assert (both.count, need.count) == (2, 1)
        assert second.name in signed_in(week.manager).get(need.href).content.decode().split("</h1>")[0]


@pytest.mark.req("MSH-07")
def test_the_page_the_file_and_the_paper_say_the_same(week: World) -> None:
    client = signed_in(week.manager)
    with time_machine.travel(NEXT_MONDAY, tick=True):
        page = client.get("/referrals/review/?week=2026-11-18").content.decode()
        assert "16 November 2026 to 22 November 2026" in page
        assert small_numbers.RULE in page
        assert "<svg" in page
        csv = client.get("/referrals/review/export/?week=2026-11-16")
        assert csv["Content-Type"].startswith("text/csv")
        assert "under 5" in csv.content.decode("utf-8-sig")
        pdf = client.get("/referrals/review/pdf/?week=2026-11-16")
        assert pdf.content.startswith(b"%PDF")
        assert client.post("/referrals/review/?week=2026-11-16", {"found": ""}).status_code == 200
        assert client.post("/referrals/review/?week=2026-11-16", {"found": "Fewer than before"}).status_code == 302
        assert "Fewer than before" in client.get("/referrals/review/?week=2026-11-16").content.decode()
        assert client.get("/referrals/review/?week=nonsense").status_code == 200
        assert client.get("/referrals/review/?hub=nowhere").status_code == 404
    assert signed_in(week.dsl).get("/referrals/review/").status_code == 404


@pytest.mark.req("MSH-07")
def test_a_manager_of_two_hubs_closes_the_week_of_the_hub_that_is_open(week: World) -> None:
    with fixtures():
        second = AgencyFactory(kind=AgencyKind.MASH, partnership=week.partnership, name="The second hub")
        MembershipFactory(user=week.manager, agency=second, role=Role.MASH_MANAGER)
    client, address = signed_in(week.manager), "/referrals/review/"
    query = f"hub={second.slug}&amp;week=2026-11-16"
    with time_machine.travel(NEXT_MONDAY, tick=True):
        first = client.get(f"{address}?week=2026-11-16").content.decode()
        assert f'href="?{query}"' in first
        page = client.get(f"{address}?hub={second.slug}&week=2026-11-16").content.decode()
        assert f'action="?{query}"' in page
        assert f'href="?hub={second.slug}&amp;week=2026-11-09"' in page
        for file in ("export", "pdf"):
            assert f'href="{address}{file}/?{query}"' in page
        done = client.post(f"{address}?hub={second.slug}&week=2026-11-16", {"found": "CANARY second"}, follow=True)
        assert "CANARY second" in done.content.decode()
        assert "CANARY second" not in client.get(f"{address}?week=2026-11-16").content.decode()
    with as_user(week.manager):
        assert [each.controller_id for each in WeeklyReview.objects.all()] == [second.pk]


def test_who_works_for_one_hub_chooses_among_none(week: World) -> None:
    assert "Your hubs" not in signed_in(week.manager).get("/referrals/review/").content.decode()


def test_a_week_costs_the_same_however_much_came_in(week: World) -> None:
    def queries() -> int:
        with as_user(week.manager), CaptureQueriesContext(connection) as asked:
            review.review_of(week.mash, MONDAY, for_user=week.manager)
        return len(asked)

    before = queries()
    with fixtures():
        put(week, 30, kind="housing")
    assert queries() == before


def test_the_clock_change_belongs_to_its_own_week(world: World) -> None:
    """The night of 25 October 2026 has 25 hours."""
    with fixtures():
        for at in (dt.datetime(2026, 10, 25, 23, 59, tzinfo=LONDON), dt.datetime(2026, 10, 26, 0, 1, tzinfo=LONDON)):
            world.notification(received_at=at)
    with as_user(world.officer):
        for monday in (dt.date(2026, 10, 19), dt.date(2026, 10, 26)):
            assert review.figures_of(world.mash, monday, for_user=world.officer).stages["police"]["contact"] == 1
    assert timezone.get_current_timezone_name() == "Europe/London"
