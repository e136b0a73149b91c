"""Who gets through which door (NTK-07), and what every answer carries with it."""

import datetime as dt
import re
from html.parser import HTMLParser
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client, override_settings
from django.utils import timezone

from safeguarding.agencies.models import User
from tests.factories import World
from tests.frame.doors import every_door
from tests.support.db import fixtures
from tests.support.web import signed_in

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
pytestmark = pytest.mark.django_db

# All that answers a stranger. A door that opens without sign-in is added here on purpose, or not at all.
OPEN = {
    "/help/",
    "/help/accessibility/",
    "/help/words/",
    "/help/privacy/",
    "/join/invented/",
    "/sign/invented/",
    "/refer/",
    "/refer/asked/",
    "/refer/invented/",
    "/refer/invented/people/",
    "/refer/invented/check/",
    "/refer/invented/1/",
    "/refer/invented/1/remove/",
    "/receive/invented/",
    "/receive/invented/pdf/",
    "/accounts/login/",
    "/accounts/inactive/",
    "/accounts/password/reset/",
    "/accounts/password/reset/done/",
    "/accounts/password/reset/key/1-1/",
    "/accounts/password/reset/key/done/",
    "/accounts/2fa/authenticate/",
    "/accounts/2fa/webauthn/login/",
    "/accounts/oidc/nowhere/login/",
    "/accounts/oidc/nowhere/login/callback/",
}
ONLY_IN_A_DEMONSTRATION = {"/", "/demo/people/", "/demo/sign-in/", "/mailbox/", "/components/"}
# What somebody who still lacks a second factor may reach beside the open pages.
TO_SET_ONE_UP = re.compile(
    r"/accounts/(2fa|reauthenticate|logout)/|/help/|/join/|/sign/|/refer/|/receive/|/keep-alive/|/api/"
)
DOORS = [door for door in every_door() if not door.startswith("/api/")]


def sent_to_sign_in(path: str, client: Client, **extra: Any) -> bool:
    response = client.get(path, **extra)
    return response.status_code == 302 and response.headers["Location"].startswith("/accounts/login/")


