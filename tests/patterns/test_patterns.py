"""Places and patterns, never a child; who reads them, and what the hub sees in them (MSH-10, SHR-08)."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alerts.intake.selectors import Sender
from alerts.models import Pattern
from alerts.patterns import policies, selectors, services
from alerts.patterns.enums import Currency, Nature, PatternKind
from safeguarding.agencies.models import Agency
from safeguarding.children.matching import Details
from safeguarding.children.services import register
from safeguarding.errors import NotVisible, Refused
from tests.factories import World
from tests.support.db import as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 26)
TEXT = "Older men wait at the arcade after dark and buy food for young people."


def noted(world: World, **changes: Any) -> Pattern:
    values: dict[str, Any] = {
        "kind": PatternKind.PLACE,
        "place": "CANARY arcade",
        "area": "WX4",
        "what": TEXT,
        "seen_on": TODAY,
        "nature": Nature.FACT,
        "currency": Currency.CURRENT,
        **changes,
    }
    with as_user(world.dsl):
        return services.record_pattern(sender=Sender(world.school, world.partnership), by=world.dsl, **values)


@pytest.mark.req("MSH-10", "SHR-08")
def test_what_a_partner_records_is_the_hubs_and_theirs(world: World) -> None:
    pattern = noted(world, nature=Nature.OPINION, currency=Currency.HISTORICAL)
    for reader in (world.dsl, world.officer, world.manager):
        with as_user(reader):
            found = selectors.get_pattern(pattern.ref, for_user=reader)
            assert (found.place, found.nature, found.currency, found.source) == (
                "CANARY arcade",
                "opinion",
                "historical",
                world.school,
            )
    for other in (world.deputy, world.head, world.other_dsl, world.constable, world.ig_lead):
        with as_user(other), pytest.raises(NotVisible):
            selectors.get_pattern(pattern.ref, for_user=other)


@pytest.mark.req("MSH-10")
@pytest.mark.parametrize(
    "what",
    [
        "Ottoline Quarrendon is seen there each night.",
        "They say that QUARRENDON, ottoline was in the car.",
        "Ottoline Quarrendon-Vane’s cousin; also Ottoline\nQuarrendon herself.",
    ],
)
def test_a_text_with_the_name_of_a_child_on_record_is_refused(world: World, what: str) -> None:
    with fixtures():
        register(
            partnership=world.partnership,
            hub=world.mash,
            details=Details("Ottoline", "Quarrendon", dt.date(2016, 5, 4)),
        )
    noted(world)
    with pytest.raises(Refused, match="belongs to the child’s record"):
        noted(world, what=what)
    with pytest.raises(Refused, match="belongs to the child’s record"):
        noted(world, place=what)
    with fixtures():
        assert Pattern.objects.count() == 1


@pytest.mark.req("MSH-10")
@pytest.mark.parametrize(
    ("text", "fine"),
    [
        (TEXT, True),
        ("A boy called Zeb is there", False),
        ("Somebody aged 14 waits", False),
        ("Somebody, DOB 4/5/2012", False),
        ("A child named in school", False),
        ("Telephone 01632 960999, often between 8 and 10", True),
        ("NHS number 943 476 5919", False),
        ("Children of about that age meet there", True),
    ],
)
def test_what_looks_like_one_child_is_refused_whoever_it_is(text: str, fine: bool) -> None:
    if fine:
        policies.check_names_no_child(text, on_record=False)
        return
    with pytest.raises(Refused):
        policies.check_names_no_child(text, on_record=False)


def test_another_partnerships_children_are_no_names_here(world: World) -> None:
    with fixtures():
        Agency.objects.update(urn=None)  # every World brings the same two schools
        other = World()
        register(partnership=other.partnership, hub=other.mash, details=Details("Ottoline", "Quarrendon"))
    assert noted(world, what="Ottoline Quarrendon Street, behind the shops").pk


@pytest.mark.req("MSH-10")
def test_trends_and_hotspots_with_small_numbers_hidden(world: World) -> None:
    for area, days_ago, times in (
        ("WX4", 3, 6),
        ("WX4", 100, 9),
        ("WX2", 40, 7),
        ("WX1", 95, 5),
        ("WX9", 1, 2),
        ("", 5, 1),
    ):
        for _ in range(times):
            noted(world, area=area, seen_on=TODAY - dt.timedelta(days=days_ago))
    noted(world, area="WX7", seen_on=TODAY - dt.timedelta(days=300))
    with as_user(world.officer):
        trends = selectors.trends(for_user=world.officer, today=TODAY)
        table = {label: pair for label, *pair in trends.hotspots.printed}
        assert list(table) == ["WX2", "WX4", "WX9", "No area given", "WX1"]
        # hidden as well: a sum of three for the two small ones would say that they are two and one
        assert table["WX4"] == ["not shown", "9"]
        assert (table["WX9"][0], table["No area given"][0]) == ("under 5", "under 5")
        drawn = {label: pair for label, *pair in trends.hotspots.rows}
        assert drawn["WX9"] == [0, 0]
        assert next(month for month, *_ in trends.months.printed) == "June 2026"
        assert [label for label, _ in trends.kinds] == ["A place where children are at risk"]
        with CaptureQueriesContext(connection) as asked:
            selectors.trends(for_user=world.officer, today=TODAY)
        assert len(asked) == 1
    with as_user(world.dsl):
        assert selectors.trends(for_user=world.dsl, today=TODAY).hotspots.printed == ()


TYPED = {
    "kind": "place", "place": "The arcade", "area": "wx4 1aa", "what": "A boy called Zeb is there", "nature": "fact",
    "currency": "current", "seen_on_0": "1", "seen_on_1": "11", "seen_on_2": "2026",
}  # fmt: skip


@pytest.mark.req("MSH-10")
def test_the_form_keeps_what_was_typed_and_says_where_it_belongs(world: World) -> None:
    client = signed_in(world.dsl)
    refused = client.post("/patterns/new/", TYPED).content.decode()
    assert "belongs to the child’s record" in refused
    assert "A boy called Zeb is there" in refused
    done = client.post("/patterns/new/", {**TYPED, "what": TEXT}, follow=True).content.decode()
    assert "is recorded" in done
    assert "The arcade" in done
    assert "<svg" not in done
    with fixtures():
        assert Pattern.objects.get().area == "WX4"
    hub = signed_in(world.officer).get("/patterns/").content.decode()
    assert "Hotspots" in hub
    assert signed_in(world.ig_lead).get("/patterns/").status_code == 404


def test_lists_cost_the_same_however_long_they_are(world: World) -> None:
    client = signed_in(world.officer)

    def queries() -> int:
        client.get("/patterns/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/patterns/").status_code == 200
        return len(asked)

    noted(world)
    before = queries()
    for number in range(6):
        noted(world, area=f"WX{number}")
    assert queries() == before


@pytest.mark.req("NTK-01", "MSH-10")
def test_nobody_finds_out_by_trying_names_who_is_on_record(world: World) -> None:
    """After three refusals in a day the answer is the same for every text."""
    client = signed_in(world.tutor)
    for _ in range(3):
        assert "looks as if it named a child" in client.post("/patterns/new/", TYPED).content.decode()
    for what in ("A boy called Zeb is there", TEXT):
        answer = client.post("/patterns/new/", {**TYPED, "what": what}).content.decode()
        assert "Telephone the hub with what you know" in answer
        assert "looks as if it named a child" not in answer
    with fixtures():
        assert not Pattern.objects.exists()
