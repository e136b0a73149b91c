"""The register's pages: reading, drafting, opening; signing and leaving are in views_signing.py (AGR-01, AGR-09)."""

import difflib
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from agreements.register import drafting, life, paper, policies, selectors
from agreements.register.enums import AgreementState, Standing
from agreements.register.forms import SECTIONS, ItemsForm, NewForm, PartyForm, VersionForm
from agreements.register.models import Agreement, Signature
from safeguarding.access.posts import agencies_where
from safeguarding.agencies.models import Agency
from safeguarding.agencies.selectors import members_of, partnerships_of, settings_of
from safeguarding.errors import NotVisible
from safeguarding.web.pdf import pdf_file
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView

COLOURS = {
    Standing.IN_FORCE: "green",
    Standing.REVIEW_DUE: "yellow",
    Standing.REVIEW_OVERDUE: "red",
    Standing.RUNNING_OUT: "orange",
    Standing.LAPSED: "red",
    Standing.DRAFT: "blue",
    Standing.NOT_YET: "light-blue",
}


def standing_of(agreement: Agreement) -> tuple[str, str]:
    """The standing in words, and the colour beside it."""
    standing = policies.standing(agreement, timezone.localdate())
    return str(standing.label), COLOURS.get(standing, "grey")


class Register(HubView):
    template_name = "agreements/register/agreement_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        found = list(
            selectors.register(for_user=request.user).order_by("partnership__name", "title", "-starts_on", "-pk")
        )
        rows = [(agreement, *standing_of(agreement)) for agreement in found]
        to_sign = selectors.signable_by(request.user).filter(state="invited", agreement__state=AgreementState.OPEN)
        return self.page(
            {
                "rows": rows,
                "to_sign": list(to_sign.order_by("agreement__title", "agency__name")),
                "tasks": selectors.return_tasks_of(request.user).filter(state="open").count(),
                "can_draft": bool(agencies_where(request.user, "agreement")),
            }
        )


class New(HubView):
    """An IG lead drafts for the agency where they are one."""

    template_name = "agreements/register/agreement_new.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        owner = Agency.objects.filter(pk__in=agencies_where(self.request.user, "agreement")).order_by("pk").first()
        if owner is None:
            raise Http404
        self.owner = owner
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.page({"form": NewForm(), "owner": self.owner})

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = NewForm(request.POST)
        if not form.is_valid():
            return self.page({"form": form, "owner": self.owner})
        partnership = partnerships_of(self.owner)[0]
        made = drafting.draft(partnership=partnership, owner=self.owner, by=request.user, **form.cleaned_data)
        return self.done("The draft was begun. Fill in each section.", "agreements:agreement", made.ref)


class AgreementView(HubView):
    """One version that the reader's partnerships have; to everybody else it is not there (AGR-09, NTK-01)."""

    agreement: Agreement
    owners_only = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.agreement = selectors.agreement_by_ref(kwargs.pop("ref"), for_user=self.request.user)
            if self.owners_only:
                selectors.check_owns(self.agreement, for_user=self.request.user)
        except NotVisible:
            raise Http404 from None
        return super().dispatch(request, *args, **kwargs)

    def context(self, **more: Any) -> dict[str, Any]:
        words, colour = standing_of(self.agreement)
        return {"agreement": self.agreement, "standing": words, "colour": colour, **more}

    def to_agreement(self, sentence: str) -> HttpResponse:
        return self.done(sentence, "agreements:agreement", self.agreement.ref)


class AgreementPage(AgreementView):
    template_name = "agreements/register/agreement_detail.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        mine = selectors.signable_by(request.user).filter(agreement=self.agreement).order_by("agency__name")
        owns = selectors.owns(self.agreement, for_user=request.user)
        return self.page(self.context(**self.said(), mine=list(mine), owns=owns))

    def said(self) -> dict[str, Any]:
        agreement, parties = self.agreement, selectors.parties_of(self.agreement)
        items = list(agreement.items.order_by("key"))
        return {
            "parties": parties,
            "signed": [party for party in parties if party.state == "signed"],
            "items": items,
            "sections": [(key, form.title) for key, form in SECTIONS.items()],
            "missing": policies.missing_for_signing(agreement, [item.key for item in items], parties),
            "words": selectors.words_of(agreement),
        }


class AgreementText(AgreementView):
    """The very words that are signed, with their digest (AGR-02)."""

    template_name = "agreements/register/agreement_text.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.page(self.context())


