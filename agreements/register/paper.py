"""The agreement on paper: what its PDF says, as data for the template (AGR-01, AGR-09)."""

import datetime as dt
from typing import Any

from django.utils import timezone

from agreements.register import policies, selectors
from agreements.register.models import Agreement, Signature
from safeguarding.web.pdf import document


def agreement_pdf(agreement: Agreement, *, at: dt.datetime) -> bytes:
    """Every field, every party and who signed for it; for partners, never for the public (AGR-09)."""
    return document("agreement", said(agreement, timezone.localdate(at)), at=at)


def said(agreement: Agreement, today: dt.date) -> dict[str, Any]:
    standing = policies.standing(agreement, today)
    return {
        "title": agreement.title,
        "version": agreement.version,
        "partnership": agreement.partnership.name,
        "reference": agreement.ref,
        "marking": agreement.marking,
        "made": spoken(today),
        "standing": f"{standing.label}.",
        "parties": [_party(party) for party in selectors.parties_of(agreement)],
        "sections": [{"title": title, "lines": lines} for title, lines in selectors.words_of(agreement) if lines],
        "digest": agreement.digest,
    }


def _party(party: Signature) -> dict[str, str]:
    lines = [party.get_state_display()]
    if party.signed_on:
        lines = [f"Signed {spoken(party.signed_on)}"]
    if party.signatory:
        lines.append(f"{party.signatory}, {party.post}, {party.get_capacity_display()}")
    if party.leaves_on:
        lines.append(f"Takes part until {spoken(party.leaves_on)}")
    return {
        "name": party.agency.name,
        "ico": party.ico_registration or party.agency.ico_registration,
        "role": party.get_role_display(),
        "controllership": party.get_controllership_display(),
        "state": "; ".join(lines),
    }


def spoken(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"
