"""Writes of referrals: drafts, sending, and what the hub decides and tells (MSH-05 to MSH-07)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from alerts.intake.enums import ChildState, DecisionReason, Match
from alerts.intake.selectors import Sender
from alerts.intake.services import as_matching, lock_partnership
from alerts.referrals import policies, review, selectors
from alerts.referrals.content import ReferredChild, Sent
from alerts.referrals.enums import Outcome, ReferralState
from alerts.referrals.models import (
    GuestReferrer,
    Referral,
    ReferralChild,
    ReferralDecision,
    ReferralDraft,
    WeeklyReview,
)
from alerts.screening.enums import Rag
from safeguarding.access.principal import acting_as
from safeguarding.agencies.models import Agency, User
from safeguarding.agencies.selectors import hub_of, partnerships_of
from safeguarding.audit.record import record
from safeguarding.children.matching import Judgement, Verdict
from safeguarding.children.models import Child
from safeguarding.children.selectors import judge_family
from safeguarding.children.services import register, tell_apart_all
from safeguarding.errors import Conflict, NotVisible
from safeguarding.guests import services as guests
from safeguarding.notifications.services import queue_email

PURPOSE = "referral"


# ---------------------------------------------------------------- drafts
@transaction.atomic
def begin(*, sender: Sender, by: User) -> ReferralDraft:
    """A member of any partner begins a referral; it is theirs alone until they send it (MSH-05)."""
    if sender not in selectors.senders_for(by):
        raise NotVisible
    hub = hub_of(sender.partnership)
    draft = ReferralDraft.objects.create(
        user=by, source=sender.agency, partnership=sender.partnership, controller=hub, content={}
    )
    record("referral.begun", draft, at=sender.agency.pk)
    return draft


@transaction.atomic
def begin_as_guest(link: GuestReferrer) -> ReferralDraft:
    """Whoever has link and code writes one referral, and goes on with it; the walls know them by the link (MSH-05)."""
    if (begun := selectors.draft_of_guest(link)) is not None:
        return begun
    if selectors.referrals_of_guest(link):
        raise NotVisible
    hub = hub_of(link.partnership)
    draft = ReferralDraft.objects.create(guest=link, partnership=link.partnership, controller=hub, content={})
    with acting_as(guests.as_dispatch(PURPOSE)):
        record("referral.begun", draft, facts={"guest": link.pk})
    return draft


@transaction.atomic
def write(draft: ReferralDraft, *, content: dict[str, Any]) -> ReferralDraft:
    """What was typed on one page is kept as it was typed, right or wrong: it can be left and gone on with (MSH-05)."""
    held = _held_draft(draft)
    held.content, held.saved_at = content, timezone.now()
    held.save(update_fields=["content", "saved_at"])
    return held


@transaction.atomic
def throw_away(draft: ReferralDraft) -> None:
    """Its writer does not go on with it: what was typed is cleared."""
    held = _held_draft(draft)
    _end(held)


def _held_draft(draft: ReferralDraft) -> ReferralDraft:
    held = ReferralDraft.objects.with_keys().select_for_update(of=("self",)).filter(pk=draft.pk).first()
    if held is None:
        raise NotVisible
    policies.check_can_write(held)
    return held


def _end(draft: ReferralDraft) -> None:
    draft.content, draft.ended_at = None, timezone.now()
    draft.save(update_fields=["content", "ended_at"])


# ---------------------------------------------------------------- sending
@dataclass(frozen=True)
class Receipt:
    """What was sent, and where its referrer finds it from now on."""

    referral: Referral
    link: str

    @property
    def path(self) -> str:
        return self.link.removeprefix(settings.SITE_URL)


@transaction.atomic
def send(draft: ReferralDraft, *, sent: Sent, by: User | None) -> Receipt:
    """The referral reaches the hub, its children are found on record or put there, and its referrer has a receipt at once.

    A child who is only possibly on record waits for a person (ALR-03, MSH-05). `by` is nobody when a guest sends.
    """
    held = _held_draft(draft)
    with as_matching(PURPOSE):
        lock_partnership(held.partnership_id)
        referral = _take_in(held, sent)
    _end(held)
    facts = {"children": len(sent.children), "consent": referral.consent, "guest": held.guest_id}
    if by is None:
        with acting_as(guests.as_dispatch(PURPOSE)):
            record("referral.received", referral, facts=facts)
    else:
        record("referral.received", referral, facts=facts, at=held.source_id)
    return Receipt(referral, _tell(referral, "referral_received", occasion="received"))


def _take_in(draft: ReferralDraft, sent: Sent) -> Referral:
    received_at = timezone.now()
    partnership = draft.partnership
    referral = Referral(
        partnership=partnership,
        controller_id=draft.controller_id,
        made_by_id=draft.user_id,
        source_id=draft.source_id,
        guest_id=draft.guest_id,
        source_kind=draft.source.kind if draft.source else draft.guest.kind if draft.guest else "",
        content=sent.to_json(),
        consent=sent.consent,
        worry=sent.worry,
        received_at=received_at,
        tell_by=policies.tell_by(partnership, received_at),
    )
    referral.due_at = policies.due_at(referral)
    referral.save()
    judgements = judge_family(partnership, [child.details for child in sent.children])
    together = enumerate(zip(sent.children, judgements, strict=True))
    ReferralChild.objects.bulk_create([_child(referral, position, *both) for position, both in together])
    return referral


def _child(referral: Referral, position: int, known: ReferredChild, judgement: Judgement) -> ReferralChild:
    child_id = None
    if judgement.verdict is Verdict.SURE and judgement.best is not None:
        child_id = judgement.best.key
    elif judgement.verdict is Verdict.NEW:
        child_id = _on_record(referral, known).pk
    return ReferralChild(
        partnership_id=referral.partnership_id,
        controller_id=referral.controller_id,
        referral=referral,
        position=position,
        match=Match(judgement.verdict.value),
        state=ChildState.WAITING if child_id is None else ChildState.SETTLED,
        child_id=child_id,
    )


def _on_record(referral: Referral, known: ReferredChild) -> Child:
    return register(partnership=referral.partnership, hub=referral.controller, details=known.details)


# ---------------------------------------------------------------- the hub
def _held(referral: Referral, by: User, version: int | None = None) -> Referral:
    """The referral again, for update, and only for who works on it; a changed one is read again first (MSH-07)."""
    visible = Referral.objects.visible_to(by).with_keys().filter(pk=referral.pk)
    held = visible.select_related("partnership", "guest", "made_by").select_for_update(of=("self",)).first()
    if held is None or not selectors.works_on(held, by):
        raise NotVisible
    if version is not None:
        policies.check_version(held, version)
    return held


def _save(referral: Referral, *fields: str) -> None:
    referral.version += 1
    referral.due_at = policies.due_at(referral)
    referral.save(update_fields=["version", "due_at", *fields])


def _note(referral: Referral, reason: str, by: User, *, outcome: str = "") -> None:
    ReferralDecision.objects.create(
        partnership_id=referral.partnership_id,
        controller_id=referral.controller_id,
        referral=referral,
        rag=referral.rag,
        outcome=outcome,
        reason=reason,
        decided_by=by,
    )


@transaction.atomic
def triage(referral: Referral, *, rag: Rag, reason: str, version: int, by: User) -> Referral:
    """Red, amber or green, with the reason; the clock follows from it (rules.md, MASH RAG)."""
    held = _held(referral, by, version)
    policies.check_can_triage(held)
    held.state, held.rag, held.triaged_at = ReferralState.TRIAGED, rag, timezone.now()
    _save(held, "state", "rag", "triaged_at")
    _note(held, reason, by)
    record("referral.triaged", held, facts={"rag": str(rag)})
    return held


@transaction.atomic
def decide(
    referral: Referral, *, outcome: Outcome, reason: str, feedback: str, tell: bool, version: int, by: User
) -> Referral:
    """What follows, with reasons that stay the hub's; told at once or later, within the working day (MSH-05, MSH-07)."""
    held = _held(referral, by, version)
    policies.check_can_decide(held)
    if held.told_at is not None:  # what follows from an earlier decision has a clock of its own
        held.told_at, held.tell_by = None, policies.tell_by(held.partnership, timezone.now())
    held.state, held.outcome, held.decided_at = ReferralState.DECIDED, outcome, timezone.now()
    held.feedback = feedback or policies.WORDS[outcome]
    _save(held, "state", "outcome", "decided_at", "feedback", "told_at", "tell_by")
    _note(held, reason, by, outcome=outcome)
    record("referral.decided", held, facts={"outcome": str(outcome)})
    return _told(held) if tell else held


