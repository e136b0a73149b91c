"""The doors of the frame, as truth tables (NTK-07)."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from safeguarding.web.context import ABSOLUTE_SECONDS
from safeguarding.web.middleware import STARTED_AT, is_open
from tests.factories import World
from tests.support.db import fixtures

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

OPEN = [
    "/accounts/login/",
    "/accounts/inactive/",
    "/accounts/password/reset/",
    "/accounts/password/reset/key/1-set-password/",
    "/accounts/2fa/authenticate/",
    "/accounts/2fa/webauthn/login/",
    "/join/abc/",
    "/help/",
    "/help/privacy/",
    "/api/v1/alerts",
    "/static/web/hub.css",
]
CLOSED = [
    "/account/",
    "/members/",
    "/alerts/",
    "/accounts/2fa/",
    "/accounts/2fa/webauthn/",
    "/accounts/logout/",
    "/accounts/signup/",
    "/accounts/sessions/",
    "/accounts/password/change/",
    "/joint/",
    "/helpful/",
]
DEMO_ONLY = ["/", "/demo/people/", "/demo/sign-in/", "/mailbox/", "/components/"]


@pytest.mark.req("NTK-07")
@pytest.mark.parametrize("demo", [True, False])
def test_what_stands_open_without_sign_in(settings, demo: bool) -> None:
    settings.DEMO = demo
    assert [path for path in OPEN if not is_open(path)] == []
    assert [path for path in CLOSED if is_open(path)] == []
    assert [path for path in DEMO_ONLY if is_open(path)] == (DEMO_ONLY if demo else [])


@pytest.mark.req("NTK-07")
@pytest.mark.parametrize("path", CLOSED)
def test_a_stranger_is_sent_to_sign_in_and_back(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=%2F")
    assert answer["Cache-Control"] == "no-store"


def test_what_a_stranger_posts_is_not_carried_through_sign_in(client: Client) -> None:
    assert client.post("/members/", {"secret": "x"})["Location"] == "/accounts/login/"


@pytest.mark.req("NTK-07")
@pytest.mark.parametrize(
    ("demo", "factor", "path", "stopped"),
    [
        (False, None, "/account/", True),
        (False, None, "/members/", True),
        (False, None, "/", True),
        (False, "recovery_codes", "/account/", True),
        (False, "totp", "/account/", False),
        (False, "webauthn", "/account/", False),
        (True, None, "/account/", False),
        (False, None, "/accounts/2fa/", False),
        (False, None, "/accounts/2fa/totp/activate/", False),
        (False, None, "/accounts/reauthenticate/", False),
        (False, None, "/accounts/logout/", False),
        (False, None, "/help/", False),
    ],
)
def test_nobody_goes_on_without_a_second_factor(
    settings, world: World, browser_of, demo: bool, factor: str | None, path: str, stopped: bool
) -> None:
    settings.DEMO = demo
    if factor:
        with fixtures():
            Authenticator.objects.create(user=world.admin, type=factor, data={"name": "Laptop", "credential": {}})
    answer = browser_of(world.admin).get(path)
    assert (answer.status_code == 302 and answer["Location"] == "/accounts/2fa/") is stopped


@pytest.mark.req("NTK-07")
@pytest.mark.parametrize(("age", "ended"), [(ABSOLUTE_SECONDS - 60, False), (ABSOLUTE_SECONDS + 60, True)])
def test_after_twelve_hours_everybody_signs_in_again(settings, world: World, browser_of, age: int, ended: bool) -> None:
    settings.DEMO = True
    browser = browser_of(world.admin)
    browser.get("/account/")
    session = browser.session
    session[STARTED_AT] -= age
    session.save()
    assert (browser.get("/account/").status_code == 302) is ended
    assert ("_auth_user_id" in browser.session) is not ended


@pytest.mark.req("NTK-07")
def test_an_idle_session_ends_after_fifteen_minutes_and_each_answer_renews_it(
    settings, world: World, browser_of
) -> None:
    settings.DEMO = True
    browser = browser_of(world.admin)
    answer = browser.post("/keep-alive/")
    assert answer.json() == {"ok": True}
    assert browser.session.get_expiry_age() == 15 * 60
    assert browser.get("/keep-alive/").status_code == 405


@pytest.mark.req("NTK-07")
def test_no_page_of_a_signed_in_person_is_kept_by_the_browser(settings, world: World, browser_of) -> None:
    settings.DEMO = True
    browser = browser_of(world.admin)
    assert {browser.get(path)["Cache-Control"] for path in ("/account/", "/members/", "/nothing/")} == {"no-store"}


@pytest.mark.req("NTK-01")
def test_absent_and_forbidden_look_the_same(settings, world: World, browser_of) -> None:
    settings.DEMO = True
    browser = browser_of(world.tutor)
    forbidden = browser.get(f"/members/{world.school.slug}/").content.decode()
    absent = browser.get("/members/nowhere/").content.decode()

    def words(page: str) -> str:
        return page.split("Reference to quote")[0].split("<main")[1]

    assert words(forbidden) == words(absent)


def test_doors_of_the_library_that_this_house_has_walled_up(settings, world: World, browser_of) -> None:
    settings.DEMO = True
    browser = browser_of(world.admin)
    closed = [
        "signup/",
        "email/",
        "confirm-email/",
        "confirm-email/abc/",
        "password/set/",
        "3rdparty/",
        "3rdparty/signup/",
    ]
    assert [browser.get(f"/accounts/{path}").status_code for path in closed] == [404] * len(closed)
