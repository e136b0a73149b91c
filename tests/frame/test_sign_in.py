"""Signing in as people do it: password, second factor, a lost phone, a forgotten password, too many tries (NTK-07)."""

import re
from collections.abc import Iterator

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.db import connection
from django.http import HttpResponse
from django.test import Client, TestCase
from django.utils import timezone

from safeguarding.agencies.models import User
from safeguarding.audit.models import AuditEntry
from safeguarding.notifications.models import Email
from tests.factories import World
from tests.frame.conftest import PASSWORD
from tests.support.db import as_service, fixtures

pytestmark = pytest.mark.django_db
SIGN_IN = "/accounts/login/"


@pytest.fixture
def browser() -> Client:
    return Client(REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT="Invented browser")


@pytest.fixture(autouse=True)
def _one_moment() -> Iterator[None]:
    """Codes change every thirty seconds; here the clock stands still."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


@pytest.fixture
def secret(dsl: User) -> str:
    """What the DSL's authenticator app knows."""
    secret = totp.generate_totp_secret()
    with fixtures():
        totp.TOTP.activate(dsl, secret)
    return secret


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time()))))


def enter(browser: Client, user: User, password: str = PASSWORD, then: str = "") -> HttpResponse:
    return browser.post(SIGN_IN + (f"?next={then}" if then else ""), {"login": user.email, "password": password})


def is_in(browser: Client) -> bool:
    return "_auth_user_id" in browser.session


def remembered(*events: str) -> list[tuple[str, str, int | None, str | None]]:
    with as_service("dispatch"):
        entries = AuditEntry.objects.filter(event__in=events).order_by("pk")
        return [(entry.event, entry.outcome, entry.object_id, entry.remote_addr) for entry in entries]


@pytest.mark.req("NTK-07")
def test_a_password_alone_does_not_open(browser: Client, dsl: User, secret: str) -> None:
    answer = enter(browser, dsl)
    assert answer.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_in(browser)
    assert browser.get("/alerts/").headers["Location"].startswith(SIGN_IN)


@pytest.mark.req("NTK-07", "AUD-01")
def test_password_and_code_open_once_and_are_remembered_once(browser: Client, dsl: User, secret: str) -> None:
    enter(browser, dsl)
    answer = browser.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert answer.headers["Location"] == "/"
    assert browser.get("/", follow=True).status_code == 200
    assert remembered("user.signed_in") == [("user.signed_in", "done", dsl.pk, "192.0.2.7")]
    again = Client()
    enter(again, dsl)
    again.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert not is_in(again)


@pytest.mark.req("AUD-01")
def test_a_wrong_code_is_said_and_remembered(browser: Client, dsl: User, secret: str) -> None:
    enter(browser, dsl)
    wrong = f"{(int(code_of(secret)) + 1) % 1_000_000:06d}"
    page = browser.post("/accounts/2fa/authenticate/", {"code": wrong}).content.decode()
    assert "That code is not right." in page
    assert "<title>Error: " in page
    assert not is_in(browser)
    assert remembered("user.sign_in_failed") == [("user.sign_in_failed", "denied", dsl.pk, "192.0.2.7")]


@pytest.mark.req("NTK-07")
def test_a_recovery_code_opens_once(browser: Client, dsl: User, secret: str) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    with fixtures():
        code = RecoveryCodes.activate(dsl).get_unused_codes()[0]
    for is_first in (True, False):
        visitor = Client()
        enter(visitor, dsl)
        visitor.post("/accounts/2fa/authenticate/", {"code": code})
        assert is_in(visitor) is is_first


