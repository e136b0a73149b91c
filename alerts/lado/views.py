"""Pages about an adult who works with children: the setting tells, the hub judges, the LADO receives (ALR-14)."""

from typing import Any

from django.http import HttpResponse
from django.utils.functional import cached_property

from alerts.delivery.models import Alert
from alerts.lado import policies, selectors, services
from alerts.lado.enums import Threshold
from alerts.lado.forms import JudgeForm, ReceiveForm, TellForm
from alerts.lado.selectors import Concern, FromPolice
from safeguarding.agencies.selectors import council_of
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class Tell(HubView):
    """The question leads to the hub and nowhere else, and the page says why (ALR-14)."""

    template_name = "alerts/lado/concern_tell.html"

    @cached_property
    def alert(self) -> Alert:
        return selectors.alert_to_tell_of(self.kwargs["ref"], for_user=self.request.user)

    def show(self, form: TellForm) -> HttpResponse:
        told = selectors.told_about(self.alert, for_user=self.request.user)
        return self.page({"alert": self.alert, "form": form, "told": told})

    def form(self, data: Any = None) -> TellForm:
        return TellForm(data, adults=self.alert.adults)

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        return self.show(self.form())

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form)
        services.tell(self.alert, by=request.user, **form.cleaned_data)
        hub = self.alert.controller.name
        return self.done(
            f"{hub} knows, and decides what follows. Do nothing else about it.", "lado:tell", self.alert.ref
        )


class Note(HubView):
    """What the police say of an adult's work, noted at screening, while it is there (ALR-09, ALR-14)."""

    template_name = "alerts/lado/concern_note.html"

    @cached_property
    def found(self) -> FromPolice:
        found = selectors.from_police(self.kwargs["ref"], for_user=self.request.user)
        if not found.adults:
            raise NotVisible
        return found

    def show(self, form: TellForm) -> HttpResponse:
        return self.page({"found": self.found, "notification": self.found.notification, "form": form})

    def form(self, data: Any = None) -> TellForm:
        return TellForm(data, adults=[adult.name for adult in self.found.to_note])

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        return self.show(self.form())

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        form, notification = self.form(request.POST), self.found.notification
        if not form.is_valid():
            return self.show(form)
        concern = services.note_from_police(notification, by=request.user, **form.cleaned_data)
        return self.done(f"Noted as {concern.ref}, for a manager to judge.", "screening:notification", notification.ref)


class Concerns(HubView):
    template_name = "alerts/lado/concern_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        page = selectors.concerns_page(for_user=request.user, cursor=request.GET.get("cursor", ""))
        selectors.remember_concerns(page)
        return self.page({"page": page, "rows": [(concern, policies.is_late(concern)) for concern in page]})


class ConcernView(HubView):
    template_name = "alerts/lado/concern_detail.html"

    @cached_property
    def found(self) -> Concern:
        return selectors.concern(self.kwargs["ref"], for_user=self.request.user)

    def show(self, **forms: Any) -> HttpResponse:
        concern = self.found.concern
        where = council_of(concern.partnership)
        decision = selectors.decision_to_refer(concern) if self.found.may_judge else None
        return self.page(
            {
                "found": self.found,
                "concern": concern,
                "referral": self.found.referral,
                "late": policies.is_late(concern),
                "lado": where,
                "decision": decision,
                **forms,
            }
        )

    def back(self, message: str) -> HttpResponse:
        return self.done(message, "lado:concern", self.found.concern.ref)


class ConcernPage(ConcernView):
    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        concern = self.found.concern
        at = concern.lado_agency_id if self.found.is_lado else concern.controller_id
        record("lado.opened", concern, purpose="Look at a concern about an adult", at=at)
        return self.show(form=JudgeForm() if self.found.may_judge else ReceiveForm())


class Judge(ConcernView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        form, concern = JudgeForm(request.POST), self.found.concern
        if not self.found.judges:
            raise NotVisible
        if not form.is_valid():
            return self.show(form=form)
        threshold, reasons = Threshold(form.cleaned_data["threshold"]), form.cleaned_data["reasons"]
        services.judge(concern, threshold=threshold, reasons=reasons, by=request.user)
        reads_it = (
            "The LADO reads it now." if threshold == Threshold.REFER else "Nobody outside of the hub learns of it."
        )
        return self.back(f"Your decision is saved. {reads_it}")


class Receive(ConcernView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        form, concern = ReceiveForm(request.POST), self.found.concern
        if not self.found.is_lado:
            raise NotVisible
        if not form.is_valid():
            return self.show(form=form)
        services.receive(concern, answer=form.cleaned_data["answer"], by=request.user)
        return self.back(f"{concern.controller.name} sees that you have it.")
