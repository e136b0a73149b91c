from dataclasses import dataclass

import pytest

from alerts.models import Alert
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import User
from tests.factories import NotificationChildFactory, World, member
from tests.support.db import fixtures


@dataclass
class Place:
    """A world, an alert that reached the first school, and an information-governance lead at the hub."""

    world: World
    alert: Alert
    ig: User


@pytest.fixture
def place(db: None) -> Place:
    with fixtures():
        world = World()
        child = world.child()
        notification = world.notification(status="sent")
        NotificationChildFactory(
            notification=notification, partnership=world.partnership, controller=world.mash, position=2,
            child=child, setting=world.school,
        )  # fmt: skip
        alert = world.alert(notification=notification, child=child)
        return Place(world, alert, member(world.mash, Role.IG_LEAD))
