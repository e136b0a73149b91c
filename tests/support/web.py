"""People at a browser without a browser: signed in, with a second factor."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from safeguarding.agencies.models import User
from tests.support.db import fixtures


def signed_in(user: User) -> Client:
    """A client whose requests come from `user`, through every middleware."""
    with fixtures():
        if not Authenticator.objects.filter(user=user).exists():
            totp.TOTP.activate(user, totp.generate_totp_secret())
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client
