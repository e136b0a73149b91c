"""As whom a person acted stands in each entry, filled in by the database; a list is one entry for each agency."""

from typing import Any

import pytest
from django.utils import timezone

from alerts.response.selectors import remember_listing
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Membership
from safeguarding.audit.models import AuditEntry
from safeguarding.audit.record import Shown, record, record_listing
from tests.factories import MembershipFactory, World
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    with fixtures():
        world = World()
        world.one = world.alert()
        world.two = world.alert(setting=world.other_school)
        AuditEntry.objects.all().delete()
    return world


def entries(**fields: Any) -> list[AuditEntry]:
    with fixtures():
        return list(AuditEntry.objects.filter(**fields).exclude(event__startswith="configuration.").order_by("pk"))


def seen_by(person: Any) -> set[int]:
    with as_user(person):
        mine = set(AuditEntry.objects.values_list("pk", flat=True))
        assert set(AuditEntry.objects.visible_to(person).values_list("pk", flat=True)) == mine
    return mine & {entry.pk for entry in entries()}


@pytest.mark.req("AUD-01", "AUD-04")
@pytest.mark.parametrize(
    ("who", "way", "at", "roles"),
    [
        ("dsl", "role", "school", "dsl"),
        ("officer", "role", "mash", "mash_officer"),
        ("ehe", "name", "council", "ehe_officer"),
    ],
)
def test_an_entry_says_at_which_agency_in_which_role_and_by_which_way(
    world: World, who: str, way: str, at: str, roles: str
) -> None:
    with as_user(getattr(world, who)):
        record("alert.opened", world.one)
    (entry,) = entries()
    assert (entry.actor_agency_id, entry.actor_roles, entry.way_in) == (getattr(world, at).pk, roles, way)


@pytest.mark.req("AUD-04", "NTK-02")
def test_with_two_hats_the_one_that_opens_the_record_counts_and_the_room_decides_between_two(world: World) -> None:
    with fixtures():
        MembershipFactory(user=world.officer, agency=world.school, role=Role.DSL)
    with as_user(world.officer):
        record("alert.checked", world.one)
        record("alert.opened", world.one, at=world.school.pk)
        record("alert.opened", world.two, at=world.other_school.pk)
        record("user.signed_out")
    assert [entry.actor_agency_id for entry in entries()] == [
        world.mash.pk,
        world.school.pk,
        world.mash.pk,
        world.mash.pk,
    ]
    assert [entry.actor_roles for entry in entries()][:2] == ["mash_officer", "dsl"]


@pytest.mark.req("AUD-04")
def test_nobody_can_write_that_they_acted_for_an_agency_that_is_not_theirs(world: World) -> None:
    with as_user(world.other_dsl):
        record("alert.listed", at=world.school.pk)
        AuditEntry.objects.create(
            event="alert.listed", action=3, actor=world.other_dsl, object_repr="", actor_roles="mash_manager",
            actor_agency=world.mash,
        )  # fmt: skip
    assert {(entry.actor_agency_id, entry.actor_roles) for entry in entries()} == {(world.other_school.pk, "dsl")}


@pytest.mark.req("AUD-04", "NTK-07")
def test_a_leaver_s_entries_and_those_about_a_person_go_to_where_they_last_worked(world: World) -> None:
    with fixtures():
        Membership.objects.filter(user=world.tutor).update(ended_at=timezone.now())
    with as_user(world.tutor):
        record("user.signed_in", world.tutor)
    with as_service("door"):
        record("user.sign_in_failed", world.tutor, outcome="denied")
    came, failed = entries()
    assert (came.agency_id, came.actor_agency_id, came.actor_roles) == (world.school.pk, world.school.pk, "")
    assert (failed.agency_id, failed.actor_agency_id) == (world.school.pk, None)


@pytest.mark.req("AUD-01", "AUD-04")
def test_a_page_that_shows_records_of_two_agencies_is_an_entry_for_each_and_neither_sees_the_other_s(
    world: World,
) -> None:
    with fixtures():
        MembershipFactory(user=world.dsl, agency=world.other_school, role=Role.DSL)
        here = MembershipFactory(agency=world.school, role=Role.IG_LEAD).user
        there = MembershipFactory(agency=world.other_school, role=Role.IG_LEAD).user
        hub = MembershipFactory(agency=world.mash, role=Role.IG_LEAD).user
    with as_user(world.dsl):
        remember_listing([world.one, world.two], for_user=world.dsl)
    first, second = entries()
    assert (first.objects_shown, first.agency_id, first.actor_agency_id) == (
        [world.one.ref], world.mash.pk, world.school.pk,
    )  # fmt: skip
    assert (second.objects_shown, second.actor_agency_id) == ([world.two.ref], world.other_school.pk)
    assert (seen_by(here), seen_by(there), seen_by(hub)) == ({first.pk}, {second.pk}, {first.pk, second.pk})
    assert seen_by(world.ig_lead) == set()


def test_an_empty_list_is_remembered_too_and_many_cost_one_statement(
    world: World, django_assert_num_queries: Any
) -> None:
    with as_user(world.dsl):
        record_listing("alert.listed", [])
        with django_assert_num_queries(1):
            record_listing("alert.listed", [Shown(f"A-{n}", world.mash.pk, agency.pk) for n, agency in
                                            enumerate((world.school, world.other_school, world.council))])  # fmt: skip
    assert [len(entry.objects_shown) for entry in entries()] == [0, 1, 1, 1]
