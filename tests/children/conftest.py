from collections.abc import Callable

import pytest
from django.test import Client

from safeguarding.agencies.models import User
from tests.factories import World
from tests.support.db import fixtures
from tests.support.web import signed_in

Browser = Callable[[User], Client]


@pytest.fixture
def world(db: None) -> World:
    with fixtures():
        return World()


@pytest.fixture
def browser() -> Browser:
    return signed_in
