"""Pages of referrals: one's own, and the hub's work on all of them (MSH-05 to MSH-07)."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from alerts.intake.enums import DecisionReason
from alerts.intake.forms import NEW_CHILD, sender_key
from alerts.referrals import policies, selectors, services
from alerts.referrals.enums import Outcome, QueueView, ReferralState
from alerts.referrals.forms import DecideForm, SameChildForm, SenderChoice, TellForm, TriageForm, VersionForm
from alerts.referrals.models import Referral
from alerts.screening.enums import Rag
from safeguarding.audit.record import record
from safeguarding.errors import Conflict, NotVisible
from safeguarding.web.paging import capped
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView

TO_DECIDE, OWN = "Work on a referral", "See what became of my referral"


@dataclass(frozen=True)
class Tab:
    title: str
    href: str
    active: bool
    count: str = ""


class ReferralList(HubView):
    """The hub's queue; for everybody else what they have referred themselves."""

    template_name = "alerts/referrals/referral_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        if not selectors.is_hubs(request.user):
            if not selectors.senders_for(request.user):
                raise NotVisible
            return HttpResponseRedirect(reverse("referrals:mine"))
        view = request.GET.get("view", "")
        chosen = QueueView(view) if view in QueueView.values else QueueView.OPEN
        page = selectors.queue_page(chosen, for_user=request.user, cursor=request.GET.get("cursor", ""))
        counts = selectors.queue_counts(for_user=request.user)
        tabs = [
            Tab(each.label, f"?view={each.value}", each == chosen, capped(counts[each]) if counts.get(each) else "")
            for each in QueueView
        ]
        return self.page({"page": page, "tabs": tabs, "view": chosen})


class Mine(HubView):
    template_name = "alerts/referrals/referral_mine.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        if not selectors.senders_for(request.user):
            raise NotVisible
        page = selectors.own_referrals(for_user=request.user, cursor=request.GET.get("cursor", ""))
        return self.page({"page": page, "drafts": selectors.drafts_of(request.user)})


class New(HubView):
    """Danger first, then for whom, then the first page (MSH-05)."""

    template_name = "alerts/referrals/referral_new.html"

    def senders(self) -> dict[str, Any]:
        found = {sender_key(each): each for each in selectors.senders_for(self.request.user)}
        if not found:
            raise NotVisible
        return found

    def form(self, data: Any = None) -> SenderChoice:
        return SenderChoice(
            data,
            choices=[(key, f"{each.agency.name}, to {each.partnership.name}") for key, each in self.senders().items()],
        )

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.page({"form": self.form()})

    def post(self, request: SignedInRequest) -> HttpResponse:
        senders, form = self.senders(), self.form(request.POST)
        if not form.is_valid():
            return self.page({"form": form})
        sender = senders[form.cleaned_data.get("sender") or next(iter(senders))]
        draft = services.begin(sender=sender, by=request.user)
        return HttpResponseRedirect(reverse("referrals:draft_step", args=[draft.ref, "you"]))


class ReferralView(HubView):
    """One referral, for the hub; its referrer has a page of their own at the same address."""

    template_name = "alerts/referrals/referral_detail.html"

    def referral(self, ref: str) -> Referral:
        return selectors.get_at_hub(ref, for_user=self.request.user)

    def show(self, referral: Referral, *, conflict: Conflict | None = None, **forms: Any) -> HttpResponse:
        found = selectors.record_of(referral, for_user=self.request.user)
        waiting = any(child.can_match for child in found.children)
        version = {"version": referral.version}
        initial = {**version, "rag": referral.rag}
        context: dict[str, Any] = {
            "record": found,
            "referral": referral,
            "conflict": conflict,
            "version": VersionForm(initial=version),
            "triage": TriageForm(initial=initial, partnership=referral.partnership),
            "decide": DecideForm(initial={**version, "tell": "now"}),
            "tell": TellForm(initial={**version, "feedback": referral.feedback}),
            "can_triage": policies.allows(policies.check_can_triage, referral),
            "can_decide": policies.allows(policies.check_can_decide, referral),
            "can_tell": policies.allows(policies.check_can_tell, referral),
            "can_close": policies.allows(policies.check_can_close, referral, waiting=waiting),
            "closes_later": waiting and policies.can_become(referral, ReferralState.CLOSED),
            **forms,
        }
        context["form"] = next(iter(forms.values()), None)
        return self.page(context, status=409 if conflict else 200)


