from collections.abc import Iterator

import pytest
from django.core.cache import cache

from safeguarding.agencies.models import User
from tests.factories import World
from tests.support.db import fixtures

PASSWORD = "umbrella-gravel-seventeen"


@pytest.fixture
def world(db: None) -> World:
    with fixtures():
        return World()


@pytest.fixture
def dsl(world: World) -> User:
    """A DSL who has chosen a password."""
    with fixtures():
        world.dsl.set_password(PASSWORD)
        world.dsl.save()
    return world.dsl


@pytest.fixture(autouse=True)
def _no_tries_of_earlier_tests() -> Iterator[None]:
    """Wrong passwords are counted in the cache."""
    cache.clear()
    yield
    cache.clear()