def without_second_factor(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def test_the_list_of_open_doors_names_doors_that_exist() -> None:
    assert set(DOORS) >= OPEN | ONLY_IN_A_DEMONSTRATION


@pytest.mark.req("NTK-07")
def test_a_stranger_is_sent_to_sign_in(db: None) -> None:
    client = Client()
    shut = [door for door in DOORS if door not in OPEN]
    assert [door for door in shut if not sent_to_sign_in(door, client)] == []
    posted = {door: client.post(door) for door in shut}
    assert {answer.status_code for answer in posted.values()} == {302}
    assert {answer.headers["Location"] for answer in posted.values()} == {"/accounts/login/"}


# These two take part in a sign-in that has begun; without one they lead back to its start by themselves.
SECOND_STEPS = {"/accounts/2fa/authenticate/", "/accounts/2fa/webauthn/login/"}


@pytest.mark.req("NTK-07")
@pytest.mark.parametrize("door", sorted(OPEN))
def test_an_open_door_answers_a_stranger(db: None, door: str) -> None:
    assert sent_to_sign_in(door, Client()) == (door in SECOND_STEPS)


@pytest.mark.parametrize("path", ["/queue/../help/", "//help/", "/helpless/", "/accounts/login", "/HELP/", "/static"])
def test_what_only_looks_like_an_open_door_is_shut(db: None, path: str) -> None:
    assert sent_to_sign_in(path, Client())


def test_who_signs_in_goes_on_to_where_they_wanted(db: None) -> None:
    response = Client().get("/alerts/?status=sent")
    assert response.headers["Location"] == "/accounts/login/?next=%2Falerts%2F%3Fstatus%3Dsent"


@pytest.mark.req("NTK-07")
def test_without_a_second_factor_the_only_way_leads_to_setting_one_up(world: World) -> None:
    client = without_second_factor(world.dsl)
    shut = [door for door in DOORS if not TO_SET_ONE_UP.match(door) and door not in OPEN]
    assert "/alerts/" in shut
    for door in shut:
        for response in (client.get(door), client.post(door)):
            assert (door, response.status_code, response.headers["Location"]) == (door, 302, "/accounts/2fa/")


@pytest.mark.req("NTK-07")
def test_recovery_codes_alone_are_no_second_factor(world: World) -> None:
    with fixtures():
        Authenticator.objects.create(user=world.dsl, type=Authenticator.Type.RECOVERY_CODES, data={})
    assert without_second_factor(world.dsl).get("/alerts/").headers["Location"] == "/accounts/2fa/"


@pytest.mark.req("NTK-07")
def test_with_a_second_factor_the_work_is_open(world: World) -> None:
    assert signed_in(world.dsl).get("/alerts/").status_code == 200


def test_a_demonstration_asks_for_no_second_factor(world: World) -> None:
    with override_settings(DEMO=True):
        assert without_second_factor(world.dsl).get("/alerts/").status_code == 200


@pytest.mark.parametrize("door", sorted(ONLY_IN_A_DEMONSTRATION - {"/"}))
def test_the_doors_of_a_demonstration_are_not_there_elsewhere(world: World, door: str) -> None:
    client = signed_in(world.dsl)
    assert client.get(door).status_code == client.post(door, {"email": world.officer.email}).status_code == 404
    assert int(client.session["_auth_user_id"]) == world.dsl.pk


# ------------------------------------------------------------ the end of a session
@pytest.mark.req("NTK-07")
def test_fifteen_idle_minutes_end_a_session(world: World) -> None:
    client = signed_in(world.dsl)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert client.get("/alerts/").status_code == 200
        clock.shift(dt.timedelta(minutes=14, seconds=59))
        assert client.get("/alerts/").status_code == 200
        clock.shift(dt.timedelta(minutes=15, seconds=1))
        assert sent_to_sign_in("/alerts/", client)


@pytest.mark.req("NTK-07")
def test_staying_signed_in_renews_the_fifteen_minutes(world: World) -> None:
    client = signed_in(world.dsl)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(3):
            clock.shift(dt.timedelta(minutes=14))
            assert client.post("/keep-alive/").json() == {"ok": True}
        assert client.get("/alerts/").status_code == 200


@pytest.mark.req("NTK-07")
def test_a_page_that_asks_by_itself_keeps_nobody_signed_in(world: World) -> None:
    client = signed_in(world.dsl)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.get("/alerts/")
        for _ in range(15):
            clock.shift(dt.timedelta(minutes=1))
            assert client.get("/alerts/", headers={"X-Background": "1"}).status_code == 200
        clock.shift(dt.timedelta(seconds=1))
        assert sent_to_sign_in("/alerts/", client, headers={"X-Background": "1"})
        assert "_auth_user_id" not in client.session


@pytest.mark.req("NTK-07")
def test_twelve_hours_end_a_session_however_busy(world: World) -> None:
    client = signed_in(world.dsl)
    with time_machine.travel(timezone.now(), tick=False) as clock:
        client.get("/alerts/")
        for _ in range(72):
            clock.shift(dt.timedelta(minutes=10))
            assert client.post("/keep-alive/").status_code == 200
        clock.shift(dt.timedelta(seconds=1))
        assert sent_to_sign_in("/alerts/", client)
        assert "_auth_user_id" not in client.session


def test_nobody_is_kept_signed_in_by_a_link_or_by_another_site(world: World) -> None:
    assert signed_in(world.dsl).get("/keep-alive/").status_code == 405
    careful = Client(enforce_csrf_checks=True)
    careful.cookies = signed_in(world.dsl).cookies
    assert careful.post("/keep-alive/").status_code == 403


@pytest.mark.req("NTK-07")
def test_a_closed_account_is_out_at_the_next_request(world: World) -> None:
    client = signed_in(world.dsl)
    assert client.get("/alerts/").status_code == 200
    with fixtures():
        User.objects.filter(pk=world.dsl.pk).update(is_active=False)
    assert sent_to_sign_in("/alerts/", client)


# ------------------------------------------------------------ what every answer carries
class Inline(HTMLParser):
    """Collects what a strict content policy refuses."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        data = given.get("type") == "application/json"
        if tag == "style" or (tag == "script" and "src" not in given and not data):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name == "style" or name.startswith("on") or (value or "").startswith(("javascript:", "data:")):
                self.found.append(f"{tag} {name}")


def judge(response) -> list[str]:  # type: ignore[no-untyped-def]  # the test client's own class of answers
    parser = Inline()
    if response.headers["Content-Type"].startswith("text/html"):  # some doors give a calendar or a PDF
        parser.feed(response.content.decode())
    policy = response.headers["Content-Security-Policy"]
    wanted = {
        "no-store": "no-store" in response.headers["Cache-Control"],
        "default-src none": "default-src 'none'" in policy,
        "nothing unsafe": "unsafe" not in policy and "nonce" not in policy and "*" not in policy,
        "no frames": response.headers["X-Frame-Options"] == "DENY" and "frame-ancestors 'none'" in policy,
        "no sniffing": response.headers["X-Content-Type-Options"] == "nosniff",
        "referrer": response.headers["Referrer-Policy"] == "same-origin",
    }
    return parser.found + [what for what, held in wanted.items() if not held]


@pytest.mark.parametrize("door", sorted(OPEN))
def test_pages_for_strangers_are_strict_and_kept_nowhere(db: None, door: str) -> None:
    assert judge(Client().get(door)) == []


@pytest.mark.prove
@pytest.mark.req("NTK-07")
def test_pages_behind_sign_in_are_strict_and_kept_nowhere(world: World) -> None:
    for person in (world.admin, world.officer, world.dsl, world.constable):
        client = signed_in(person)
        assert {door: faults for door in DOORS if (faults := judge(client.get(door)))} == {}


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(world: World) -> None:
    client = Client()
    client.get("/accounts/login/")
    client.force_login(world.dsl, BACKEND)
    client.get("/accounts/2fa/")
    for name in ("hub_session", "hub_csrf"):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"
