"""Every door, every kind of person, every way of knocking. A door that is not listed fails the suite."""

import re
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from safeguarding.agencies import tokens
from safeguarding.agencies.enums import AgencyKind
from safeguarding.agencies.models import Agency
from tests.access.doors import DOORS, ELSEWHERE, MAY_READ, filled, shape
from tests.access.place import CANARIES, NOTHING, Place
from tests.factories import AgencyFactory
from tests.frame.doors import every_door
from tests.support.db import as_service, fixtures

pytestmark = pytest.mark.django_db


def test_every_door_is_listed() -> None:
    found = {shape(path) for path in every_door() if not ELSEWHERE.match(path)}
    assert found == {shape(path) for path in DOORS}


def knock(client: Client, method: str, path: str) -> HttpResponse:
    """One request, whose effect is taken back."""
    client.raise_request_exception = False
    with transaction.atomic():
        response = getattr(client, method)(path)
        transaction.set_rollback(True)
    return response


def seen_in(response: HttpResponse) -> set[str]:
    """What is no text, such as a PDF, is read as far as it is some."""
    whole = b"".join(response.streaming_content) if response.streaming else response.content
    body = whole.decode(errors="ignore")
    return {name for name, canary in CANARIES.items() if canary in body}


# In the quick form one who is let in knocks at a door by each way in, and by one of both ways in turn one of those who are
# nowhere let in: a role that opens nothing, the same role at another setting, the same role at another hub.
OUTSIDERS = ("tutor", "other_dsl", "stranger")


def _who_knocks(number: int, method: str, allowed: set[str], whole: bool, everybody: Iterable[str]) -> list[str]:
    if whole:
        return sorted(everybody)
    outsider = {OUTSIDERS[number % len(OUTSIDERS)]} if (method == "get") == bool(number % 2) else set()
    return sorted({*sorted(allowed)[:1], *(allowed & {"dsl", "officer"}), *outsider})


@pytest.mark.req("NTK-01", "NTK-02")
@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.prove)])
def test_who_gets_through_and_what_they_see_there(place: Place, whole: bool) -> None:
    wrong, shown = [], set()
    for number, (pattern, expected) in enumerate(DOORS.items()):
        path = filled(pattern, place)
        for method, allowed in (("get", expected.get), ("post", expected.post)):
            for name in _who_knocks(number, method, allowed, whole, place.clients):
                response = knock(place.clients[name], method, path)
                status = response.status_code
                # a door without that handle says so to everybody; it knows no record
                ok = status in (200, 302, 409, 422) if name in allowed else status in (404, 405)
                if not ok:
                    wrong.append((method, pattern, name, status))
                too_much = seen_in(response) - MAY_READ.get(name, NOTHING)
                shown |= {(name, canary) for canary in seen_in(response)}
                if too_much:
                    wrong.append((method, pattern, name, too_much))
    assert not wrong
    # the canaries do sing where they may: this is no test of empty pages
    assert {("dsl", "child"), ("dsl", "victim"), ("officer", "narrative"), ("officer", "street")} <= shown


@pytest.mark.req("NTK-01")
@pytest.mark.parametrize(
    "methods",
    [
        ("delete",),
        pytest.param(("head",), marks=pytest.mark.prove),
        pytest.param(("options", "put", "patch", "trace"), marks=pytest.mark.prove),
    ],
)
def test_other_handles_than_get_and_post_open_nothing(place: Place, methods: tuple[str, ...]) -> None:
    """To insiders neither; only HEAD answers where GET does, without a body."""
    wrong = []
    for pattern, expected in DOORS.items():
        insider = min(expected.get | expected.post, default="dsl")
        for who, method in ((who, method) for who in (insider, "tutor") for method in methods):
            response = knock(place.clients[who], method, filled(pattern, place))
            shut = response.status_code in (404, 405)
            if shut == (method == "head" and who in expected.get) or seen_in(response):
                wrong.append((method, pattern, who, response.status_code))
    assert not wrong


def _without_reference(response: HttpResponse) -> bytes:
    """The page without the number to quote and the form's token, which are others each time."""
    return re.sub(
        rb'<strong class="hub-nowrap">[0-9A-Z]+</strong>|name="csrfmiddlewaretoken" value="\w+"', b"", response.content
    )


