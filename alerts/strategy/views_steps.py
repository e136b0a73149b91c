"""The steps of a strategy discussion, each a short form: asking, arranging, inviting, holding, recording, sending, what follows."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property

from alerts.readers.selectors import Found
from alerts.strategy import asking, following, selectors, services, story
from alerts.strategy.enums import ActionState, DiscussionState, DissentKind, DissentState, InvitationState, Means
from alerts.strategy.forms import (
    ActionForm,
    AnswerForm,
    ArrangeForm,
    AskForm,
    ConferenceForm,
    DeputyForm,
    DissentForm,
    HeldForm,
    InviteForm,
    OutcomeForm,
    ReasonForm,
    RecordForm,
    ReportForm,
)
from alerts.strategy.models import DiscussionAction, DiscussionInvitation, Dissent, StrategyDiscussion
from alerts.strategy.sources import Source, source
from alerts.strategy.views import Step
from safeguarding.agencies.selectors import partnerships_of
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class Ask(HubView):
    """From a notification, an alert or a referral (`?from=`), or by hand by the authority (STR-01)."""

    template_name = "alerts/strategy/ask_form.html"

    @cached_property
    def source(self) -> Source | None:
        wanted = self.request.GET.get("from", "")
        return source(wanted, for_user=self.request.user) if wanted else None

    def form(self, data: Any = None) -> AskForm:
        found = self.source
        authorities = (
            selectors.authorities_in(found.partnership) if found else list(selectors.authorities_of(self.request.user))
        )
        if not authorities:
            raise NotVisible
        return AskForm(data, authorities=authorities, by_hand=found is None)

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.page({"form": self.form(), "source": self.source})

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page({"form": form, "source": self.source})
        try:
            discussion = self.ask(form)
        except (Refused, Conflict) as refusal:
            form.add_error(None, refusal.sentence)
            return self.page({"form": form, "source": self.source}, status=409)
        return self.done(
            f"{discussion.ref} is asked for. The authority’s managers are told.", "strategy:discussion", discussion.ref
        )

    def ask(self, form: AskForm) -> StrategyDiscussion:
        if self.source is not None:
            return asking.ask(self.source, **form.asked, by=self.request.user)
        partnership = partnerships_of(form.authority)[0]
        return asking.ask_by_hand(form.children, partnership=partnership, **form.asked, by=self.request.user)


class Arrange(Step):
    heading, button = "When and how is it held?", "Save, and tell everybody who is invited"
    lead = "You chair the discussion. Everybody who is invited gets an e-mail without names, and a file for their calendar."

    def form(self, data: Any = None) -> forms.Form:
        discussion = self.seen.discussion
        starts = discussion.starts_at and timezone.localtime(discussion.starts_at)
        initial = {"means": discussion.means, "where": discussion.where}
        if starts:
            initial |= {"starts_on": starts.date(), "starts_time": f"{starts:%H:%M}"}
        return ArrangeForm(data, initial=initial)

    def stands(self) -> list[tuple[str, str]]:
        return story.arranged(self.seen)

    def do(self, form: Any) -> str:
        values = form.cleaned_data
        services.arrange(
            self.seen.discussion, starts_at=form.moment(), means=Means(values["means"]), where=values["where"],
            version=self.version, by=self.request.user,
        )  # fmt: skip
        return "The time is fixed, and everybody who is invited is told."


class Invite(Step):
    template_name = "alerts/strategy/invite_form.html"
    for_manager = False

    @cached_property
    def found(self) -> Found:
        return selectors.get_person(
            self.seen.discussion, self.kwargs["agency"], self.kwargs["code"], for_user=self.request.user
        )

    def show(self, **context: Any) -> HttpResponse:
        return super().show(found=self.found, **context)

    def form(self, data: Any = None) -> forms.Form:
        return InviteForm(data, found=self.found)

    def do(self, form: Any) -> str:
        found = self.found
        services.invite(
            self.seen.discussion, person=found.user, agency=found.agency, capacity=form.chosen, by=self.request.user
        )
        return f"{found.user.name} of {found.agency.name} is invited, and was told by e-mail."


class SendDeputy(Step):
    template_name = "alerts/strategy/deputy_form.html"

    def allowed(self) -> bool:
        return self.seen.mine is not None

    @property
    def mine(self) -> DiscussionInvitation:
        if self.seen.mine is None:
            raise NotVisible
        return self.seen.mine

    @cached_property
    def found(self) -> Found:
        mine = self.mine
        within = type(mine.agency).objects.filter(pk=mine.agency_id)
        return selectors.person_with_code(self.kwargs["code"], at=mine.agency.slug, within=within, without=mine.user)

    def show(self, **context: Any) -> HttpResponse:
        return super().show(found=self.found, **context)

    def form(self, data: Any = None) -> forms.Form:
        return DeputyForm(data)

    def do(self, form: Any) -> str:
        services.send_deputy(self.mine, person=self.found.user, by=self.request.user)
        return f"{self.found.user.name} comes in your stead, and was told by e-mail."


class Hold(Step):
    heading, button = "Record that it was held", "Save"
    lead = "Without the authority, the police and health it is no strategy discussion. From now on 48 hours run for the record."

    def coming(self) -> list[DiscussionInvitation]:
        return [each for each in self.seen.invitations if each.state != InvitationState.DEPUTY]

    def form(self, data: Any = None) -> forms.Form:
        coming = self.coming()
        now = timezone.localtime()
        accepted = [each.code for each in coming if each.state == InvitationState.ACCEPTED]
        initial = {"attended": accepted, "means": self.seen.discussion.means, "held_on": now.date()}
        return HeldForm(data, initial=initial, invitations=coming)

    def stands(self) -> list[tuple[str, str]]:
        return story.arranged(self.seen)

    def do(self, form: Any) -> str:
        values = form.cleaned_data
        services.hold(
            self.seen.discussion, held_at=form.moment(), means=Means(values["means"]), attended=values["attended"],
            out_of_hours=values["out_of_hours"], emergency=values["emergency"], because=values["because"],
            follow_up_on=values["follow_up_on"], version=self.version, by=self.request.user,
        )  # fmt: skip
        return "It is recorded that the discussion was held. Write the record next."


class NotHeld(Step):
    heading, button = "No strategy discussion is held", "Save, and tell who asked"

    def form(self, data: Any = None) -> forms.Form:
        return ReasonForm(data)

    def stands(self) -> list[tuple[str, str]]:
        return story.arranged(self.seen)

    def do(self, form: Any) -> str:
        because = form.cleaned_data["because"]
        services.do_not_hold(self.seen.discussion, because=because, version=self.version, by=self.request.user)
        return "It is recorded that no discussion is held, and why."


class Write(Step):
    heading, button = "Write the record", "Save the record"
    lead = (
        "It is kept encrypted. Nobody but the authority sees it before you send it, and you can change it until then."
    )

    def form(self, data: Any = None) -> forms.Form:
        written = self.seen.record
        if written is None:
            return RecordForm(data)
        yes = {True: "yes", False: "no"}
        initial = {"inquiry_starts": yes[written.inquiry_starts], "investigation": yes[written.investigation]}
        return RecordForm(data, initial={**initial, **written.decisions, "minutes": written.minutes})

    def stands(self) -> list[tuple[str, str]]:
        return story.recorded(self.seen)

    def do(self, form: Any) -> str:
        services.write(self.seen.discussion, **form.decided, version=self.version, by=self.request.user)
        return "The record is saved. Add who does what by when, then send it."


class AddAction(Step):
    heading, button = "Who does what by when?", "Add this action"

    def form(self, data: Any = None) -> forms.Form:
        there = [each for each in self.seen.invitations if each.attended]
        return ActionForm(data, discussion=self.seen.discussion, there=there)

    def do(self, form: Any) -> str:
        services.add_action(self.seen.discussion, **form.chosen, by=self.request.user)
        return "The action is added."


class Send(Step):
    template_name = "alerts/strategy/send_form.html"

    def form(self, data: Any = None) -> forms.Form:
        return forms.Form(data if data is not None else None)

    def do(self, form: Any) -> str:
        discussion = services.send(self.seen.discussion, version=self.version, by=self.request.user)
        late = "after" if self.seen.record_late else "within"
        return f"The record of {discussion.ref} is with everybody who took part, {late} its 48 hours."


class Report(Step):
    heading, button = "Report an action", "Save"

    @cached_property
    def action(self) -> DiscussionAction:
        return selectors.get_action(self.seen, self.kwargs["code"])

    def allowed(self) -> bool:
        mine = self.seen.mine
        return self.seen.authority or (mine is not None and mine.agency_id == self.action.agency_id)

    def show(self, **context: Any) -> HttpResponse:
        return super().show(**{**context, "lead": self.action.what})

    def form(self, data: Any = None) -> forms.Form:
        return ReportForm(data)

    def do(self, form: Any) -> str:
        values = form.cleaned_data
        following.report_action(
            self.action, state=ActionState(values["state"]), note=values["note"], by=self.request.user
        )
        return "What has become of the action is saved."


class Conference(Step):
    heading, button = "When is the child-protection conference?", "Save, and tell everybody who took part"
    for_manager = False

    def form(self, data: Any = None) -> forms.Form:
        return ConferenceForm(data)

    def stands(self) -> list[tuple[str, str]]:
        return story.concluded(self.seen)

    def do(self, form: Any) -> str:
        following.fix_conference(self.seen.discussion, at=form.moment(), version=self.version, by=self.request.user)
        return "The conference has a date, and everybody who took part is told."


class Outcome(Step):
    heading, button = "Outcome of the section 47 enquiry", "Save, and tell partners"

    def form(self, data: Any = None) -> forms.Form:
        return OutcomeForm(data)

    def stands(self) -> list[tuple[str, str]]:
        return story.concluded(self.seen)

    def do(self, form: Any) -> str:
        feedback = form.cleaned_data["feedback"]
        following.conclude(
            self.seen.discussion, outcome=form.chosen, feedback=feedback, version=self.version, by=self.request.user
        )
        return "The outcome is saved, and partners are told."


class Disagree(Step):
    template_name = "alerts/strategy/dissent_form.html"

    def allowed(self) -> bool:
        open_now = self.seen.discussion.state in (DiscussionState.HELD, DiscussionState.SENT)
        return self.seen.mine is not None and open_now

    def form(self, data: Any = None) -> forms.Form:
        return DissentForm(data)

    def do(self, form: Any) -> str:
        values = form.cleaned_data
        following.raise_dissent(
            self.seen.discussion, kind=DissentKind(values["kind"]), reason=values["reason"], by=self.request.user
        )
        return "It is recorded, and the chair was told by e-mail."


class AnswerDissent(Step):
    heading, button = "Answer", "Save, and tell who raised it"

    @cached_property
    def dissent(self) -> Dissent:
        return selectors.get_dissent(self.seen, self.kwargs["dissent"])

    def allowed(self) -> bool:
        return self.seen.manager and self.dissent.state == DissentState.RAISED

    def show(self, **context: Any) -> HttpResponse:
        return super().show(**{**context, "lead": self.dissent.reason})

    def form(self, data: Any = None) -> forms.Form:
        return AnswerForm(data)

    def do(self, form: Any) -> str:
        following.answer_dissent(self.dissent, answer=form.cleaned_data["answer"], by=self.request.user)
        return "Your answer is saved, and who raised it is told."
