"""Behind the link of a setting that is not in the Hub: what comes, the file itself, receipt (ALR-28)."""

import hashlib

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from alerts.moves import outside, paper, receiving, supplements
from alerts.moves.forms import GuestForm
from alerts.moves.models import Transfer, TransferLink
from alerts.moves.receiving import Receipt
from alerts.moves.selectors import contents_sent
from safeguarding.access.principal import Principal
from safeguarding.audit.record import record
from safeguarding.guests.views import GuestView, forget_code
from safeguarding.web.pdf import pdf_file


class Guest(GuestView):
    """The list of what was sent, and receipt; nothing of it is shown before the code (AGR-02, ALR-28)."""

    template_name = "alerts/moves/guest_receive.html"
    link: TransferLink

    def links(self) -> QuerySet[TransferLink]:
        return TransferLink.objects.all()

    def principal(self) -> Principal:
        return outside.as_guest()

    def over(self, request: HttpRequest) -> HttpResponse:
        self.template_name = "alerts/moves/guest_over.html"
        return self.page(status=404)

    def why(self) -> str:
        return "This link was sent to you so that you can receive a child's safeguarding file."

    @property
    def transfer(self) -> Transfer:
        return paper.transfer_of(self.link)

    def show(self, form: GuestForm) -> HttpResponse:
        transfer = self.transfer
        contents = contents_sent(transfer)
        digest = hashlib.sha256(paper.pdf_of(transfer, contents)).hexdigest()
        context = {"transfer": transfer, "items": contents.items, "arrived": supplements.arrived_before(transfer)}
        return self.page({**context, "form": form, "token": self.token, "pdf_digest": digest})

    def get(self, request: HttpRequest) -> HttpResponse:
        record("transfer.read", self.transfer, facts={"guest": self.link.pk})
        return self.show(GuestForm(initial={"name": self.link.name}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = GuestForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        said = form.cleaned_data
        receipt = Receipt(said["name"], said["post"])
        if said["answer"] == "ours":
            transfer = receiving.receive_as_guest(self.link, receipt)
        else:
            transfer = receiving.refuse_as_guest(self.link, receipt, why=said["why"])
        forget_code(request)
        self.template_name = "alerts/moves/guest_done.html"
        return self.page({"transfer": transfer})


class GuestPdf(Guest):
    """The file as a tagged PDF; its name says nothing of the child."""

    http_method_names = ["get"]

    def get(self, request: HttpRequest) -> HttpResponse:
        content = paper.download(self.link)
        return pdf_file(f"file-{self.transfer.ref}", content)
