from dataclasses import dataclass

import pytest

from alerts.models import Alert, Screening
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import User
from tests.factories import World, member
from tests.support.db import fixtures


@dataclass
class Case:
    """An alert that the DSL of the first school has, whose police content is gone; a LADO and an authority's contact."""

    world: World
    alert: Alert
    lado: User
    contact: User


@pytest.fixture
def case(db: None) -> Case:
    with fixtures():
        world = World()
        alert = world.alert(notification=world.notification(status="sent", content=None))
        Screening.objects.create(
            notification=alert.notification, level=2, level_name="Early help", decision="send", reason="CANARY first",
            decided_by=world.officer, partnership=world.partnership, controller=world.mash,
        )  # fmt: skip
        return Case(world, alert, member(world.council, Role.LADO), member(world.council, Role.AUTHORITY_CONTACT))
