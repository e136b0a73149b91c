from collections.abc import Iterator

import pytest
from django.core.cache import cache

from safeguarding.agencies.models import User
from tests.factories import World, clear, require_clearance
from tests.support.db import fixtures


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """A partnership that asks for a course and terms, and whose people have both; one alert waits at the school."""
    cache.clear()
    with fixtures():
        world = World()
        require_clearance(world.partnership)
        for person in [value for value in vars(world).values() if isinstance(value, User)]:
            clear(person, world.partnership)
        world.first = world.alert()
    yield world
    cache.clear()
