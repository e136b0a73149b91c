"""Pages on which the police, or the hub for them, correct or withdraw a notification; and the hub's second look."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone

from alerts.intake import corrections, selectors
from alerts.intake.entry import Entry, begun, typed
from alerts.intake.enums import Channel, WithdrawnBecause
from alerts.intake.forms import WithdrawForm
from alerts.intake.models import Notification
from alerts.intake.policies import check_can_amend, check_can_type_again, check_is_still
from alerts.intake.selectors import Sender
from alerts.intake.words import said
from alerts.screening.selectors import works_on_queue
from safeguarding.errors import NotVisible, Refused
from safeguarding.web.api.strict_json import canonical
from safeguarding.web.paging import keyset_page
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class AmendView(HubView):
    """For the force whose it is and the hub that received it; for everybody else it does not exist (NTK-01)."""

    request: SignedInRequest

    def notification(self, ref: str) -> Notification:
        notification = selectors.get_amendable(ref, for_user=self.request.user)
        check_can_amend(notification)
        return notification

    def back(self, notification: Notification) -> str:
        """To where this person reads it: the police to its state, the hub to the record."""
        handled = selectors.handles(notification, for_user=self.request.user)
        return "screening:notification" if handled else "intake:notification"


class Correct(AmendView):
    """The whole notification again, as it should have been; checked before it counts (ALR-01)."""

    template_name = "alerts/intake/notification_form.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        notification = self.notification(ref)
        return self.form(notification, self.entry(notification))

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        notification = self.notification(ref)
        check_is_still(notification, request.POST.get("generation", str(notification.generation)))
        action = request.POST.get("action")
        entry = self.entry(notification, request.POST.dict())
        if action not in ("check", "send"):
            entry.forget_errors()
            return self.form(notification, entry)
        if not entry.is_valid(now=timezone.localtime()):
            return self.form(notification, entry)
        return self.send(notification, entry) if action == "send" else self.check(notification, entry)

    def notification(self, ref: str) -> Notification:
        notification = super().notification(ref)
        check_can_type_again(*selectors.people_named(notification))
        return notification

    def entry(self, notification: Notification, data: dict[str, str] | None = None) -> Entry:
        """The hub has it before it while it is there; the police type it anew, for it is never read back (spec v1)."""
        before = selectors.content_for(notification, for_user=self.request.user)
        senders = [Sender(notification.source, notification.partnership)]
        if data is not None:
            return Entry(data, senders=senders, before=before)
        entry = Entry(typed(before) if before else begun(notification), senders=senders, before=before)
        entry.forget_errors()
        return entry

    def form(self, notification: Notification, entry: Entry) -> HttpResponse:
        return self.page({"form": entry, "correcting": notification, "back": self.back(notification)})

    def check(self, notification: Notification, entry: Entry) -> HttpResponse:
        self.template_name = "alerts/intake/notification_check.html"
        context = {"entry": entry, "content": entry.content, "warnings": entry.remarks}
        return self.page({**context, "correcting": notification})

    def send(self, notification: Notification, entry: Entry) -> HttpResponse:
        try:
            amendment = corrections.correct(
                notification,
                content=entry.content,
                body=canonical(entry.content.to_json()),
                channel=Channel.FORM,
                by=self.request.user,
            )
        except Refused as refusal:
            entry.incident.add_error("reference", refusal.sentence)
            return self.form(notification, entry)
        return self.done(_sentence(notification.ref, "corrected", amendment), self.back(notification), notification.ref)


def _sentence(ref: str, what: str, amendment: Any) -> str:
    told = amendment.settings_told
    if not told:
        return f"Notification {ref} is {what}. No setting had been told anything else."
    return f"Notification {ref} is {what}. {told} setting{'' if told == 1 else 's'} told."


class Withdraw(AmendView):
    """The question, and what follows from it, before it is done."""

    template_name = "alerts/intake/notification_withdraw.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        return self.ask(self.notification(ref), WithdrawForm())

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        notification = self.notification(ref)
        form = WithdrawForm(request.POST)
        if not form.is_valid():
            return self.ask(notification, form)
        amendment = corrections.withdraw(
            notification,
            because=WithdrawnBecause(form.cleaned_data["because"]),
            channel=Channel.FORM,
            by=request.user,
        )
        return self.done(_sentence(notification.ref, "withdrawn", amendment), self.back(notification), notification.ref)

    def ask(self, notification: Notification, form: WithdrawForm) -> HttpResponse:
        return self.page({"notification": notification, "form": form, "back": self.back(notification)})


class AmendmentList(HubView):
    """Corrections and withdrawals that came after the decision, oldest first (MSH-01)."""

    template_name = "alerts/intake/amendment_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        if not works_on_queue(request.user):
            raise NotVisible
        rows = selectors.to_look_at(for_user=request.user).select_related("notification", "source", "made_by")
        rows = rows.defer("notification__content")
        cursor = request.GET.get("cursor", "")
        page = keyset_page(rows, field="made_at", cursor=cursor, ascending=True)
        return self.page({"page": page, "rows": [said(each) for each in page]})


class LookedAgain(HubView):
    """The hub's alone: the force that said it has nothing to look at again (MSH-01, NTK-01)."""

    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        notification = selectors.get_amendable(ref, for_user=request.user)
        if not selectors.handles(notification, for_user=request.user):
            raise NotVisible
        for amendment in selectors.to_look_at(for_user=request.user).filter(notification=notification):
            corrections.look_again(amendment, by=request.user)
        return self.done(f"That you have looked at {notification.ref} again is saved.", "intake:amendments")
