"""Pages of intake: own notifications, the form, files, and the child that waits for a person."""

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils import timezone

from alerts.intake import selectors
from alerts.intake.csv_upload import COLUMNS, NEEDED, Unreadable
from alerts.intake.entry import Entry
from alerts.intake.enums import Channel, DecisionReason, UploadStatus
from alerts.intake.forms import AT_HOME, ChildSettingsForm, MatchForm, UploadForm
from alerts.intake.selectors import Sender, Settled, Waiting
from alerts.intake.services import AlreadyReceived, Receipt, change_settings, decide_match, receive
from alerts.intake.uploads import take_file
from alerts.intake.words import said
from safeguarding.agencies.models import Agency
from safeguarding.agencies.selectors import find_settings, settings_by_urn
from safeguarding.errors import NotVisible
from safeguarding.web.api.strict_json import canonical
from safeguarding.web.paging import keyset_page
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class SenderView(HubView):
    """Pages for those who send notifications; for everybody else they do not exist (NTK-01)."""

    request: SignedInRequest

    def senders(self) -> list[Sender]:
        senders = selectors.senders_for(self.request.user)
        if not senders:
            raise NotVisible
        return senders


class NotificationList(SenderView):
    template_name = "alerts/intake/notification_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        self.senders()
        rows = selectors.sent_notifications(for_user=request.user)
        return self.page({"page": keyset_page(rows, field="received_at", cursor=request.GET.get("cursor", ""))})


class NotificationDetail(SenderView):
    """Status and times; the content is never read back (spec v1)."""

    template_name = "alerts/intake/notification_detail.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        notification = selectors.get_sent(ref, for_user=request.user)
        amendments = selectors.amendments_of(notification, for_user=request.user)
        return self.page({"notification": notification, "amendments": [said(each) for each in amendments]})


class NotificationNew(SenderView):
    """Type it in, check it, send it; every step works without JavaScript (ALR-01)."""

    template_name = "alerts/intake/notification_form.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.form(Entry(None, senders=self.senders()))

    def post(self, request: SignedInRequest) -> HttpResponse:
        entry = Entry(request.POST.dict(), senders=self.senders())
        action = request.POST.get("action")
        if action not in ("check", "send"):
            entry.forget_errors()
            return self.form(entry)
        if not entry.is_valid(now=timezone.localtime()):
            return self.form(entry)
        return self.send(entry) if action == "send" else self.check(entry)

    def form(self, entry: Entry) -> HttpResponse:
        return self.page({"form": entry})

    def check(self, entry: Entry) -> HttpResponse:
        self.template_name = "alerts/intake/notification_check.html"
        return self.page({"entry": entry, "content": entry.content, "warnings": entry.remarks})

    def send(self, entry: Entry) -> HttpResponse:
        try:
            receipt = self.receive(entry)
        except AlreadyReceived as error:
            entry.incident.add_error("reference", error.sentence)
            return self.form(entry)
        words = "received" if receipt.is_new else "received before; nothing was doubled"
        message = f"Notification {receipt.notification.ref} was {words}."
        return self.done(message, "intake:notification", receipt.notification.ref)

    def receive(self, entry: Entry) -> Receipt:
        sender = entry.incident.sender
        return receive(
            content=entry.content,
            body=canonical(entry.content.to_json()),
            source=sender.agency,
            partnership=sender.partnership,
            channel=Channel.FORM,
            by=self.request.user,
        )


class UploadList(SenderView):
    template_name = "alerts/intake/upload_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        self.senders()
        rows = selectors.uploads(for_user=request.user)
        return self.page({"page": keyset_page(rows, field="uploaded_at", cursor=request.GET.get("cursor", ""))})


class UploadNew(SenderView):
    template_name = "alerts/intake/upload_form.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.form(UploadForm(senders=self.senders()))

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = UploadForm(request.POST, request.FILES, senders=self.senders())
        if not form.is_valid():
            return self.form(form)
        try:
            upload = take_file(
                data=form.upload.read(), file_name=form.upload.name or "", sender=form.sender, by=request.user
            )
        except Unreadable as error:
            form.add_error("file", str(error))
            return self.form(form)
        return self.done("The file was received. Its rows go in now.", "intake:upload", upload.ref)

    def form(self, form: UploadForm) -> HttpResponse:
        return self.page({"form": form, "columns": COLUMNS, "needed": NEEDED})


class UploadDetail(SenderView):
    template_name = "alerts/intake/upload_detail.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        upload = selectors.get_upload(ref, for_user=request.user)
        return self.page({"upload": upload, "problems": selectors.problems_of(upload, for_user=request.user)})


class UploadProgress(SenderView):
    """The same numbers for the script that moves the bar."""

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        upload = selectors.get_upload(ref, for_user=request.user)
        return JsonResponse(
            {
                "total": upload.rows_total,
                "done": upload.rows_read,
                "words": f"{upload.rows_read:,} of {upload.rows_total:,} rows read",
                "finished": upload.status in (UploadStatus.DONE, UploadStatus.REFUSED),
            }
        )


