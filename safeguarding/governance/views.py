"""Pages of the information-governance lead: the log, who has seen a record, what a person opened (AUD-04)."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from safeguarding.errors import NotVisible
from safeguarding.governance import exports, log, trails
from safeguarding.governance.forms import DaysFilter, ExportForm, LogFilter, ReferenceForm
from safeguarding.refs import number_of
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class LogPage(HubView):
    template_name = "governance/log.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        agencies = log.led_by(request.user)
        form = LogFilter(request.GET)
        if not form.is_valid():
            return self.page({"form": form, "agencies": agencies, "page": None})
        search = form.search()
        context = {
            "form": form,
            "agencies": agencies,
            "page": log.log_page(search, cursor=request.GET.get("cursor", ""), for_user=request.user),
            "count": log.log_count(search, for_user=request.user),
            "asked": search.asked,
            "people": log.people_in_log(search.person, for_user=request.user) if search.person else [],
            "export": f"{reverse('governance:log_export')}?{_without_cursor(request)}",
        }
        return self.page(context)


def _without_cursor(request: SignedInRequest) -> str:
    parameters = request.GET.copy()
    parameters.pop("cursor", None)
    return parameters.urlencode()


class Export(HubView):
    """Asks what the rows are for, then hands them out (AUD-01, AUD-04)."""

    template_name = "governance/export.html"

    def get(self, request: SignedInRequest, **kwargs: Any) -> HttpResponse:
        return self.ask(ExportForm(), **kwargs)

    def post(self, request: SignedInRequest, **kwargs: Any) -> HttpResponse:
        form = ExportForm(request.POST)
        if not form.is_valid():
            return self.ask(form, **kwargs)
        return self.file(form.cleaned_data["purpose"], **kwargs)

    def ask(self, form: ExportForm, **kwargs: Any) -> HttpResponse:
        log.led_by(self.request.user)
        return self.page({"form": form, "most": log.MOST_EXPORTED, **self.what(**kwargs)})

    def what(self, **kwargs: Any) -> dict[str, Any]:
        raise NotImplementedError

    def file(self, purpose: str, **kwargs: Any) -> HttpResponse:
        raise NotImplementedError


class LogExport(Export):
    def search(self) -> log.Search:
        form = LogFilter(self.request.GET)
        if not form.is_valid():
            raise NotVisible
        return form.search()

    def what(self, **kwargs: Any) -> dict[str, Any]:
        count = log.log_count(self.search(), for_user=self.request.user)
        back = f"{reverse('governance:log')}?{self.request.GET.urlencode()}"
        return {"title": "Export from the access log", "count": count, "noun": "entries", "back": back}

    def file(self, purpose: str, **kwargs: Any) -> HttpResponse:
        return exports.log_file(log.log_export(self.search(), for_user=self.request.user, purpose=purpose))


class Seen(HubView):
    """From a reference to everybody who has seen the record; a child's alerts and notifications count as well."""

    template_name = "governance/seen.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        log.led_by(request.user)
        form = ReferenceForm(request.GET) if "ref" in request.GET else ReferenceForm()
        if form.is_bound and form.is_valid():
            return HttpResponseRedirect(reverse("governance:trail", args=[form.cleaned_data["ref"]]))
        return self.page({"form": form})


class TrailPage(HubView):
    template_name = "governance/trail.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        form = ReferenceForm({"ref": ref})
        try:
            if not form.is_valid():
                raise NotVisible
            trail = trails.trail_of(form.cleaned_data["ref"], for_user=request.user)
        except NotVisible:
            log.led_by(request.user)
            self.template_name = "governance/seen.html"
            return self.page({"form": form, "nothing": form.is_valid()}, status=404)
        return self.page({"trail": trail})


class TrailExport(Export):
    def what(self, **kwargs: Any) -> dict[str, Any]:
        ref = kwargs["ref"]
        title = f"Export who has seen {trails.trail_of(ref, for_user=self.request.user).ref}"
        return {"title": title, "back": reverse("governance:trail", args=[ref])}

    def file(self, purpose: str, **kwargs: Any) -> HttpResponse:
        return exports.trail_file(trails.trail_of(kwargs["ref"], for_user=self.request.user, purpose=purpose).people)


class PersonPage(HubView):
    """What one person opened, day by day."""

    template_name = "governance/person.html"

    def get(self, request: SignedInRequest, code: str) -> HttpResponse:
        person = log.person_in_log(number_of("P", code), for_user=request.user)
        days = DaysFilter(request.GET)
        search = days.search(person)
        context = {
            "person": person,
            "form": days,
            "page": log.log_page(search, cursor=request.GET.get("cursor", ""), for_user=request.user),
            "count": log.log_count(search, for_user=request.user),
            "export": f"{reverse('governance:person_export', args=[code])}?{_without_cursor(request)}",
        }
        return self.page(context)


class PersonExport(Export):
    def search(self, code: str) -> log.Search:
        person = log.person_in_log(number_of("P", code), for_user=self.request.user)
        return DaysFilter(self.request.GET).search(person)

    def what(self, **kwargs: Any) -> dict[str, Any]:
        search = self.search(kwargs["code"])
        count = log.log_count(search, for_user=self.request.user)
        back = f"{reverse('governance:person', args=[kwargs['code']])}?{self.request.GET.urlencode()}"
        title = f"Export what {search.user.name if search.user else ''} opened"
        return {"title": title, "count": count, "noun": "entries", "back": back}

    def file(self, purpose: str, **kwargs: Any) -> HttpResponse:
        return exports.log_file(
            log.log_export(self.search(kwargs["code"]), for_user=self.request.user, purpose=purpose)
        )
