"""Pages of intelligence packages: composed by senior staff of the hub, read by one team (MSH-04)."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from agreements.decisions.selectors import NotDecided, recipient
from alerts.requests import paper, selectors, services
from alerts.requests.enums import PackageState
from alerts.requests.forms import PackageForm, PackForm, TeamForm
from alerts.requests.models import HeldItem, InformationRequest, Package
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible, Refused
from safeguarding.web.pdf import pdf_file
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class Compose(HubView):
    template_name = "alerts/requests/package_form.html"

    @cached_property
    def asked(self) -> InformationRequest:
        if not selectors.may_compose(self.request.user):
            raise NotVisible
        return selectors.get_request(self.kwargs["ref"], for_user=self.request.user)

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        return self.page({"form": PackageForm(), "asked": self.asked})

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        form = PackageForm(request.POST)
        if not form.is_valid():
            return self.page({"form": form, "asked": self.asked})
        made = services.compose(self.asked, summary=form.cleaned_data["summary"], by=request.user)
        return self.done("The package is begun. Choose what goes into it.", "requests:package", made.ref)


def _named(item: HeldItem) -> str:
    return f"{item.ask.ref}/{item.position}"


class PackageView(HubView):
    @cached_property
    def package(self) -> Package:
        return selectors.get_package(self.kwargs["ref"], for_user=self.request.user)

    @cached_property
    def composes(self) -> bool:
        return selectors.may_compose(self.request.user)

    def back(self, message: str) -> HttpResponse:
        return self.done(message, "requests:package", self.package.ref)


class PackagePage(PackageView):
    """For the hub what it holds and what may be added; for the team the package; each opening is remembered (AUD-01)."""

    template_name = "alerts/requests/package_detail.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        record("package.opened", self.package, purpose="Read an intelligence package", at=self.package.sent_to_id)
        package, user = self.package, request.user
        composing = self.composes and package.state == PackageState.DRAFT
        sending = self.composes and package.state == PackageState.SETTLED
        addable = selectors.can_be_packed(package, for_user=user) if composing else []
        decided = selectors.decided_to_send(package, for_user=user) if sending else None
        items = selectors.packed_with_names if composing else selectors.packed
        return self.page(
            {
                "package": package,
                "asked": selectors.request_of(package, for_user=user),
                "items": items(package, for_user=user),
                "composing": composing,
                "addable": bool(addable),
                "pack_form": PackForm(choices=[(_named(i), f"{i.originator}: {i.text[:120]}") for i in addable]),
                "sending": sending,
                "decided": decided,
                "team_form": TeamForm(
                    teams=selectors.teams_of(package) if sending else [],
                    initial={"team": decided.recipient.slug if decided and decided.recipient else ""},
                ),
            }
        )


class ComposerView(PackageView):
    """For senior staff of the hub alone; to an officer, or the team that it reached, these handles are not there (MSH-04)."""

    http_method_names = ["post"]

    @cached_property
    def package(self) -> Package:
        if not self.composes:
            raise NotVisible
        return selectors.get_package(self.kwargs["ref"], for_user=self.request.user)


class Pack(ComposerView):
    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        addable = {_named(item): item for item in selectors.can_be_packed(self.package, for_user=request.user)}
        form = PackForm(request.POST, choices=[(name, name) for name in addable])
        if not form.is_valid():
            raise Refused("Choose at least one item. Nothing was added.")
        services.pack(self.package, items=[addable[name] for name in form.cleaned_data["items"]], by=request.user)
        return self.back("What you chose is in the package.")


class LeaveOut(ComposerView):
    """One item is taken out again; it is named by its answer, for its place on the page may be another's by now."""

    def post(self, request: SignedInRequest, ref: str, ask: str, position: int) -> HttpResponse:
        packed = selectors.get_packed(self.package, ask, position, for_user=request.user)
        services.leave_out(self.package, positions=[packed], by=request.user)
        return self.back("The item was left out.")


class Settle(ComposerView):
    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        services.settle(self.package, by=request.user)
        return self.back("The package is settled. Send it to the team that works with the family.")


class Drop(ComposerView):
    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        services.drop(self.package, by=request.user)
        return self.back("The package is dropped. Nothing was sent.")


class Send(ComposerView):
    """Without a decision to share with this team the way leads there first, and back (SHR-01)."""

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        form = TeamForm(request.POST, teams=selectors.teams_of(self.package))
        if not form.is_valid():
            raise Refused("Choose the team. Nothing was sent.")
        team = recipient(self.package.partnership, form.cleaned_data["team"])
        try:
            services.send(self.package, to=team, by=request.user)
        except NotDecided as refusal:
            return self.decide(team.slug, refusal)
        return self.back(f"The package has been sent to {team.name}.")

    def decide(self, slug: str, refusal: NotDecided) -> HttpResponse:
        query = {
            "about": self.package.ref,
            "to": slug,
            "items": ",".join(selectors.TOLD_BY_A_PACKAGE),
            "next": reverse("requests:package", args=[self.package.ref]),
        }
        link = f"{reverse('decisions:new')}?{urlencode(query)}"
        context = {"package": self.package, "sentence": refusal.sentence, "link": link}
        self.template_name = "alerts/requests/package_decide.html"
        return self.page(context, status=409)


class Paper(PackageView):
    """The package as a tagged PDF with its marking on every page (SHR-09)."""

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        items = selectors.packed(self.package, for_user=request.user)
        record("package.printed", self.package, at=self.package.sent_to_id)
        return pdf_file(f"package-{self.package.ref}", paper.package(self.package, items, at=timezone.now()))
