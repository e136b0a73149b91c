"""Behind the link of a guest: first the code, then what the room has for them (AGR-02, MSH-05)."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from safeguarding.access.principal import Principal, acting_as
from safeguarding.errors import Refused
from safeguarding.guests import services
from safeguarding.guests.forms import CodeForm
from safeguarding.guests.models import GuestLink
from safeguarding.web.views import HubView

CODE_GIVEN = "guest-code-given"


class GuestView(HubView):
    """A page behind a link; each room says which links, as whom the page acts, and what the code is for."""

    link: Any
    token: str

    def links(self) -> QuerySet[Any]:
        raise NotImplementedError  # each room names its own

    def principal(self) -> Principal:
        raise NotImplementedError

    def over(self, request: HttpRequest) -> HttpResponse:
        """What is shown when the link is worth nothing any more."""
        raise NotImplementedError

    def why(self) -> str:
        """One sentence: what the link is for."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.token = kwargs.pop("token")
        found = services.find(self.links(), secret=self.token)
        if found is None:
            return self.over(request)
        self.link = found
        with acting_as(self.principal()), transaction.atomic():
            if code_was_given(request, found):
                return super().dispatch(request, *args, **kwargs)
            try:
                return self.ask_for_code(request)
            except Refused as refusal:
                return self.refused(request, refusal)

    def ask_for_code(self, request: HttpRequest) -> HttpResponse:
        form = CodeForm(request.POST) if "code" in request.POST else CodeForm()
        if "send" in request.POST:
            services.send_code(self.link)
            return HttpResponseRedirect(request.path)
        if form.is_valid():
            if services.try_code(self.link, code=form.cleaned_data["code"]):
                remember_code(request, self.link)
                return HttpResponseRedirect(request.path)
            form.add_error("code", "This code is wrong or too old. Ask for a new one")
        return render(request, "guests/code.html", {"form": form, "why": self.why()})


def code_was_given(request: HttpRequest, link: GuestLink) -> bool:
    return bool(request.session.get(CODE_GIVEN) == _name(link))


def remember_code(request: HttpRequest, link: GuestLink) -> None:
    request.session[CODE_GIVEN] = _name(link)


def forget_code(request: HttpRequest) -> None:
    request.session.pop(CODE_GIVEN, None)


def _name(link: GuestLink) -> list[Any]:
    return [link._meta.label, link.pk]
