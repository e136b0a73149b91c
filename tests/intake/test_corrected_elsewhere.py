"""An alert that the hub sent elsewhere or took back, and what the police correct afterwards (ALR-03, ALR-04, ALR-28)."""

import pytest

from alerts.delivery.enums import RedirectedBecause
from alerts.delivery.recalls import redirect
from alerts.intake.enums import Route
from alerts.intake.models import Notification
from alerts.screening import routing
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency
from tests.delivery.support import drain
from tests.factories import World, member
from tests.intake.bodies import example, put, with_child
from tests.intake.test_corrections import alerts, corrected, screened, sent_in, told
from tests.support.db import as_user, fixtures

pytestmark = pytest.mark.django_db


def sent(world: World) -> Notification:
    return screened(world, sent_in(world, example()).notification)


def redirected(
    world: World, setting: Agency, *, from_: int = 0, because: RedirectedBecause = RedirectedBecause.MOVED
) -> None:
    with as_user(world.officer):
        redirect(alerts(world)[from_], setting=setting, because=because, by=world.officer)
    drain()


@pytest.mark.req("ALR-03", "ALR-28")
@pytest.mark.parametrize("changed", [{"date_of_birth": "2016-05-14"}, {"given_name": "Otilie"}])
def test_a_correction_finds_the_child_where_the_hub_has_found_it(world: World, changed: dict[str, str]) -> None:
    """The police still name the school that the child has left, and the child is no longer certain by its details."""
    notification = sent(world)
    redirected(world, world.other_school)
    recalled_at = alerts(world)[0].recalled_at
    corrected(world, notification, with_child(**changed))
    left, right = alerts(world)
    assert (left.setting, left.recalled_at, left.child_given_name) == (world.school, recalled_at, "")
    assert (right.setting, right.recalled_at) == (world.other_school, None)
    assert len(right.corrected) == 1
    assert set(told(world)) == {world.dsl.email, world.other_dsl.email}
    assert len(told(world)) == 2, "recalled at the one, corrected at the other"


def told_to_the_authority(world: World) -> Notification:
    """Somebody at the first school is named in it, so the authority is told instead."""
    with fixtures():
        member(world.council, Role.AUTHORITY_CONTACT)
    notification = sent_in(world, example()).notification
    with as_user(world.officer):
        routing.route(notification, position=2, to=Route.AUTHORITY, by=world.officer)
    screened(world, notification)
    return notification


@pytest.mark.req("ALR-28", "MRC-18")
def test_what_the_hub_sends_to_a_school_after_all_stays_there(world: World) -> None:
    """It had gone to the authority instead of the first school; nobody is left out at the second."""
    notification = told_to_the_authority(world)
    redirected(world, world.other_school)
    corrected(world, notification, with_child(date_of_birth="2016-05-14"))
    authority, school = alerts(world)
    assert (authority.setting, authority.recalled_because) == (world.council, "wrong_setting")
    assert (school.setting, school.recalled_at, school.corrected) == (
        world.other_school,
        None,
        ["child_date_of_birth"],
    )


@pytest.mark.req("AGR-01", "ALR-04")
def test_an_alert_that_counts_after_all_holds_no_more_than_had_left(world: World) -> None:
    with fixtures():
        world.agreement.items.filter(key__in=["adults_names", "incident_date"]).delete()
    notification = sent(world)
    [before] = alerts(world)
    corrected(world, notification, put(example(), "/people/2/setting/urn", "999002"))
    [recalled, _] = alerts(world)
    assert (recalled.recalled_because, recalled.child_given_name) == ("wrong_setting", "")
    corrected(world, notification, example())
    [back, _] = alerts(world)
    assert (back.recalled_at, back.child_given_name) == (None, "Ottilie")
    assert back.child_date_of_birth is not None
    assert (back.adults, back.incident_on) == ([], None)
    assert back.items == before.items
    assert "adults_names" in back.not_shared


@pytest.mark.req("ALR-03")
def test_an_alert_that_went_back_is_corrected_where_it_is(world: World) -> None:
    notification = sent(world)
    redirected(world, world.other_school)
    redirected(world, world.school, from_=1)
    corrected(world, notification, with_child(date_of_birth="2016-05-14"))
    first, second = alerts(world)
    assert (first.recalled_at, first.corrected) == (None, ["child_date_of_birth"])
    assert (second.recalled_because, second.child_given_name) == ("wrong_setting", "")


@pytest.mark.req("ALR-04", "MRC-18")
def test_a_second_school_that_the_hub_told_as_well_is_not_recalled_by_a_correction(world: World) -> None:
    """It went to the authority instead of the first school, and by the hub's word to the second."""
    notification = told_to_the_authority(world)
    redirected(world, world.other_school, because=RedirectedBecause.DUAL)
    corrected(world, notification, with_child(date_of_birth="2016-05-14"))
    found = [(each.setting, each.recalled_at, each.corrected) for each in alerts(world)]
    assert found == [
        (world.council, None, ["child_date_of_birth"]),
        (world.other_school, None, ["child_date_of_birth"]),
    ]
