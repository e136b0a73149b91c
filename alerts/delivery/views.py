"""The hub's board of sent, withheld and overdue alerts."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from agreements.decisions.subjects import way_to_decide
from agreements.register.enums import IN_AN_ALERT
from alerts.bell.school_days import covers_today
from alerts.delivery import policies, recalls, selectors, services, words
from alerts.delivery.enums import AlertStatus, BoardView, RedirectedBecause
from alerts.delivery.forms import LetLeaveForm, RedirectForm
from alerts.delivery.instead import passed_on
from alerts.delivery.models import Alert
from safeguarding.access.selectors import readers_of_alert
from safeguarding.agencies.models import Agency, User
from safeguarding.agencies.selectors import find_settings
from safeguarding.errors import Refused
from safeguarding.web.paging import capped_count
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView

_COUNTED = (BoardView.OVERDUE, BoardView.HOLIDAY, BoardView.SENT_BACK, BoardView.WITHHELD, BoardView.SENDING)


@dataclass(frozen=True)
class Tab:
    title: str
    href: str
    active: bool
    count: str


def _tabs(here: BoardView, user: User) -> list[Tab]:
    counts = {view: capped_count(found) for view, found in selectors.boards(_COUNTED, for_user=user).items()}
    return [
        Tab(view.label, "?" if view == BoardView.ALL else f"?view={view.value}", view == here, _shown(counts.get(view)))
        for view in BoardView
    ]


def _shown(count: str | None) -> str:
    return "" if count in (None, "0") else str(count)


class Board(HubView):
    template_name = "alerts/delivery/alert_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        asked = request.GET.get("view", "")
        view = BoardView(asked) if asked in BoardView.values else BoardView.ALL
        page = selectors.board_page(view, cursor=request.GET.get("cursor", ""), for_user=request.user)
        selectors.remember_board(page)
        now = timezone.now()
        rows = [(row, words.state_of(row.alert, now), words.why_withheld(row.alert)) for row in page.rows]
        unsettled = selectors.unsettled(for_user=request.user)
        return self.page(
            {"page": page, "rows": rows, "tabs": _tabs(view, request.user), "view": view, "unsettled": unsettled}
        )


class SentAlert(HubView):
    template_name = "alerts/delivery/alert_detail.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        alert = selectors.sent_alert(ref, for_user=request.user)
        selectors.remember_look(alert)
        sent = alert.status == AlertStatus.SENT
        context = {
            "alert": alert,
            "state": words.state_of(alert, timezone.now()),
            "why_withheld": words.why_withheld(alert),
            "addressed_to": words.addressed_to(alert),
            "nobody_reads": sent and bool(selectors.nobody_reads([alert])),
            "no_dsl": bool(selectors.without_dsl_at([alert])),
            "passed_on": passed_on([alert]).get(alert.pk),
            "phone_now": policies.has_come_to_the_hub(alert),
            "cover": covers_today([alert.setting_id]).get(alert.setting_id) if sent else None,
            "email_failed": bool(selectors.with_failed_emails([alert])),
            "can_try_again": policies.can_try_again(alert),
            "can_redirect": policies.can_redirect(alert),
            "followers": recalls.followers_of(alert),
            "readers": readers_of_alert(alert, for_user=request.user),
            "exceptions": alert.status == AlertStatus.WITHHELD
            and services.exceptions_open_to(alert, for_user=request.user),
        }
        return self.page({**context, "history": [words.line_of(entry) for entry in selectors.history(alert)]})


class LetLeave(HubView):
    """A withheld alert leaves this once, with a reason that the board is told (AGR-07, AGR-10)."""

    template_name = "alerts/delivery/let_leave.html"

    def open_to(self, ref: str) -> tuple[Alert, list[str]]:
        alert = selectors.sent_alert(ref, for_user=self.request.user)
        ways = services.exceptions_open_to(alert, for_user=self.request.user)
        if not ways:
            raise Http404
        return alert, ways

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        alert, ways = self.open_to(ref)
        try:
            decision = selectors.decision_to_let_leave(alert)
        except Refused:
            return redirect(way_to_decide(ref, to=alert.setting, items=IN_AN_ALERT, back=request.path))
        form = LetLeaveForm(ways=ways)
        return self.page({"alert": alert, "why": words.why_withheld(alert), "form": form, "decision": decision})

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        alert, ways = self.open_to(ref)
        form = LetLeaveForm(request.POST, ways=ways)
        if not form.is_valid():
            return self.page({"alert": alert, "why": words.why_withheld(alert), "form": form})
        services.let_leave_once(alert, by=request.user, **form.cleaned_data)
        return self.done(
            f"Alert {alert.ref} is sent to {alert.setting.name}, this once.", "delivery:sent_alert", alert.ref
        )


class Redirect(HubView):
    """It went to the wrong setting, or to one of two: the hub sends it where it belongs, and recalls what was an error."""

    template_name = "alerts/delivery/alert_redirect.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        alert = self.alert(ref)
        return self.ask(alert, RedirectForm(settings=selectors.where_else(alert)))

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        alert = self.alert(ref)
        found = find_settings(alert.partnership, request.POST.get("search", ""))
        form = RedirectForm(request.POST, settings=[*selectors.where_else(alert), *found])
        if request.POST.get("action") != "send":
            form.forget_errors()
            return self.ask(alert, form, found=found)
        if not form.is_valid():
            return self.ask(alert, form, found=found)
        setting, because = form.settings[form.cleaned_data["setting"]], form.cleaned_data["because"]
        follower = recalls.redirect(alert, setting=setting, because=RedirectedBecause(because), by=request.user)
        return self.done(f"Alert {follower.ref} is on its way to {setting.name}.", "delivery:sent_alert", follower.ref)

    def alert(self, ref: str) -> Alert:
        alert = selectors.sent_alert(ref, for_user=self.request.user)
        policies.check_can_redirect(alert)
        return alert

    def ask(self, alert: Alert, form: RedirectForm, *, found: list[Agency] | None = None) -> HttpResponse:
        return self.page({"alert": alert, "form": form, "found": found})


class TryAgain(HubView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        alert = services.retry_withheld(selectors.sent_alert(ref, for_user=request.user), by=request.user)
        if alert.status == AlertStatus.WITHHELD:
            messages.warning(request, f"Alert {alert.ref} is still withheld. {words.why_withheld(alert)}")
            return redirect("delivery:sent_alert", alert.ref)
        went = f"is sent to {alert.setting.name}" if alert.status == AlertStatus.SENT else "is on its way again"
        return self.done(f"Alert {alert.ref} {went}.", "delivery:sent_alert", alert.ref)


class SettleAgain(HubView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        notification = services.retry_settle(ref, by=request.user)
        return self.done(f"The content of {notification.ref} is being deleted.", "delivery:board")
