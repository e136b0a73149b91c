"""Pages of the hub: the queue, one notification, claiming and deciding."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from alerts.intake.enums import Route
from alerts.intake.models import Notification
from alerts.intake.policies import can_amend
from alerts.intake.selectors import amendments_of
from alerts.intake.words import said
from alerts.lado.selectors import adults_at_work
from alerts.screening import policies, routing, selectors, services
from alerts.screening.enums import Decision, QueueView
from alerts.screening.forms import QueueFilter, RouteForm, ScreenForm
from alerts.screening.links import link, twins_of, unlink
from alerts.screening.words import passed_over_words
from safeguarding.access.selectors import readers_of_notification
from safeguarding.audit.record import record
from safeguarding.audit.selectors import Happened, history_of
from safeguarding.errors import Conflict, NotVisible
from safeguarding.web.paging import capped
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView

TO_SCREEN = "Screen a notification"
# What changes nothing.
_JUST_LOOKED = (".opened", ".listed")


@dataclass(frozen=True)
class Tab:
    title: str
    href: str
    active: bool
    count: str = ""


class QueuePage(HubView):
    template_name = "alerts/screening/notification_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        if not selectors.works_on_queue(self.request.user):
            raise NotVisible
        form = QueueFilter(request.GET)
        filters = self.filters(form)
        page = selectors.queue_page(filters, for_user=self.request.user)
        selectors.remember_listing(page)
        counts = selectors.queue_counts(for_user=self.request.user)
        tabs = [
            Tab(view.label, f"?view={view.value}", view == filters.view, capped(number) if number else "")
            for view, number in counts.items()
        ]
        return self.page({"page": page, "tabs": tabs, "filter": form, "filters": filters})

    def filters(self, form: QueueFilter) -> selectors.Filters:
        """A filter that nobody offered filters nothing."""
        chosen = form.cleaned_data if form.is_valid() else {}
        view = self.request.GET.get("view", "")
        return selectors.Filters(
            view=QueueView(view) if view in QueueView.values else QueueView.TO_SCREEN,
            kind=chosen.get("kind", ""),
            risk=chosen.get("risk", ""),
            cursor=self.request.GET.get("cursor", ""),
        )


class NextView(HubView):
    """Whoever has a free hand takes what is due first; two who ask at once never get the same (MSH-01)."""

    def next(self) -> HttpResponse:
        taken = services.claim_next(by=self.request.user)
        if taken is None:
            return self.done("Nothing more waits that nobody works on.", "screening:queue")
        return self.done(f"You have claimed {taken.ref}.", "screening:notification", taken.ref)


class TakeNext(NextView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest) -> HttpResponse:
        if not selectors.works_on_queue(request.user):
            raise NotVisible
        return self.next()


class NotificationView(HubView):
    """One notification; opening it is remembered with its purpose (AUD-01)."""

    template_name = "alerts/screening/notification_detail.html"

    def notification(self, ref: str) -> Notification:
        return selectors.get_notification(ref, for_user=self.request.user)

    def show(
        self,
        notification: Notification,
        form: ScreenForm | None = None,
        *,
        conflict: Conflict | None = None,
        not_saved: dict[str, Any] | None = None,
    ) -> HttpResponse:
        user = self.request.user
        found = selectors.record_of(notification, for_user=user)
        if found.content is None:
            self.template_name = "alerts/screening/notification_tombstone.html"
        return self.page(
            {
                "record": found,
                "notification": notification,
                "form": form or self.form(notification),
                "can_screen": policies.can_screen(notification, by=user),
                "can_claim": notification.claimed_by is None and policies.can_claim(notification, by=user),
                "can_route": policies.can_route(notification, by=user),
                "can_release": policies.can_release(notification, by=user),
                "held_by_another": not policies.is_decided(notification)
                and notification.claimed_by not in (None, user),
                "readers": readers_of_notification(notification, for_user=user),
                "history": history_of(notification, for_user=user)[::-1],
                "sent": selectors.sent_from(notification, for_user=user),
                "amendments": [said(each) for each in amendments_of(notification, for_user=user)],
                "can_amend": can_amend(notification),
                "twins": twins_of(notification, for_user=user),
                "now": timezone.now(),
                "alike": ()
                if policies.is_decided(notification)
                else routing.alike_at_settings(notification, found.rows),
                "at_work": adults_at_work(notification, for_user=user),
                "conflict": conflict,
                "not_saved": not_saved,
            },
            status=409 if conflict else 200,
        )

    def form(self, notification: Notification, **typed: Any) -> ScreenForm:
        initial = {**typed, "version": notification.version}
        return ScreenForm(initial=initial, partnership=notification.partnership)


class NotificationPage(NotificationView):
    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        notification = self.notification(ref)
        record("notification.opened", notification, purpose=TO_SCREEN)
        return self.show(notification)


class ChildRoute(HubView):
    """Where an adult who is named may be on the staff of the setting (MRC-18)."""

    template_name = "alerts/screening/child_route.html"

    def show(self, form: RouteForm | None = None) -> HttpResponse:
        notification = selectors.get_notification(self.kwargs["ref"], for_user=self.request.user)
        row = routing.child_to_route(notification, self.kwargs["position"], for_user=self.request.user)
        alike = routing.alike_at_settings(notification, [row]).get(row.position, [])
        form = form or RouteForm(initial={"to": row.route})
        return self.page({"notification": notification, "row": row, "alike": alike, "form": form})

    def get(self, request: SignedInRequest, ref: str, position: int) -> HttpResponse:
        return self.show()

    def post(self, request: SignedInRequest, ref: str, position: int) -> HttpResponse:
        notification, form = selectors.get_notification(ref, for_user=request.user), RouteForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        row = routing.route(notification, position=position, to=Route(form.cleaned_data["to"]), by=request.user)
        said = f"{row.get_route_display()}. {passed_over_words(row)}".strip()
        return self.done(said, "screening:notification", notification.ref)


class Screen(NotificationView, NextView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        notification = self.notification(ref)
        form = ScreenForm(request.POST, partnership=notification.partnership)
        if not form.is_valid():
            return self.show(notification, form)
        decided = form.cleaned_data
        try:
            services.screen(
                notification, **{**decided, "decision": Decision(decided["decision"])}, by=self.request.user
            )
        except Conflict as conflict:
            return self.kept_back(ref, decided, conflict)
        if request.POST.get("then") == "next":
            messages.success(request, f"Your decision on {notification.ref} is saved.")
            return self.next()
        return self.done(f"Your decision on {notification.ref} is saved.", "screening:queue")

    def kept_back(self, ref: str, decided: dict[str, Any], conflict: Conflict) -> HttpResponse:
        """Nothing of a colleague's is overwritten, nothing typed is lost: both are shown."""
        notification = self.notification(ref)
        typed = {name: decided[name] for name in ("level", "decision", "reason")}
        not_saved = {
            "level": policies.level_of(notification.partnership, decided["level"])["name"],
            "decision": Decision(decided["decision"]).label,
            "reason": decided["reason"],
        }
        not_saved["changes"] = self.changed_since(notification)
        return self.show(notification, self.form(notification, **typed), conflict=conflict, not_saved=not_saved)

    def changed_since(self, notification: Notification) -> list[Happened]:
        """Who did what since this person opened the page."""
        shown_at = _moment(self.request.POST.get("shown_at", ""))
        lines = history_of(notification, for_user=self.request.user)
        return [line for line in lines if shown_at and line.when > shown_at and not line.event.endswith(_JUST_LOOKED)]


