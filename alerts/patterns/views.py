"""Pages of places and patterns: trends for the hub, a form for every professional (MSH-10)."""

from typing import Any

from django.http import HttpResponse

from alerts import small_numbers
from alerts.intake.forms import sender_key
from alerts.patterns import selectors, services
from alerts.patterns.forms import PatternForm
from alerts.referrals.selectors import senders_for
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible, Refused
from safeguarding.web.requests import SignedInRequest
from safeguarding.web.views import HubView


class PatternList(HubView):
    template_name = "alerts/patterns/pattern_list.html"

    def get(self, request: SignedInRequest) -> HttpResponse:
        selectors.check_may_look(request.user)
        page = selectors.pattern_page(for_user=request.user, cursor=request.GET.get("cursor", ""))
        hub = selectors.is_hubs(request.user)
        trends = selectors.trends(for_user=request.user) if hub else None
        return self.page({"page": page, "hub": hub, "trends": trends, "rule": small_numbers.RULE})


class PatternNew(HubView):
    """A text that names a child is refused with a sentence, and stays in the form (MSH-10)."""

    template_name = "alerts/patterns/pattern_form.html"

    def form(self, data: Any = None) -> PatternForm:
        self.senders = {sender_key(each): each for each in senders_for(self.request.user)}
        if not self.senders:
            raise NotVisible
        choices = [(key, f"{each.agency.name}, to {each.partnership.name}") for key, each in self.senders.items()]
        return PatternForm(data, choices=choices)

    def get(self, request: SignedInRequest) -> HttpResponse:
        return self.page({"form": self.form()})

    def post(self, request: SignedInRequest) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.page({"form": form})
        sender = self.senders[form.cleaned_data.get("sender") or next(iter(self.senders))]
        try:
            pattern = services.record_pattern(sender=sender, by=request.user, **form.noted)
        except Refused as refusal:
            record("pattern.refused", sender.partnership, outcome="denied", at=sender.agency.pk)
            form.add_error("what", refusal.sentence)
            return self.page({"form": form})
        return self.done(f"{pattern.ref} is recorded. Thank you.", "patterns:list")


class PatternPage(HubView):
    template_name = "alerts/patterns/pattern_detail.html"

    def get(self, request: SignedInRequest, ref: str) -> HttpResponse:
        pattern = selectors.get_pattern(ref, for_user=request.user)
        record("pattern.opened", pattern, purpose="Read what is known of a place or pattern")
        return self.page({"pattern": pattern})
