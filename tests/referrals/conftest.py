import pytest
from django.core.cache import cache

from tests.factories import World
from tests.support.db import fixtures


@pytest.fixture
def world(db: None) -> World:
    cache.clear()
    with fixtures():
        return World()
