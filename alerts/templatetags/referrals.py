"""Where a referral stands, in one word for every page that shows it."""

from django import template
from django.utils.safestring import SafeString

from alerts.referrals.enums import ReferralState
from alerts.screening.enums import Rag
from safeguarding.web.templatetags.hub import tag

register = template.Library()

_RAG = {Rag.RED: ("Red", "red"), Rag.AMBER: ("Amber", "yellow"), Rag.GREEN: ("Green", "green")}
_STATE = {
    ReferralState.RECEIVED: ("Received", "blue"),
    ReferralState.TRIAGED: ("Triaged", "teal"),
    ReferralState.DECIDED: ("Decided, not told", "yellow"),
    ReferralState.TOLD: ("Told", "green"),
    ReferralState.CLOSED: ("Closed", "grey"),
}


@register.simple_tag
def rag_tag(rag: str) -> SafeString:
    """{% rag_tag referral.rag %}; before somebody has looked there is none."""
    return tag(*_RAG[Rag(rag)]) if rag else tag("To triage", "purple")


@register.simple_tag
def state_tag(state: str) -> SafeString:
    """{% state_tag referral.state %}"""
    return tag(*_STATE[ReferralState(state)])
