"""What we change about allauth: nobody signs up, nothing secret lies in the clear, and e-mail leaves by the outbox."""

import uuid
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render

from safeguarding.access.principal import Principal, acting_as, current
from safeguarding.access.rules import DISPATCH
from safeguarding.agencies.models import User
from safeguarding.crypto import keys
from safeguarding.notifications.services import queue_email

# allauth's templates that send somebody a link or tell of a change, and what we say instead.
_WORDS = {
    "account/email/password_changed": "Your password was changed.",
    "account/email/password_reset": "Your password was replaced by means of a link sent to this address.",
    "mfa/email/totp_activated": "An authenticator app was set up for your sign-in.",
    "mfa/email/totp_deactivated": "The authenticator app was removed from your sign-in.",
    "mfa/email/recovery_codes_generated": "New recovery codes were made for your sign-in.",
    "mfa/email/webauthn_added": "A passkey was added to your sign-in.",
    "mfa/email/webauthn_removed": "A passkey was removed from your sign-in.",
}
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "The e-mail address or the password is not right. Check both and try again.",
        "too_many_login_attempts": "There were too many tries. Wait five minutes, then try again.",
        "incorrect_password": "That is not your password.",
        "enter_current_password": "That is not your current password.",
        "rate_limited": "There were too many tries. Wait a few minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come from an agency's invitation and from nowhere else (NTK-07)."""
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The page that follows says it; a banner "signed in as" on every sign-in would only be noise."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through the outbox like every other e-mail: a mail server that is away delays it and loses nothing."""
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        if template_prefix == "account/email/password_reset_key":
            self._promise(email, "password_link", {"link": self._link(context["password_reset_url"])}, user)
        elif template_prefix in _WORDS:
            self._promise(email, "sign_in_changed", {"what": _WORDS[template_prefix]}, user)

    def _link(self, address: str) -> str:
        # by our own name, never by the Host header of whoever asked
        return settings.SITE_URL + "/" + address.split("/", 3)[3]

    def _promise(self, to: str, template: str, context: dict[str, Any], recipient: User | None) -> None:
        who = current()
        service = Principal(service=DISPATCH, purpose="sign-in", remote_addr=who.remote_addr, request_id=who.request_id)
        with transaction.atomic(), acting_as(service):
            queue_email(
                to=to, template=template, context=context, dedupe_key=f"sign-in {uuid.uuid4()}", recipient=recipient
            )


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "That code is not right. Codes change every 30 seconds: enter the newest one.",
        "cannot_delete_authenticator": "This is your only second factor. Add another before you remove it.",
    }

    def encrypt(self, text: str) -> str:
        """Seeds of authenticator apps and of recovery codes are worth nothing without the root key (NTK-07)."""
        return keys.seal_text("second-factor", text)

    def decrypt(self, encrypted_text: str) -> str:
        return keys.open_text("second-factor", encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """Drawn into the page: an XML prolog has no place there, and a data: picture is refused by our CSP."""
        return super().build_totp_svg(url).partition("?>")[2].strip()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Where a second factor is required, the last one stays (NTK-07)."""
        if settings.DEMO or authenticator.type not in SECOND_FACTORS:
            return True
        others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=SECOND_FACTORS)
        return others.exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {count + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Safeguarding Hub"}


class CouncilSignInAdapter(DefaultSocialAccountAdapter):
    """An organisation's own sign-in (OpenID Connect): for people whom it was connected for, known by `sub`."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Somebody whom we do not know stays outside, whatever e-mail address their organisation claims (NTK-07)."""
        if not sociallogin.is_existing and not request.user.is_authenticated:
            raise ImmediateHttpResponse(render(request, "account/signup_closed.html", status=403))

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        return False


def ensure_email_address(user: User) -> None:
    """allauth keeps addresses of its own; ours was proven by the invitation, or given by who installed us."""
    if not EmailAddress.objects.filter(user=user).exists():
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
