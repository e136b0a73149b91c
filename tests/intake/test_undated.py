"""A child whose date of birth nobody knows comes in by hand and by the API like any other (ALR-01, ALR-03)."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from alerts.models import Notification
from safeguarding.agencies import tokens
from safeguarding.agencies.models import User
from tests.factories import World
from tests.intake.bodies import with_child
from tests.intake.test_form import FILLED, NEW, hidden
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db


def post(world: World, reference: str, **child: Any) -> dict[str, Any]:
    with fixtures(), as_service("setup"):
        secret = tokens.issue_to_agency(agency=world.police, scopes=["notifications:write"])
    answer = Client().post(
        "/api/v1/notifications/", json.dumps({**with_child(**child), "reference": reference}),
        content_type="application/json", headers={"authorization": f"Bearer {secret}"},
    )  # fmt: skip
    assert answer.status_code == 201, answer.content
    return dict(answer.json()["children"][0])


@pytest.mark.req("ALR-01", "ALR-03")
def test_a_date_of_birth_that_nobody_knows(world: World) -> None:
    """Nobody alike: a new child. Somebody of that name: a person decides, for a name alone makes nobody sure."""
    assert post(world, "55/2026/1", date_of_birth=None)["match"] == "new"
    assert post(world, "55/2026/2", date_of_birth=None)["match"] == "possible"
    assert post(world, "55/2026/3", date_of_birth="2016-05-04")["match"] == "possible"


@pytest.mark.req("ALR-01")
def test_by_hand_and_the_page_says_so(world: World, browser: Callable[[User], Client]) -> None:
    client = browser(world.constable)
    assert "Leave it empty if nobody knows it" in client.get(NEW).content.decode()
    typed = {key: value for key, value in FILLED.items() if "date_of_birth" not in key}
    check = client.post(NEW, {**typed, "action": "check"}).content.decode()
    assert client.post(NEW, {**hidden(check), "action": "send"}).status_code == 302
    with as_user(world.officer):
        [child] = [p for p in Notification.objects.get().content["people"] if p["role"] == "child"]
        assert (child["given_name"], child["date_of_birth"]) == ("Ottilie", None)
        shown = browser(world.officer).get(f"/queue/{Notification.objects.get().ref}/").content.decode()
    assert "Not known" in shown
