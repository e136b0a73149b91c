"""Pages of the hub: asking partners, and what they answered; packages are in views_packages.py."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from agreements.decisions.selectors import decisions_about
from alerts.requests import selectors, services
from alerts.requests.enums import Onward, RequestState
from alerts.requests.forms import RequestForm, SendForm
from alerts.requests.models import InformationRequest
from safeguarding.audit.record import Shown, record, record_listing
from safeguarding.children.desk import get_child
from safeguarding.children.models import Child
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class Requests(HubView):
    template_name = "alerts/requests/request_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        page = selectors.requests_page(cursor=request.GET.get("cursor", ""), for_user=request.user)
        record_listing(
            "request.listed", [Shown(each.ref, each.controller_id, each.controller_id) for each in page.rows]
        )
        return self.page({"page": page})


class New(HubView):
    """About one child on record: what, whom, until when (MSH-02)."""

    template_name = "alerts/requests/request_form.html"

    @cached_property
    def child(self) -> Child:
        return get_child(self.kwargs["ref"], for_user=self.request.user)

    def form(self, *data: Any) -> RequestForm:
        selectors.works_for_hub(self.request.user)
        child = self.child
        return RequestForm(*data, agencies=selectors.can_be_asked(child.partnership, child.controller, child.pk))

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        return self.page({"form": self.form(), "child": self.child})

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page({"form": form, "child": self.child})
        said = form.cleaned_data
        made = services.prepare(
            self.child,
            question=said["question"],
            agencies=said["agencies"],
            due_at=form.due_at(said["due_on"]),
            by=request.user,
        )
        return self.done("The request is prepared. Nobody has been asked yet.", "requests:request", made.ref)


class RequestView(HubView):
    @cached_property
    def asked(self) -> InformationRequest:
        return selectors.get_request(self.kwargs["ref"], for_user=self.request.user)

    def back(self, message: str) -> HttpResponse:
        return self.done(message, "requests:request", self.asked.ref)


class RequestPage(RequestView):
    """Before it goes out: by which right each agency learns of the child. Afterwards: what each has said (MSH-02, MSH-03)."""

    template_name = "alerts/requests/request_detail.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        record("request.opened", self.asked, purpose="Work on a request for information")
        return self.show(SendForm())

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        form = SendForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        asks = services.ask(self.asked, by=request.user, **form.cleaned_data)
        return self.back(f"{len(asks)} {'agency was' if len(asks) == 1 else 'agencies were'} asked.")

    def show(self, form: SendForm) -> HttpResponse:
        user, draft = self.request.user, self.asked.state == RequestState.DRAFT
        items = [] if draft else selectors.items_of(self.asked, for_user=user)
        return self.page(
            {
                "asked": self.asked,
                "form": form,
                "draft": draft,
                "now": timezone.now(),
                "chosen": [(each, self.decide(each)) for each in selectors.chosen(self.asked, for_user=user)]
                if draft
                else [],
                "asks": []
                if draft
                else [(ask, [i for i in items if i.ask_id == ask.pk]) for ask in selectors.asks_of(self.asked)],
                "hub_only": Onward.HUB_ONLY,
                "packages": selectors.packages_of(self.asked, for_user=user),
                "may_compose": selectors.may_compose(user) and bool(items),
                "decisions": decisions_about(self.asked.ref, for_user=user),
            }
        )

    def decide(self, chosen: selectors.Chosen) -> str:
        """Where somebody decides about an agency that no agreement covers (SHR-01)."""
        query = {
            "about": self.asked.ref,
            "to": chosen.agency.slug,
            "items": ",".join(selectors.IDENTITY),
            "next": reverse("requests:request", args=[self.asked.ref]),
        }
        return f"{reverse('decisions:new')}?{urlencode(query)}"


class Close(RequestView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        services.close(self.asked, by=request.user)
        return self.back("The request is closed. Who had not answered was told.")


class AskPermission(RequestView):
    """The originator is asked whether an item may be passed on (MSH-03)."""

    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str, ask: str, position: int) -> HttpResponse:
        item = selectors.get_item(self.asked, ask, position, for_user=request.user)
        services.ask_permission(item, by=request.user)
        return self.back(f"{item.originator} was asked.")
