"""Pages of deciding, of one decision, and of the register."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme

from agreements.decisions import policies, selectors, services, words
from agreements.decisions.answers import Answers
from agreements.decisions.desk import CHECK, QUESTIONS, TITLES, Desk, sit_down
from agreements.decisions.enums import Ended, Outcome, Told
from agreements.decisions.forms import EndForm, RegisterFilter, TellForm, WithdrawForm
from agreements.decisions.models import Consent, Decision
from agreements.decisions.selectors import Search
from agreements.states import TOLD
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible
from safeguarding.governance.exports import csv_file
from safeguarding.governance.forms import ExportForm
from safeguarding.web.paging import capped_count
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView

# What the address carries from step to step.
_CARRIED = ("about", "to", "items", "next", "follows")


class DeskView(HubView):
    @cached_property
    def desk(self) -> Desk:
        return sit_down(self.request.GET.dict(), for_user=self.request.user)

    def way_to(self, step: str) -> str:
        path = reverse("decisions:new") if step == QUESTIONS else reverse("decisions:step", args=[step])
        return f"{path}?{urlencode({name: self.request.GET[name] for name in _CARRIED if name in self.request.GET})}"

    def show(self, step: str, **context: Any) -> HttpResponse:
        before = self.desk.before(step)
        return self.page(
            {
                "desk": self.desk,
                "subject": self.desk.subject,
                "step": step,
                "title": TITLES[step],
                "back": self.way_to(before) if before else self.leave(),
                "cancel": self.leave(),
                **context,
            }
        )

    def leave(self, ref: str = "") -> str:
        """Back to the room that asked, which learns the decision by its reference."""
        back = self.request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
            return reverse("decisions:decision", args=[ref]) if ref else self.desk.subject.href or "/"
        return f"{back}{'&' if '?' in back else '?'}decision={ref}" if ref else back


class Step(DeskView):
    """One page of questions; what was answered is kept before the next is asked (SHR-01)."""

    template_name = "agreements/decisions/step.html"

    def get(self, request: SignedInRequest, step: str = QUESTIONS) -> HttpResponse:
        if step not in self.desk.steps():
            return HttpResponseRedirect(self.way_to(self.desk.first_open()))
        return self.show(step, form=self.desk.form(step))

    def post(self, request: SignedInRequest, step: str = QUESTIONS) -> HttpResponse:
        form = self.desk.form(step, request.POST) if step in self.desk.steps() else None
        if form is None:
            return HttpResponseRedirect(self.way_to(QUESTIONS))
        if not form.is_valid():
            return self.show(step, form=form)
        typed = {name: values for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"}
        self.desk.kept[step] = typed
        slug = self.desk.to.slug if self.desk.to is not None else ""
        services.keep(self.desk.subject, to=slug, answers=self.desk.kept, by=request.user)
        return HttpResponseRedirect(self.way_to(self.desk.after(step)))


class Check(DeskView):
    """Everything once more, and before a disclosure an interruption (SHR-01)."""

    template_name = "agreements/decisions/check.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        if (step := self.desk.first_open()) != CHECK:
            return HttpResponseRedirect(self.way_to(step))
        answers = self.desk.answers()
        rows = [(row, self.way_to(row.step)) for row in words.rows_of(answers, self.desk.to)]
        name = words.recipient_words(answers, self.desk.recipient_of(answers))
        return self.show(CHECK, answers=answers, rows=rows, name=name, missing=policies.missing(answers))

    def post(self, request: SignedInRequest) -> HttpResponse:
        if (step := self.desk.first_open()) != CHECK:
            return HttpResponseRedirect(self.way_to(step))
        desk = self.desk
        made = services.decide(desk.subject, answers=desk.answers(), by=request.user, follows=desk.follows)
        if "next" not in request.GET:
            return self.done(f"{_DONE[Outcome(made.outcome)]} ({made.ref}).", "decisions:decision", made.ref)
        return HttpResponseRedirect(self.leave(made.ref))


_DONE = {
    Outcome.SHARE: "Your decision to share is recorded",
    Outcome.NOT_SHARE: "Your decision not to share is recorded",
    Outcome.ADVICE: "That you ask for advice is recorded",
}


class DecisionView(HubView):
    def decision(self) -> Decision:
        return selectors.decision(self.kwargs["ref"], for_user=self.request.user)

    def back(self, message: str) -> HttpResponse:
        return self.done(message, "decisions:decision", self.kwargs["ref"])


class DecisionPage(DecisionView):
    template_name = "agreements/decisions/decision_detail.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        decision = self.decision()
        record("decision.opened", decision, at=decision.controller_id)
        answers = Answers.from_json(decision.answers)
        return self.page(
            {
                "decision": decision,
                "name": words.recipient_words(answers, decision.recipient),
                "rows": words.rows_of(answers, decision.recipient),
                "live": policies.is_live(decision),
                "href": selectors.case_href(decision, for_user=request.user),
                "can_tell": bool(decision.told) and bool(TOLD[Told(decision.told)]),
                "can_decide": decision.outcome == Outcome.ADVICE and not hasattr(decision, "followed_by"),
            }
        )


class EndDecision(DecisionView):
    template_name = "agreements/decisions/decision_end.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        return self.page({"decision": self.decision(), "form": EndForm()})

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        decision, form = self.decision(), EndForm(request.POST)
        if not form.is_valid():
            return self.page({"decision": decision, "form": form})
        services.end(decision, because=Ended(form.cleaned_data["because"]), by=request.user)
        return self.back("From now on nothing more is shared by this decision.")


class Tell(DecisionView):
    template_name = "agreements/decisions/decision_tell.html"

    def form(self, decision: Decision, data: Any = None) -> TellForm:
        possible = TOLD[Told(decision.told)] if decision.told else set()
        if not possible:
            raise NotVisible
        return TellForm(data, possible=[each for each in Told if each in possible])

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        decision = self.decision()
        return self.page({"decision": decision, "form": self.form(decision)})

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        decision = self.decision()
        form = self.form(decision, request.POST)
        if not form.is_valid():
            return self.page({"decision": decision, "form": form})
        said = form.cleaned_data
        services.tell(decision, told=Told(said["told"]), words=said["words"], by=request.user)
        return self.back("It is recorded.")


class Withdraw(DecisionView):
    """Consent taken back: the page says before what stops, what goes on and what was shared already (SHR-04)."""

    template_name = "agreements/decisions/consent_withdraw.html"

    def show(self, form: WithdrawForm) -> HttpResponse:
        decision = self.decision()
        resting = selectors.resting_on(self.consent(decision), for_user=self.request.user)
        stops = [each for each in resting if policies.stops_with_consent(each)]
        goes_on = [each for each in resting if policies.is_live(each) and each not in stops]
        return self.page({"decision": decision, "form": form, "resting": resting, "stops": stops, "goes_on": goes_on})

    def consent(self, decision: Decision) -> Consent:
        if decision.consent is None:
            raise NotVisible
        return decision.consent

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        return self.show(WithdrawForm())

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        form = WithdrawForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        ended = services.withdraw_consent(
            self.consent(self.decision()), words=form.cleaned_data["words"], by=request.user
        )
        many = f"{len(ended)} decision{'s' if len(ended) != 1 else ''}"
        return self.back(f"The withdrawal is recorded. {many} ended. What was shared before stays told.")


class Register(HubView):
    template_name = "agreements/decisions/decision_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        selectors.deciding_for(request.user)
        form = RegisterFilter(request.GET)
        if not form.is_valid():
            return self.page({"form": form, "page": None})
        search = Search(**form.cleaned_data)
        page = selectors.register_page(search, cursor=request.GET.get("cursor", ""), for_user=request.user)
        count = capped_count(selectors.found(search, for_user=request.user))
        asked = search != Search()
        return self.page(
            {"form": form, "page": page, "count": count, "asked": asked, "filter": _without_cursor(request)}
        )


def _without_cursor(request: SignedInRequest) -> str:
    parameters = request.GET.copy()
    parameters.pop("cursor", None)
    return parameters.urlencode()


class RegisterExport(HubView):
    """Asks what the rows are for, then hands them out (AUD-01)."""

    template_name = "governance/export.html"

    def search(self) -> Search:
        selectors.deciding_for(self.request.user)
        form = RegisterFilter(self.request.GET)
        if not form.is_valid():
            raise NotVisible
        return Search(**form.cleaned_data)

    def ask(self, form: ExportForm) -> HttpResponse:
        count = capped_count(selectors.found(self.search(), for_user=self.request.user))
        back = f"{reverse('decisions:register')}?{self.request.GET.urlencode()}"
        noun = "decision" if count == "1" else "decisions"
        context = {"title": "Export decisions", "count": count, "noun": noun, "back": back}
        return self.page({"form": form, "most": selectors.MOST_EXPORTED, **context})

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.ask(ExportForm())

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = ExportForm(request.POST)
        if not form.is_valid():
            return self.ask(form)
        rows = selectors.exported(self.search(), purpose=form.cleaned_data["purpose"], for_user=request.user)
        return csv_file("decisions", words.REGISTER_HEAD, map(words.register_row, rows))
