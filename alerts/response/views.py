"""Pages of the setting: the inbox and one alert."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse, QueryDict
from django.utils import timezone
from django.utils.functional import cached_property

from agreements.corrections.selectors import on_record
from alerts.conversations.selectors import on_alert
from alerts.conversations.services import remember_disclosures
from alerts.delivery.enums import SentBack
from alerts.delivery.models import Alert
from alerts.delivery.recalls import same_incident
from alerts.delivery.selectors import lacks_dsl
from alerts.files.selectors import keeps
from alerts.files.services import file_of
from alerts.intake.enums import NotificationKind
from alerts.missing.selectors import told_with
from alerts.readers.selectors import manage_ref
from alerts.readers.sharing import may_share, told_about
from alerts.response import answers, guards, policies, selectors, services
from alerts.response.answers import Overtaken
from alerts.response.enums import InboxView
from alerts.response.forms import AnswerForm, InboxFilter, QuickAnswerForm, SendBackForm, SeveralForm
from alerts.response.models import Response
from alerts.response.words import tasks_for
from safeguarding.access.selectors import readers_of_alert
from safeguarding.audit.selectors import history_of
from safeguarding.errors import NotVisible
from safeguarding.web.paging import capped
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView

TO_READ = "Read an alert addressed to me"


@dataclass(frozen=True)
class Tab:
    title: str
    href: str
    active: bool
    count: str = ""


def _tabs(here: InboxView, counts: dict[InboxView, int]) -> list[Tab]:
    return [
        Tab(
            title=view.label,
            href="?" if view == InboxView.ALL else f"?view={view.value}",
            active=view == here,
            count=capped(counts[view]) if counts.get(view) else "",
        )
        for view in InboxView
    ]


class Inbox(HubView):
    template_name = "alerts/response/alert_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        selectors.check_has_inbox(self.request.user)
        form = InboxFilter(request.GET)
        filters = self.filters(form)
        page = selectors.inbox_page(filters, for_user=self.request.user)
        selectors.remember_listing(page.rows, for_user=self.request.user)
        tabs = _tabs(filters.view, selectors.inbox_counts(for_user=self.request.user))
        return self.page(
            {
                "page": page,
                "tabs": tabs,
                "filter": form,
                "filters": filters,
                "settings": selectors.settings_read_for(self.request.user),
                "now": timezone.now(),
                "can_choose": any(alert.status not in policies.ANSWERED for alert in page.rows),
            }
        )

    def filters(self, form: InboxFilter) -> selectors.Filters:
        """A filter that nobody offered filters nothing."""
        chosen = form.cleaned_data if form.is_valid() else {}
        view = self.request.GET.get("view", "")
        return selectors.Filters(
            view=InboxView(view) if view in InboxView.values else InboxView.ALL,
            status=chosen.get("status", ""),
            kind=chosen.get("kind", ""),
            cursor=self.request.GET.get("cursor", ""),
        )


class AlertView(HubView):
    """One alert, for whom it reached; absent and another's are the same (NTK-01)."""

    @cached_property
    def alert(self) -> Alert:
        return selectors.get_alert(self.kwargs["ref"], for_user=self.request.user)

    @cached_property
    def response(self) -> Response | None:
        return selectors.response_to(self.alert, for_user=self.request.user)

    def back(self, message: str) -> HttpResponse:
        return self.done(message, "response:alert", self.alert.ref)

    def answering(self) -> None:
        """Only for who answers: a grant lets read, not answer (NTK-03)."""
        if not selectors.may_answer(self.alert, for_user=self.request.user):
            raise NotVisible