class AgreementPdf(AgreementView):
    """The whole of it on paper, tagged, for partners (AGR-01, AGR-09)."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        return pdf_file(f"agreement-{self.agreement.ref}", paper.agreement_pdf(self.agreement, at=timezone.now()))


class Publishable(AgreementView):
    """A copy for the public: no names of people, no contacts (AGR-09)."""

    template_name = "agreements/register/agreement_publishable.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.page(
            self.context(parties=selectors.parties_of(self.agreement), words=selectors.public_words_of(self.agreement))
        )


class Compare(AgreementView):
    """What a version changes, line by line, against the one that it follows."""

    template_name = "agreements/register/agreement_compare.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        old = self.agreement.supersedes
        if old is None:
            raise Http404
        before, after = (selectors.text_now(each).splitlines() for each in (old, self.agreement))
        lines = [(line[:1], line[2:]) for line in difflib.ndiff(before, after) if line[:1] != "?"]
        return self.page(self.context(old=old, lines=lines))


class Section(AgreementView):
    """One section of a draft."""

    template_name = "agreements/register/agreement_section.html"
    owners_only = True

    def get(self, request: SignedInRequest, section: str) -> HttpResponse:
        form_class = self.form_class(section)
        return self.page(
            self.context(form=form_class(initial=form_class.initial_of(self.agreement)), title=form_class.title)
        )

    def post(self, request: SignedInRequest, section: str) -> HttpResponse:
        form = self.form_class(section)(request.POST)
        if not form.is_valid():
            return self.page(self.context(form=form, title=form.title))
        if isinstance(form, ItemsForm):
            drafting.list_items(self.agreement, form.items, by=request.user)
        else:
            drafting.write(self.agreement, form.cleaned_data, by=request.user)
        return self.to_agreement("Saved.")

    def form_class(self, section: str) -> Any:
        found = ItemsForm if section == "items" else SECTIONS.get(section)
        if found is None:
            raise Http404
        return found


class Parties(AgreementView):
    """Who takes part, and as what; every setting of the partnership can be named at once."""

    template_name = "agreements/register/agreement_parties.html"
    owners_only = True

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.show(PartyForm())

    def post(self, request: SignedInRequest) -> HttpResponse:
        if "every_setting" in request.POST:
            count = drafting.name_every_setting(self.agreement, by=request.user)
            return self.done(f"{count} settings were added.", "agreements:parties", self.agreement.ref)
        form = PartyForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        found = self.agencies(form.cleaned_data.pop("agency"))
        if len(found) != 1:
            names = ", ".join(agency.name for agency in found[:5])
            nobody = "No agency of the partnership has this name or URN"
            form.add_error("agency", f"More than one has this in its name: {names}" if found else nobody)
            return self.show(form)
        drafting.name_party(self.agreement, found[0], by=request.user, **form.cleaned_data)
        return self.done(f"{found[0].name} was added.", "agreements:parties", self.agreement.ref)

    def agencies(self, text: str) -> list[Agency]:
        members = members_of(self.agreement.partnership)
        exact = members.filter(Q(name__iexact=text) | Q(urn=text))
        return list(exact or members.filter(name__icontains=text).order_by("name")[:6])

    def show(self, form: PartyForm) -> HttpResponse:
        settings = settings_of(self.agreement.partnership).count()
        return self.page(self.context(form=form, parties=selectors.parties_of(self.agreement), settings=settings))


class Open(AgreementView):
    """From here on the text is fixed, and every party is asked to sign."""

    owners_only = True

    def post(self, request: SignedInRequest) -> HttpResponse:
        drafting.open_for_signing(self.agreement, by=request.user)
        return self.to_agreement("Opened for signature. Every party has been asked to sign.")


class Abandon(AgreementView):
    owners_only = True

    def post(self, request: SignedInRequest) -> HttpResponse:
        drafting.abandon(self.agreement, by=request.user)
        return self.done("The draft was abandoned. It stays in the register.", "agreements:register")


class NextVersion(AgreementView):
    template_name = "agreements/register/agreement_next.html"
    owners_only = True

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.page(self.context(form=VersionForm()))

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = VersionForm(request.POST)
        if not form.is_valid():
            return self.page(self.context(form=form))
        made = drafting.draft_next(self.agreement, version=form.cleaned_data["version"], by=request.user)
        return self.done("The new version was begun, with all that this one says.", "agreements:agreement", made.ref)


class Review(AgreementView):
    owners_only = True

    def post(self, request: SignedInRequest) -> HttpResponse:
        reviewed = life.review(self.agreement, by=request.user)
        assert reviewed.review_due_on is not None
        due = reviewed.review_due_on
        return self.to_agreement(f"The review was recorded. The next one is due on {due.day} {due:%B %Y}.")


def redirect_to(agreement: Agreement) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("agreements:agreement", args=[agreement.ref]))


def party_of(agreement: Agreement, slug: str) -> Signature:
    found = next((party for party in selectors.parties_of(agreement) if party.agency.slug == slug), None)
    if found is None:
        raise Http404
    return found
