"""Pages of the ready documents, and of where families find help."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from alerts.documents import policies, selectors, services
from alerts.documents.enums import CONFIRMED_YEARLY, DocumentKind
from alerts.documents.forms import ConfirmForm, DetailsForm, ServiceForm, TextForm
from alerts.documents.selectors import Desk
from alerts.documents.texts import FIELDS
from safeguarding.agencies.models import Partnership
from safeguarding.errors import NotVisible
from safeguarding.web.pdf import document as as_pdf
from safeguarding.web.pdf import pdf_file
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class Mine(HubView):
    """Leads to the setting's documents; somebody of several settings chooses one."""

    template_name = "alerts/documents/setting_choose.html"
    title, where = "Documents", "documents:list"

    def get(self, request: SignedInRequest) -> HttpResponse:
        desks = selectors.desks_of(request.user)
        if not desks:
            raise NotVisible
        if len(desks) == 1:
            return HttpResponseRedirect(reverse(self.where, args=[desks[0].setting.slug]))
        return self.page({"desks": desks, "title": self.title, "where": self.where})


class DeskView(HubView):
    """Only for who looks after the setting's documents; to everybody else they are not there (NTK-01)."""

    @cached_property
    def desk(self) -> Desk:
        return selectors.get_desk(self.kwargs["slug"], for_user=self.request.user)

    @cached_property
    def document(self) -> selectors.Document:
        return selectors.document(self.desk, self.kwargs["kind"])

    def show(self, **context: Any) -> HttpResponse:
        return self.page({"setting": self.desk.setting, "partnership": self.desk.partnership, **context})

    def back(self, message: str) -> HttpResponse:
        return self.done(message, "documents:document", self.desk.setting.slug, self.kwargs["kind"])


class Documents(DeskView):
    template_name = "alerts/documents/document_list.html"

    def get(self, request: SignedInRequest, slug: str) -> HttpResponse:
        details = selectors.details_of(self.desk.setting)
        return self.show(documents=selectors.documents_of(self.desk), details=details)


class Details(DeskView):
    template_name = "alerts/documents/details_form.html"

    def get(self, request: SignedInRequest, slug: str) -> HttpResponse:
        said = selectors.details_of(self.desk.setting)
        names = ("signed_by", "signed_as", "phone", "website")
        initial = {name: getattr(said, name) for name in names} if said else {"phone": self.desk.setting.phone}
        return self.show(form=DetailsForm(initial={**initial, "leads": "\n".join(said.leads) if said else ""}))

    def post(self, request: SignedInRequest, slug: str) -> HttpResponse:
        form = DetailsForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        services.say_details(self.desk, by=request.user, **form.cleaned_data)
        return self.done("The details are saved, and stand in every document.", "documents:list", slug)


