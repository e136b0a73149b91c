import pytest

from alerts.models import Notification, NotificationChild
from tests.factories import NotificationChildFactory, World
from tests.support.db import fixtures


@pytest.fixture
def world(db: None) -> World:
    with fixtures():
        return World()


def with_child(world: World, **fields: object) -> Notification:
    """A notification whose one child is matched and goes to the first school."""
    child_fields = {"child": world.child(), "setting": world.school, "position": 2, **fields.pop("row", {})}
    notification = world.notification(**fields)
    NotificationChildFactory(
        notification=notification, partnership=world.partnership, controller=world.mash, **child_fields
    )
    return notification


def with_waiting_child(world: World, waiting_for: str = "match", **fields: object) -> Notification:
    """A notification whose one child waits for a person."""
    row = {"child": None, "setting": None, "match": "possible", "state": "waiting", "waiting_for": waiting_for}
    return with_child(world, row=row, **fields)


def child_of(notification: Notification) -> NotificationChild:
    return NotificationChild.objects.get(notification=notification)


@pytest.fixture
def notification(world: World) -> Notification:
    with fixtures():
        return with_child(world)
