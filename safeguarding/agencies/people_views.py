"""For administrators and IG leads: who is cleared, suspended or due for review, and what is done about it (IGV-03, NTK-07)."""

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from safeguarding.agencies import reviews, selectors, suspension
from safeguarding.agencies.forms import ReasonForm
from safeguarding.agencies.models import Agency
from safeguarding.agencies.views import AgencyView
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class MyPeople(HubView):
    """To the people of the first agency that the person watches over."""

    def get(self, request: SignedInRequest) -> HttpResponse:
        agency = selectors.watched(request.user).first()
        if agency is None:
            raise Http404
        return HttpResponseRedirect(reverse("members:people", args=[agency.slug]))


class WatchedView(AgencyView):
    """Only for an administrator or the IG lead of this agency; to everybody else it is not there (NTK-01, IGV-03)."""

    def mine(self) -> QuerySet[Agency]:
        return selectors.watched(self.request.user)


class People(WatchedView):
    template_name = "agencies/people.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        suspended = selectors.open_suspensions(self.agency)
        members = selectors.colleagues(self.agency, for_user=request.user)
        rows = [{"member": member, "suspension": suspended.get(member.user.pk)} for member in members]
        return self.page(
            {
                "agency": self.agency,
                "agencies": list(selectors.watched(request.user)),
                "rows": rows,
                "waiting": len(reviews.open_items(self.agency)),
            }
        )


class Suspend(WatchedView):
    template_name = "agencies/person_suspend.html"

    def get(self, request: SignedInRequest, code: str) -> HttpResponse:
        return self.page({"agency": self.agency, "member": self.member(code), "form": ReasonForm()})

    def post(self, request: SignedInRequest, code: str) -> HttpResponse:
        member, form = self.member(code), ReasonForm(request.POST)
        if not form.is_valid():
            return self.page({"agency": self.agency, "member": member, "form": form})
        reason = form.cleaned_data["reason"]
        suspension.suspend(agency=self.agency, user=member.user, reason=reason, by=request.user)
        return self.done(
            f"{member.user.name} is suspended, and was signed out everywhere.", "members:people", self.agency.slug
        )


class Lift(WatchedView):
    template_name = "agencies/person_lift.html"

    def get(self, request: SignedInRequest, code: str) -> HttpResponse:
        return self.show(code, ReasonForm())

    def post(self, request: SignedInRequest, code: str) -> HttpResponse:
        form = ReasonForm(request.POST)
        if not form.is_valid():
            return self.show(code, form)
        held = self.held(code)
        suspension.lift(held, reason=form.cleaned_data["reason"], by=request.user)
        return self.done(f"The suspension of {held.user.name} is lifted.", "members:people", self.agency.slug)

    def held(self, code: str):  # type: ignore[no-untyped-def]  # a Suspension
        found = [each for each in selectors.open_suspensions(self.agency).values() if each.user.code == code]
        if not found:
            raise Http404
        return found[0]

    def show(self, code: str, form: ReasonForm) -> HttpResponse:
        return self.page({"agency": self.agency, "suspension": self.held(code), "form": form})


class ResetFactor(AgencyView):
    """A colleague has lost the second factor: an administrator takes it away, and the person is told (NTK-07)."""

    template_name = "agencies/member_reset.html"

    def get(self, request: SignedInRequest, code: str) -> HttpResponse:
        return self.page({"agency": self.agency, "member": self.member(code)})

    def post(self, request: SignedInRequest, code: str) -> HttpResponse:
        member = self.member(code)
        suspension.reset_second_factor(agency=self.agency, user=member.user, by=request.user)
        sentence = f"The second factor of {member.user.name} was removed. The next sign-in asks for a new one."
        return self.done(sentence, "members:list", self.agency.slug)


class Review(WatchedView):
    """The open review: everybody is confirmed with one press, but for those who are named to end (NTK-07)."""

    template_name = "agencies/review.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        items = reviews.open_items(self.agency)
        return self.page(
            {
                "agency": self.agency,
                "mine": [item for item in items if item.membership.user_id == request.user.pk],
                "items": [item for item in items if item.membership.user_id != request.user.pk],
                "progress": reviews.progress(self.agency),
                "may_end": selectors.administered(request.user).filter(pk=self.agency.pk).exists(),
            }
        )

    def post(self, request: SignedInRequest) -> HttpResponse:
        named = {item.code: item.pk for item in reviews.open_items(self.agency)}
        ended = {named[code] for code in request.POST.getlist("end") if code in named}
        confirmed, gone = reviews.decide(agency=self.agency, ended=ended, by=request.user)
        return self.done(f"{confirmed} confirmed, {gone} ended.", "members:review", self.agency.slug)
