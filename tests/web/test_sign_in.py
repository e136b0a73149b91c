"""Signing in: password, second factor, what is remembered, and what is closed (NTK-07)."""

import re
import time
from collections.abc import Callable

import pytest
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from safeguarding.agencies.models import User
from safeguarding.audit.models import AuditEntry
from safeguarding.crypto import keys
from safeguarding.crypto.models import opened
from safeguarding.notifications import emails
from safeguarding.notifications.models import Email
from safeguarding.web.adapters import CouncilSignInAdapter, SecondFactorAdapter
from tests.factories import UserFactory, World
from tests.support.db import as_service, fixtures
from tests.web.conftest import PASSWORD

pytestmark = pytest.mark.django_db(databases=["default", "outside"])
LOGIN = "/accounts/login/"


@pytest.fixture
def person(world: World, with_password: Callable[[User], User]) -> User:
    return with_password(world.dsl)


@pytest.fixture
def client() -> Client:
    return Client(REMOTE_ADDR="192.0.2.9")


def entries(event: str) -> list[AuditEntry]:
    with fixtures():
        return list(AuditEntry.objects.filter(event=event))


def set_up_app(user: User) -> str:
    secret = totp.generate_totp_secret()
    with fixtures():
        totp.TOTP.activate(user, secret)
        RecoveryCodes.activate(user)
    return secret


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


@pytest.mark.req("NTK-07", "AUD-01")
def test_a_right_password_signs_in_and_is_remembered(client: Client, person: User) -> None:
    answer = client.post(LOGIN, {"login": person.email.upper(), "password": PASSWORD})
    assert answer["Location"] == "/"
    entry = entries("user.signed_in")[0]
    assert (entry.actor_id, entry.remote_addr) == (person.pk, "192.0.2.9")
    assert EmailAddress.objects.get(user=person).verified
    client.post("/accounts/logout/")
    assert [each.actor_id for each in entries("user.signed_out")] == [person.pk]


@pytest.mark.req("NTK-07", "AUD-01")
@pytest.mark.parametrize("known", [True, False])
def test_a_wrong_password_says_the_same_of_everybody_and_is_remembered(
    client: Client, person: User, known: bool
) -> None:
    address = person.email if known else "nobody@school.example"
    page = client.post(LOGIN, {"login": address, "password": "hunter2hunter2"}).content.decode()
    assert "The e-mail address or the password is not right." in page
    entry = entries("user.sign_in_failed")[0]
    assert (entry.service, entry.outcome, entry.actor_id) == ("door", "denied", None)
    assert entry.object_id == (person.pk if known else None)
    assert "hunter2" not in str(vars(entry))


@pytest.mark.req("NTK-07")
def test_tries_are_throttled(client: Client, person: User) -> None:
    for _ in range(5):
        client.post(LOGIN, {"login": person.email, "password": "wrong wrong wrong"})
    page = client.post(LOGIN, {"login": person.email, "password": PASSWORD}).content.decode()
    assert "There were too many tries." in page
    assert "_auth_user_id" not in client.session
    assert len(entries("user.sign_in_failed")) == 5


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Enter your e-mail address"),
        ({"login": "x"}, "Enter an e-mail address, like"),
        ({"login": "a@b.example"}, "Enter your password"),
        ({"login": "a@b.example\x00", "password": "x"}, "Null characters are not allowed"),
    ],
)
def test_what_is_missing_is_said_once_in_the_summary(
    client: Client, db: None, data: dict[str, str], sentence: str
) -> None:
    page = client.post(LOGIN, data).content.decode()
    assert page.count(sentence) == 2  # in the summary and at the field
    assert "<title>Error: Sign in" in page
    assert "This field is required" not in page


@pytest.mark.req("NTK-07")
def test_the_second_factor_is_asked_after_the_password(settings, client: Client, person: User) -> None:
    secret = set_up_app(person)
    answer = client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/account/")["Location"].startswith(LOGIN)
    page = client.post("/accounts/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert "That code is not right." in page
    entry = entries("user.sign_in_failed")[0]
    assert (entry.object_id, entry.additional_data) == (person.pk, {"how": "second factor"})
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})["Location"] == "/"
    assert client.get("/account/").status_code == 200


@pytest.mark.req("NTK-07")
def test_a_recovery_code_works_once(client: Client, person: User) -> None:
    set_up_app(person)
    with fixtures():
        code = Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()[0]
    for accepted in (True, False):
        client.post(LOGIN, {"login": person.email, "password": PASSWORD})
        answer = client.post("/accounts/2fa/authenticate/", {"code": code})
        assert (answer.status_code == 302) is accepted
        client.post("/accounts/logout/")


@pytest.mark.req("NTK-07")
def test_seeds_lie_encrypted_and_open_only_with_the_root_key(settings, person: User) -> None:
    secret = set_up_app(person)
    with fixtures():
        stored = {each.type: each.data for each in Authenticator.objects.filter(user=person)}
    assert secret not in str(stored)
    assert SecondFactorAdapter().decrypt(stored["totp"]["secret"]) == secret
    settings.ROOT_KEYS = {1: b"another root key, 32 bytes long!"}
    opened.clear()
    with pytest.raises(ImproperlyConfigured, match="root key of version 1 is not the one"):
        keys.open_text("second-factor", stored["totp"]["secret"])
    opened.clear()