class DocumentPage(DeskView):
    template_name = "alerts/documents/document_detail.html"

    def get(self, request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
        return self.show(
            document=self.document,
            yearly=kind in CONFIRMED_YEARLY,
            gaps=selectors.BLANK in self.document.text,
            publications=selectors.publications_of(self.desk, kind),
        )


class Pdf(DeskView):
    """The document as a PDF, to print or to attach (ALR-25)."""

    def get(self, request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
        words = {
            "title": str(self.document.kind.label),
            "setting": self.desk.setting.name,
            "paragraphs": self.document.text.split("\n\n"),
        }
        return pdf_file(f"{slug}-{kind}", as_pdf("setting_document", words, at=timezone.now()))


class Edit(DeskView):
    template_name = "alerts/documents/text_form.html"

    def show_form(self, form: TextForm) -> HttpResponse:
        return self.show(form=form, document=self.document, fields=FIELDS)

    def get(self, request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
        return self.show_form(TextForm(initial={"text": selectors.source_of(self.desk, self.document.kind)}))

    def post(self, request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
        form = TextForm(request.POST)
        if not form.is_valid():
            return self.show_form(form)
        services.write_own(self.desk, kind=self.document.kind, text=form.cleaned_data["text"], by=request.user)
        return self.back("The words are saved for this setting.")


class Reset(DeskView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
        services.write_own(self.desk, kind=self.document.kind, text="", by=request.user)
        return self.back("This document has the partnership's words again.")


class Confirm(DeskView):
    template_name = "alerts/documents/publication_form.html"

    def get(self, request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
        return self.show(form=ConfirmForm(), document=self.document)

    def post(self, request: SignedInRequest, slug: str, kind: str) -> HttpResponse:
        form = ConfirmForm(request.POST)
        if not form.is_valid():
            return self.show(form=form, document=self.document)
        services.confirm(self.desk, kind=kind, by=request.user, **form.cleaned_data)
        return self.back("It is on record that this document is out. You are asked again in a year.")


class WordingView(HubView):
    """Only for managers of the hub (NTK-01)."""

    @cached_property
    def partnership(self) -> Partnership:
        return selectors.worded_by(self.request.user)

    def show(self, **context: Any) -> HttpResponse:
        return self.page({"partnership": self.partnership, **context})


class Words(WordingView):
    """The partnership's words, and which settings have said that theirs are out (ALR-25)."""

    template_name = "alerts/documents/wording_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        confirmed = selectors.confirmations(self.partnership)
        return self.show(
            kinds=list(DocumentKind),
            yearly=[kind.label for kind in CONFIRMED_YEARLY],
            confirmed=confirmed,
            complete=sum(all(live for *_, live in each.days) for each in confirmed),
        )


class Word(WordingView):
    template_name = "alerts/documents/wording_form.html"

    def show_form(self, form: TextForm, kind: str) -> HttpResponse:
        if kind not in DocumentKind.values:
            raise NotVisible
        return self.show(form=form, kind=DocumentKind(kind), fields=FIELDS)

    def get(self, request: SignedInRequest, kind: str) -> HttpResponse:
        text = selectors.wording(self.partnership, kind) if kind in DocumentKind.values else ""
        return self.show_form(TextForm(initial={"text": text}), kind)

    def post(self, request: SignedInRequest, kind: str) -> HttpResponse:
        form = TextForm(request.POST)
        if not form.is_valid() or kind not in DocumentKind.values:
            return self.show_form(form, kind)
        services.word(self.partnership, kind=kind, text=form.cleaned_data["text"], by=request.user)
        return self.done("The partnership's words are changed.", "documents:words")


class Support(HubView):
    """Where families find help, for everybody with work in the partnership (ALR-27)."""

    template_name = "alerts/documents/support_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        partnership = selectors.partnership_of_reader(request.user)
        sections = [section for section in selectors.support_of(partnership) if section.services]
        return self.page({"partnership": partnership, "sections": sections})


class SupportDesk(WordingView):
    template_name = "alerts/documents/support_desk.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        today = timezone.localdate()
        rows = [
            (service, policies.is_stale(service.checked_on, today))
            for section in selectors.support_of(self.partnership)
            for service in section.services
        ]
        return self.show(rows=rows)


class AddService(WordingView):
    template_name = "alerts/documents/support_form.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.show(form=ServiceForm())

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = ServiceForm(request.POST)
        if not form.is_valid():
            return self.show(form=form)
        listed = services.list_service(self.partnership, by=request.user, **form.cleaned_data)
        return self.done(f"{listed.name} is listed.", "documents:support_desk")


class ServiceAct(WordingView):
    """Checked again, or gone: two buttons beside each entry of the list."""

    http_method_names = ["post"]

    def post(self, request: SignedInRequest, act: str) -> HttpResponse:
        service = selectors.service_called(
            self.partnership, request.POST.get("for_whom", ""), request.POST.get("name", "")
        )
        if act == "checked":
            services.check_service(service, by=request.user)
            return self.done(f"{service.name} was checked today.", "documents:support_desk")
        services.retire_service(service, by=request.user)
        return self.done(f"{service.name} is listed no more.", "documents:support_desk")
