"""Doors that only a demonstration has: choosing whom to be, its mailbox, and every component on one page."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from safeguarding.demo import mailbox, people
from safeguarding.demo.showcase import showcase
from safeguarding.web.views import HubView, home

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class DemoView(HubView):
    """Not there at all unless this installation is a demonstration."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return super().dispatch(request, *args, **kwargs)


class People(DemoView):
    template_name = "demo/people.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("agency", "").replace("\x00", "").strip()
        tour, partnerships = people.everybody(text)
        return self.page({"tour": tour, "partnerships": partnerships, "text": text})


def front_door(request: HttpRequest) -> HttpResponse:
    """A demonstration opens with the list of its people; everywhere else, and once signed in, with a person's home."""
    if settings.DEMO and not request.user.is_authenticated:
        view = People()
        view.setup(request)
        return view.dispatch(request)
    return home(request)


class SignIn(DemoView):
    """In at once as this person; the page that lists them sends their address."""

    def post(self, request: HttpRequest) -> HttpResponse:
        user = people.find(request.POST.get("email", "").replace("\x00", ""))
        if user is None:
            raise Http404
        login(request, user, backend=BACKEND)
        return HttpResponseRedirect(reverse("home"))


class Mailbox(DemoView):
    template_name = "demo/mailbox.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        to = request.GET.get("to", "").strip()
        return self.page({"mails": mailbox.newest(settings.MAIL_DIR, to=to), "to": to})


class Components(DemoView):
    template_name = "demo/components.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(showcase(None))

    def post(self, request: HttpRequest) -> HttpResponse:
        return self.page(showcase(request.POST))
