"""Pages of the setting: the inbox and one alert."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils import timezone

from agreements.corrections.selectors import on_record
from alerts.conversations.selectors import on_alert
from alerts.conversations.services import remember_disclosures
from alerts.delivery.models import Alert
from alerts.delivery.recalls import same_incident
from alerts.readers.selectors import manage_ref
from alerts.response import guards, policies, selectors, services
from alerts.response.enums import InboxView
from alerts.response.forms import InboxFilter
from safeguarding.access.selectors import readers_of_alert
from safeguarding.audit.selectors import history_of
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
        settings = selectors.settings_read_for(self.request.user)
        selectors.check_has_inbox(self.request.user, settings)
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
                "settings": settings,
                "now": timezone.now(),
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


class AlertPage(HubView):
    """Opening it is remembered with its purpose, and shows to the hub (AUD-01, ALR-23)."""

    template_name = "alerts/response/alert_detail.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        alert = selectors.get_alert(ref, for_user=self.request.user)
        return self.show(services.open_alert(alert, by=self.request.user, purpose=TO_READ))

    def show(self, alert: Alert) -> HttpResponse:
        readers = readers_of_alert(alert, for_user=self.request.user)
        answers = selectors.may_answer(alert, for_user=self.request.user)
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
                "readers": readers,
                "said": said,
                "manage": manage_ref(alert, for_user=self.request.user),
                "mine": [reader for reader in readers if reader.user_id == self.request.user.pk],
                "corrections": on_record(alert.ref, for_user=self.request.user),
                "history": history_of(alert, for_user=self.request.user)[::-1],
                "answers": answers,
                "can_acknowledge": answers and policies.can_acknowledge(alert),
            }
        )


class Acknowledge(HubView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        alert = selectors.get_alert(ref, for_user=self.request.user)
        services.acknowledge(alert, by=self.request.user)
        return self.done(f"Alert {alert.ref} is acknowledged.", "response:alert", alert.ref)
