"""Pages of who can see a record, of what was shared, and of emergencies."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property

from agreements.decisions.subjects import way_to_decide
from alerts.readers import policies, selectors, services
from alerts.readers.elsewhere import shut_out_where_it_came_from
from alerts.readers.enums import EmergencyBecause, Finding
from alerts.readers.forms import EmergencyForm, GiveForm, LiftForm, ReviewForm, ShutOutForm, suggested_day
from alerts.readers.models import BreakGlass
from alerts.readers.selectors import Found, Subject
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible, Refused
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class SubjectView(HubView):
    """Only for who may let in or shut out; to everybody else the record is not there (NTK-01)."""

    @cached_property
    def subject(self) -> Subject:
        return selectors.get_subject(self.kwargs["ref"], for_user=self.request.user)

    def show(self, **context: Any) -> HttpResponse:
        elsewhere = shut_out_where_it_came_from(self.subject)
        return self.page({"subject": self.subject, "record": self.subject.record, "elsewhere": elsewhere, **context})

    def back(self, message: str) -> HttpResponse:
        return self.done(message, "readers:access", self.subject.record.ref)

    def found(self) -> Found:
        return selectors.get_person(self.subject, self.kwargs["agency"], self.kwargs["code"])


class Access(SubjectView):
    template_name = "alerts/readers/access_detail.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        return self.show(
            readers=self.subject.readers,
            grants=[(grant, policies.can_withdraw(grant)) for grant in selectors.grants_of(self.subject)],
            exclusions=selectors.exclusions_of(self.subject) if self.subject.may_shut_out else [],
        )


class Find(SubjectView):
    """Finding the colleague, by name and agency: people with like names are told apart (NTK-03)."""

    template_name = "alerts/readers/person_find.html"
    to_shut_out = False

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        if not (self.subject.may_shut_out if self.to_shut_out else self.subject.may_share):
            raise NotVisible
        text = request.GET.get("name", "").strip()
        people = selectors.find_people(self.subject, text)
        return self.show(people=people, text=text, shutting=self.to_shut_out, most=selectors.MOST_FOUND)


class Give(SubjectView):
    template_name = "alerts/readers/grant_form.html"

    def get(self, request: SignedInRequest, **_: str) -> HttpResponse:
        partnership = self.subject.record.partnership
        try:
            selectors.check_decided(self.subject, self.found().agency)
        except Refused:
            return HttpResponseRedirect(self.way_to_decide())
        form = GiveForm(partnership=partnership, initial={"until": suggested_day(partnership)})
        return self.ask(form)

    def way_to_decide(self) -> str:
        """Somebody of another body: that is a disclosure, and is decided first (SHR-02)."""
        agency = self.found().agency
        items = selectors.disclosed(self.subject, agency)
        return way_to_decide(self.subject.record.ref, to=agency, items=items, back=self.request.path)

    def ask(self, form: GiveForm) -> HttpResponse:
        if not self.subject.may_share:
            raise NotVisible
        return self.show(found=self.found(), form=form)

    def post(self, request: SignedInRequest, **_: str) -> HttpResponse:
        form, found = GiveForm(request.POST, partnership=self.subject.record.partnership), self.found()
        if not form.is_valid():
            return self.ask(form)
        services.let_in(self.subject, person=found.user, agency=found.agency, by=request.user, **form.cleaned_data)
        return self.back(f"{found.user.name} of {found.agency.name} has access, and was told by e-mail.")


class Withdraw(SubjectView):
    template_name = "alerts/readers/grant_withdraw.html"

    def get(self, request: SignedInRequest, ref: str, code: str) -> HttpResponse:
        return self.show(grant=selectors.get_grant(self.subject, code))

    def post(self, request: SignedInRequest, ref: str, code: str) -> HttpResponse:
        grant = selectors.get_grant(self.subject, code)
        services.withdraw(self.subject, grant=grant, by=request.user)
        return self.back(f"{grant.user.name} has no access any more.")


class ShutOut(SubjectView):
    template_name = "alerts/readers/exclusion_form.html"

    def form(self, data: Any = None) -> ShutOutForm:
        if not self.subject.may_shut_out:
            raise NotVisible
        return ShutOutForm(data, subject=self.subject, children=selectors.children_of(self.subject))

    def get(self, request: SignedInRequest, **_: str) -> HttpResponse:
        return self.show(found=self.found(), form=self.form())

    def post(self, request: SignedInRequest, **_: str) -> HttpResponse:
        form, found = self.form(request.POST), self.found()
        if not form.is_valid():
            return self.show(found=found, form=form)
        services.shut_out(self.subject, person=found.user, by=request.user, **form.decided)
        return self.back(f"{found.user.name} is shut out.")


class Lift(SubjectView):
    template_name = "alerts/readers/exclusion_lift.html"

    def get(self, request: SignedInRequest, ref: str, exclusion: str) -> HttpResponse:
        return self.show(exclusion=selectors.get_exclusion(self.subject, exclusion), form=LiftForm())

    def post(self, request: SignedInRequest, ref: str, exclusion: str) -> HttpResponse:
        found, form = selectors.get_exclusion(self.subject, exclusion), LiftForm(request.POST)
        if not form.is_valid():
            return self.show(exclusion=found, form=form)
        services.lift(self.subject, exclusion=found, because=form.cleaned_data["because"], by=request.user)
        return self.back(f"{found.user.name} is no longer shut out.")


class SharedWithMe(HubView):
    template_name = "alerts/readers/shared_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        shared = selectors.shared_with(request.user)
        selectors.remember_shared(shared)
        return self.page({"shared": shared})


class SharedNotification(HubView):
    """What the police sent, read by who was let in by name; the opening is remembered (NTK-03, AUD-01)."""

    template_name = "alerts/readers/notification_shared.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        shared = selectors.get_shared_notification(ref, for_user=request.user)
        services.remember_shared_opening(shared)
        readers = selectors.readers_of_notification(shared.notification, for_user=request.user)
        return self.page({"shared": shared, "notification": shared.notification, "readers": readers})


class Emergency(HubView):
    """The interruption: what it means, why, and only then the record (NTK-05)."""

    template_name = "alerts/readers/emergency_form.html"

    def show(self, form: EmergencyForm) -> HttpResponse:
        if not selectors.may_break_glass(self.request.user):
            raise NotVisible
        return self.page({"form": form})

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.show(EmergencyForm())

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = EmergencyForm(request.POST)
        if not form.is_valid():
            return self.show(form)
        asked = form.cleaned_data
        why = EmergencyBecause(asked["because"])
        item = services.break_glass(asked["ref"], because=why, reason=asked["reason"], by=request.user)
        if item is None:
            form.not_there()
            return self.show(form)
        return HttpResponseRedirect(services.path_of(item))


class Reviews(HubView):
    template_name = "alerts/readers/review_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        found = selectors.reviews(for_user=request.user)
        selectors.remember_reviews(found)
        return self.page(
            {"open": [(glass, policies.is_overdue(glass)) for glass in found.open], "closed": found.closed}
        )


class Review(HubView):
    template_name = "alerts/readers/review_detail.html"

    def show(self, glass: BreakGlass, form: ReviewForm) -> HttpResponse:
        return self.page(
            {
                "glass": glass,
                "form": form,
                "running": policies.is_running(glass),
                "overdue": policies.is_overdue(glass),
                "can_review": policies.can_review(glass, by=self.request.user),
                "own": glass.user_id == self.request.user.pk,
            }
        )

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        glass = selectors.get_glass(ref, for_user=request.user)
        record("glass.opened", glass, at=glass.review_agency_id)
        return self.show(glass, ReviewForm())

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        glass, form = selectors.get_glass(ref, for_user=request.user), ReviewForm(request.POST)
        if not form.is_valid():
            return self.show(glass, form)
        finding = Finding(form.cleaned_data["finding"])
        services.review(glass, finding=finding, note=form.cleaned_data["note"], by=request.user)
        return self.done(f"The review of {glass.ref} is closed.", "readers:reviews")


class EndGlass(HubView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        glass = selectors.get_glass(ref, for_user=request.user)
        services.end_glass(glass, by=request.user)
        return self.done(f"The access of {glass.user.name} has ended.", "readers:review", glass.ref)
