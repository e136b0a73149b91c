"""Signing in and out is remembered, and so is every try that failed (AUD-01, NTK-07)."""

from typing import Any

from allauth.mfa.signals import authentication_failed
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db import transaction
from django.http import HttpRequest

from safeguarding.access.principal import Principal, acting_as
from safeguarding.access.rules import DOOR
from safeguarding.agencies.models import User
from safeguarding.audit.record import record
from safeguarding.web.adapters import ensure_email_address


def _from(request: HttpRequest | None) -> dict[str, Any]:
    meta = request.META if request is not None else {}
    return {"remote_addr": meta.get("REMOTE_ADDR"), "request_id": getattr(request, "request_id", "")}


def remember(event: str, user: User, request: HttpRequest | None) -> None:
    with transaction.atomic(), acting_as(Principal(user_id=user.pk, purpose="sign-in", **_from(request))):
        record(event, user)


def remember_failure(request: HttpRequest | None, user: User | None, how: str) -> None:
    """Never what was typed: people type passwords into the wrong box."""
    facts = {"how": how, **({"user": user.pk} if user else {})}
    with transaction.atomic(), acting_as(Principal(service=DOOR, purpose="sign-in", **_from(request))):
        record("user.sign_in_failed", user, outcome="refused", facts=facts)


def on_signed_in(sender: object, request: HttpRequest, user: User, **_: Any) -> None:
    ensure_email_address(user)
    # What ends a leaver's sessions reads this list, so every door writes it, allauth's and the demonstration's.
    if request.META.get("REMOTE_ADDR") and request.session.session_key:
        UserSession.objects.create_from_request(request)
    remember("user.signed_in", user, request)


def on_signed_out(sender: object, request: HttpRequest, user: User | None, **_: Any) -> None:
    if user is not None:
        remember("user.signed_out", user, request)


def on_failed(sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    address = str(credentials.get("email") or credentials.get("username") or "")
    user = User.objects.filter(email__iexact=address).first() if "\x00" not in address else None
    remember_failure(request, user, "password")


def on_code_failed(sender: object, request: HttpRequest, user: User, **_: Any) -> None:
    remember_failure(request, user, "second factor")


def connect() -> None:
    user_logged_in.connect(on_signed_in, dispatch_uid="hub-signed-in")
    user_logged_out.connect(on_signed_out, dispatch_uid="hub-signed-out")
    user_login_failed.connect(on_failed, dispatch_uid="hub-sign-in-failed")
    authentication_failed.connect(on_code_failed, dispatch_uid="hub-code-failed")