@pytest.mark.req("NTK-07")
@pytest.mark.parametrize(("factors", "demo", "allowed"), [(1, False, False), (2, False, True), (1, True, True)])
def test_the_last_second_factor_stays(settings, person: User, factors: int, demo: bool, allowed: bool) -> None:
    settings.DEMO = demo
    set_up_app(person)
    with fixtures():
        if factors == 2:
            Authenticator.objects.create(user=person, type="webauthn", data={"name": "Key", "credential": {}})
        app = Authenticator.objects.get(user=person, type="totp")
    assert SecondFactorAdapter().can_delete_authenticator(app) is allowed


@pytest.mark.req("NTK-07")
def test_a_new_password_by_a_link_that_leaves_through_the_outbox(client: Client, person: User, mailoutbox) -> None:
    answer = client.post("/accounts/password/reset/", {"email": person.email})
    assert answer["Location"] == "/accounts/password/reset/done/"
    assert mailoutbox == []
    with fixtures():
        email = Email.objects.get(template="password_link")
    with as_service("dispatch"):
        emails.send(email.pk)
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", mailoutbox[0].body)
    assert link is not None
    form = client.get(link[1], follow=True)
    new = "harbour velvet tadpole"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert client.post(LOGIN, {"login": person.email, "password": new})["Location"] == "/"
    assert "does not work any more" in Client().get(link[1], follow=True).content.decode()
    with fixtures():
        assert Email.objects.filter(template="sign_in_changed", to=person.email).exists()


@pytest.mark.req("NTK-07")
def test_nobody_learns_from_the_link_page_who_has_an_account(client: Client, world: World) -> None:
    assert client.post("/accounts/password/reset/", {"email": "nobody@school.example"})["Location"] == (
        "/accounts/password/reset/done/"
    )
    with fixtures():
        assert not Email.objects.exists()


@pytest.mark.req("NTK-07")
def test_nobody_signs_up(client: Client, db: None, settings, world: World, browser_of) -> None:
    assert client.get("/accounts/signup/")["Location"].startswith(LOGIN)
    settings.DEMO = True
    assert browser_of(world.admin).post("/accounts/signup/", {"email": "a@b.example"}).status_code == 404


@pytest.mark.req("NTK-07")
def test_a_closed_account_stays_outside(client: Client, person: User) -> None:
    with fixtures():
        User.objects.filter(pk=person.pk).update(is_active=False)
    answer = client.post(LOGIN, {"login": person.email, "password": PASSWORD}, follow=True)
    assert "Your account is closed" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_signing_out_everywhere_else_ends_the_other_sessions(settings, world: World, browser_of) -> None:
    settings.DEMO = True
    here, there = browser_of(world.dsl), browser_of(world.dsl)
    assert "On 2 browsers" in here.get("/account/").content.decode()
    here.post("/accounts/sessions/")
    assert here.get("/account/").status_code == 200
    assert there.get("/account/")["Location"].startswith(LOGIN)


# ---------------------------------------------------------------- the demonstration's doors


@pytest.mark.req("NTK-07")
@pytest.mark.parametrize("path", ["/demo/people/", "/demo/sign-in/", "/mailbox/", "/components/"])
def test_the_demonstrations_doors_are_not_there_elsewhere(settings, world: World, browser_of, path: str) -> None:
    settings.DEMO = False
    with fixtures():
        Authenticator.objects.create(user=world.dsl, type="webauthn", data={"name": "Key", "credential": {}})
    browser = browser_of(world.dsl)
    assert browser.get(path).status_code == 404
    assert browser.post(path, {"email": world.admin.email}).status_code == 404
    assert Client().post(path, {"email": world.admin.email})["Location"] == LOGIN


@pytest.mark.parametrize(
    "who",
    [{"email": "real@school.sch.uk"}, {"is_active": False}, {"is_integration": True}],
    ids=["no demo person", "closed", "a system"],
)
def test_only_people_of_the_demo_world_walk_in(settings, client: Client, db: None, who: dict[str, object]) -> None:
    settings.DEMO = True
    with fixtures():
        user = UserFactory(**who)
    assert client.post("/demo/sign-in/", {"email": user.email}).status_code == 404
    assert "_auth_user_id" not in client.session


# ---------------------------------------------------------------- an organisation's own sign-in


@pytest.mark.req("NTK-07")
def test_an_organisations_sign_in_lets_nobody_in_whom_we_do_not_know(rf, person: User) -> None:
    """Not even somebody whose organisation claims a known e-mail address: only `sub` counts."""
    request = rf.get("/accounts/oidc/council/login/callback/")
    request.user = AnonymousUser()
    claimed = SocialLogin(
        user=User(email=person.email, name="Somebody Else"),
        account=SocialAccount(provider="council", uid="another sub"),
    )
    adapter = CouncilSignInAdapter(request)
    with pytest.raises(ImmediateHttpResponse) as refused:
        adapter.pre_social_login(request, claimed)
    assert refused.value.response.status_code == 403
    assert "Accounts come by invitation only." in refused.value.response.content.decode()
    assert not adapter.is_open_for_signup(request, claimed)
    assert not adapter.can_authenticate_by_email(claimed, person.email)
