"""Members of my agency, and the door by which an invited person comes in (NTK-07)."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.contrib.auth import login, logout
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from safeguarding.agencies import policies, selectors, services, tokens
from safeguarding.agencies.forms import InviteForm, JoinForm, RolesForm
from safeguarding.agencies.models import Agency, Invitation, User
from safeguarding.agencies.selectors import Member
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class MyMembers(HubView):
    """To the members of the first agency that the person administers."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        agency = selectors.administered(request.user).first()
        if agency is None:
            raise Http404
        return HttpResponseRedirect(reverse("members:list", args=[agency.slug]))


class AgencyView(HubView):
    """Only for an administrator of this agency; to everybody else it is not there (NTK-01, NTK-02)."""

    agency: Agency

    def mine(self) -> QuerySet[Agency]:
        return selectors.administered(self.request.user)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.agency = get_object_or_404(self.mine(), slug=kwargs.pop("slug"))
        return super().dispatch(request, *args, **kwargs)

    def member(self, code: str) -> Member:
        found = selectors.colleague(self.agency, code, for_user=self.request.user)
        if found is None:
            raise Http404
        return found


class Members(AgencyView):
    template_name = "agencies/member_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        text = request.GET.get("name", "").replace("\x00", "").strip()
        members = selectors.colleagues(self.agency, for_user=request.user, text=text)
        return self.page(
            {
                "agency": self.agency,
                "agencies": list(selectors.administered(request.user)),
                "members": members[: selectors.MOST_MEMBERS],
                "more": len(members) > selectors.MOST_MEMBERS,
                "invitations": selectors.open_invitations(self.agency).select_related("invited_by"),
                "text": text,
            }
        )


class Invite(AgencyView):
    template_name = "agencies/member_invite.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.page({"agency": self.agency, "form": InviteForm(agency=self.agency)})

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = InviteForm(request.POST, agency=self.agency)
        if not form.is_valid():
            return self.page({"agency": self.agency, "form": form})
        email, roles = form.cleaned_data["email"], form.cleaned_data["roles"]
        services.invite(agency=self.agency, email=email, roles=roles, by=request.user)
        return self.done(f"Invitation sent to {email.lower()}.", "members:list", self.agency.slug)


class Withdraw(AgencyView):
    def post(self, request: SignedInRequest, code: str) -> HttpResponse:
        invitation = selectors.invitation(self.agency, code)
        if invitation is None:
            raise Http404
        services.withdraw(invitation, by=request.user)
        return self.done(f"The invitation of {invitation.email} was withdrawn.", "members:list", self.agency.slug)


class Roles(AgencyView):
    template_name = "agencies/member_roles.html"

    def get(self, request: SignedInRequest, code: str) -> HttpResponse:
        member = self.member(code)
        form = RolesForm(agency=self.agency, held=member.roles, initial={"roles": [str(role) for role in member.roles]})
        return self.page({"agency": self.agency, "member": member, "form": form})

    def post(self, request: SignedInRequest, code: str) -> HttpResponse:
        member = self.member(code)
        form = RolesForm(request.POST, agency=self.agency, held=member.roles)
        if not form.is_valid():
            return self.page({"agency": self.agency, "member": member, "form": form})
        roles = form.cleaned_data["roles"]
        lost = services.change_roles(agency=self.agency, user=member.user, roles=roles, by=request.user)
        ended = f" {', '.join(role.label for role in lost)} ended and cannot be given back here." if lost else ""
        return self.leave_or_list(member, f"The roles of {member.user.name} were changed.{ended}")

    def leave_or_list(self, member: Member, sentence: str) -> HttpResponse:
        """An administrator who took the role from herself has no list to go back to."""
        if selectors.administered(self.request.user).filter(pk=self.agency.pk).exists():
            return self.done(sentence, "members:list", self.agency.slug)
        return self.done(sentence, "account")


class End(AgencyView):
    template_name = "agencies/member_end.html"

    def get(self, request: SignedInRequest, code: str) -> HttpResponse:
        return self.page({"agency": self.agency, "member": self.member(code)})

    def post(self, request: SignedInRequest, code: str) -> HttpResponse:
        member = self.member(code)
        services.end_membership(agency=self.agency, user=member.user, by=request.user)
        if member.user == request.user:
            logout(request)
            return HttpResponseRedirect(reverse("account_login"))
        sentence = f"{member.user.name} has left {self.agency.name}, and was signed out everywhere."
        return self.done(sentence, "members:list", self.agency.slug)


class Join(HubView):
    """Behind the link of an invitation; a used, withdrawn, late or invented link opens nothing (NTK-07)."""

    template_name = "agencies/invitation_accept.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = Invitation.objects.select_related("agency").filter(digest=tokens.digest_of(kwargs.pop("token"))).first()
        if found is None or not policies.is_open(found):
            self.template_name = "agencies/invitation_over.html"
            return self.page(status=404)
        self.invitation = found
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(JoinForm(email=self.invitation.email))

    def post(self, request: HttpRequest) -> HttpResponse:
        if self.situation != "new":
            return self.join_as_myself()
        form = JoinForm(request.POST, email=self.invitation.email)
        if not form.is_valid():
            return self.show(form)
        name, password = form.cleaned_data["name"], form.cleaned_data["password"]
        user = services.accept(self.invitation, name=name, password=password)
        login(request, user, backend=BACKEND)
        # she has just chosen her password: setting up the second factor need not ask for it again
        record_authentication(request, user, method="password", reauthenticated=True)
        return HttpResponseRedirect(reverse("home"))

    def join_as_myself(self) -> HttpResponse:
        if self.situation != "mine":
            return self.show(JoinForm(email=self.invitation.email), status=403)
        services.accept(self.invitation, by=self.request.user)
        messages.success(self.request, f"You have joined {self.invitation.agency.name}.")
        return HttpResponseRedirect(reverse("home"))

    @property
    def situation(self) -> str:
        """Whose invitation it is, seen from who looks: mine, another's, a known person's, or a new one's."""
        if self.request.user.is_authenticated:
            return "mine" if self.request.user.email == self.invitation.email else "another"
        known = User.objects.filter(email=self.invitation.email, is_active=True).exists()
        return "known" if known else "new"

    def show(self, form: JoinForm, *, status: int = 200) -> HttpResponse:
        context = {"invitation": self.invitation, "situation": self.situation, "form": form}
        return self.page(context, status=status)