# What each asks for, and what certainly is not there in its stead.
HIDDEN = [
    ("/access/{alert}/", "other_dsl", "A-0000-0000"),
    ("/access/{alert}/", "tutor", "A-0000-0000"),
    ("/decisions/{decision}/", "dsl", "D-0000-0000"),
    ("/shared/{waiting}/", "dsl", "N-0000-0000"),
    ("/emergency/reviews/{glass}/", "dsl", "B-0000-0000"),
    ("/referrals/{referral}/", "other_dsl", "R-0000-0000"),
    ("/referrals/{referral}/", "stranger", "R-0000-0000"),
    ("/patterns/{pattern}/", "other_dsl", "K-0000-0000"),
    ("/referrals/drafts/{own_draft}/", "officer", "E-0000-0000"),
    ("/alerts/{alert}/", "other_dsl", "A-0000-0000"),
    ("/alerts/{alert}/", "tutor", "A-0000-0000"),
    ("/alerts/{alert}/", "officer", "not-a-reference"),
    ("/talk/{alert}/", "tutor", "A-0000-0000"),
    ("/talk/{alert}/", "stranger", "A-0000-0000"),
    ("/adults/{concern}/", "dsl", "L-0000-0000"),
    ("/files/{file}/", "other_dsl", "F-0000-0000"),
    ("/files/{file}/", "tutor", "F-0000-0000"),
    ("/files/{file}/", "officer", "F-0000-0000"),
    ("/transfers/{transfer}/", "tutor", "V-0000-0000"),
    ("/transfers/{transfer}/", "officer", "V-0000-0000"),
    ("/transfers/begin/{file}/", "other_dsl", "F-0000-0000"),
    ("/moved/{move}/", "stranger", "P-0000-0000"),
    ("/told/{told}/", "other_dsl", "E-0000-0000"),
    ("/actions/{action}/", "other_dsl", "K-0000-0000"),
    ("/sent/{alert}/", "stranger", "A-0000-0000"),
    ("/children/{child}/", "stranger", "C-0000-0000"),
    ("/children/{child}/", "dsl", "C-0000-0000"),
    ("/children/{child}/compare/{other}/", "stranger", "C-0000-0000"),
    ("/sent/{alert}/", "dsl", "A-0000-0000"),
    ("/queue/{waiting}/", "stranger", "N-0000-0000"),
    ("/queue/{waiting}/", "constable", "N-0000-0000"),
    ("/notifications/{waiting}/", "stranger", "N-0000-0000"),
    ("/notifications/uploads/{upload}/", "stranger", "U-0000-0000"),
    ("/members/{school}/", "other_dsl", "no-such-school"),
]


@pytest.mark.req("NTK-01")
def test_forbidden_and_absent_are_byte_for_byte_the_same(place: Place) -> None:
    for pattern, name, absent in HIDDEN:
        client = place.clients[name]
        nothing, hidden = client.get(re.sub(r"\{\w+\}", absent, pattern)), client.get(filled(pattern, place))
        assert nothing.status_code == hidden.status_code == 404, pattern
        assert _without_reference(nothing) == _without_reference(hidden), pattern
        assert _headers(nothing) == _headers(hidden), pattern


def _headers(response: HttpResponse) -> dict[str, str]:
    return {name: value for name, value in response.items() if name != "X-Request-ID"}


# ---------------------------------------------------------------- the API, by each person's own token

Call = Callable[[str, str], HttpResponse]


@pytest.fixture
def call(place: Place) -> Call:
    with fixtures(), as_service("setup"):
        secrets = {name: tokens.issue_to_person(user=person) for name, person in place.people.items()}

    def ask(name: str, path: str, method: str = "get") -> HttpResponse:
        client = Client(raise_request_exception=False)
        with transaction.atomic():
            response = getattr(client, method)(f"/api/v1/{path}", headers={"authorization": f"Bearer {secrets[name]}"})
            transaction.set_rollback(True)
        return response

    return ask


@pytest.mark.req("NTK-02")
def test_the_api_opens_the_same_doors_to_the_same_people(place: Place, call: Any) -> None:
    ref = place.refs["alert"]
    for name in place.people:
        listed = [each["ref"] for each in call(name, "alerts/").json()["results"]]
        one = call(name, f"alerts/{ref}/")
        acknowledged = call(name, f"alerts/{ref}/acknowledge/", "post")
        mine = name == "dsl"
        assert (listed == [ref]) == mine, name
        assert (one.status_code, acknowledged.status_code) == ((200, 200) if mine else (404, 404)), name
        assert seen_in(one) <= MAY_READ.get(name, NOTHING)
        # a person's token says nothing of notifications, whatever their role
        assert call(name, f"notifications/{place.refs['waiting']}/").status_code == 403
    absent = call("other_dsl", "alerts/A-0000-0000/")
    hidden = call("other_dsl", f"alerts/{ref}/")
    assert absent.content == hidden.content


@pytest.mark.req("NTK-02")
def test_another_force_sees_no_notification_of_this_one(place: Place) -> None:
    with fixtures():
        other = AgencyFactory(kind=AgencyKind.POLICE, partnership=place.world.partnership)
        with as_service("setup"):
            secret = tokens.issue_to_agency(agency=Agency.objects.get(pk=other.pk), scopes=["notifications:read"])
    headers = {"authorization": f"Bearer {secret}"}
    hidden = Client().get(f"/api/v1/notifications/{place.refs['waiting']}/", headers=headers)
    absent = Client().get("/api/v1/notifications/N-0000-0000/", headers=headers)
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content


def test_a_session_is_no_token(place: Place) -> None:
    """A page that a person was lured to cannot use their cookie on the API."""
    for path in ("alerts/", f"alerts/{place.refs['alert']}/", "notifications/"):
        assert place.clients["dsl"].get(f"/api/v1/{path}").status_code == 401
        assert place.clients["dsl"].post(f"/api/v1/{path}").status_code == 401