class AlertPage(AlertView):
    """Opening it is remembered with its purpose, and shows to the hub (AUD-01, ALR-23)."""

    template_name = "alerts/response/alert_detail.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        return self.show(services.open_alert(self.alert, by=self.request.user, purpose=TO_READ))

    def show(self, alert: Alert) -> HttpResponse:
        readers = readers_of_alert(alert, for_user=self.request.user)
        said = on_alert(alert, for_user=self.request.user)
        remember_disclosures(alert, disclosed=said.disclosed)
        return self.page(
            {
                "alert": alert,
                "warnings": guards.warnings_for(alert),
                "cautions": guards.cautions_for(alert),
                "level_words": guards.level_words(alert),
                "changed": guards.changed_words(alert),
                "same_incident": same_incident(alert, for_user=self.request.user),
                "episode": told_with(alert) if alert.kind == NotificationKind.MISSING_EPISODE else None,
                "readers": readers,
                "said": said,
                "no_dsl": lacks_dsl(alert),
                "manage": manage_ref(alert, for_user=self.request.user),
                "mine": [reader for reader in readers if reader.user_id == self.request.user.pk],
                "corrections": on_record(alert.ref, for_user=self.request.user),
                "history": history_of(alert, for_user=self.request.user)[::-1],
                **self.response_context(alert),
            }
        )

    def response_context(self, alert: Alert) -> dict[str, Any]:
        """What to do about it: the quick answer at first, then the task list; nothing of it for who was only let see it."""
        user = self.request.user
        if not selectors.may_answer(alert, for_user=user):
            return {}
        if policies.can_acknowledge(alert):
            version = self.response.version if self.response else 0
            quick = QuickAnswerForm(initial={"version": version})
            return {"answers": True, "can_acknowledge": True, "quick": quick}
        if alert.recalled_at is not None:
            return {"answers": True}
        told = told_about(alert, for_user=user)
        actions = selectors.actions_on(alert, for_user=user)
        file = file_of(alert)
        mine = file if file is not None and keeps(file, for_user=user) else None
        tasks = tasks_for(alert, self.response, actions, told, may_share=may_share(alert, for_user=user))
        return {"answers": True, "response": self.response, "tasks": tasks, "told": told, "file": mine}


class Answer(AlertView):
    """What else is known, on a page that can be left and come back to (ALR-12, ALR-14)."""

    template_name = "alerts/response/answer_form.html"

    def show(self, form: AnswerForm, *, overtaken: bool = False, status: int = 200) -> HttpResponse:
        self.answering()
        context = {"alert": self.alert, "form": form, "response": self.response, "overtaken": overtaken}
        return self.page(context, status=status)

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        return self.show(AnswerForm(initial=AnswerForm.said(self.response)))

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        try:
            answers.answer(self.alert, form.answer, version=form.cleaned_data["version"], by=request.user)
        except Overtaken:
            return self.overtaken(request.POST)
        return self.back("What you know is saved, and is in the child's file.")

    def overtaken(self, typed: QueryDict) -> HttpResponse:
        """The other's answer is shown, what was typed stays, and saving again adds it to the file: nothing is lost."""
        data = typed.copy()
        data["version"] = str(self.response.version if self.response else 0)
        return self.show(AnswerForm(data), overtaken=True, status=409)


class Acknowledge(Answer):
    """The quick answer on the alert itself: one choice, one button (ALR-12)."""

    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        alert = self.alert  # absent and another's are the same, whatever was sent along
        form = QuickAnswerForm(request.POST)
        try:
            answers.answer(alert, form.answer, version=form.seen, by=request.user)
        except Overtaken:
            return self.overtaken(request.POST)
        return self.back(f"Alert {self.alert.ref} is acknowledged.")


class SendBack(AlertView):
    """Not on our roll any more: back to the hub, with the reason (ALR-28)."""

    template_name = "alerts/response/send_back.html"

    def show(self, form: SendBackForm) -> HttpResponse:
        self.answering()
        return self.page({"alert": self.alert, "form": form})

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        return self.show(SendBackForm())

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        form = SendBackForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        because = SentBack(form.cleaned_data["because"])
        answers.send_back(self.alert, because=because, note=form.cleaned_data["note"], by=request.user)
        return self.back(f"The alert is back with {self.alert.controller.name}, which looks for the child's setting.")


class Several(HubView):
    """Several alerts chosen in the inbox, one answer, and what became of each (ALR-12)."""

    template_name = "alerts/response/several.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.ask(SeveralForm())

    def ask(self, form: SeveralForm) -> HttpResponse:
        chosen = self.request.POST.getlist("ref") or self.request.GET.getlist("ref")
        alerts = selectors.several(chosen, for_user=self.request.user)
        if not alerts:
            selectors.check_has_inbox(self.request.user)
        selectors.remember_listing(alerts, for_user=self.request.user)
        return self.page({"alerts": alerts, "form": form})

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = SeveralForm(request.POST)
        if not form.is_valid():
            return self.ask(form)
        alerts = selectors.several(request.POST.getlist("ref"), for_user=request.user)
        if not alerts:
            return self.ask(form)
        settled = answers.answer_several(alerts, form.answer, by=request.user)
        return self.page({"settled": settled, "done": sum(each.done for each in settled)})
