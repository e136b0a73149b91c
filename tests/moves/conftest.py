import pytest

from tests.factories import World
from tests.support.db import fixtures


@pytest.fixture
def world(db: None) -> World:
    with fixtures():
        return World()
