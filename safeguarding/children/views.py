"""Pages of the hub: looking for a child, one child, and two records that may be one child."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from safeguarding.access.selectors import readers_of_child
from safeguarding.children import desk, policies, services
from safeguarding.children.enums import Purpose
from safeguarding.children.forms import DecisionForm, PurposeForm, SearchForm, SeparateForm, as_initial
from safeguarding.children.models import Child
from safeguarding.children.typed import SESSION_KEY, Typed, put_away, take_out
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class HubsView(HubView):
    """For those who work on children's records at a hub; to everybody else nothing is here (NTK-02)."""

    request: SignedInRequest

    def typed(self) -> Typed | None:
        sealed = self.request.session.get(SESSION_KEY)
        return take_out(sealed) if sealed else None

    def child(self, ref: str) -> Child:
        return desk.get_child(ref, for_user=self.request.user)


class Search(HubsView):
    template_name = "children/search.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        desk.hubs_of(request.user)
        typed = self.typed()
        return self.page({"form": SearchForm(initial={"purpose": typed.purpose.value} if typed else {})})

    def post(self, request: SignedInRequest) -> HttpResponse:
        desk.hubs_of(request.user)
        form = SearchForm(request.POST)
        if not form.is_valid():
            return self.page({"form": form})
        request.session[SESSION_KEY] = put_away(form.typed(widen=request.POST.get("how") == "widen"))
        return HttpResponseRedirect(reverse("children:found"))


class Found(HubsView):
    """What was typed last, looked for again: the way back leads here and asks nothing (AUD-01)."""

    template_name = "children/found.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        desk.hubs_of(request.user)
        typed = self.typed()
        if typed is None:
            return HttpResponseRedirect(reverse("children:search"))
        results = desk.find(typed.criteria, purpose=typed.purpose, widen=typed.widen, for_user=request.user)
        return self.page({"form": SearchForm(initial=as_initial(typed)), "results": results, "typed": typed})


class RecordPage(HubsView):
    """One child; without a purpose that is asked first (AUD-01)."""

    template_name = "children/record.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        child = self.child(ref)
        form = PurposeForm(request.GET) if "purpose" in request.GET else PurposeForm()
        if not form.is_valid():
            self.template_name = "children/purpose.html"
            return self.page({"child": child, "form": form})
        purpose = Purpose(form.cleaned_data["purpose"])
        standing = desk.standing_for(child, for_user=request.user)
        found = desk.open_record(standing, purpose=purpose, for_user=request.user)
        readers = readers_of_child(standing, for_user=request.user)
        return self.page(
            {"found": found, "child": standing, "asked_for": child, "purpose": purpose, "readers": readers}
        )


class Duplicates(HubsView):
    template_name = "children/duplicates.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.page({"page": desk.open_pairs(cursor=request.GET.get("cursor", ""), for_user=request.user)})


class Compare(HubsView):
    template_name = "children/compare.html"

    def get(self, request: SignedInRequest, ref: str, other: str) -> HttpResponse:
        comparison = self.comparison(ref, other)
        return self.show(comparison, DecisionForm(comparison=comparison))

    def post(self, request: SignedInRequest, ref: str, other: str) -> HttpResponse:
        comparison = self.comparison(ref, other)
        form = DecisionForm(request.POST, comparison=comparison)
        if not form.is_valid():
            return self.show(comparison, form)
        children = {side.child.ref: side.child for side in comparison.sides}
        if form.cleaned_data["decision"] == "different":
            one, two = children.values()
            services.tell_apart(child=one, other=two, by=request.user)
            return self.done("It is remembered that these are two children.", "children:duplicates")
        kept = children.pop(form.cleaned_data["keep"])
        services.join(kept=kept, joined=children.popitem()[1], by=request.user)
        return self.done("The two records are shown as one child now.", "children:duplicates")

    def comparison(self, ref: str, other: str) -> desk.Comparison:
        return desk.compare_records(self.child(ref), self.child(other), for_user=self.request.user)

    def show(self, comparison: desk.Comparison, form: DecisionForm) -> HttpResponse:
        joined = any(side.child.merged_into_id for side in comparison.sides)
        return self.page({"comparison": comparison, "form": form, "joined": joined})


class Separate(HubsView):
    """Undo a joining; both records are as they were (ALR-03)."""

    template_name = "children/separate.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        return self.show(self.child(ref), SeparateForm())

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        child, form = self.child(ref), SeparateForm(request.POST)
        if not form.is_valid():
            return self.show(child, form)
        services.separate(joined=child, ask_again=form.cleaned_data["ask_again"], by=request.user)
        return self.done(f"Record {child.ref} stands by itself again.", "children:duplicates")

    def show(self, child: Child, form: Any) -> HttpResponse:
        policies.check_can_separate(child)
        return self.page({"child": child, "form": form, "into": child.merged_into})
