"""Referrals as people make them: a draft, its steps, and the sending."""

import datetime as dt
from typing import Any

from alerts.intake.selectors import Sender
from alerts.models import GuestReferrer, Referral, ReferralDraft
from alerts.referrals import drafts, services
from alerts.referrals.enums import Outcome
from alerts.referrals.selectors import get_referral
from alerts.screening.enums import Rag
from safeguarding.access.principal import Principal, acting_as
from safeguarding.agencies.models import Agency, User
from tests.factories import World
from tests.support.db import as_user

CHILD = {
    "born": "yes",
    "given_name": "Ottoline",
    "family_name": "Quarrendon",
    "date_of_birth_0": "4",
    "date_of_birth_1": "5",
    "date_of_birth_2": "2016",
}
UNBORN = {"born": "no", "family_name": "Quarrendon", "due_on_0": "1", "due_on_1": "3", "due_on_2": "2027"}
UNDATED = {"born": "yes", "given_name": "Ottoline", "family_name": "Quarrendon", "estimated_age": "9"}
STEPS: dict[str, dict[str, str]] = {
    "you": {
        "name": "Wren Oakley",
        "post": "Class teacher",
        "phone": "01632 960999",
        "knows": "Taught her for two years",
    },
    "family": {"address": "1 Invented Road", "household": "Mother and an uncle"},
    "worries": {"worries": "CANARY worries"},
    "working": {"working": "Grandmother visits each day"},
    "needs": {"needs": "Somebody has to see the child at home"},
    "score": {"score": "7", "why": "It has become worse"},
    "done": {"done": "Talked with the mother", "others": ""},
    "consent": {"consent": "not_sought"},
    "without": {"because": "risk", "explain": "He reads her telephone", "agreed_by": "The head", "family_knows": "no"},
}


def steps(*children: dict[str, str], **changes: dict[str, str]) -> dict[str, Any]:
    """Everything that a whole referral needs, as a browser would post it page by page."""
    numbered = {f"child-{number}": child for number, child in enumerate(children or (CHILD,), 1)}
    return {**STEPS, **numbered, **changes}


def begun(world: World, by: User, agency: Agency, content: dict[str, Any] | None = None) -> ReferralDraft:
    draft = services.begin(sender=Sender(agency, world.partnership), by=by)
    return services.write(draft, content=steps() if content is None else content)


def referred(world: World, by: User | None = None, agency: Agency | None = None, *children: dict[str, str]) -> Referral:
    """Sent by the DSL of the first school, if nobody else is named; as the person who sent it sees it."""
    by, agency = by or world.dsl, agency or world.school
    with as_user(by):
        draft = begun(world, by, agency, steps(*children))
        receipt = services.send(draft, sent=drafts.Entry(draft).sent(), by=by)
        return get_referral(receipt.referral.ref, for_user=by)


def as_guest(link: GuestReferrer) -> Any:
    return acting_as(Principal(service="guest", guest_id=link.pk, purpose="guest referral"))


def fresh(referral: Referral, user: User) -> Referral:
    return get_referral(referral.ref, for_user=user)


def triaged(world: World, referral: Referral, rag: Rag = Rag.AMBER) -> Referral:
    with as_user(world.officer):
        seen = fresh(referral, world.officer)
        services.triage(seen, rag=rag, reason="CANARY triage", version=seen.version, by=world.officer)
        return fresh(referral, world.officer)


def decided(world: World, referral: Referral, outcome: Outcome = Outcome.ASSESSMENT, *, tell: bool = True) -> Referral:
    seen = triaged(world, referral) if not referral.rag else referral
    with as_user(world.officer):
        services.decide(
            seen,
            outcome=outcome,
            reason="CANARY reason",
            feedback="",
            tell=tell,
            version=seen.version,
            by=world.officer,
        )
        return fresh(referral, world.officer)


def days(number: int) -> dt.timedelta:
    return dt.timedelta(days=number)
