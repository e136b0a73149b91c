"""The pages of a referral while it is written: the same for members and guests, one thing a page (MSH-05)."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from alerts.referrals import selectors, services
from alerts.referrals.drafts import Entry
from alerts.referrals.forms import NUMBERED, StepForm
from alerts.referrals.models import GuestReferrer, ReferralDraft
from safeguarding.access.principal import Principal, current
from safeguarding.access.rules import GUEST
from safeguarding.agencies.models import User
from safeguarding.guests.views import GuestView
from safeguarding.web.views import HubView


class DraftView(HubView):
    """A page of a draft; where the draft comes from, and who writes it, is said by the two classes below."""

    def draft(self) -> ReferralDraft:
        raise NotImplementedError  # each page below says it for itself

    @property
    def root(self) -> str:
        """Where the list of pages is."""
        raise NotImplementedError  # each page below says it for itself

    @property
    def writer(self) -> User | None:
        raise NotImplementedError  # each page below says it for itself

    @cached_property
    def entry(self) -> Entry:
        return Entry(self.draft())

    def show(self, **context: Any) -> HttpResponse:
        return self.page({"entry": self.entry, "root": self.root, "guest": self.writer is None, **context})

    def go(self, step: str = "") -> HttpResponse:
        return HttpResponseRedirect(f"{self.root}{step}/" if step else self.root)


class Own(DraftView):
    """A member's own draft; to everybody else it is not there (NTK-02)."""

    def draft(self) -> ReferralDraft:
        return selectors.get_draft(self.kwargs["ref"], for_user=self.request.user)

    @property
    def root(self) -> str:
        return reverse("referrals:draft", args=[self.entry.draft.ref])

    @property
    def writer(self) -> User | None:
        return self.request.user


class Guests(GuestView, DraftView):
    """The draft behind a guest's link and code (MSH-05)."""

    link: GuestReferrer

    def links(self) -> QuerySet[GuestReferrer]:
        return GuestReferrer.objects.select_related("partnership")

    def principal(self) -> Principal:
        asker = current()
        return Principal(
            service=GUEST, guest_id=self.link.pk, purpose="guest referral",
            remote_addr=asker.remote_addr, request_id=asker.request_id,
        )  # fmt: skip

    def over(self, request: HttpRequest) -> HttpResponse:
        self.template_name = "alerts/referrals/guest_over.html"
        return self.page(status=404)

    def why(self) -> str:
        return f"This link was sent to you so that you can refer a child to {self.link.partnership.name}."

    def draft(self) -> ReferralDraft:
        return services.begin_as_guest(self.link)

    @property
    def root(self) -> str:
        return reverse("referrals:guest", args=[self.token])

    @property
    def writer(self) -> User | None:
        return None


class Overview(DraftView):
    """The pages of the referral as a task list: what is done, what is missing (MSH-05)."""

    template_name = "alerts/referrals/draft_overview.html"

    def get(self, request: HttpRequest, **_: Any) -> HttpResponse:
        return self.show(tasks=self.entry.tasks())


class People(DraftView):
    """The children and adults of the referral, with a way to add another."""

    template_name = "alerts/referrals/draft_people.html"

    def get(self, request: HttpRequest, **_: Any) -> HttpResponse:
        entry = self.entry
        people = [
            (kind, [(step, entry.title(step), entry.is_whole(step)) for step in entry.numbered(kind)])
            for kind in NUMBERED
        ]
        more = {kind: entry.next_number(kind) for kind in NUMBERED}
        return self.show(people=dict(people), more_child=more["child"], more_adult=more["adult"])


class Step(DraftView):
    """One page; what was typed is kept whether it is right or not, so that nobody loses it (MSH-05)."""

    template_name = "alerts/referrals/draft_step.html"

    @property
    def step(self) -> str:
        return str(self.kwargs["step"])

    def get(self, request: HttpRequest, **_: Any) -> HttpResponse:
        form = self.entry.form(self.step)
        form.forget_errors() if form.is_bound else None
        return self.ask(form)

    def post(self, request: HttpRequest, **_: Any) -> HttpResponse:
        self.entry.form(self.step)
        draft = services.write(self.entry.draft, content=self.entry.keep(self.step, request.POST.dict()))
        self.entry = Entry(draft)
        if request.POST.get("action") == "keep":
            return HttpResponse(status=204)
        if request.POST.get("action") == "later":
            messages.success(request, "What you typed is saved. You can go on at any time.")
            return self.go()
        form = self.entry.form(self.step)
        return self.go(self.entry.after(self.step)) if form.is_valid() else self.ask(form)

    def ask(self, form: StepForm) -> HttpResponse:
        kind = self.step.rpartition("-")[0]
        back = f"{self.root}people/" if kind in NUMBERED else self.root
        return self.show(form=form, step=self.step, back=back, numbered=kind in NUMBERED)


class Remove(DraftView):
    """A child or adult that does not belong here."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, step: str, **_: Any) -> HttpResponse:
        if step.rpartition("-")[0] in NUMBERED:
            services.write(self.entry.draft, content=self.entry.without(step))
        return self.go("people")


class Check(DraftView):
    """All answers on one page, then the sending (MSH-05)."""

    template_name = "alerts/referrals/draft_check.html"

    def get(self, request: HttpRequest, **_: Any) -> HttpResponse:
        entry = self.entry
        missing = [(step, entry.title(step)) for step in entry.missing()]
        return self.show(sections=entry.sections(), missing=missing)

    def post(self, request: HttpRequest, **_: Any) -> HttpResponse:
        receipt = services.send(self.entry.draft, sent=self.entry.sent(), by=self.writer)
        # the way on is the link of the receipt: a guest's older one is worth nothing any more
        return HttpResponseRedirect(receipt.path)


class ThrowAway(DraftView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **_: Any) -> HttpResponse:
        services.throw_away(self.entry.draft)
        return self.done("The draft was thrown away. Nothing was sent.", "referrals:list")


class OwnOverview(Own, Overview):
    pass


class OwnPeople(Own, People):
    pass


class OwnStep(Own, Step):
    pass


class OwnRemove(Own, Remove):
    pass


class OwnCheck(Own, Check):
    pass


class OwnThrowAway(Own, ThrowAway):
    pass


class GuestPeople(Guests, People):
    pass


class GuestStep(Guests, Step):
    pass


class GuestRemove(Guests, Remove):
    pass


class GuestCheck(Guests, Check):
    pass


class GuestHome(Guests, Overview):
    """What the link is for now: a referral to write, or one that was sent, with its state and decision (MSH-05)."""

    def get(self, request: HttpRequest, **_: Any) -> HttpResponse:
        sent = selectors.referrals_of_guest(self.link)
        if sent:
            self.template_name = "alerts/referrals/referral_own.html"
            return self.page(selectors.own_page(sent[0]))
        return super().get(request)
