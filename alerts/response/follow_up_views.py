"""Pages of what follows the answer: colleagues who need to know, support, actions, review, the end."""

from typing import Any

from django import forms
from django.http import HttpResponse

from alerts.files import selectors as files
from alerts.files.enums import StaffRole
from alerts.readers import sharing
from alerts.readers.forms import suggested_day
from alerts.readers.selectors import Found, Subject, find_people, get_person
from alerts.readers.sharing import Telling
from alerts.response import follow_up, guards, selectors
from alerts.response.enums import ActionState, Outcome, Support
from alerts.response.forms import (
    ActionForm,
    CloseForm,
    EndActionForm,
    ReviewForm,
    SupportForm,
    TellForm,
    in_two_weeks,
)
from alerts.response.models import Action
from alerts.response.views import AlertView
from alerts.response.words import SUPPORT_MEANS
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class FollowUp(AlertView):
    """One question of the task list: a form, and back to the alert."""

    message = ""

    def form(self, data: Any = None) -> forms.Form:
        raise NotImplementedError  # each page below says it for itself

    def save(self, values: dict[str, Any]) -> None:
        raise NotImplementedError  # each page below says it for itself

    def context(self) -> dict[str, Any]:
        return {}

    def show(self, form: forms.Form) -> HttpResponse:
        return self.page({"alert": self.alert, "response": self.response, "form": form, **self.context()})

    def get(self, request: SignedInRequest, **_: str) -> HttpResponse:
        self.answering()
        return self.show(self.form())

    def post(self, request: SignedInRequest, **_: str) -> HttpResponse:
        self.answering()
        form = self.form(request.POST)
        if not form.is_valid():
            return self.show(form)
        self.save(form.cleaned_data)
        return self.back(self.message)


class SupportPage(FollowUp):
    """Silent or overt, and what that means in plain words (ALR-18)."""

    template_name = "alerts/response/support_form.html"
    message = "What kind of support it is, is saved."

    def form(self, data: Any = None) -> SupportForm:
        now = self.response
        initial = {"support": now.support, "note": now.support_note} if now else {}
        return SupportForm(data, initial=initial)

    def save(self, values: dict[str, Any]) -> None:
        kind = Support(values["support"])
        follow_up.decide_support(self.alert, support=kind, note=values["note"], by=self.request.user)

    def context(self) -> dict[str, Any]:
        return {"means": [(kind.label.split(":")[0], words) for kind, words in SUPPORT_MEANS.items()]}


class Actions(FollowUp):
    """What is being done, by whom and until when; several at once (ALR-17)."""

    template_name = "alerts/response/action_list.html"
    message = "The actions are added. Their owner is reminded on the day."

    def form(self, data: Any = None) -> ActionForm:
        owners = selectors.owners_for(self.alert, for_user=self.request.user)
        return ActionForm(data, owners=owners, initial={"owner": self.request.user.code, "due_on": in_two_weeks()})

    def save(self, values: dict[str, Any]) -> None:
        follow_up.add_actions(self.alert, by=self.request.user, **values)

    def context(self) -> dict[str, Any]:
        return {"actions": selectors.actions_on(self.alert, for_user=self.request.user)}


class ReviewPage(FollowUp):
    """What came of it, and when somebody looks again (ALR-19)."""

    template_name = "alerts/response/review_form.html"
    message = "The review is saved."

    def form(self, data: Any = None) -> ReviewForm:
        return ReviewForm(data, initial={"next_on": in_two_weeks()})

    def save(self, values: dict[str, Any]) -> None:
        follow_up.review(self.alert, note=values["note"], next_on=values["next_on"], by=self.request.user)


class Close(FollowUp):
    template_name = "alerts/response/close_form.html"
    message = "The response is closed with its outcome. The child's file stays."

    def form(self, data: Any = None) -> CloseForm:
        return CloseForm(data)

    def save(self, values: dict[str, Any]) -> None:
        follow_up.close(self.alert, outcome=Outcome(values["outcome"]), note=values["note"], by=self.request.user)


