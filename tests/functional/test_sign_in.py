"""As in production: an invitation, a second factor by app and by passkey, and a leaver who is shut out at once."""

import base64
import hmac
import re
import secrets
import struct
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.functional.browser import Visitor
from tests.functional.conftest import Door
from tests.functional.journeys import text_of
from tests.functional.pages import SEEN_IN_SIGN_IN
from tests.functional.stack import Stack, until

NEWCOMER = f"cover-{secrets.token_hex(3)}@harbour.wexbourne.example"
PASSWORD = "seven-lanterns-on-the-quay-31"
PERIOD = 30


def code_of(secret: str, counter: int) -> str:
    """Six digits as an authenticator app works them out (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", counter), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"


class App:
    """An authenticator app that never shows one code twice: a used code is refused, as it should be.

    The code of the next half minute counts already, so nobody has to wait for it.
    """

    def __init__(self, secret: str) -> None:
        self.secret, self.shown = secret, 0

    def code(self) -> str:
        now = int(time.time()) // PERIOD
        if now < self.shown:
            time.sleep(self.shown * PERIOD - time.time() + 0.2)
            now = self.shown
        self.shown = max(now, self.shown + 1)
        return code_of(self.secret, self.shown)


@pytest.fixture(scope="module")
def door(stack: Stack) -> Iterator[str]:
    """The same Hub with demo mode off."""
    with stack.second_web_server(DEMO="0") as address:
        yield address


class Judge:
    """Remembers which routes were looked at, and what was found there."""

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.findings: list[str] = []

    def __call__(self, route: str, visitor: Visitor) -> None:
        self.seen.add(route)
        self.findings += [f"{route}: {finding}" for finding in visitor.judge()]


@pytest.mark.req("NTK-07")
def test_from_invitation_to_leaving(stack: Stack, browser: Browser, person: Door, door: str) -> None:
    judge = Judge()
    admin = person("admin@harbour.wexbourne")
    invitation = _invite(stack, admin)

    visitor = Visitor.arrive(browser, door)
    device = _passkey_device(visitor)
    visitor.goto(invitation)
    judge("join/<str:token>/", visitor)
    visitor.page.get_by_label("Your full name").fill("Ignatius Overbeek-Mbeki")
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.press(visitor.button("Join"))

    visitor.goto("/alerts/")
    assert visitor.path == "/accounts/2fa/", "nothing opens before a second factor is set up"
    judge("accounts/2fa/", visitor)
    app = _set_up_app(visitor, judge)
    assert visitor.goto("/alerts/") == 404, "nothing opens before training and terms (NTK-06)"
    _clear(stack)
    assert visitor.goto("/alerts/") == 200
    assert visitor.path == "/alerts/"

    visitor.sign_out()
    _sign_in_with_password(visitor, NEWCOMER, PASSWORD)
    assert visitor.path == "/accounts/2fa/authenticate/"
    judge("accounts/2fa/authenticate/", visitor)
    visitor.page.get_by_label("Code", exact=True).fill("000000")
    visitor.press(visitor.button("Sign in"))
    assert visitor.page.title().startswith("Error: ")
    visitor.page.get_by_label("Code", exact=True).fill(app.code())
    visitor.press(visitor.button("Sign in"))
    assert visitor.path == "/today/"

    _add_passkey(visitor, judge)
    visitor.goto("/accounts/2fa/reauthenticate/")
    judge("accounts/2fa/reauthenticate/", visitor)
    visitor.sign_out()
    visitor.goto("/accounts/login/")
    visitor.press(visitor.button("Sign in with a passkey"))
    visitor.goto("/alerts/")
    assert visitor.path == "/alerts/", "a passkey alone is enough"
    _manage(visitor, judge)

    admin.goto("/members/harbour/")
    admin.press(admin.page.get_by_role("link", name="End membership of Ignatius Overbeek-Mbeki").last)
    admin.press(admin.button("End membership"))
    visitor.goto("/alerts/")
    assert visitor.path == "/accounts/login/", "a leaver is out with the next page"
    _sign_in_with_password(visitor, NEWCOMER, PASSWORD)
    assert visitor.path != "/today/"
    assert visitor.goto(invitation) == 404

    device.detach()
    visitor.close()
    assert not judge.findings, "\n".join(judge.findings)
    assert judge.seen == SEEN_IN_SIGN_IN


def _clear(stack: Stack) -> None:
    """Trained and the terms acknowledged, as the school's lead is."""
    whose = "SELECT id FROM agencies_user WHERE email = "
    stack.sql(
        "INSERT INTO agencies_trainingrecord (user_id, course_id, agency_id, completed_on, expires_at, evidence, recorded_at)"
        f" SELECT ({whose} %s), course_id, agency_id, completed_on, expires_at, evidence, recorded_at"
        f" FROM agencies_trainingrecord WHERE user_id = ({whose} 'dsl@harbour.wexbourne.example') AND withdrawn_at IS NULL",
        NEWCOMER,
    )
    stack.sql(
        f"INSERT INTO agencies_acknowledgement (user_id, terms_id, acknowledged_at) SELECT ({whose} %s), terms_id, now()"
        f" FROM agencies_acknowledgement WHERE user_id = ({whose} 'dsl@harbour.wexbourne.example')",
        NEWCOMER,
    )


