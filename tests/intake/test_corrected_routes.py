"""Who at the setting is told stays as the hub said it, whatever the police correct (MRC-18)."""

import pytest
from django.db import transaction

from alerts.intake.enums import ChildState, DecisionReason, Route, WaitingFor
from alerts.intake.models import Notification, NotificationChild
from alerts.intake.services import decide_match
from alerts.models import Alert
from alerts.screening import routing
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import User
from safeguarding.children.models import Child
from tests.delivery.support import emails
from tests.factories import World, member
from tests.intake.bodies import example, put, with_child
from tests.intake.test_corrections import corrected, screened, sent_in
from tests.readers.support import opens
from tests.support.db import as_service, as_user, fixtures
from tests.support.web import signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.req("MRC-18")]
NEW_WORDS = example(narrative="Another word of the police")
MISSPELT = with_child(given_name="Otilie")


@pytest.fixture
def contact(world: World) -> User:
    with fixtures():
        return member(world.council, Role.AUTHORITY_CONTACT)


def routed(world: World, notification: Notification, to: Route) -> NotificationChild:
    with as_user(world.officer):
        return routing.route(notification, position=2, to=to, by=world.officer)


def child_now(notification: Notification) -> NotificationChild:
    with as_service("dispatch"), transaction.atomic():
        rows = NotificationChild.objects.filter(notification=notification).exclude(state=ChildState.DROPPED)
        return rows.select_related("setting", "child").get()


def alerts() -> list[Alert]:
    with as_service("dispatch"), transaction.atomic():
        return list(Alert.objects.select_related("setting", "instead_of").order_by("pk"))


@pytest.mark.parametrize("to", [Route.HEAD, Route.AUTHORITY])
@pytest.mark.parametrize("decided", [False, True])
def test_a_correction_tells_nobody_whom_the_hub_left_out(world: World, contact: User, to: Route, decided: bool) -> None:
    notification = sent_in(world, example()).notification
    routed(world, notification, to)
    if decided:
        screened(world, notification)
    corrected(world, notification, NEW_WORDS)
    if not decided:
        screened(world, notification)
    assert child_now(notification).route == to
    [alert] = alerts()
    assert (alert.setting, alert.route) == (world.school if to == Route.HEAD else world.council, to)
    assert not opens(alert, world.dsl)
    reader = world.head if to == Route.HEAD else contact
    assert [email.to for email in emails()] == [reader.email]


def test_it_is_said_of_the_child_that_the_police_name_now(world: World) -> None:
    notification = sent_in(world, example()).notification
    corrected(world, notification, NEW_WORDS)
    row = routed(world, notification, Route.HEAD)
    assert (row.generation, row.state) == (1, ChildState.SETTLED)
    screened(world, notification)
    assert [alert.route for alert in alerts()] == [Route.HEAD]


def test_at_another_school_the_authority_is_told_still_and_instead_of_which(world: World, contact: User) -> None:
    """Somebody of the hub looks whether it has to be so; the adult who is named is told nowhere meanwhile."""
    notification = sent_in(world, example()).notification
    routed(world, notification, Route.AUTHORITY)
    screened(world, notification)
    corrected(world, notification, put(example(), "/people/2/setting/urn", "999002"))
    [alert] = alerts()
    assert (alert.setting, alert.instead_of, alert.recalled_at) == (world.council, world.other_school, None)
    page = signed_in(contact).get(f"/alerts/{alert.ref}/").content.decode()
    assert "instead of Second School" in page
    assert "which setting the child attends" in page
    corrected(world, notification, example())
    [alert] = alerts()
    assert (alert.setting, alert.instead_of) == (world.council, world.school)
    assert not {world.dsl.email, world.other_dsl.email} & {email.to for email in emails()}


def waiting_for_match(world: World) -> Notification:
    sent_in(world, example(reference="1"))
    receipt = sent_in(world, MISSPELT)
    assert receipt.children[0].waiting_for == WaitingFor.MATCH
    return receipt.notification


def test_a_child_whose_record_is_not_certain_keeps_it_too(world: World, contact: User) -> None:
    notification = waiting_for_match(world)
    routed(world, notification, Route.AUTHORITY)
    corrected(world, notification, MISSPELT | {"narrative": "Another word"})
    row = child_now(notification)
    assert (row.waiting_for, row.route) == (WaitingFor.MATCH, Route.AUTHORITY)
    with as_user(world.officer):
        decide_match(
            child=row, same_as=Child.objects.visible_to(world.officer).get(), setting=world.school,
            reason=DecisionReason.DETAILS_AGREE, by=world.officer,
        )  # fmt: skip
    screened(world, notification)
    assert [alert.setting for alert in alerts()] == [world.council]
