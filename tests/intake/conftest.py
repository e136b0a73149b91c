from collections.abc import Callable

import pytest
from django.test import Client

from alerts.intake.selectors import Sender
from safeguarding.agencies.models import User
from tests.factories import World
from tests.support.db import fixtures


@pytest.fixture
def world(db: None) -> World:
    with fixtures():
        return World()


@pytest.fixture
def sender(world: World) -> Sender:
    return Sender(world.police, world.partnership)


@pytest.fixture
def browser(settings: object) -> Callable[[User], Client]:
    """A signed-in person at a page; in demonstration mode nobody asks for the second factor."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        return client

    settings.DEMO = True  # type: ignore[attr-defined]  # pytest-django's wrapper
    return sign_in
