"""A world, tokens in it, and a client that talks as a machine does."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from safeguarding.agencies import tokens
from safeguarding.agencies.enums import Scope
from safeguarding.runtime.logs import JsonFormatter
from tests.api.contract import check
from tests.factories import World
from tests.support.db import as_service, fixtures


class Api:
    """A client with one bearer token."""

    def __init__(self, secret: str | None = None) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"authorization": f"Bearer {secret}"} if secret else {}

    def get(self, path: str, **headers: str) -> HttpResponse:
        return check(self.client.get(f"/api/v1/{path}", headers={**self.headers, **headers}))

    def send(self, path: str, body: Any, method: str = "post", **headers: str) -> HttpResponse:
        data = body if isinstance(body, (bytes, str)) else json.dumps(body)
        kind = headers.pop("content_type", "application/json")
        call = getattr(self.client, method)
        return check(call(f"/api/v1/{path}", data, content_type=kind, headers={**self.headers, **headers}))


@pytest.fixture(autouse=True)
def _no_counts_of_earlier_tests() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Every line that this installation would write, at the most talkative level."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(level)
    root.removeHandler(handler)


@pytest.fixture
def world(db: None) -> World:
    with fixtures():
        return World()


@pytest.fixture
def police(world: World) -> Api:
    scopes = [Scope.NOTIFICATIONS_WRITE, Scope.NOTIFICATIONS_READ]
    with fixtures(), as_service("setup"):
        return Api(tokens.issue_to_agency(agency=world.police, scopes=scopes))


@pytest.fixture
def dsl(world: World) -> Api:
    with fixtures(), as_service("setup"):
        return Api(tokens.issue_to_person(user=world.dsl))


@pytest.fixture
def anybody() -> Api:
    return Api()
