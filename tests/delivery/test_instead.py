"""Nobody at the setting may read an alert, or is there to: who gets it instead, and what the board says (ALR-23, MRC-18)."""

import datetime as dt

import pytest
import time_machine

from alerts.delivery import policies
from alerts.delivery.chasing import chase_overdue
from alerts.intake.enums import Route
from alerts.models import Alert
from alerts.readers.enums import Scope
from alerts.screening import routing
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Membership, User
from safeguarding.errors import Conflict, NotVisible
from tests.delivery.support import alerts_of, drain, emails, prepared, sent
from tests.factories import NotificationChildFactory, World, member
from tests.readers.support import opens, shut_out
from tests.support.db import as_service, as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db
TERM_TIME = "2026-11-25 10:00 +0000"


@pytest.fixture
def world(db: None) -> World:
    with fixtures():
        return World()


@pytest.fixture
def contact(world: World) -> User:
    with fixtures():
        return member(world.council, Role.AUTHORITY_CONTACT)


def gone(*people: User) -> None:
    """They work there no more: nobody on record in their role."""
    with fixtures():
        Membership.objects.filter(user__in=people).delete()


def read_by(world: World, *people: User) -> dict[str, set[str]]:
    """Which of these people have which alert in their list, by the name of where it went."""
    with fixtures():
        alerts = list(Alert.objects.select_related("setting"))
    return {alert.setting.name: {person.name for person in people if opens(alert, person)} for alert in alerts}


@pytest.mark.req("ALR-23")
@pytest.mark.parametrize(
    ("without", "reader", "audience"),
    [
        ((), "dsl", {"dsl"}),
        (("dsl",), "head", {"dsl", "head"}),
        (("dsl", "head"), "deputy", {"dsl", "deputy_dsl", "head"}),
    ],
)
def test_without_a_dsl_on_record_the_head_gets_it_then_the_deputy(
    world: World, without: tuple[str, ...], reader: str, audience: set[str]
) -> None:
    gone(*(getattr(world, name) for name in without))
    with time_machine.travel(TERM_TIME):
        (alert,) = alerts_of(sent(world, world.school))
    assert set(policies.roles_of(alert.audience)) == audience
    assert [email.to for email in emails()] == [getattr(world, reader).email]
    page = signed_in(world.officer).get("/sent/").content.decode()
    detail = signed_in(world.officer).get(f"/sent/{alert.ref}/").content.decode()
    assert ("No DSL on record: phone the setting." in page) == bool(without)
    assert ("no Designated Safeguarding Lead on record" in detail) == bool(without)
    read = signed_in(getattr(world, reader)).get(f"/alerts/{alert.ref}/").content.decode()
    assert ("so it has come to you: act on it yourself" in read) == bool(without)


@pytest.mark.req("ALR-23", "MRC-18")
def test_with_nobody_at_the_setting_the_authoritys_contact_gets_it_and_the_board_says_so(
    world: World, contact: User
) -> None:
    gone(world.dsl, world.deputy, world.head)
    with time_machine.travel(TERM_TIME):
        own, instead = alerts_of(sent(world, world.school))
    assert (instead.setting, instead.instead_of, instead.status) == (world.council, world.school, "sent")
    assert instead.audience == AUDIENCE_BITS["authority_contact"]
    assert (instead.child_given_name, instead.adults, instead.child_id) == (
        own.child_given_name,
        own.adults,
        own.child_id,
    )
    assert [email.to for email in emails()] == [contact.email]
    assert opens(instead, contact)
    assert not opens(instead, world.ehe)
    page = signed_in(contact).get(f"/alerts/{instead.ref}/").content.decode()
    assert "instead of First School" in page
    board = signed_in(world.officer).get("/sent/").content.decode()
    assert f'gone to Council as <span class="hub-nowrap">{instead.ref}</span>' in board
    assert "Instead of First School" in board


@pytest.mark.req("MRC-18")
def test_when_everybody_at_the_setting_is_shut_out_it_goes_to_the_authority_once(world: World, contact: User) -> None:
    with time_machine.travel(TERM_TIME):
        (alert,) = alerts_of(sent(world, world.school))
        for person in (world.dsl, world.deputy, world.head):
            shut_out(alert.notification, person, by=world.manager, scope=Scope.RECORD)
        drain()
        with fixtures():
            second = member(world.school, Role.DEPUTY_DSL)
        shut_out(alert.notification, second, by=world.manager, scope=Scope.RECORD)
        drain()
    passed = read_by(world, world.dsl, world.deputy, world.head, contact, world.ehe)
    assert passed == {"First School": set(), "Council": {contact.name}}


@pytest.mark.req("MRC-18")
def test_which_role_at_the_authority_is_the_partnerships_data(world: World, contact: User) -> None:
    with fixtures():
        world.partnership.recipients = {"*": ["dsl"], "authority": ["ehe_officer"]}
        world.partnership.save()
    gone(world.dsl, world.deputy, world.head)
    with time_machine.travel(TERM_TIME):
        sent(world, world.school)
    assert read_by(world, contact, world.ehe)["Council"] == {world.ehe.name}


@pytest.mark.req("ALR-23", "NTK-06")
def test_people_who_are_there_and_cannot_open_it_now_are_phoned_not_passed_over(world: World, contact: User) -> None:
    from tests.factories import require_clearance

    with fixtures():
        require_clearance(world.partnership)
    with time_machine.travel(TERM_TIME):
        assert len(alerts_of(prepared_and_sent(world))) == 1


def prepared_and_sent(world: World):
    with fixtures():
        from tests.factories import clear

        clear(world.officer, world.partnership)
    return sent(world, world.school)


