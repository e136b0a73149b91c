"""Pages of missing episodes: the list, one episode, its return and its interview (ALR-02, rules.md)."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property

from alerts.missing import policies, selectors, services
from alerts.missing.enums import EpisodeState, InterviewOutcome, ToldBy
from alerts.missing.forms import InterviewForm, ReturnForm, now_in_boxes
from alerts.missing.models import MissingEpisode
from safeguarding.audit.record import record
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class EpisodeList(HubView):
    template_name = "alerts/missing/episode_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        state = request.GET.get("state", "")
        page = selectors.page_of(state=state, cursor=request.GET.get("cursor", ""), for_user=request.user)
        tabs = [{"title": "All", "href": "?", "active": state not in EpisodeState.values}]
        tabs += [
            {"title": title, "href": f"?state={value}", "active": state == value}
            for value, title in (("missing", "Missing"), ("returned", "Interview to offer"), ("offered", "Offered"))
        ]
        return self.page({"page": page, "tabs": tabs, "days": policies.PATTERN_DAYS})


class EpisodeView(HubView):
    @cached_property
    def episode(self) -> MissingEpisode:
        return selectors.get_episode(self.kwargs["ref"], for_user=self.request.user)

    def back(self, message: str) -> HttpResponse:
        return self.done(message, "missing:episode", self.episode.ref)


class Episode(EpisodeView):
    template_name = "alerts/missing/episode_detail.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        episode = self.episode
        record("episode.opened", episode, purpose="Look after a missing child")
        return self.page(
            {
                "episode": episode,
                "lately": selectors.pattern_of([episode])[episode.pk],
                "days": policies.PATTERN_DAYS,
                "late": policies.interview_is_late(episode, timezone.now()),
                "interviews": selectors.interviews_for(episode, request.user),
                "contact": selectors.query_contact(episode),
            }
        )


class Step(EpisodeView):
    """One short form; what is refused stands above it, and nothing typed is lost."""

    template_name = "alerts/missing/step_form.html"
    heading = ""

    def allowed(self) -> bool:
        return True

    def form(self, data: Any = None) -> forms.Form:
        raise NotImplementedError  # each page below says it for itself

    def do(self, form: Any) -> str:
        raise NotImplementedError  # each page below says it for itself

    def ask(self, form: forms.Form, *, status: int = 200) -> HttpResponse:
        if not self.allowed():
            raise NotVisible
        return self.page({"episode": self.episode, "form": form, "heading": self.heading}, status=status)

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        return self.ask(self.form())

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        form = self.form(request.POST)
        if not (self.allowed() and form.is_valid()):
            return self.ask(form)
        try:
            return self.back(self.do(form))
        except (Refused, Conflict) as refusal:
            form.add_error(None, refusal.sentence)
            return self.ask(form, status=409)


class Return(Step):
    heading = "The child is back"

    def form(self, data: Any = None) -> forms.Form:
        return ReturnForm(data, initial=now_in_boxes())

    def do(self, form: Any) -> str:
        told_by = ToldBy(form.cleaned_data["told_by"])
        services.record_return(self.episode, returned_at=form.moment(), told_by=told_by, by=self.request.user)
        return "The return is recorded, and the authority is asked to offer the return interview."


class Interview(Step):
    heading = "Return interview"

    def allowed(self) -> bool:
        return selectors.interviews_for(self.episode, self.request.user)

    def form(self, data: Any = None) -> forms.Form:
        return InterviewForm(data)

    def do(self, form: Any) -> str:
        outcome = InterviewOutcome(form.cleaned_data["outcome"])
        services.close(self.episode, outcome=outcome, held_at=form.moment(), by=self.request.user)
        return "What came of the return interview is recorded."


class Offer(EpisodeView):
    http_method_names = ["post"]

    def post(self, request: SignedInRequest, ref: str) -> HttpResponse:
        services.offer_interview(self.episode, by=request.user)
        return self.back("It is recorded that the return interview was offered.")