def _invite(stack: Stack, admin: Visitor) -> str:
    """The administrator invites; the path in the e-mail."""
    admin.goto("/members/harbour/invite/")
    admin.page.get_by_label("E-mail address").fill(NEWCOMER)
    admin.page.get_by_label("Deputy Designated Safeguarding Lead").check()
    admin.press(admin.button("Send the invitation"))
    [mail] = until("the invitation", lambda: stack.mails(NEWCOMER), 40)
    found = re.search(r"/join/[^/\s]+/", text_of(mail))
    assert found
    return found[0]


def _passkey_device(visitor: Visitor):  # type: ignore[no-untyped-def]  # a CDP session, which playwright does not name
    """A phone that holds passkeys and always recognises its owner."""
    device = visitor.context.new_cdp_session(visitor.page)
    device.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return device


def _set_up_app(visitor: Visitor, judge: Judge) -> App:
    visitor.press(visitor.page.get_by_role("button", name="Set up an app"))
    assert visitor.path == "/accounts/2fa/totp/activate/", visitor.words
    judge("accounts/2fa/totp/activate/", visitor)
    visitor.page.get_by_text("I cannot scan the square").click()
    app = App(visitor.page.locator("#authenticator_secret").inner_text().strip())
    visitor.page.get_by_label("Code", exact=True).fill(app.code())
    visitor.press(visitor.button("Set up"))
    assert visitor.path == "/accounts/2fa/recovery-codes/"
    assert visitor.page.locator(".hub-codes li").count() >= 8, "shown this once"
    judge("accounts/2fa/recovery-codes/", visitor)
    return app


def _add_passkey(visitor: Visitor, judge: Judge) -> None:
    visitor.goto("/accounts/2fa/webauthn/add/")
    assert visitor.path == "/accounts/reauthenticate/", "what changes the sign-in asks again who one is"
    judge("accounts/reauthenticate/", visitor)
    visitor.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visitor.press(visitor.button("Go on"))
    judge("accounts/2fa/webauthn/add/", visitor)
    visitor.page.get_by_label("Name of the passkey").fill("My phone")
    visitor.page.get_by_label("Sign in with this passkey alone, without a password").check()
    visitor.press(visitor.button("Add a passkey"))
    visitor.goto("/accounts/2fa/webauthn/")
    assert "My phone" in visitor.words
    judge("accounts/2fa/webauthn/", visitor)


def _manage(visitor: Visitor, judge: Judge) -> None:
    visitor.goto("/accounts/2fa/recovery-codes/generate/")
    judge("accounts/2fa/recovery-codes/generate/", visitor)
    visitor.goto("/accounts/2fa/webauthn/")
    for route in ("edit", "remove"):
        link = visitor.page.locator(f'a[href*="/{route}/"]').first
        visitor.goto(str(link.get_attribute("href")))
        judge(f"accounts/2fa/webauthn/keys/<int:pk>/{route}/", visitor)
        visitor.goto("/accounts/2fa/webauthn/")
    visitor.goto("/accounts/2fa/totp/deactivate/")
    judge("accounts/2fa/totp/deactivate/", visitor)


def _sign_in_with_password(visitor: Visitor, email: str, password: str) -> None:
    visitor.goto("/accounts/login/")
    visitor.page.get_by_label("E-mail address").fill(email)
    visitor.page.get_by_label("Password", exact=True).fill(password)
    visitor.press(visitor.button("Sign in").first)


@pytest.mark.req("NTK-07")
def test_without_demo_mode_there_is_no_list_of_people(browser: Browser, door: str) -> None:
    visitor = Visitor.arrive(browser, door)
    visitor.goto("/")
    assert visitor.path == "/accounts/login/"
    for path in ("/demo/people/", "/mailbox/", "/components/"):
        assert visitor.goto(path) == 404 or visitor.path == "/accounts/login/"
    visitor.close()


@pytest.mark.req("NTK-07")
def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(stack: Stack, stranger: Visitor) -> None:
    email = "practitioner@housing.nenevale.example"
    stranger.goto("/accounts/password/reset/")
    stranger.page.get_by_label("E-mail address").fill(email)
    stranger.press(stranger.page.locator("main form button"))
    link = re.compile(r"/accounts/password/reset/key/\S+/")
    found = until(
        "the link", lambda: [found[0] for mail in stack.mails(email) if (found := link.search(text_of(mail)))], 40
    )
    stranger.goto(found[-1])
    assert not stranger.judge()
    for label in ("New password", "New password again"):
        stranger.page.get_by_label(label, exact=True).fill(PASSWORD)
    stranger.press(stranger.page.locator("main form button"))
    _sign_in_with_password(stranger, email, PASSWORD)
    assert stranger.path not in ("/accounts/login/", "/accounts/password/reset/")
    stranger.sign_out()
    stranger.goto(found[-1])
    assert stranger.page.get_by_label("New password", exact=True).count() == 0
