"""Who has seen this record: complete, by reference, and only for who answers for it."""

from typing import Any

import pytest
from django.test import Client

from alerts.models import AlertGrant
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible
from safeguarding.governance import trails
from tests.factories import NotificationChildFactory, World
from tests.governance.conftest import entries
from tests.support.db import as_user, fixtures

pytestmark = pytest.mark.django_db


def seen(ref: str, who: Any) -> dict[str, tuple[str, int, str]]:
    with as_user(who):
        people = trails.trail_of(ref, for_user=who).people
    return {each.person.email: (each.agency, each.times, each.way) for each in people}


@pytest.mark.req("AUD-04", "NTK-08")
def test_an_alert_was_seen_by_who_opened_it_and_by_whom_a_list_showed_it_to(world: World) -> None:
    assert seen(world.one.ref, world.hub_lead) == {
        world.dsl.email: ("First School", 1, "By role"),
        world.officer.email: ("The hub", 1, "By role"),
    }
    # the list says nothing of a controller: the school's own lead sees it, and not the officer
    with as_user(world.school_lead):
        rows = trails.trail_of(world.one.ref, for_user=world.school_lead).people
    assert {(each.person.email, each.times) for each in rows} == {(world.dsl.email, 1)}
    assert sorted(event for each in rows for event in each.events) == ["Inbox looked at", "Opened"]


@pytest.mark.req("AUD-04")
def test_a_child_s_trail_has_its_alerts_and_notifications_and_what_showed_it(world: World) -> None:
    with fixtures():
        NotificationChildFactory(
            partnership=world.partnership, controller=world.mash, notification=world.one.notification,
            child=world.child_on_record, setting=world.school,
        )  # fmt: skip
    assert seen(world.child_on_record.ref, world.hub_lead) == {
        world.dsl.email: ("First School", 1, "By role"),
        world.officer.email: ("The hub", 2, "By role"),
    }


@pytest.mark.req("AUD-04")
def test_records_that_were_joined_into_one_child_have_one_trail(world: World) -> None:
    with fixtures():
        joined = world.child(merged_into=world.child_on_record)
        theirs = world.alert(child=joined, setting=world.other_school)
    with as_user(world.other_dsl):
        record("alert.opened", theirs)
    for ref in (joined.ref, world.child_on_record.ref):
        assert set(seen(ref, world.hub_lead)) == {world.dsl.email, world.officer.email, world.other_dsl.email}


@pytest.mark.req("AUD-04", "NTK-01", "NTK-02")
def test_a_child_of_another_agency_is_as_good_as_absent(world: World, school_lead: Client, hub_lead: Client) -> None:
    ref = world.child_on_record.ref
    for who in (world.school_lead, world.ig_lead):
        with as_user(who), pytest.raises(NotVisible):
            trails.trail_of(ref, for_user=who)
    hidden = school_lead.get(f"/log/seen/{ref}/")
    with fixtures():
        never_opened = world.child()
    absent = school_lead.get(f"/log/seen/{never_opened.ref}/")
    assert hidden.status_code == absent.status_code == 404
    assert "no record with this reference" in hidden.content.decode()
    assert hub_lead.get(f"/log/seen/{ref}/").status_code == 200


@pytest.mark.req("AUD-04", "NTK-03", "NTK-08")
def test_who_came_by_name_is_told_from_who_came_by_role(world: World) -> None:
    with as_user(world.ehe):
        record("alert.opened", world.one)
    assert seen(world.one.ref, world.hub_lead)[world.ehe.email] == (
        "Council", 1, "By name: access was given to this person",
    )  # fmt: skip
    assert AlertGrant is not None


@pytest.mark.req("AUD-01", "AUD-04")
def test_looking_up_is_remembered_with_the_reference_and_an_export_with_its_purpose(
    world: World, hub_lead: Client
) -> None:
    hub_lead.get(f"/log/seen/{world.one.ref}/")
    answer = hub_lead.post(f"/log/seen/{world.one.ref}/export/", {"purpose": "subject access request"})
    assert answer.content.decode("utf-8-sig").splitlines()[0].startswith("Who,Roles,Agency")
    assert [entry.objects_shown for entry in entries(event="log.trail")] == [[world.one.ref]]
    assert [entry.purpose for entry in entries(event="log.exported")] == ["subject access request"]


@pytest.mark.req("AUD-04")
def test_a_typed_reference_leads_to_its_trail_and_a_wrong_one_says_so(world: World, hub_lead: Client) -> None:
    spoken = world.one.ref.lower().replace("-", " ")
    answer = hub_lead.get("/log/seen/", {"ref": spoken})
    assert answer["Location"] == f"/log/seen/{world.one.ref}/"
    assert "This is no reference" in hub_lead.get("/log/seen/", {"ref": "Ottilie"}).content.decode()


@pytest.mark.req("AUD-04")
def test_a_trail_costs_the_same_however_many_have_seen_it(world: World, django_assert_num_queries: Any) -> None:
    for person in (world.deputy, world.head, world.tutor, world.manager):
        with as_user(person):
            record("alert.opened", world.one)
    with as_user(world.hub_lead):
        trails.trail_of(world.one.ref, for_user=world.hub_lead)
        with django_assert_num_queries(7):
            trails.trail_of(world.one.ref, for_user=world.hub_lead)
