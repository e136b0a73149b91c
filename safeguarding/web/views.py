"""What every room's views stand on, and the pages of the frame itself."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import View

from safeguarding.access.posts import posts_of
from safeguarding.agencies import clearance
from safeguarding.agencies.enums import Digest
from safeguarding.errors import Conflict, HubError, NotVisible, Refused
from safeguarding.web import digest
from safeguarding.web.adapters import SECOND_FACTORS
from safeguarding.web.api import problems
from safeguarding.web.charts import charts_of
from safeguarding.web.forms import DigestForm
from safeguarding.web.glossary import GLOSSARY
from safeguarding.web.navigation import all_areas, areas_of
from safeguarding.web.needs import needs_of
from safeguarding.web.paging import capped
from safeguarding.web.requests import SignedInRequest


class HubView(View):
    """Draws inside the request's transaction, and turns what services refuse into pages people understand."""

    request: SignedInRequest
    template_name = ""
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response = super().dispatch(request, *args, **kwargs)
        except NotVisible:
            return self.not_there(request)
        except (Refused, Conflict) as error:
            return self.refused(request, error)
        return response  # type: ignore[return-value]  # no asynchronous views here

    def page(self, context: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
        return render(self.request, self.template_name, context or {}, status=status)

    def done(self, message: str, url_name: str, *args: Any) -> HttpResponse:
        """After a change: say what was done and go on."""
        messages.success(self.request, message)
        return HttpResponseRedirect(reverse(url_name, args=args))

    def not_there(self, request: HttpRequest) -> HttpResponse:
        """Absent and forbidden are the same; somebody whose training lapsed is told so, whatever was asked for (NTK-06)."""
        user = request.user
        if not user.is_authenticated or not clearance.is_lacking(user):
            raise Http404
        return render(request, "agencies/clearance.html", {"gaps": clearance.gaps(user)}, status=404)

    def refused(self, request: HttpRequest, error: HubError) -> HttpResponse:
        return render(request, "errors/refused.html", {"sentence": error.sentence}, status=409)


def home(request: HttpRequest) -> HttpResponse:
    """A person's first area is their home; somebody without one is told whom to ask."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("account_login"))
    if clearance.is_lacking_everywhere(request.user):
        return HttpResponseRedirect(reverse("members:clearance"))
    roles = posts_of(request.user).roles
    areas = areas_of(roles)
    if areas:
        return HttpResponseRedirect(reverse(areas[0].url_name))
    return render(request, "web/home.html")


class Today(HubView):
    """A person's home: what needs them now, first; then how they are doing; then everything that is theirs."""

    template_name = "web/today.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        roles = posts_of(request.user).roles
        return self.page(
            {
                "needs": [(need, capped(need.count)) for need in needs_of(request.user, roles)],
                "charts": charts_of(request.user, roles),
                "areas": all_areas(roles),
                "now": timezone.now(),
            }
        )


class Summary(HubView):
    """How often what waits for me comes by e-mail."""

    template_name = "web/digest.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.page({"form": DigestForm(initial={"pace": request.user.digest})})

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = DigestForm(request.POST)
        if not form.is_valid():
            return self.page({"form": form})
        pace = Digest(form.cleaned_data["pace"])
        digest.choose(pace, by=request.user)
        return self.done(f"Summary by e-mail: {pace.label.lower()}.", "today")


@require_POST
def keep_alive(request: HttpRequest) -> HttpResponse:
    """ "Stay signed in": the middleware has already renewed the session."""
    return JsonResponse({"ok": True})


class Account(HubView):
    """The page "Your sign-in": what a person holds here, and the doors to change it (NTK-07)."""

    template_name = "web/account.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        factors = Authenticator.objects.filter(user=request.user, type__in=SECOND_FACTORS)
        return self.page(
            {
                "posts": posts_of(request.user).held,
                "standings": clearance.standings(request.user),
                "factors": [factor.wrap() for factor in factors],
                "session_count": UserSession.objects.filter(user=request.user).count(),
            }
        )


class HelpPage(HubView):
    """Short pages for everybody: help, accessibility, privacy."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()


class Glossary(HelpPage):
    template_name = "web/glossary.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"glossary": GLOSSARY.values()})


def _error(request: HttpRequest, status: int) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problems.response(status)
    reference = getattr(request, "request_id", "")
    return render(request, f"errors/{status}.html", {"reference": reference}, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 400)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Absent and forbidden look the same (NTK-01)."""
    return _error(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(request, 403)


def closed(request: HttpRequest, **_: Any) -> HttpResponse:
    """A door of the library's that this house has walled up."""
    raise Http404


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Asks nothing of the request or the database: either may be what failed."""
    if request.path.startswith("/api/"):
        return problems.response(500)
    context = {"reference": getattr(request, "request_id", ""), "demo": settings.DEMO}
    return HttpResponse(render_to_string("errors/500.html", context), status=500, headers={"Cache-Control": "no-store"})
