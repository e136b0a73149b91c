"""Pages of strategy discussions: the list, one discussion, its record; each change is one short form (STR)."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.functional import cached_property

from alerts.strategy import calendar, following, policies, selectors, services, story
from alerts.strategy.enums import InvitationState
from alerts.strategy.selectors import Seen
from safeguarding.access.selectors import readers_of_discussion
from safeguarding.audit.record import record
from safeguarding.errors import Conflict, HubError, NotVisible, Refused
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class DiscussionList(HubView):
    template_name = "alerts/strategy/discussion_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        open_only = request.GET.get("view", "open") != "all"
        page = selectors.page_of(open_only=open_only, cursor=request.GET.get("cursor", ""), for_user=request.user)
        tabs = [
            {"title": "Open", "href": "?view=open", "active": open_only},
            {"title": "All", "href": "?view=all", "active": not open_only},
        ]
        return self.page({"page": page, "tabs": tabs, "can_ask": selectors.authorities_of(request.user).exists()})


class DiscussionView(HubView):
    """One discussion as this reader may see it; to everybody else it is not there (NTK-01)."""

    @cached_property
    def seen(self) -> Seen:
        return selectors.see(self.kwargs["ref"], for_user=self.request.user)

    def show(self, *, status: int = 200, **context: Any) -> HttpResponse:
        return self.page({"seen": self.seen, "discussion": self.seen.discussion, **context}, status=status)

    def back(self, message: str) -> HttpResponse:
        return self.done(message, "strategy:discussion", self.seen.discussion.ref)


class Discussion(DiscussionView):
    template_name = "alerts/strategy/discussion_detail.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        seen = self.seen
        record("discussion.opened", seen.discussion, purpose="Take part", at=seen.mine.agency_id if seen.mine else None)
        return self.show(
            readers=readers_of_discussion(seen.discussion, for_user=request.user),
            story=story.of(seen),
            next=story.next_steps(seen),
            can_answer=seen.mine is not None
            and policies.allows(policies.check_can_answer, seen.mine, InvitationState.DEPUTY),
            can_raise=seen.mine is not None and policies.allows(policies.check_can_raise, seen.discussion),
        )


class Record(DiscussionView):
    """The record; the first opening by who took part is its receipt (STR-02)."""

    template_name = "alerts/strategy/record_detail.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        seen = self.seen
        if seen.record is None:
            raise NotVisible
        if seen.mine is not None and seen.mine.record_sent_at is not None:
            following.open_record(seen, by=request.user)
        else:
            record("discussion.record_opened", seen.discussion, purpose="Write or check the record")
        return self.show(decisions=story.decisions_of(seen.record))


class CalendarFile(DiscussionView):
    """A file for one's calendar: that there is a discussion, when, and its reference; no name of anybody (STR-01)."""

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        discussion = self.seen.discussion
        if discussion.starts_at is None:
            raise NotVisible
        answer = HttpResponse(
            calendar.invitation(discussion), content_type="text/calendar; charset=utf-8; method=PUBLISH"
        )
        answer["Content-Disposition"] = f'attachment; filename="strategy-discussion-{discussion.ref}.ics"'
        return answer


class Find(DiscussionView):
    """Finding whom to invite, by name and agency: people with like names are told apart (STR-01)."""

    template_name = "alerts/strategy/person_find.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        if not (self.seen.authority and self.seen.is_open):
            raise NotVisible
        text = request.GET.get("name", "").strip()
        people = selectors.find_people(self.seen.discussion, text, for_user=request.user)
        return self.show(people=people, text=text)


class Deputy(DiscussionView):
    """Finding a colleague of one's own agency who comes instead (STR-01)."""

    template_name = "alerts/strategy/deputy_find.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        if self.seen.mine is None:
            raise NotVisible
        text = request.GET.get("name", "").strip()
        return self.show(people=selectors.colleagues_of(self.seen.mine, text), text=text)


class Answer(DiscussionView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        if self.seen.mine is None:
            raise NotVisible
        comes = request.POST.get("answer") == InvitationState.ACCEPTED
        state = InvitationState.ACCEPTED if comes else InvitationState.DECLINED
        services.answer(self.seen.mine, state=state, by=request.user)
        return self.back(
            "Your answer is saved: you take part." if comes else "Your answer is saved: you cannot take part."
        )


class Uninvite(DiscussionView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str, code: str) -> HttpResponse:
        invitation = selectors.get_invitation(self.seen, code)
        services.withdraw_invitation(self.seen.discussion, invitation=invitation, by=request.user)
        return self.back(f"The invitation of {invitation.user.name} is withdrawn.")


class TakeBack(DiscussionView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str, dissent: str) -> HttpResponse:
        following.take_back(selectors.get_dissent(self.seen, dissent), by=request.user)
        return self.back("You have taken it back. That you raised it stays in the record.")


class Step(DiscussionView):
    """One short form that changes the discussion. What is refused stands above the form, and nothing typed is lost."""

    template_name = "alerts/strategy/step_form.html"
    heading = ""
    button = "Save"
    lead = ""
    for_manager = True

    def allowed(self) -> bool:
        return self.seen.manager if self.for_manager else self.seen.authority

    def form(self, data: Any = None) -> forms.Form:
        raise NotImplementedError

    def do(self, form: Any) -> str:
        """Does it, and says in a sentence what was done."""
        raise NotImplementedError

    def get(self, request: SignedInRequest, **_: str) -> HttpResponse:
        return self.ask(self.form())

    def stands(self) -> list[tuple[str, str]]:
        """What a colleague saved and this form would replace, for who is overtaken; where nothing stands, they start again."""
        return []

    def ask(self, form: forms.Form, *, status: int = 200, overtaken: bool = False) -> HttpResponse:
        """Somebody who is overtaken can save over it once it stands beside what they typed, and not before."""
        if not self.allowed():
            raise NotVisible
        stands = self.stands() if overtaken else []
        now = self.seen.discussion.version
        words = {"heading": self.heading, "button": self.button, "lead": self.lead, "stands": stands}
        return self.show(
            form=form, version=self.version if form.is_bound and not stands else now, status=status,
            overtaken=overtaken, **words,
        )  # fmt: skip

    def post(self, request: SignedInRequest, **_: str) -> HttpResponse:
        if not self.allowed():
            raise NotVisible
        form = self.form(request.POST)
        if not form.is_valid():
            return self.ask(form)
        try:
            return self.back(self.do(form))
        except (Refused, Conflict) as refusal:
            return self.refused_in(form, refusal)

    def refused_in(self, form: forms.Form, refusal: HubError) -> HttpResponse:
        form.add_error(None, refusal.sentence)
        changed = self.version != self.seen.discussion.version
        return self.ask(form, status=409, overtaken=isinstance(refusal, Conflict) and changed)

    @property
    def version(self) -> int:
        """The discussion as it was when the form was drawn: a colleague's change is read first."""
        typed = self.request.POST.get("version", "")
        return int(typed) if typed.isdecimal() else 0
