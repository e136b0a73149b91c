"""What counts as unusual: each rule on both sides of its threshold, and in the partnership's own words."""

import datetime as dt
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from safeguarding.governance import rules
from safeguarding.governance.enums import Unusual
from safeguarding.governance.rules import Act, family_names, thresholds

LONDON = ZoneInfo("Europe/London")
MONDAY = dt.datetime(2026, 11, 16, 10, 0, tzinfo=LONDON)
LIMITS = thresholds(
    {
        "burst": {"records": 3, "minutes": 10},
        "refusals": {"times": 3, "minutes": 60},
        "exports": {"rows": 100, "times": 3},
        "never_assigned": {"records": 2},
    }
)
pytestmark = pytest.mark.req("AUD-06")


def act(pk: int = 1, *, minutes: float = 0, **fields: Any) -> Act:
    values = {
        "event": "alert.opened",
        "person": 7,
        "agency": 1,
        "agency_kind": "school",
        "roles": "dsl",
        "record": f"A{pk}",
    }
    return Act(pk=pk, at=fields.pop("at", MONDAY + dt.timedelta(minutes=minutes)), **{**values, **fields})


def kinds(*acts: Act, limits: Any = LIMITS) -> list[str]:
    return [finding.kind for finding in rules.findings(acts, limits)]


@pytest.mark.parametrize(
    ("time", "kind_of_agency", "fires"),
    [
        ("05:59", "school", True),
        ("06:00", "school", False),
        ("21:59", "school", False),
        ("22:00", "school", True),
        ("03:00", "mash", False),
        ("03:00", "police", False),
        ("03:00", "council", True),
    ],
)
def test_out_of_hours(time: str, kind_of_agency: str, fires: bool) -> None:
    at = dt.datetime.combine(MONDAY.date(), dt.time.fromisoformat(time), tzinfo=LONDON)
    assert (kinds(act(at=at, agency_kind=kind_of_agency)) == [Unusual.OUT_OF_HOURS]) is fires


def test_hours_are_those_of_the_clock_on_the_wall_in_summer_too() -> None:
    summer = dt.datetime(2026, 6, 15, 5, 30, tzinfo=dt.UTC)  # 6:30am in London
    assert kinds(act(at=summer)) == []


def test_looking_at_a_list_by_night_is_no_opening() -> None:
    assert kinds(act(at=MONDAY.replace(hour=2), event="alert.listed")) == []


@pytest.mark.parametrize(
    ("records", "minutes", "fires"),
    [
        ("ABC", (0, 5, 10), True),
        ("AAA", (0, 1, 2), False),
        ("AB", (0, 1), False),
        ("ABC", (0, 5, 11), False),
        ("ABAC", (0, 3, 6, 9), True),
    ],
)
def test_a_burst_is_many_different_records_in_a_short_time(records: str, minutes: tuple[int, ...], fires: bool) -> None:
    acts = [act(n, minutes=when, record=record) for n, (record, when) in enumerate(zip(records, minutes, strict=True))]
    assert (kinds(*acts) == [Unusual.BURST]) is fires


def test_a_burst_names_the_acts_of_its_stretch_and_none_of_the_morning() -> None:
    acts = [act(9, minutes=-200), *(act(n, minutes=n) for n in range(3))]
    (finding,) = rules.findings(acts, LIMITS)
    assert [each.pk for each in finding.acts] == [0, 1, 2]


@pytest.mark.parametrize(("minutes", "fires"), [((0, 30, 60), True), ((0, 30, 61), False), ((0, 1), False)])
def test_refused_again_and_again(minutes: tuple[int, ...], fires: bool) -> None:
    acts = [act(n, minutes=when, event="access.denied", record="") for n, when in enumerate(minutes)]
    assert (kinds(*acts) == [Unusual.REFUSALS]) is fires


