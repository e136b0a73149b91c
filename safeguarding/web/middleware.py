"""The doors: sign-in required everywhere but on a short list, a second factor, and an end to every session."""

from collections.abc import Callable
from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from safeguarding.web.adapters import SECOND_FACTORS
from safeguarding.web.context import ABSOLUTE_SECONDS

Handler = Callable[[HttpRequest], HttpResponse]

# Everything else needs sign-in; the API authenticates by token.
OPEN_PATHS = (
    "/accounts/login/",
    "/accounts/inactive/",
    "/accounts/2fa/authenticate/",
    "/accounts/2fa/webauthn/login/",
)
OPEN_PREFIXES = (
    "/static/",
    "/api/",
    "/accounts/password/reset/",
    "/accounts/oidc/",
    "/join/",
    "/sign/",
    "/refer/",
    "/receive/",
    "/help/",
)
# In a demonstration, everybody may look at its people, its mailbox and its building blocks.
DEMO_PREFIXES = ("/demo/", "/mailbox/", "/components/")
# What a signed-in person without a second factor may still do: set one up, or leave.
SETUP_PREFIXES = (
    "/accounts/2fa/",
    "/accounts/reauthenticate/",
    "/accounts/logout/",
    "/static/",
    "/help/",
    "/join/",
    "/sign/",
    "/refer/",
    "/receive/",
    "/keep-alive/",
)
STARTED_AT = "hub_started_at"
SEEN_AT = "hub_seen_at"
# Sent by scripts that ask by themselves, such as for the progress of a file: nobody sits there because of that.
BACKGROUND = "X-Background"


def is_open(path: str) -> bool:
    if settings.DEMO and (path == "/" or path.startswith(DEMO_PREFIXES)):
        return True
    return path in OPEN_PATHS or path.startswith(OPEN_PREFIXES)


class SignInRequiredMiddleware:
    """No page without sign-in, unless it stands on the list above (NTK-07)."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated or is_open(request.path):
            response = self.get_response(request)
        else:
            target = urlencode({"next": request.get_full_path()}) if request.method == "GET" else ""
            response = HttpResponseRedirect(reverse("account_login") + (f"?{target}" if target else ""))
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class SecondFactorMiddleware:
    """Signed in without a second factor means: set one up first (NTK-07); demonstration people are excused."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        excused = settings.DEMO or not user.is_authenticated or request.path.startswith((*SETUP_PREFIXES, "/api/"))
        if not excused and not is_mfa_enabled(user, SECOND_FACTORS):
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)


class SessionTimeoutMiddleware:
    """A session ends after fifteen minutes in which nobody did anything, and after twelve hours in any case (NTK-07)."""

    def __init__(self, get_response: Handler):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and self.is_over(request):
            logout(request)
            return HttpResponseRedirect(reverse("account_login"))
        return self.get_response(request)

    def is_over(self, request: HttpRequest) -> bool:
        now, session = int(timezone.now().timestamp()), request.session
        idle = now - session.get(SEEN_AT, now)
        if BACKGROUND not in request.headers:
            session[SEEN_AT] = now
        return idle > settings.SESSION_COOKIE_AGE or now - session.setdefault(STARTED_AT, now) > ABSOLUTE_SECONDS
