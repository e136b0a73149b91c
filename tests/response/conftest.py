import pytest

from alerts.models import Alert
from tests.factories import World
from tests.response.support import sent_alert
from tests.support.db import fixtures


@pytest.fixture
def world(db: None) -> World:
    with fixtures():
        return World()


@pytest.fixture
def alert(world: World) -> Alert:
    return sent_alert(world)