@transaction.atomic
def tell(referral: Referral, *, feedback: str, version: int, by: User) -> Referral:
    """The referrer can read what was decided; the e-mail says only that there is something to read (MSH-05)."""
    held = _held(referral, by, version)
    held.feedback = feedback
    return _told(held)


def _told(held: Referral) -> Referral:
    policies.check_can_tell(held)
    held.state, held.told_at = ReferralState.TOLD, timezone.now()
    _save(held, "state", "told_at", "feedback")
    record("referral.told", held, facts={"late": policies.was_told_late(held)})
    _tell(held, "referral_decided", occasion=f"decided-{held.version}")
    return held


@transaction.atomic
def close(referral: Referral, *, version: int, by: User) -> Referral:
    """Nothing more is to come of it; what was decided stays (MSH-07)."""
    held = _held(referral, by, version)
    children = ReferralChild.objects.visible_to(by).filter(referral=held)
    policies.check_can_close(held, waiting=children.filter(state=ChildState.WAITING).exists())
    held.state, held.closed_at = ReferralState.CLOSED, timezone.now()
    _save(held, "state", "closed_at")
    record("referral.closed", held)
    return held


@transaction.atomic
def settle_child(
    waiting: selectors.WaitingChild, *, same_as: Child | None, reason: DecisionReason, by: User
) -> ReferralChild:
    """A person says who the child is, or that it is a new one (ALR-03)."""
    referral = _held(waiting.row.referral, by)
    lock_partnership(referral.partnership_id)
    row = ReferralChild.objects.visible_to(by).select_for_update(of=("self",)).get(pk=waiting.row.pk)
    policies.check_can_match(row)
    child = same_as if same_as is not None else _on_record(referral, waiting.known)
    if same_as is None:
        tell_apart_all(child=child, others=[each.child for each in waiting.alike], by=by)
    row.child, row.state = child, ChildState.SETTLED
    row.decided_by, row.decided_at, row.decided_because = by, timezone.now(), reason
    row.save(update_fields=["child", "state", "decided_by", "decided_at", "decided_because"])
    record("child.match_decided", referral, shown=[child.ref], facts={"new": same_as is None, "because": str(reason)})
    return row


