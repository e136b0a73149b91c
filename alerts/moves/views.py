"""Pages of transfers in the Hub: begin, send, cancel, receive, send back (ALR-28)."""

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property

from alerts.files.models import SafeguardingFile
from alerts.moves import outside, policies, receiving, selectors, services, supplements
from alerts.moves.forms import LeavingForm, ReceiveForm, RefuseForm
from alerts.moves.selectors import Found
from safeguarding.agencies.models import Agency
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class Transfers(HubView):
    template_name = "alerts/moves/transfer_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        page = selectors.transfers_page(for_user=request.user, cursor=request.GET.get("cursor", ""))
        selectors.remember_listing(page)
        today = timezone.localdate()
        rows = [(each, services.goes_to(each), policies.is_late(each, today)) for each in page]
        return self.page({"page": page, "rows": rows})


class Begin(HubView):
    """The child has left: when, why, and where to."""

    template_name = "alerts/moves/transfer_begin.html"

    @cached_property
    def file(self) -> SafeguardingFile:
        return selectors.file_to_move(self.kwargs["ref"], for_user=self.request.user)

    def show(self, form: LeavingForm, found: list[Agency] | None = None) -> HttpResponse:
        going = selectors.open_transfer_of(self.file, for_user=self.request.user)
        return self.page({"file": self.file, "form": form, "found": found, "going": going})

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        return self.show(LeavingForm(settings=[], initial={"left_on": timezone.localdate()}))

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        file, found = self.file, selectors.find_settings_anywhere(request.POST.get("search", ""))
        form = LeavingForm(request.POST, settings=[each for each in found if each.pk != file.controller_id])
        if request.POST.get("action") != "begin":
            form.forget_errors()
            return self.show(form, list(form.settings.values()))
        if not form.is_valid():
            return self.show(form, list(form.settings.values()) if request.POST.get("search") else None)
        transfer = services.begin(file, leaving=form.leaving, by=request.user)
        return self.done(
            "The transfer is begun. Nothing was sent yet: check it, then send it.", "moves:transfer", transfer.ref
        )


class TransferView(HubView):
    """One transfer, for both ends; absent and another setting's are the same (NTK-01)."""

    template_name = "alerts/moves/transfer_detail.html"

    @cached_property
    def found(self) -> Found:
        return selectors.get_transfer(self.kwargs["ref"], for_user=self.request.user)

    def show(self, **forms: Any) -> HttpResponse:
        transfer = self.found.transfer
        return self.page(
            {
                "found": self.found,
                "transfer": transfer,
                "goes_to": services.goes_to(transfer),
                "late": policies.is_late(transfer, timezone.localdate()),
                "arrived": supplements.arrived_before(transfer),
                **self.as_sender_reads(),
                **forms,
            }
        )

    def as_sender_reads(self) -> dict[str, Any]:
        """What stayed behind, and whether something is on its way already."""
        if not self.found.is_sender:
            return {}
        transfer, user = self.found.transfer, self.request.user
        going = selectors.open_transfer_of(transfer.file, for_user=user)
        return {"since": supplements.written_since(transfer, for_user=user), "going": going}

    def back(self, message: str) -> HttpResponse:
        return self.done(message, "moves:transfer", self.found.transfer.ref)

    def as_sender(self) -> None:
        if not self.found.is_sender:
            raise NotVisible

    def as_receiver(self) -> None:
        if not self.found.is_receiver:
            raise NotVisible


class TransferPage(TransferView):
    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        transfer = self.found.transfer
        at = transfer.controller_id if self.found.is_sender else transfer.recipient_id
        record("transfer.opened", transfer, purpose="Move a child's file", at=at)
        return self.show(receive_form=ReceiveForm(), refuse_form=RefuseForm())


class Send(TransferView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        self.as_sender()
        transfer = services.send(self.found.transfer, by=request.user)
        return self.back(f"The file is sent to {services.goes_to(transfer)}. You see here when receipt is given.")


class Cancel(TransferView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        self.as_sender()
        services.cancel(self.found.transfer, by=request.user)
        return self.back("The transfer is cancelled. The file stays with you.")


class Supplement(TransferView):
    """What was written since goes after it: begun here, looked at, then sent like any transfer."""

    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        self.as_sender()
        begun = services.begin_supplement(self.found.transfer, by=request.user)
        words = "The supplement is begun. Nothing was sent yet: check it, then send it."
        return self.done(words, "moves:transfer", begun.ref)


class NewLink(TransferView):
    """The first link ran out, or went to the wrong person."""

    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        self.as_sender()
        outside.send_link(self.found.transfer, by=request.user)
        return self.back("A new link is sent. The one before does not work any more.")


class Receive(TransferView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        self.as_receiver()
        form = ReceiveForm(request.POST)
        if not form.is_valid():
            return self.show(receive_form=form, refuse_form=RefuseForm())
        file = receiving.receive(self.found.transfer, by=request.user)
        return self.done("You have given receipt. The file is yours from now on.", "files:file", file.ref)


class Refuse(TransferView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        self.as_receiver()
        form = RefuseForm(request.POST)
        if not form.is_valid():
            return self.show(receive_form=ReceiveForm(), refuse_form=form)
        receiving.refuse(self.found.transfer, why=form.cleaned_data["why"], by=request.user)
        return self.back("It is sent back. The sending setting reads why.")