class ChildMatch(HubView):
    """Both records side by side, and a person's decision with its reason (ALR-03)."""

    template_name = "alerts/intake/child_match.html"
    request: SignedInRequest

    def get(self, request: SignedInRequest, ref: str, position: int) -> HttpResponse:
        waiting = selectors.get_waiting(ref, position, for_user=request.user)
        return self.form(waiting, MatchForm(waiting=waiting, settings=offered(waiting), initial=first_choice(waiting)))

    def post(self, request: SignedInRequest, ref: str, position: int) -> HttpResponse:
        waiting = selectors.get_waiting(ref, position, for_user=request.user)
        found = find_settings(waiting.row.notification.partnership, request.POST.get("search", ""))
        form = MatchForm(request.POST, waiting=waiting, settings=offered(waiting, found))
        action = request.POST.get("action")
        if action not in ("check", "confirm"):
            form.forget_errors()
            return self.form(waiting, form, found=found)
        if not form.is_valid():
            return self.form(waiting, form, found=found)
        return self.decide(waiting, form) if action == "confirm" else self.check(waiting, form)

    def form(self, waiting: Waiting, form: MatchForm, *, found: list[Agency] | None = None) -> HttpResponse:
        return self.page({"waiting": waiting, "form": form, "found": found})

    def check(self, waiting: Waiting, form: MatchForm) -> HttpResponse:
        self.template_name = "alerts/intake/child_match_check.html"
        chosen = {**chosen_in(waiting, form), "reason": DecisionReason(form.cleaned_data["reason"]).label}
        return self.page({"waiting": waiting, "form": form, **chosen})

    def decide(self, waiting: Waiting, form: MatchForm) -> HttpResponse:
        chosen = chosen_in(waiting, form)
        decide_match(
            child=waiting.row,
            same_as=chosen["same_as"].child if chosen["same_as"] else None,
            setting=chosen["setting"],
            second=chosen["second"],
            nowhere=chosen["nowhere"],
            reason=DecisionReason(form.cleaned_data["reason"]),
            by=self.request.user,
        )
        return self.done("The decision on the child was saved.", "screening:notification", waiting.row.notification.ref)


class ChildSettings(HubView):
    """Before anything has left, the child goes elsewhere, or to two settings (ALR-03)."""

    template_name = "alerts/intake/child_settings.html"
    request: SignedInRequest

    def get(self, request: SignedInRequest, ref: str, position: int) -> HttpResponse:
        settled = selectors.get_settled(ref, position, for_user=request.user)
        first = {"setting": settled.where, "second": settled.row.second_setting and settled.row.second_setting.slug}
        return self.form(settled, ChildSettingsForm(settings=settled.settings, initial=first))

    def post(self, request: SignedInRequest, ref: str, position: int) -> HttpResponse:
        settled = selectors.get_settled(ref, position, for_user=request.user)
        found = find_settings(settled.row.notification.partnership, request.POST.get("search", ""))
        form = ChildSettingsForm(request.POST, settings=[*settled.settings, *found])
        if request.POST.get("action") != "save":
            form.forget_errors()
            return self.form(settled, form, found=found)
        if not form.is_valid():
            return self.form(settled, form, found=found)
        change_settings(child=settled.row, by=request.user, **form.chosen)
        return self.done("Where the child goes is saved.", "screening:notification", settled.row.notification.ref)

    def form(self, settled: Settled, form: ChildSettingsForm, *, found: list[Agency] | None = None) -> HttpResponse:
        return self.page({"settled": settled, "form": form, "found": found})


def chosen_in(waiting: Waiting, form: MatchForm) -> dict[str, Any]:
    """The candidate and setting that the form names; neither means a new record, or at home."""
    data = form.cleaned_data
    alike = {each.child.ref: each for each in waiting.alike}
    return {"same_as": alike.get(data.get("same_as", "")), **form.chosen}


def offered(waiting: Waiting, found: list[Agency] | None = None) -> list[Agency]:
    """The settings to choose from: the one named, those that candidates attend, and those just found."""
    named = waiting.person.setting
    urns = [named.urn] if named and named.urn else []
    by_urn = settings_by_urn(waiting.row.notification.partnership, urns) if urns else {}
    attended = [setting for alike in waiting.alike for setting in alike.settings]
    own = [*by_urn.values(), *waiting.attended, *attended, *(found or [])]
    return list({setting.pk: setting for setting in own}.values())


def first_choice(waiting: Waiting) -> dict[str, Any]:
    """Only what the police said is chosen beforehand; who the child is never is."""
    if waiting.person.home_educated:
        return {"setting": AT_HOME}
    return {"setting": waiting.row.setting.slug} if waiting.row.setting and not waiting.row.home_educated else {}
