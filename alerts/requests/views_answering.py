"""Pages of the asked agency: what it was asked, what it holds, and what may be passed on (MSH-02, MSH-03)."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property

from alerts.requests import answering, policies, selectors
from alerts.requests.enums import AskState
from alerts.requests.forms import DeclineForm, ItemForm, NothingForm, OnwardForm
from alerts.requests.models import Ask, HeldItem
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class Asked(HubView):
    template_name = "alerts/requests/ask_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        page = selectors.asked_page(cursor=request.GET.get("cursor", ""), for_user=request.user)
        selectors.remember_asked(page)
        packages = selectors.unread_packages(for_user=request.user)
        return self.page({"page": page, "packages": packages, "now": timezone.now()})


class AskView(HubView):
    @cached_property
    def ask(self) -> Ask:
        return selectors.get_ask(self.kwargs["ref"], for_user=self.request.user)

    def show(self, **context: Any) -> HttpResponse:
        return self.page({"ask": self.ask, **context})

    def back(self, message: str) -> HttpResponse:
        return self.done(message, "requests:ask", self.ask.ref)


class AskPage(AskView):
    """The question, which child, and what was added so far; it can be left and taken up again."""

    template_name = "alerts/requests/ask_detail.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        answering.open_question(self.ask, by=request.user)
        return self.show(
            items=selectors.given_to(self.ask, for_user=request.user),
            open=policies.can_answer(self.ask),
            now=timezone.now(),
        )


class AddItem(AskView):
    template_name = "alerts/requests/item_form.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        policies.check_can_answer(self.ask, AskState.ANSWERED)
        return self.show(form=ItemForm())

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        form = ItemForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        said = {**form.cleaned_data, "onward": form.cleaned_data["onward"] == "yes"}
        answering.add_item(self.ask, by=request.user, **said)
        return self.back("It is saved. The hub sees it when you send your answer.")


class Finish(AskView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        answering.finish(self.ask, by=request.user)
        return self.back("Your answer has been sent to the hub.")


class AnswerInWords(AskView):
    """We hold nothing, or we decline: one sentence each (MSH-02)."""

    template_name = "alerts/requests/answer_form.html"
    form_class: type[NothingForm | DeclineForm] = NothingForm

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        policies.check_can_answer(self.ask, self.form_class.state)
        return self.show(form=self.form_class())

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        answer = answering.hold_nothing if self.form_class is NothingForm else answering.decline
        answer(self.ask, words=form.cleaned_data["words"], by=request.user)
        return self.back("Your answer has been sent to the hub.")


class SayOnward(AskView):
    """Whether one item may be passed on; its originator alone says it (MSH-03)."""

    template_name = "alerts/requests/onward_form.html"

    @cached_property
    def item(self) -> HeldItem:
        return selectors.given_item(self.ask, self.kwargs["position"], for_user=self.request.user)

    def get(self, request: SignedInRequest, ref: str, position: int) -> HttpResponse:
        return self.show(form=OnwardForm(initial={"limits": self.item.onward_limits}), item=self.item)

    def post(self, request: SignedInRequest, ref: str, position: int) -> HttpResponse:
        form = OnwardForm(request.POST)
        if not form.is_valid():
            return self.show(form=form, item=self.item)
        said = form.cleaned_data
        answering.say_onward(self.item, permitted=said["permitted"] == "yes", limits=said["limits"], by=request.user)
        return self.back("It is recorded, and the hub was told.")