@pytest.mark.parametrize(
    ("rows", "fires"), [((100,), True), ((99,), False), ((50, 50), True), ((1, 1, 1), True), ((1, 1), False)]
)
def test_many_rows_or_many_files_in_one_day(rows: tuple[int, ...], fires: bool) -> None:
    acts = [act(n, event="log.exported", rows=taken, roles="ig_lead") for n, taken in enumerate(rows)]
    assert (kinds(*acts) == [Unusual.EXPORTS]) is fires


@pytest.mark.parametrize(("requests", "fires"), [("aaa", False), ("abc", True), (["", "", ""], True)])
def test_one_file_that_holds_records_of_several_agencies_is_one(requests: Sequence[str], fires: bool) -> None:
    acts = [act(n, event="decision.exported", rows=1, request=request) for n, request in enumerate(requests)]
    assert (kinds(*acts) == [Unusual.EXPORTS]) is fires


def test_files_of_two_days_do_not_add_up() -> None:
    acts = [act(n, minutes=1440 * n, event="log.exported", rows=60, roles="ig_lead") for n in range(2)]
    assert kinds(*acts) == []


@pytest.mark.parametrize(
    ("event", "roles", "fires"),
    [
        ("user.sign_in_failed", "", True),
        ("user.sign_in_failed", "?", False),
        ("access.denied", "", True),
        ("access.denied", "dsl", False),
        ("user.signed_out", "", False),
        ("member.joined", "", False),
    ],
)
def test_after_leaving(event: str, roles: str, fires: bool) -> None:
    assert (kinds(act(event=event, roles=roles)) == [Unusual.AFTER_LEAVING]) is fires


@pytest.mark.parametrize(
    ("roles", "worked_on", "fires"),
    [
        ("mash_officer", set(), True),
        ("mash_officer", {"A1"}, False),
        ("mash_manager,mash_officer", set(), False),
        ("mash_manager", set(), False),
        ("dsl", set(), False),
    ],
)
def test_opened_and_never_worked_on(roles: str, worked_on: set[str], fires: bool) -> None:
    acts = [act(n, event="notification.opened", roles=roles) for n in (1, 2)]
    assert (rules.never_assigned(acts, LIMITS, worked_on) is not None) is fires


@pytest.mark.parametrize(
    ("reader", "in_record", "fires"),
    [
        ("Robin Vane", {"vane"}, True),
        ("Robin VANE", {"vane"}, True),
        ("Robin Vane-Marsh", {"marsh"}, True),
        ("Robin Vane", {"vanes", "robin"}, False),
        ("Robin", {"vane"}, False),
        ("", {"vane"}, False),
    ],
)
def test_own_family_name(reader: str, in_record: set[str], fires: bool) -> None:
    assert (rules.own_name([act()], LIMITS, reader, {"A1": in_record}) is not None) is fires


def test_family_names_of_people() -> None:
    assert family_names("Siân O’Brien-Vane") == {"o'brien-vane", "o'brien", "vane"}
    assert family_names("  ") == set()


@pytest.mark.parametrize(
    "off", [{"hours": None}, {"burst": None}, {"refusals": None}, {"after_leaving": False}, {"exports": None}], ids=str
)
def test_a_partnership_can_switch_each_rule_off(off: dict[str, Any]) -> None:
    night = MONDAY.replace(hour=2)
    acts = [
        *(act(n, at=night) for n in range(3)),
        *(act(n + 10, event="access.denied", roles="") for n in range(3)),
        *(act(n + 20, event="log.exported", rows=200) for n in range(3)),
    ]
    names = {
        "hours": "out_of_hours",
        "burst": "burst",
        "refusals": "refusals",
        "after_leaving": "after_leaving",
        "exports": "exports",
    }
    (switched_off,) = (names[name] for name in off)
    assert set(names.values()) - set(kinds(*acts, limits={**LIMITS, **off})) == {switched_off}
    assert set(kinds(*acts)) == set(names.values())
