"""Pages of the information-governance lead: the log, who has seen a record, what a person opened (AUD-04)."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from safeguarding.errors import NotVisible
from safeguarding.governance import exports, log, reviews, sampling, trails
from safeguarding.governance.enums import ItemResult, ReviewOutcome, SampleKind
from safeguarding.governance.forms import (
    DaysFilter,
    DrawForm,
    ExportForm,
    LogFilter,
    ReferenceForm,
    ResultForm,
    ReviewForm,
    SummaryForm,
)
from safeguarding.refs import number_of
from safeguarding.web.paging import capped_count, keyset_page
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


@dataclass(frozen=True)
class Tab:
    title: str
    href: str
    active: bool
    count: str = ""


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
        raise NotImplementedError  # each export says which rows it has

    def file(self, purpose: str, **kwargs: Any) -> HttpResponse:
        raise NotImplementedError  # each export says which rows it has


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


class UnusualList(HubView):
    template_name = "governance/unusual_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        user, closed = request.user, request.GET.get("view") == "reviewed"
        waiting = reviews.to_review(for_user=user)
        rows = reviews.reviewed(for_user=user) if closed else waiting
        page = keyset_page(
            rows,
            field="reviewed_at" if closed else "due_at",
            cursor=request.GET.get("cursor", ""),
            ascending=not closed,
        )
        count = capped_count(waiting)
        tabs = [
            Tab("To review", "?", not closed, "" if count == "0" else count),
            Tab("Reviewed", "?view=reviewed", closed, ""),
        ]
        return self.page({"page": page, "tabs": tabs, "closed": closed, "now": timezone.now()})


class UnusualPage(HubView):
    """One raised thing, and its review."""

    template_name = "governance/unusual_detail.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        found = reviews.detail(ref, for_user=request.user)
        reviews.remember_look(found)
        return self.page({"found": found, "row": found.row, "form": ReviewForm()})

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        found = reviews.detail(ref, for_user=request.user)
        form = ReviewForm(request.POST)
        if not form.is_valid():
            return self.page({"found": found, "row": found.row, "form": form})
        outcome = ReviewOutcome(form.cleaned_data["outcome"])
        reviews.review(found.row, outcome=outcome, finding=form.cleaned_data["finding"], by=request.user)
        return self.done(f"The review of {found.row.ref} is closed.", "governance:unusual")


class Samples(HubView):
    template_name = "governance/sample_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        rows = sampling.samples(for_user=request.user)
        page = keyset_page(rows, field="drawn_at", cursor=request.GET.get("cursor", ""))
        return self.page({"page": page, "can_draw": bool(sampling.hubs_of(request.user))})


class Draw(HubView):
    """Only for a manager of a hub; to everybody else it is not there (AUD-05)."""

    template_name = "governance/sample_draw.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.page({"form": self.form()})

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page({"form": form})
        asked = form.cleaned_data
        days = {"since": asked["since"], "until": asked["until"]}
        kind = SampleKind(asked["kind"])
        sample = sampling.draw(hub=form.hub, kind=kind, size=asked["size"], by=request.user, **days)
        return self.done(f"Drawn: {sample.size} of {sample.population:,}.", "governance:sample", sample.ref)

    def form(self, data: Any = None) -> DrawForm:
        hubs = sampling.hubs_of(self.request.user)
        if not hubs:
            raise NotVisible
        return DrawForm(data, hubs=hubs)


class SamplePage(HubView):
    """The work list of a sampling audit, its counts, and closing it."""

    template_name = "governance/sample_detail.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        found = sampling.work(ref, for_user=request.user)
        sampling.remember_look(found)
        return self.page({"work": found, "sample": found.sample, "form": SummaryForm()})

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        found = sampling.work(ref, for_user=request.user)
        form = SummaryForm(request.POST)
        if not form.is_valid():
            return self.page({"work": found, "sample": found.sample, "form": form})
        sampling.close(found.sample, summary=form.cleaned_data["summary"], by=request.user)
        return self.done(f"The sampling audit {found.sample.ref} is closed.", "governance:sample", ref)


class ItemPage(HubView):
    """One drawn record: where to look at it, and what it showed."""

    template_name = "governance/sample_item.html"

    def get(self, request: SignedInRequest, ref: str, position: int) -> HttpResponse:
        found = sampling.work(ref, for_user=request.user)
        item = sampling.item_of(found, position)
        form = ResultForm(initial={"result": item.result, "note": item.note or "", "action": item.action or ""})
        return self.page({"work": found, "sample": found.sample, "item": item, "form": form})

    def post(self, request: SignedInRequest, ref: str, position: int) -> HttpResponse:
        found = sampling.work(ref, for_user=request.user)
        item = sampling.item_of(found, position)
        form = ResultForm(request.POST)
        if not form.is_valid():
            return self.page({"work": found, "sample": found.sample, "item": item, "form": form})
        said = form.cleaned_data
        result = ItemResult(said["result"])
        sampling.record_result(item, result=result, note=said["note"], action=said["action"], by=request.user)
        return self.done(f"The result of {item.ref} is saved.", "governance:sample", ref)


class SampleExport(Export):
    def ask(self, form: ExportForm, **kwargs: Any) -> HttpResponse:
        return self.page({"form": form, "most": log.MOST_EXPORTED, **self.what(**kwargs)})

    def what(self, **kwargs: Any) -> dict[str, Any]:
        sample = sampling.work(kwargs["ref"], for_user=self.request.user).sample
        back = reverse("governance:sample", args=[sample.ref])
        return {
            "title": f"Export the sampling audit {sample.ref}",
            "count": sample.size,
            "noun": "results",
            "back": back,
        }

    def file(self, purpose: str, **kwargs: Any) -> HttpResponse:
        found = sampling.work(kwargs["ref"], for_user=self.request.user)
        sampling.remember_export(found, purpose=purpose)
        return exports.sample_file(found)
