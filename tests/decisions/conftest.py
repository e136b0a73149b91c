from dataclasses import dataclass

import pytest

from agreements.models import AgreementItem
from alerts.models import Alert, Notification
from tests.factories import NotificationChildFactory, World
from tests.support.db import fixtures


@dataclass
class Case:
    """A world, a notification that the hub took in, and the alert of it that reached the first school."""

    world: World
    notification: Notification
    alert: Alert


@pytest.fixture
def case(db: None) -> Case:
    with fixtures():
        world = World()
        AgreementItem.objects.create(agreement=world.agreement, key="incident_content", justification="Early help.")
        child = world.child()
        notification = world.notification(status="sent")
        NotificationChildFactory(
            notification=notification, partnership=world.partnership, controller=world.mash, position=2,
            child=child, setting=world.school,
        )  # fmt: skip
        return Case(world, notification, world.alert(notification=notification, child=child))
