"""Two officers at once, on two real connections."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from alerts.intake.enums import DecisionReason
from alerts.intake.services import decide_match
from alerts.models import Alert, Notification, NotificationChild, Screening
from alerts.screening import services
from alerts.screening.enums import Decision
from safeguarding.agencies.models import User
from safeguarding.errors import Conflict
from tests.factories import World
from tests.screening.conftest import with_child, with_waiting_child
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scene(transactional_db: None) -> tuple[World, Notification]:
    with transaction.atomic(), fixtures():
        world = World()
        notification = with_child(world)
    return world, notification


def at_once(first: User, second: User, act: Callable[[User], object]) -> tuple[list[str], list[str]]:
    """Both act; the second has reached the lock before the first commits."""
    done: list[str] = []
    refused: list[str] = []
    holding, go_on = threading.Event(), threading.Event()

    def attempt(person: User, *, holds: bool) -> None:
        try:
            with as_user(person), transaction.atomic():
                if not holds:
                    holding.wait(10)
                    go_on.set()
                act(person)
                if holds:
                    holding.set()
                    go_on.wait(10)
            done.append(person.name)
        except Conflict as conflict:
            refused.append(str(conflict))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=attempt, args=(first,), kwargs={"holds": True}),
        threading.Thread(target=attempt, args=(second,), kwargs={"holds": False}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return done, refused


@pytest.mark.req("MSH-01")
def test_of_two_claims_one_wins_and_the_other_is_told_who(scene: tuple[World, Notification]) -> None:
    world, notification = scene
    done, refused = at_once(
        world.officer, world.manager, lambda person: services.claim(notification=notification, by=person)
    )
    assert done == [world.officer.name]
    assert refused == [f"{world.officer.name} has claimed this notification. Your change was not saved."]


@pytest.mark.req("MSH-01")
def test_of_two_decisions_one_is_kept_and_one_alert_is_made(scene: tuple[World, Notification]) -> None:
    world, notification = scene
    done, refused = at_once(
        world.officer,
        world.manager,
        lambda person: services.screen(
            notification, level=1, decision=Decision.SEND, reason="Seen.", version=1, by=person
        ),
    )
    assert done == [world.officer.name]
    assert len(refused) == 1
    with as_service("dispatch"), transaction.atomic():
        assert Screening.objects.get().decided_by == world.officer
        assert Alert.objects.count() == 1


@pytest.mark.req("ALR-03", "ALR-04")
@pytest.mark.parametrize("screening_first", [True, False])
def test_a_child_that_is_settled_while_somebody_decides_is_not_forgotten(
    transactional_db: None, screening_first: bool
) -> None:
    with transaction.atomic(), fixtures():
        world = World()
        notification = with_waiting_child(world)
        row = NotificationChild.objects.get()

    def act(person: User) -> None:
        if (person == world.officer) is screening_first:
            services.screen(notification, level=1, decision=Decision.SEND, reason="Seen.", version=1, by=person)
        else:
            decide_match(child=row, same_as=None, setting=world.school, reason=next(iter(DecisionReason)), by=person)

    done, refused = at_once(world.officer, world.manager, act)
    assert (len(done), refused) == (2, [])
    with as_service("dispatch"), transaction.atomic():
        assert Alert.objects.get().setting_id == world.school.pk


@pytest.mark.req("MSH-01")
def test_two_who_take_the_next_at_once_get_two_and_neither_waits(scene: tuple[World, Notification]) -> None:
    world, first = scene
    with transaction.atomic(), fixtures():
        second = with_child(world, due_at=first.due_at)
    taken: dict[str, str] = {}
    holding, both_have_one = threading.Event(), threading.Event()

    def take(person: User, *, holds: bool) -> None:
        try:
            with as_user(person), transaction.atomic():
                if not holds:
                    holding.wait(10)
                    with connection.cursor() as cursor:
                        cursor.execute("SET LOCAL lock_timeout = '3s'")
                row = services.claim_next(by=person)
                taken[person.name] = row.ref if row else ""
                if holds:
                    holding.set()
                    both_have_one.wait(10)
                else:
                    both_have_one.set()
        finally:
            connection.close()

    threads = [
        threading.Thread(target=take, args=(world.officer,), kwargs={"holds": True}),
        threading.Thread(target=take, args=(world.manager,), kwargs={"holds": False}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert taken == {world.officer.name: first.ref, world.manager.name: second.ref}
