"""Signing, by a member or a guest; refusing, leaving, and what follows (AGR-02, AGR-05)."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from agreements.register import life, selectors, signing
from agreements.register.enums import ReturnState
from agreements.register.forms import GuestForm, GuestSignForm, ReasonForm, ReturnForm, SignForm
from agreements.register.models import GuestInvitation, ReturnTask, Signature
from agreements.register.views import AgreementView, party_of
from safeguarding.access.principal import Principal
from safeguarding.guests.views import GuestView, forget_code
from safeguarding.web.reauthentication import asked_again
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class PartyView(AgreementView):
    """One party of a version."""

    party: Signature

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.slug = kwargs.pop("slug")
        return super().dispatch(request, *args, **kwargs)

    def of_mine(self) -> Signature:
        """Only for who may sign for this agency; to everybody else it is not there."""
        found = (
            selectors.signable_by(self.request.user).filter(agreement=self.agreement, agency__slug=self.slug).first()
        )
        if found is None:
            raise Http404
        return found


class Sign(PartyView):
    """The text, then the signature; password or second factor is asked again before it is made (AGR-02)."""

    template_name = "agreements/register/agreement_sign.html"

    def get(self, request: SignedInRequest, **_: Any) -> HttpResponse:
        party = self.of_mine()
        initial = {"digest": self.agreement.digest, "ico_registration": party.agency.ico_registration}
        return self.page(self.context(party=party, form=SignForm(initial=initial)))

    def post(self, request: SignedInRequest, **_: Any) -> HttpResponseBase:
        party = self.of_mine()
        return asked_again(lambda request: self.sign(request, party))(request)

    def sign(self, request: SignedInRequest, party: Signature) -> HttpResponseBase:
        form = SignForm(request.POST)
        if not form.is_valid():
            return self.page(self.context(party=party, form=form))
        said = form.cleaned_data
        signatory = signing.Signatory(
            request.user.name, said["post"], request.user.email, said["capacity"], said["ico_registration"]
        )
        signed = signing.sign(party, signatory, digest=said["digest"], by=request.user)
        if hint := signing.ico_hint(signed.ico_registration):
            messages.info(request, hint)
        return self.to_agreement(f"You have signed version {self.agreement.version} for {party.agency.name}.")


class Check(PartyView):
    """Whether a signature is still what was signed; open to everybody who may read the register (AGR-02)."""

    template_name = "agreements/register/signature_check.html"

    def get(self, request: SignedInRequest, **_: Any) -> HttpResponse:
        party = party_of(self.agreement, self.slug)
        if party.signed_on is None:
            raise Http404
        return self.page(self.context(party=party, check=signing.check(party)))


class ReasonView(PartyView):
    """Something that is done with a reason."""

    template_name = "agreements/register/agreement_reason.html"
    title = button = warning = ""

    def get(self, request: SignedInRequest, **_: Any) -> HttpResponse:
        return self.show(self.of_mine(), ReasonForm())

    def post(self, request: SignedInRequest, **_: Any) -> HttpResponse:
        party, form = self.of_mine(), ReasonForm(request.POST)
        if not form.is_valid():
            return self.show(party, form)
        return self.to_agreement(self.act(party, form.cleaned_data["reason"]))

    def show(self, party: Signature, form: ReasonForm) -> HttpResponse:
        words = {"title": self.title, "button": self.button, "warning": self.warning}
        return self.page(self.context(party=party, form=form, **words))

    def act(self, party: Signature, reason: str) -> str:
        raise NotImplementedError  # each page below says what it does


class Refuse(ReasonView):
    title, button = "Refuse to sign", "Refuse to sign"
    warning = "Nothing is shared with your organisation under this agreement. You can still sign later."

    def act(self, party: Signature, reason: str) -> str:
        signing.refuse(party, reason=reason, by=self.request.user)
        return f"{party.agency.name} has refused to sign. The register says so."


class GiveNotice(ReasonView):
    title, button = "Give notice", "Give notice"
    warning = "The other parties are told. When the notice has run out, nothing more is shared with your organisation."

    def act(self, party: Signature, reason: str) -> str:
        left = life.give_notice(party, reason=reason, by=self.request.user).leaves_on
        assert left is not None
        return f"Notice was given. {party.agency.name} takes part until {left.day} {left:%B %Y}, that day included."


class TakeNoticeBack(PartyView):
    def post(self, request: SignedInRequest, **_: Any) -> HttpResponse:
        party = self.of_mine()
        life.take_notice_back(party, by=request.user)
        return self.to_agreement(f"The notice was taken back. The signature of {party.agency.name} stands.")


class InviteGuest(PartyView):
    """A signatory without an account gets a link."""

    template_name = "agreements/register/guest_invite.html"
    owners_only = True

    def get(self, request: SignedInRequest, **_: Any) -> HttpResponse:
        return self.page(self.context(party=party_of(self.agreement, self.slug), form=GuestForm()))

    def post(self, request: SignedInRequest, **_: Any) -> HttpResponse:
        party, form = party_of(self.agreement, self.slug), GuestForm(request.POST)
        if not form.is_valid():
            return self.page(self.context(party=party, form=form))
        signing.invite_guest(party, by=request.user, **form.cleaned_data)
        return self.to_agreement(f"A link to sign for {party.agency.name} was sent.")


class Guest(GuestView):
    """The text, then the signature, for who has the link and the code (AGR-02)."""

    template_name = "agreements/register/guest_sign.html"
    link: GuestInvitation

    def links(self) -> QuerySet[GuestInvitation]:
        return signing.open_invitations()

    def principal(self) -> Principal:
        return signing.as_guest()

    def over(self, request: HttpRequest) -> HttpResponse:
        self.template_name = "agreements/register/guest_over.html"
        return self.page(status=404)

    def why(self) -> str:
        return f"This link was sent to you so that you can sign {self.agreement.title}."

    def get(self, request: HttpRequest) -> HttpResponse:
        initial = {
            "digest": self.agreement.digest,
            "name": self.link.name,
            "ico_registration": self.link.signature.agency.ico_registration,
        }
        return self.show(GuestSignForm(initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = GuestSignForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        said = form.cleaned_data
        signatory = signing.Signatory(
            said["name"], said["post"], self.link.email, said["capacity"], said["ico_registration"]
        )
        signature = signing.sign_as_guest(self.link, signatory, digest=said["digest"])
        forget_code(request)
        self.template_name = "agreements/register/guest_done.html"
        return self.page({"signature": signature})

    @property
    def agreement(self) -> Any:
        return self.link.signature.agreement

    def show(self, form: GuestSignForm) -> HttpResponse:
        return self.page({"invitation": self.link, "agreement": self.agreement, "form": form})


class Returns(HubView):
    """What my agencies have to return or destroy after a withdrawal (AGR-05)."""

    template_name = "agreements/register/return_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.page({"tasks": selectors.return_tasks_of(request.user)[:200]})


class ConfirmReturn(HubView):
    template_name = "agreements/register/return_confirm.html"
    task: ReturnTask

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = selectors.return_tasks_of(self.request.user).filter(signature__agreement__ref=kwargs.pop("ref"))
        tasks = found.filter(signature__agency__slug=kwargs.pop("slug"), holder__slug=kwargs.pop("holder"))
        # who left twice has a task for each time: the one that waits comes before those that are confirmed
        task = tasks.filter(state=ReturnState.OPEN).first() or tasks.last()
        if task is None:
            raise Http404
        self.task = task
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.page({"task": self.task, "form": ReturnForm()})

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = ReturnForm(request.POST)
        if not form.is_valid():
            return self.page({"task": self.task, "form": form})
        life.confirm_return(self.task, by=request.user, **form.cleaned_data)
        return self.done("Confirmed.", "agreements:returns")
