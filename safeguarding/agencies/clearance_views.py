"""Training and terms: what I lack myself, and what an administrator records for colleagues (NTK-06, AGR-08, ALR-26)."""

from django.http import Http404, HttpResponse

from safeguarding.agencies import clearance, training
from safeguarding.agencies.forms import TrainingForm
from safeguarding.agencies.selectors import Member
from safeguarding.agencies.views import AgencyView
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class Clearance(HubView):
    """What is missing, how to mend it, and the terms to acknowledge here and now."""

    template_name = "agencies/clearance.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.page({"gaps": clearance.gaps(request.user), "standings": clearance.standings(request.user)})

    def post(self, request: SignedInRequest) -> HttpResponse:
        version = request.POST.get("version", "")
        if not version.isdecimal() or len(version) > 4:
            raise Http404
        terms = training.acknowledge(
            partnership=request.POST.get("partnership", ""), version=int(version), by=request.user
        )
        return self.done(f"You have acknowledged the terms of {terms.partnership.name}.", "members:clearance")


class Training(AgencyView):
    """A colleague's courses, and the form that records one (ALR-26)."""

    template_name = "agencies/member_training.html"

    def get(self, request: SignedInRequest, code: str) -> HttpResponse:
        return self.show(self.member(code), TrainingForm(agency=self.agency))

    def post(self, request: SignedInRequest, code: str) -> HttpResponse:
        member = self.member(code)
        form = TrainingForm(request.POST, agency=self.agency)
        if not form.is_valid():
            return self.show(member, form)
        training.record_training(agency=self.agency, user=member.user, by=request.user, **form.values)
        sentence = f"The course was recorded for {member.user.name}."
        return self.done(sentence, "members:training", self.agency.slug, code)

    def show(self, member: Member, form: TrainingForm) -> HttpResponse:
        standings = clearance.standings(member.user)
        return self.page({"agency": self.agency, "member": member, "form": form, "standings": standings})
