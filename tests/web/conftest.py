from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client, override_settings

from safeguarding.agencies.models import User
from tests.factories import World
from tests.support.db import fixtures

PASSWORD = "lantern otter cymbal"


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    """Every test starts with no tries counted against it."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def world(db: None) -> World:
    with fixtures():
        return World()


@pytest.fixture
def with_password() -> Callable[[User], User]:
    def give(user: User) -> User:
        with fixtures():
            user.set_password(PASSWORD)
            user.save()
        return user

    return give


@pytest.fixture
def browser_of() -> Callable[[User], Client]:
    """A browser in which this person is signed in, through the demonstration's door."""

    def open_browser(user: User) -> Client:
        client = Client(REMOTE_ADDR="192.0.2.7")
        with override_settings(DEMO=True):
            assert client.post("/demo/sign-in/", {"email": user.email}).status_code == 302
        return client

    return open_browser
