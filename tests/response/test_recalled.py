"""While an alert counts no longer nobody is asked to do something about it (ALR-16, ALR-17, ALR-19)."""

import pytest
import time_machine
from django.utils import timezone

from alerts.models import Action, Alert, Notification
from alerts.response import follow_up, reminding, selectors
from alerts.response.enums import ActionKind
from safeguarding.errors import Conflict
from tests.factories import World
from tests.intake.bodies import example, with_child
from tests.intake.test_corrections import corrected, screened, sent_in, withdrawn
from tests.response.support import WEEK, again, say, tell
from tests.support.db import as_service, as_user
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

NOTE = "Sit with Ottilie before lunch."


@pytest.fixture
def notification(world: World) -> Notification:
    return screened(world, sent_in(world, example()).notification)


@pytest.fixture
def alert(world: World, notification: Notification) -> Alert:
    """Answered, with a review and two actions in a week, one of them of a colleague who was told."""
    with as_service("dispatch"):
        alert = Alert.objects.get(notification=notification)
    say(alert, world.dsl)
    tell(again(alert), world.tutor, world.dsl, until=timezone.localdate() + 3 * WEEK)
    day = timezone.localdate() + WEEK
    with as_user(world.dsl):
        follow_up.review(alert, note="", next_on=day, by=world.dsl)
        for owner in (world.dsl, world.tutor):
            follow_up.add_actions(
                alert, kinds=[ActionKind.QUIET_TIME], owner=owner, due_on=day, note=NOTE, by=world.dsl
            )
    return again(alert)


def due(world: World) -> tuple[int, int, int]:
    """Reviews of the DSL, actions of the DSL, actions of the tutor."""
    with as_user(world.dsl):
        of_dsl = selectors.reviews_due(for_user=world.dsl)[0], selectors.actions_due(for_user=world.dsl)[0]
        waiting = selectors.waiting(for_user=world.dsl)
        assert (len(waiting.reviews), len(waiting.actions)) == (of_dsl[0], of_dsl[1] * 2)
    with as_user(world.tutor):
        return *of_dsl, selectors.actions_due(for_user=world.tutor)[0]


def action_of(person: object) -> Action:
    with as_service("dispatch"):
        return Action.objects.get(owner=person)


@pytest.mark.req("ALR-17", "ALR-19")
def test_nobody_is_reminded_of_what_was_to_be_done_about_a_withdrawn_alert(
    world: World, alert: Alert, notification: Notification
) -> None:
    with time_machine.travel(timezone.now() + WEEK):
        assert due(world) == (1, 1, 1)
    withdrawn(world, notification)
    with time_machine.travel(timezone.now() + WEEK):
        assert due(world) == (0, 0, 0)
        assert reminding.remind() == 0
        client = signed_in(world.dsl)
        assert "is due" not in client.get("/", follow=True).content.decode()
        assert "Nothing is due" in client.get("/alerts/waiting/").content.decode()


@pytest.mark.req("ALR-19")
def test_nothing_more_is_decided_about_it(world: World, alert: Alert, notification: Notification) -> None:
    withdrawn(world, notification)
    answer = signed_in(world.dsl).post(f"/alerts/{alert.ref}/review/", {"note": "Calmer now."})
    assert answer.status_code == 409
    assert "This alert counts no longer. Nothing was saved." in answer.content.decode()
    with as_user(world.dsl), pytest.raises(Conflict, match="counts no longer"):
        follow_up.add_actions(
            alert, kinds=[ActionKind.MONITOR], owner=world.dsl, due_on=timezone.localdate(), note="", by=world.dsl
        )


@pytest.mark.req("ALR-16", "ALR-17")
def test_a_colleague_reads_no_more_what_exactly_was_to_be_done(
    world: World, alert: Alert, notification: Notification
) -> None:
    theirs = action_of(world.tutor)
    tutor, dsl = signed_in(world.tutor), signed_in(world.dsl)
    assert NOTE in tutor.get(f"/actions/{theirs.ref}/").content.decode()
    withdrawn(world, notification)
    page = tutor.get(f"/actions/{theirs.ref}/").content.decode()
    assert NOTE not in page
    assert "The alert that this was for counts no longer" in page
    assert NOTE in dsl.get(f"/actions/{theirs.ref}/").content.decode()
    # it can still be taken off the list
    assert tutor.post(f"/actions/{theirs.ref}/", {"state": "dropped", "result": ""}).status_code == 302


@pytest.mark.req("ALR-17", "ALR-19")
def test_what_counts_after_all_is_due_again(world: World, alert: Alert, notification: Notification) -> None:
    other = with_child(given_name="Hedwig", family_name="Ormskirk", date_of_birth="2013-01-09")
    other["people"][2]["setting"] = {"urn": "999002", "name": None}
    corrected(world, notification, other)
    with time_machine.travel(timezone.now() + WEEK):
        assert due(world) == (0, 0, 0)
    corrected(world, notification, example())
    with time_machine.travel(timezone.now() + WEEK):
        assert due(world) == (1, 1, 1)
        assert reminding.remind() == 3