class ReferralPage(ReferralView):
    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        referral = selectors.get_referral(ref, for_user=request.user)
        if selectors.works_on(referral, request.user):
            record("referral.opened", referral, purpose=TO_DECIDE, at=referral.controller_id)
            return self.show(referral)
        record("referral.opened", referral, purpose=OWN, at=referral.source_id)
        self.template_name = "alerts/referrals/referral_own.html"
        return self.page(selectors.own_page(referral))


class ActView(ReferralView):
    """Something that the hub does with a referral; what a colleague changed meanwhile is shown with what was typed."""

    http_method_names = ["post"]
    name = ""

    def make_form(self, referral: Referral) -> Any:
        return VersionForm(self.request.POST)

    def act(self, referral: Referral, typed: dict[str, Any]) -> str:
        raise NotImplementedError  # each page below says what it does

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        referral = self.referral(ref)
        form = self.make_form(referral)
        if not form.is_valid():
            return self.show(referral, **{self.name: form})
        try:
            message = self.act(referral, form.cleaned_data)
        except Conflict as conflict:
            fresh = self.referral(ref)
            again = form.data.copy()
            again["version"] = fresh.version
            form.data = again
            return self.show(fresh, conflict=conflict, **{self.name: form})
        return self.done(message, "referrals:referral", referral.ref)


class Triage(ActView):
    name = "triage"

    def make_form(self, referral: Referral) -> TriageForm:
        return TriageForm(self.request.POST, partnership=referral.partnership)

    def act(self, referral: Referral, typed: dict[str, Any]) -> str:
        services.triage(referral, by=self.request.user, **{**typed, "rag": Rag(typed["rag"])})
        return f"{referral.ref} is {Rag(typed['rag']).label.lower()}."


class Decide(ActView):
    name = "decide"

    def make_form(self, referral: Referral) -> DecideForm:
        return DecideForm(self.request.POST)

    def act(self, referral: Referral, typed: dict[str, Any]) -> str:
        chosen = {**typed, "outcome": Outcome(typed["outcome"]), "tell": typed["tell"] == "now"}
        services.decide(referral, by=self.request.user, **chosen)
        if chosen["tell"]:
            return f"Your decision on {referral.ref} is saved, and the referrer was told."
        return f"Your decision on {referral.ref} is saved. The referrer does not know it yet: the clock goes on."


class Tell(ActView):
    name = "tell"

    def make_form(self, referral: Referral) -> TellForm:
        return TellForm(self.request.POST)

    def act(self, referral: Referral, typed: dict[str, Any]) -> str:
        services.tell(referral, by=self.request.user, **typed)
        return "The referrer was told. The e-mail holds a link and no content."


class Close(ActView):
    name = "version"

    def act(self, referral: Referral, typed: dict[str, Any]) -> str:
        services.close(referral, by=self.request.user, **typed)
        return f"{referral.ref} is closed."


class SameChild(ReferralView):
    """The child as the referrer knows it beside those on record, and a person's decision (ALR-03)."""

    template_name = "alerts/referrals/child_match.html"

    def waiting(self, ref: str, position: int) -> selectors.WaitingChild:
        return selectors.get_waiting(self.referral(ref), position, for_user=self.request.user)

    def form(self, waiting: selectors.WaitingChild, data: Any = None) -> SameChildForm:
        return SameChildForm(data, refs=[each.child.ref for each in waiting.alike])

    def ask(self, waiting: selectors.WaitingChild, form: SameChildForm) -> HttpResponse:
        shown = [each.child.ref for each in waiting.alike]
        record("child.compared", waiting.row.referral, shown=shown, at=waiting.row.controller_id)
        return self.page({"waiting": waiting, "form": form, "referral": waiting.row.referral})

    def get(self, request: SignedInRequest, ref: str, position: int) -> HttpResponse:
        waiting = self.waiting(ref, position)
        return self.ask(waiting, self.form(waiting))

    def post(self, request: SignedInRequest, ref: str, position: int) -> HttpResponse:
        waiting = self.waiting(ref, position)
        form = self.form(waiting, request.POST)
        if not form.is_valid():
            return self.ask(waiting, form)
        alike = {each.child.ref: each.child for each in waiting.alike}
        same_as = None if form.cleaned_data["same_as"] == NEW_CHILD else alike[form.cleaned_data["same_as"]]
        reason = DecisionReason(form.cleaned_data["reason"])
        services.settle_child(waiting, same_as=same_as, reason=reason, by=request.user)
        return self.done("The decision on the child was saved.", "referrals:referral", waiting.row.referral.ref)
