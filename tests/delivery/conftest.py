from collections.abc import Callable, Iterator

import pytest
from django.test import Client, override_settings

from safeguarding.agencies.models import User
from tests.factories import World
from tests.support.db import fixtures


@pytest.fixture
def world(db: None) -> World:
    with fixtures():
        return World()


@pytest.fixture
def client_of() -> Iterator[Callable[[User], Client]]:
    """A browser in which the person has signed in; in demonstration mode nobody asks for the second factor."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
        return client

    with override_settings(DEMO=True):
        yield sign_in
