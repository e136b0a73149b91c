"""What a sign-in brings with it: an address that allauth knows, and a place in the list of sessions (NTK-07).

That somebody came in, tried to or left is remembered by `audit.door`; only what allauth alone knows is told from here.
"""

from typing import Any

from allauth.mfa.signals import authentication_failed
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.http import HttpRequest

from safeguarding.access.principal import Principal, acting_as
from safeguarding.access.rules import DOOR
from safeguarding.agencies.models import User
from safeguarding.audit.record import record
from safeguarding.web.adapters import ensure_email_address


def on_signed_in(sender: object, request: HttpRequest, user: User, **_: Any) -> None:
    ensure_email_address(user)
    # What ends a leaver's sessions reads this list, so every door writes it, allauth's and the demonstration's.
    if request.META.get("REMOTE_ADDR") and request.session.session_key:
        UserSession.objects.create_from_request(request)


def on_code_failed(sender: object, request: HttpRequest, user: User, **_: Any) -> None:
    """A right password with a wrong code is the try that matters most (AUD-01)."""
    request_id = getattr(request, "request_id", "")
    remote_addr = request.META.get("REMOTE_ADDR")
    door = Principal(service=DOOR, purpose="sign-in", remote_addr=remote_addr, request_id=request_id)
    with transaction.atomic(), acting_as(door):
        record("user.sign_in_failed", user, outcome="denied", facts={"how": "second factor"})


def connect() -> None:
    user_logged_in.connect(on_signed_in, dispatch_uid="hub-signed-in")
    authentication_failed.connect(on_code_failed, dispatch_uid="hub-code-failed")