@pytest.mark.req("NTK-07")
def test_seeds_and_recovery_codes_do_not_lie_in_the_clear(dsl: User, secret: str) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    with fixtures():
        RecoveryCodes.activate(dsl)
        with connection.cursor() as cursor:
            cursor.execute("SELECT data::text FROM mfa_authenticator WHERE user_id = %s", [dsl.pk])
            kept = " ".join(row[0] for row in cursor.fetchall())
    assert secret not in kept
    assert re.search(r'"k\d+:[A-Za-z0-9+/=]{40,}"', kept)
    with fixtures():
        assert Authenticator.objects.get(user=dsl, type="totp").wrap().validate_code(code_of(secret))


@pytest.mark.req("AUD-01")
@pytest.mark.parametrize("typed", ["wrong", PASSWORD.upper(), "", "\x00", "x" * 5000])
def test_a_wrong_password_is_one_sentence_and_one_entry_without_what_was_typed(
    browser: Client, dsl: User, typed: str
) -> None:
    answer = enter(browser, dsl, typed)
    assert answer.status_code == 200
    assert not is_in(browser)
    with as_service("dispatch"):
        kept = list(
            AuditEntry.objects.filter(event="user.sign_in_failed").values_list("additional_data", "object_repr")
        )
    assert len(kept) == (1 if typed.strip("\x00") else 0)
    assert PASSWORD.upper() not in str(kept)


def test_an_unknown_address_is_answered_like_a_wrong_password(browser: Client, dsl: User) -> None:
    def words(address: str) -> str:
        page = browser.post(SIGN_IN, {"login": address, "password": "wrong"}).content.decode()
        found = re.search(r"error-summary__list.*?</ul>", page, re.DOTALL)
        assert found
        return found[0]

    assert words("nobody@nowhere.example") == words(dsl.email)


@pytest.mark.req("NTK-07")
def test_after_five_wrong_passwords_even_the_right_one_waits(browser: Client, dsl: User) -> None:
    for _ in range(5):
        enter(browser, dsl, "wrong")
    page = enter(browser, dsl).content.decode()
    assert "There were too many tries. Wait five minutes, then try again." in page
    assert not is_in(browser)


@pytest.mark.req("NTK-07")
def test_a_closed_account_stays_outside(browser: Client, dsl: User) -> None:
    with fixtures():
        dsl.is_active = False
        dsl.save()
    enter(browser, dsl)
    assert not is_in(browser)


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"])
def test_sign_in_leads_nowhere_else(browser: Client, dsl: User, away: str) -> None:
    assert enter(browser, dsl, then=away).headers["Location"] == "/"
    assert is_in(browser)


def test_sign_in_leads_back_to_the_page_that_was_wanted(browser: Client, dsl: User) -> None:
    assert enter(browser, dsl, then="/alerts/").headers["Location"] == "/alerts/"


@pytest.mark.req("NTK-07")
def test_nobody_can_make_an_account(browser: Client, dsl: User) -> None:
    form = {"email": "new@nowhere.example", "password1": PASSWORD, "password2": PASSWORD}
    before = User.objects.count()
    assert browser.post("/accounts/signup/", form).status_code == 302
    enter(browser, dsl)
    with fixtures():
        totp.TOTP.activate(dsl, totp.generate_totp_secret())
    for door in ("/accounts/signup/", "/accounts/email/", "/accounts/3rdparty/", "/accounts/confirm-email/x/"):
        assert browser.get(door).status_code == browser.post(door, form).status_code == 404
    assert User.objects.count() == before


@pytest.mark.req("NTK-07")
def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(browser: Client, dsl: User) -> None:
    browser.post("/accounts/password/reset/", {"email": dsl.email}, HTTP_HOST="localhost")
    with as_service("dispatch"):
        [mail] = Email.objects.filter(template="password_link")
    assert mail.to == dsl.email
    link = mail.context["link"]
    assert link.startswith("http://testserver/accounts/password/reset/key/")
    new = "lantern-otter-cymbal-9"
    for opens in (True, False):
        visitor = Client()
        page = visitor.get(link.removeprefix("http://testserver"), follow=True)
        assert ("This link does not work any more" in page.content.decode()) is not opens
        visitor.post(page.redirect_chain[-1][0] if page.redirect_chain else link, {"password1": new, "password2": new})
        assert not is_in(visitor)
    assert is_in_with(dsl, new)
    assert not is_in_with(dsl, PASSWORD)


