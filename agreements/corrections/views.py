"""Pages of corrections: the register, asking, and answering (SHR-14)."""

from django.http import HttpResponse

from agreements.corrections import policies, selectors, services, subjects
from agreements.corrections.forms import AnswerForm, AskForm
from agreements.corrections.models import Correction
from safeguarding.audit.record import Shown, record, record_listing
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class Corrections(HubView):
    template_name = "agreements/corrections/correction_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        rows = selectors.register_of(request.user)
        record_listing("correction.listed", [Shown(row.ref, row.controller_id) for row in rows])
        return self.page({"rows": rows})


class Ask(HubView):
    """Only of what the reader received; to everybody else the record is not there (NTK-01)."""

    template_name = "agreements/corrections/correction_ask.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        subject = subjects.subject(ref, for_user=request.user)
        return self.page({"subject": subject, "form": AskForm(subject=subject)})

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        subject = subjects.subject(ref, for_user=request.user)
        form = AskForm(request.POST, subject=subject)
        if not form.is_valid():
            return self.page({"subject": subject, "form": form})
        asked = services.ask(subject, by=request.user, **form.cleaned_data)
        return self.done(f"{subject.originator.name} has been asked.", "corrections:correction", asked.ref)


class CorrectionPage(HubView):
    template_name = "agreements/corrections/correction_detail.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        found = selectors.get_correction(ref, for_user=request.user)
        record("correction.opened", found)
        return self.show(found, AnswerForm())

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        found = selectors.get_to_answer(ref, for_user=request.user)
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self.show(found, form)
        services.answer(found, by=request.user, **form.cleaned_data)
        return self.done("Answered. Everybody who received the item is told.", "corrections:correction", found.ref)

    def show(self, found: Correction, form: AnswerForm) -> HttpResponse:
        answers = selectors.answers(found, for_user=self.request.user) and policies.can_answer(found)
        return self.page({"correction": found, "form": form if answers else None})