# ---------------------------------------------------------------- telling
def _tell(referral: Referral, template: str, *, occasion: str) -> str:
    """By type, reference and link, never with content; a guest's newest e-mail has the link that works (MSH-05)."""
    with acting_as(guests.as_dispatch(PURPOSE)):
        link = _new_link(referral.guest) if referral.guest else f"{settings.SITE_URL}/referrals/{referral.ref}/"
        person = referral.made_by
        queue_email(
            to=person.email if person else referral.guest.email if referral.guest else "",
            template=template,
            context={"ref": referral.ref, "link": link, "marking": referral.partnership.marking},
            dedupe_key=f"referral:{referral.pk}:{occasion}",
            recipient=person,
            about=referral,
        )
    return link


def _new_link(guest: GuestReferrer) -> str:
    secret, digest = guests.new_secret()
    guest.link_digest, guest.wrong_codes = digest, 0
    guest.expires_at = timezone.now() + policies.LINK_LASTS_AFTERWARDS
    guest.save(update_fields=["link_digest", "wrong_codes", "expires_at"])
    return f"{settings.SITE_URL}/refer/{secret}/"


# ---------------------------------------------------------------- guests
@transaction.atomic
def invite_guest(*, name: str, organisation: str, kind: str, email: str, **area: Any) -> None:
    """Somebody without an account asks for a link; what they may do with it, they may do behind a code (MSH-05)."""
    secret, digest = guests.new_secret()
    with acting_as(guests.as_dispatch("a guest asks for a link")):
        link = GuestReferrer.objects.create(
            name=name,
            organisation=organisation,
            kind=kind,
            email=email.strip().lower(),
            partnership=area["partnership"],
            link_digest=digest,
            expires_at=timezone.now() + policies.LINK_LASTS,
        )
        queue_email(
            to=link.email,
            template="referral_guest_link",
            context={
                "area": link.partnership.name,
                "link": f"{settings.SITE_URL}/refer/{secret}/",
                "days": policies.LINK_LASTS.days,
            },
            dedupe_key=f"guest referrer {link.pk}",
        )
        record("referral.link_asked", link)


# ---------------------------------------------------------------- by the clock
def clear_stale_drafts(at: dt.datetime) -> int:
    """What nobody has come back to is cleared; a worry that was never sent is not kept for its own sake."""
    stale = ReferralDraft.objects.filter(ended_at=None, saved_at__lte=at - policies.DRAFT_LASTS).with_keys()
    found: Sequence[ReferralDraft] = list(stale.select_for_update(skip_locked=True, of=("self",))[:500])
    for draft in found:
        _end(draft)
    return len(found)


# ---------------------------------------------------------------- the week
@transaction.atomic
def close_week(hub: Agency, *, week: dt.date, found: str, by: User) -> WeeklyReview:
    """A manager says that the week was looked at and what was found; the numbers are kept as they were then (MSH-07)."""
    if not review.may_close(by, hub):
        raise NotVisible
    policies.check_can_close_week(week, timezone.localdate())
    if WeeklyReview.objects.visible_to(by).filter(controller=hub, week=week).exists():
        raise Conflict(
            "A colleague has closed this week already. Your note was not saved. Open the week to read theirs."
        )
    figures = review.figures_of(hub, week, for_user=by)
    partnership = partnerships_of(hub)[0]
    kept = WeeklyReview.objects.create(
        partnership=partnership, controller=hub, week=week, found=found, figures=figures.to_json(), reviewed_by=by
    )
    record("week.reviewed", kept, facts={"week": week.isoformat()}, at=hub.pk)
    return kept