def is_in_with(user: User, password: str) -> bool:
    browser = Client()
    enter(browser, user, password)
    return is_in(browser)


def test_asking_for_a_link_tells_nobody_who_has_an_account(browser: Client, dsl: User) -> None:
    known = browser.post("/accounts/password/reset/", {"email": dsl.email})
    unknown = browser.post("/accounts/password/reset/", {"email": "nobody@nowhere.example"})
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    with as_service("dispatch"):
        assert Email.objects.filter(template="password_link").count() == 1


@pytest.mark.req("NTK-07")
@pytest.mark.parametrize("weak", ["short", "password1234", "123456789012"])
def test_a_weak_password_is_refused(browser: Client, dsl: User, secret: str, weak: str) -> None:
    enter(browser, dsl)
    browser.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    form = {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    page = browser.post("/accounts/password/change/", form)
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    assert not is_in_after_first_step(dsl, weak)


def is_in_after_first_step(user: User, password: str) -> bool:
    return enter(Client(), user, password).status_code == 302


@pytest.mark.req("NTK-07")
def test_signing_out_everywhere_else_shuts_the_other_browsers(browser: Client, dsl: User, secret: str) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        other = Client(REMOTE_ADDR="192.0.2.8")
        for each in (other, browser):
            enter(each, dsl)
            each.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
            assert is_in(each)
            clock.shift(31)
        with fixtures():
            assert UserSession.objects.filter(user=dsl).count() == 2
        page = browser.get("/accounts/sessions/").content.decode()
        assert "192.0.2.8" in page
        browser.post("/accounts/sessions/")
        assert browser.get("/alerts/").status_code == 200
        assert other.get("/alerts/").headers["Location"].startswith(SIGN_IN)


@pytest.mark.req("NTK-07", "AUD-01")
def test_signing_out_takes_a_post_and_is_remembered_once(browser: Client, dsl: User, secret: str) -> None:
    enter(browser, dsl)
    browser.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert "Sign out?" in browser.get("/accounts/logout/").content.decode()
    assert is_in(browser)
    browser.post("/accounts/logout/")
    assert not is_in(browser)
    assert remembered("user.signed_out") == [("user.signed_out", "done", dsl.pk, "192.0.2.7")]


@pytest.mark.req("NTK-07")
def test_the_second_factor_is_set_up_with_a_picture_that_is_drawn_into_the_page(
    browser: Client, dsl: User, world: World
) -> None:
    enter(browser, dsl)
    assert browser.get("/accounts/2fa/totp/activate/").headers["Location"].startswith("/accounts/reauthenticate/")
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = browser.get("/accounts/2fa/totp/activate/").content.decode()
    assert "<svg" in page
    assert "data:" not in page
    assert "<?xml" not in page
    found = re.search(r'id="authenticator_secret">(\w+)<', page)
    assert found
    with TestCase.captureOnCommitCallbacks(execute=True):
        answer = browser.post("/accounts/2fa/totp/activate/", {"code": code_of(found[1])})
    assert answer.status_code == 302
    assert browser.get("/alerts/").status_code == 200
    with as_service("dispatch"):
        assert Email.objects.filter(template="sign_in_changed", to=dsl.email).exists()


@pytest.mark.req("NTK-07")
def test_the_only_second_factor_cannot_be_removed(browser: Client, dsl: User, secret: str) -> None:
    enter(browser, dsl)
    browser.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = browser.post("/accounts/2fa/totp/deactivate/", follow=True).content.decode()
    assert "This is your only second factor" in page
    with fixtures():
        assert Authenticator.objects.filter(user=dsl, type="totp").exists()