# -- colleagues who need to know


class TellingView(AlertView):
    """Only for who may share the child's file: the DSL and the head of the setting (ALR-16, NTK-03)."""

    @property
    def subject(self) -> Subject:
        return sharing.file_to_share(self.alert, for_user=self.request.user)

    def found(self) -> Found:
        return get_person(self.subject, self.alert.setting.slug, self.kwargs["code"])


class FindColleague(TellingView):
    """Finding the colleague by name: people with like names are told apart by their roles (NTK-03)."""

    template_name = "alerts/response/colleague_find.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        text = request.GET.get("name", "").strip()
        people = find_people(self.subject, text)
        told = sharing.told_about(self.alert, for_user=request.user)
        return self.page({"alert": self.alert, "people": people, "text": text, "told": told})


class Tell(TellingView):
    template_name = "alerts/response/tell_form.html"

    def show(self, form: TellForm) -> HttpResponse:
        return self.page({"alert": self.alert, "found": self.found(), "form": form})

    def get(self, request: SignedInRequest, **_: str) -> HttpResponse:
        return self.show(TellForm(alert=self.alert, initial={"until": suggested_day(self.alert.partnership)}))

    def post(self, request: SignedInRequest, **_: str) -> HttpResponse:
        form, found = TellForm(request.POST, alert=self.alert), self.found()
        if not form.is_valid():
            return self.show(form)
        values = {**form.cleaned_data, "as_role": StaffRole(form.cleaned_data["as_role"])}
        sharing.tell(self.alert, Telling(person=found.user, agency=found.agency, **values), by=request.user)
        return self.back(f"{found.user.name} reads what you chose, and was told by e-mail.")


class TellNoMore(TellingView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str, code: str) -> HttpResponse:
        grant = sharing.get_told(self.alert, code, for_user=request.user)
        sharing.tell_no_more(self.alert, grant, by=request.user)
        return self.back(f"{grant.user.name} reads it no more.")


# -- what a colleague reads, and does


class Told(HubView):
    """The one plain page of a colleague who was told: what was chosen, and the guards (ALR-16, ALR-20)."""

    template_name = "alerts/response/told.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        told = files.told(ref, for_user=request.user)
        sharing.remember_reading(told.entry)
        kind = (told.entry.shown or {}).get("alert_kind", "")
        actions = selectors.my_actions_on(told.entry.alert_id, for_user=request.user)
        guard = {"warnings": guards.WARNINGS_FOR_STAFF, "cautions": guards.cautions_about(kind)}
        return self.page({"told": told, "shown": told.entry.shown, "actions": actions, **guard})


class ActionPage(HubView):
    """One action, for its owner and for who answers the alert: done, or not needed any more (ALR-17)."""

    template_name = "alerts/response/action_form.html"

    def action(self) -> Action:
        return selectors.get_action(self.kwargs["ref"], for_user=self.request.user)

    def show(self, action: Action, form: EndActionForm) -> HttpResponse:
        user = self.request.user
        note = action.note if selectors.shows_note(action, for_user=user) else ""
        return self.page(
            {"action": action, "form": form, "note": note, "home": selectors.place_of(action, for_user=user)}
        )

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        action = self.action()
        selectors.remember_action(action)
        return self.show(action, EndActionForm())

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        action, form = self.action(), EndActionForm(request.POST)
        if not form.is_valid():
            return self.show(action, form)
        state = ActionState(form.cleaned_data["state"])
        follow_up.end_action(action, state=state, result=form.cleaned_data["result"], by=request.user)
        return self.done("The action is ended, and stands in the child's file.", "response:action", action.ref)


class Waiting(HubView):
    """Reviews that are due, and actions that are due or late (ALR-17, ALR-19)."""

    template_name = "alerts/response/waiting.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        waiting = selectors.waiting(for_user=request.user)
        selectors.remember_waiting(waiting)
        return self.page({"waiting": waiting, "most": selectors.MOST_WAITING})
