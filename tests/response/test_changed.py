"""What a tired DSL reads when the police or the hub changed an alert after it was sent (ALR-20, ALR-23, SHR-14)."""

import datetime as dt

import pytest

from alerts.delivery.enums import RecalledBecause
from alerts.delivery.models import Alert
from alerts.response.api import ALERT, alert_body
from alerts.response.guards import changed_words
from tests.factories import World
from tests.support.db import fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

AT = dt.datetime(2026, 11, 26, 7, 10, tzinfo=dt.UTC)
TOLD = {
    RecalledBecause.WITHDRAWN: ("treat this as if it had not been sent", "note in the child's file"),
    RecalledBecause.NOT_NAMED: ("this child was not involved", "note in the child's file"),
    RecalledBecause.WRONG_SETTING: ("Do not act on it", "confidential"),
}


@pytest.fixture
def world(db: None) -> World:
    with fixtures():
        return World()


def changed(world: World, **fields: object) -> Alert:
    with fixtures():
        return world.alert(**fields)


@pytest.mark.req("ALR-20")
@pytest.mark.parametrize("because", list(RecalledBecause))
def test_a_recalled_alert_says_what_to_do(world: World, because: RecalledBecause) -> None:
    alert = changed(world, recalled_at=AT, recalled_because=because)
    words = changed_words(alert)
    for told in TOLD[because]:
        assert told in words
    assert "7:10am on Thursday 26 November 2026" in words
    page = signed_in(world.dsl).get(f"/alerts/{alert.ref}/").content.decode()
    assert ("What you are told" in page) is (because != RecalledBecause.WRONG_SETTING)
    assert "counts no longer" in page


@pytest.mark.req("ALR-20", "SHR-14")
def test_a_corrected_alert_says_what_reads_otherwise(world: World) -> None:
    alert = changed(world, corrected_at=AT, corrected=["adults_names", "child_date_of_birth"])
    words = changed_words(alert)
    assert words.startswith(
        "Corrected by Police at 7:10am on Thursday 26 November 2026: the adults named, the child's date of birth."
    )
    assert "acknowledge it again" in words
    assert changed_words(changed(world)) == ""


@pytest.mark.req("ALR-04")
def test_the_contracts_fields_stay_and_its_readers_are_told_in_the_disclaimer(world: World) -> None:
    plain, recalled = changed(world), changed(world, recalled_at=AT, recalled_because=RecalledBecause.WITHDRAWN)
    assert set(alert_body(recalled)) == set(ALERT["required"]) == set(alert_body(plain))
    assert alert_body(plain)["disclaimer"] == plain.disclaimer
    assert alert_body(recalled)["disclaimer"] == f"{changed_words(recalled)} {recalled.disclaimer}"


@pytest.mark.req("ALR-04")
def test_a_child_that_is_not_born_yet(world: World) -> None:
    alert = changed(
        world, child_given_name="Unborn baby", child_date_of_birth=None, child_expected_on=dt.date(2027, 3, 3)
    )
    page = signed_in(world.dsl).get(f"/alerts/{alert.ref}/").content.decode()
    assert "Not born yet: expected on 3 March 2027" in page


@pytest.mark.req("ALR-04")
def test_a_date_of_birth_that_nobody_knows_is_said_with_what_to_do(world: World) -> None:
    unknown = changed(world, child_date_of_birth=None, query_contact={"name": "The hub"})
    page = signed_in(world.dsl).get(f"/alerts/{unknown.ref}/").content.decode()
    assert "Not known. Make sure which child is meant: if two of yours have this name, ask The hub first." in page