class Same(NotificationView):
    """Two reports of one incident, by a person's word; and back (ALR-10)."""

    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str, other: str) -> HttpResponse:
        if request.POST.get("action") == "apart":
            unlink(ref=ref, other=other, by=request.user)
            return self.done(f"{ref} and {other} are two incidents.", "screening:notification", ref)
        link(ref=ref, other=other, by=request.user)
        return self.done(f"{ref} and {other} are marked as the same incident.", "screening:notification", ref)


class Claim(NotificationView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        notification = self.notification(ref)
        held_since = _moment(request.POST.get("held_since", ""))
        try:
            services.claim(notification=notification, by=self.request.user, held_since=held_since)
        except Conflict as conflict:
            return self.ask(ref, conflict)
        return self.done(f"You have claimed {notification.ref}.", "screening:notification", notification.ref)

    def ask(self, ref: str, conflict: Conflict) -> HttpResponse:
        """A colleague's claim is taken over knowingly or not at all."""
        notification = self.notification(ref)
        if policies.is_decided(notification):
            raise conflict
        self.template_name = "alerts/screening/claim_confirm.html"
        return self.page({"notification": notification}, status=409)


class Release(NotificationView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        notification = self.notification(ref)
        services.release(notification=notification, by=self.request.user)
        return self.done(f"You have released {notification.ref}.", "screening:notification", notification.ref)


def _moment(text: str) -> Any:
    """The claim that a colleague was shown, as its own time; nothing when somebody made it up."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None
