"""The decisions to share about a case, for the pages of the rooms whose case it is."""

from typing import Any

from django import template
from django.template.context import Context

from agreements.decisions import selectors
from agreements.decisions.enums import Currency, Nature

register = template.Library()


@register.inclusion_tag("agreements/decisions/_about.html", takes_context=True)
def decisions_about(context: Context, ref: str, ask: Any = False) -> dict[str, Any]:
    """What was decided about this reference, as far as the reader may know; with `ask` a way to decide (SHR-01, SHR-02)."""
    return {"decisions": selectors.decisions_about(ref, for_user=context["request"].user), "ref": ref, "ask": ask}


@register.inclusion_tag("components/provenance.html")
def provenance(nature: str, currency: str, originator: str, on: Any = None, marking: str = "") -> dict[str, Any]:
    """What an item that was passed on is, whose it is and from when: {% provenance "fact" "current" "Police" day marking %} (SHR-08)."""
    said = (Nature(nature).label, Currency(currency).label)
    return {"said": said, "originator": originator, "on": on, "marking": marking}