@pytest.mark.req("MRC-18")
@pytest.mark.parametrize(
    ("to", "expected"),
    [
        (Route.USUAL, {"First School": {"dsl"}}),
        (Route.HEAD, {"First School": {"head"}}),
        (Route.AUTHORITY, {"Council": {"contact"}}),
    ],
)
def test_the_hub_says_at_screening_who_is_told_and_chasing_keeps_to_it(
    world: World, contact: User, to: Route, expected: dict[str, set[str]]
) -> None:
    people = {"dsl": world.dsl, "deputy": world.deputy, "head": world.head, "contact": contact}
    with time_machine.travel(TERM_TIME) as clock:
        with fixtures():
            notification = world.notification(status="received")
            NotificationChildFactory(
                notification=notification, partnership=world.partnership, controller=world.mash, position=2,
                child=world.child(), setting=world.school,
            )  # fmt: skip
        with as_user(world.officer):
            routing.route(notification, position=2, to=to, by=world.officer)
        with fixtures():
            notification.refresh_from_db()
            notification.status = "screened"
            notification.save()
        with as_user(world.officer):
            from alerts.delivery.services import prepare_alerts

            prepare_alerts(notification, by=world.officer)
        drain()
        by_name = {person.name: name for name, person in people.items()}
        found = read_by(world, *people.values())
        assert {where: {by_name[name] for name in names} for where, names in found.items()} == expected
        clock.shift(dt.timedelta(days=2))
        chase_overdue()
        if to != Route.USUAL:
            found = read_by(world, *people.values())
            assert {where: {by_name[name] for name in names} for where, names in found.items()} == expected
    assert notification.version == (1 if to == Route.USUAL else 2)


@pytest.mark.req("MRC-18")
def test_a_reader_with_the_family_name_of_an_adult_is_pointed_out_before_it_is_sent(world: World) -> None:
    with fixtures():
        world.dsl.name = "Ada Quillfeather"
        world.dsl.save()
    notification = prepared(world, world.school, status="received")
    with as_user(world.officer):
        rows = list(notification.children.all())
        assert routing.alike_at_settings(notification, rows) == {rows[0].position: [Role.DSL]}
    path = f"/queue/{notification.ref}/children/{rows[0].position}/route/"
    page = signed_in(world.officer).get(path).content.decode()
    assert "has the family name of an adult named here" in page
    assert "Ada" not in page
    assert signed_in(world.dsl).get(path).status_code == 404


@pytest.mark.req("MRC-18")
def test_it_is_said_before_the_decision_and_not_past_a_colleague(world: World) -> None:
    notification = prepared(world, world.school, status="received", claimed_by=None)
    (row,) = _rows(notification)
    with fixtures():
        notification.claimed_by = world.manager
        notification.save()
    with as_user(world.officer), pytest.raises(Conflict):
        routing.route(notification, position=row.position, to=Route.HEAD, by=world.officer)
    with fixtures():
        notification.status = "sent"
        notification.save()
    with as_user(world.manager), pytest.raises(NotVisible):
        routing.child_to_route(notification, row.position, for_user=world.manager)


def _rows(notification):
    with as_service("matching"):
        return list(notification.children.all())


@pytest.mark.req("MRC-18")
@pytest.mark.parametrize("at_second", [True, False])
def test_the_staff_of_the_second_setting_are_looked_at_as_well(world: World, at_second: bool) -> None:
    with fixtures():
        reader = world.other_dsl if at_second else world.dsl
        reader.name = "Ada Quillfeather"
        reader.save()
    notification = at_two_settings(world)
    with as_user(world.officer):
        rows = list(notification.children.all())
        assert routing.alike_at_settings(notification, rows) == {rows[0].position: [Role.DSL]}
    page = signed_in(world.officer).get(f"/queue/{notification.ref}/").content.decode()
    assert "Check first" in page
    page = signed_in(world.officer).get(route_path(notification)).content.decode()
    assert "at First School or Second School has the family name" in page


def test_a_child_without_any_setting_has_nobody_of_that_name_at_it(world: World) -> None:
    with fixtures():
        world.dsl.name = "Ada Quillfeather"
        world.dsl.save()
    notification = at_two_settings(world)
    with fixtures():
        notification.children.update(setting=None, second_setting=None, state="nobody")
    with as_user(world.officer):
        assert routing.alike_at_settings(notification, list(notification.children.all())) == {}


@pytest.mark.req("ALR-04", "MRC-18")
def test_when_the_authority_is_told_instead_the_hub_reads_that_the_second_setting_is_not_told_either(
    world: World,
) -> None:
    notification = at_two_settings(world)
    hub = signed_in(world.officer)
    assert "Second School: each has its own alert" in hub.get(f"/queue/{notification.ref}/").content.decode()
    asked = hub.get(route_path(notification)).content.decode()
    assert "The child also goes to Second School. What you choose counts there too" in asked
    saved = hub.post(route_path(notification), {"to": Route.AUTHORITY}, follow=True).content.decode()
    assert "Nobody at the setting: the local authority instead. Second School is not told either" in saved
    page = hub.get(f"/queue/{notification.ref}/").content.decode()
    assert "each has its own alert" not in page
    assert "Second School is not told either" in page


def at_two_settings(world: World):
    """Before the decision: one child, registered at both schools."""
    notification = prepared(world, world.school, status="received")
    with fixtures():
        notification.children.update(second_setting=world.other_school)
    return notification


def route_path(notification) -> str:
    (row,) = _rows(notification)
    return f"/queue/{notification.ref}/children/{row.position}/route/"
