"""What follows a strategy discussion: receipts, actions, the outcome of the enquiry, the conference, disagreement (STR-04 to STR-07)."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from alerts.readers.selectors import as_dispatch
from alerts.strategy import messages, policies, selectors
from alerts.strategy.enums import ActionState, DissentKind, DissentState, InquiryState
from alerts.strategy.models import DiscussionAction, DiscussionInvitation, Dissent, StrategyDiscussion
from safeguarding.access.principal import acting_as
from safeguarding.agencies.models import User
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible, Refused


def _discussion(discussion: StrategyDiscussion, by: User) -> StrategyDiscussion:
    """Again, for update, for who works on it at the authority."""
    visible = StrategyDiscussion.objects.visible_to(by).select_related(
        "partnership", "controller", "chair", "crypto_key"
    )
    held = visible.select_for_update(of=("self",)).filter(pk=discussion.pk).first()
    if held is None or not selectors.authorities_of(by).filter(pk=held.controller_id).exists():
        raise NotVisible
    return held


@transaction.atomic
def open_record(seen: selectors.Seen, *, by: User) -> None:
    """The first opening of the record is its receipt; each opening is remembered (STR-02, AUD-01)."""
    mine = seen.mine
    if mine is None or mine.record_sent_at is None:
        raise NotVisible
    record("discussion.record_opened", seen.discussion, purpose="Read the record", at=mine.agency_id)
    if mine.record_opened_at is None:
        with acting_as(as_dispatch("take a receipt")):
            rows = DiscussionInvitation.objects.filter(pk=mine.pk, record_opened_at=None)
            rows.update(record_opened_at=timezone.now())


@transaction.atomic
def report_action(action: DiscussionAction, *, state: ActionState, note: str, by: User) -> None:
    """Done, or why it could not be: by the agency that took it on, or by the authority (STR-04)."""
    visible = DiscussionAction.objects.visible_to(by).select_related("discussion__partnership", "crypto_key")
    held = visible.select_for_update(of=("self",)).filter(pk=action.pk).first()
    if held is None or not _may_report(held, by):
        raise NotVisible
    policies.check_can_report(held, state)
    held.state, held.note, held.answered_at, held.answered_by = state, note, timezone.now(), by
    held.save(update_fields=["state", "note", "answered_at", "answered_by"])
    record("discussion.action_reported", held.discussion, facts={"state": state, "agency": held.agency_id})


def _may_report(action: DiscussionAction, by: User) -> bool:
    mine = selectors.invitations_of(by, to_record=True).filter(content_object_id=action.discussion_id)
    return (
        mine.filter(agency_id=action.agency_id).exists()
        or selectors.authorities_of(by).filter(pk=action.controller_id).exists()
    )


@transaction.atomic
def fix_conference(discussion: StrategyDiscussion, *, at: dt.datetime, version: int, by: User) -> None:
    """The day of the initial child-protection conference, told to everybody who took part (STR-05, STR-06)."""
    held = _discussion(discussion, by)
    policies.check_version(held, version)
    policies.check_can_fix_conference(held, at)
    held.conference_at = at
    held.next_chase_at = policies.next_chase(held, timezone.now())
    held.version += 1
    held.save(update_fields=["conference_at", "next_chase_at", "version"])
    record("discussion.conference_fixed", held, facts={"late": policies.conference_is_late(held, timezone.now())})
    messages.tell(
        held,
        messages.participants(held, with_record=True),
        headline="A child-protection conference has a date",
        sentence="The date of the initial child-protection conference stands in the Hub.",
        occasion=f"conference-{held.version}",
    )


@transaction.atomic
def conclude(
    discussion: StrategyDiscussion, *, outcome: InquiryState, feedback: str, version: int, by: User
) -> StrategyDiscussion:
    """One of the three outcomes of section 47, and what partners are told of it (STR-06)."""
    held = _discussion(discussion, by)
    policies.check_version(held, version)
    policies.check_can_conclude(held, outcome)
    if not selectors.chairs_at(by, held.controller_id):
        raise Refused("A manager of the authority decides the outcome. Nothing was saved. Ask one of them.")
    held.inquiry, held.feedback, held.outcome_at = outcome, feedback, timezone.now()
    held.next_chase_at = policies.next_chase(held, held.outcome_at)
    held.version += 1
    held.save(update_fields=["inquiry", "feedback", "outcome_at", "next_chase_at", "version"])
    record("discussion.concluded", held, facts={"outcome": outcome})
    messages.tell(
        held,
        [*messages.askers_of(held), *messages.participants(held, with_record=True)],
        headline="Section 47 enquiry: outcome",
        sentence="The authority has recorded the outcome of the enquiry. What follows stands in the Hub.",
        occasion="outcome",
    )
    return held


# ---------------------------------------------------------------- disagreement (STR-07)


@transaction.atomic
def raise_dissent(discussion: StrategyDiscussion, *, kind: DissentKind, reason: str, by: User) -> Dissent:
    """Somebody who was invited disagrees, or asks for a conference: kept with the reason, and the chair is told at once (STR-07)."""
    mine = selectors.invitations_of(by).filter(content_object_id=discussion.pk).first()
    seen = StrategyDiscussion.objects.visible_to(by).select_related("partnership").filter(pk=discussion.pk)
    found = seen.first()
    if mine is None or found is None:
        raise NotVisible
    policies.check_can_raise(found)
    if (
        Dissent.objects.visible_to(by)
        .filter(discussion=found, raised_by=by, kind=kind, state=DissentState.RAISED)
        .exists()
    ):
        raise Refused("You have said this already, and the chair has not answered yet. Nothing was added.")
    dissent = Dissent.objects.create(
        discussion=found,
        partnership_id=found.partnership_id,
        controller_id=found.controller_id,
        agency_id=mine.agency_id,
        raised_by=by,
        kind=kind,
        reason=reason,
    )
    record("dissent.raised", dissent, facts={"kind": kind, "discussion": found.ref}, at=mine.agency_id)
    messages.tell(
        found,
        messages.managers_of(found),
        headline="Disagreement raised" if kind == DissentKind.DISAGREES else "A conference is asked for",
        sentence="Somebody who took part in a strategy discussion of yours waits for your answer.",
        occasion=f"dissent-{dissent.pk}",
    )
    return dissent


@transaction.atomic
def answer_dissent(dissent: Dissent, *, answer: str, by: User) -> None:
    """A manager of the authority answers in words; whoever raised it is told (STR-07)."""
    held = _dissent(dissent, by)
    _discussion(held.discussion, by)
    policies.check_can_settle(held, DissentState.ANSWERED)
    held.answer = answer
    _settle(held, DissentState.ANSWERED, by)
    messages.tell(
        held.discussion,
        [held.raised_by],
        headline="The chair has answered",
        sentence="The chair has answered what you raised about a strategy discussion.",
        occasion=f"answered-{held.pk}",
    )


@transaction.atomic
def take_back(dissent: Dissent, *, by: User) -> None:
    """By whom raised it; that it was raised stays (STR-07)."""
    held = _dissent(dissent, by)
    if held.raised_by_id != by.pk:
        raise NotVisible
    policies.check_can_settle(held, DissentState.TAKEN_BACK)
    _settle(held, DissentState.TAKEN_BACK, by)


def _dissent(dissent: Dissent, by: User) -> Dissent:
    visible = Dissent.objects.visible_to(by).select_related(
        "discussion__partnership", "discussion__chair", "raised_by", "crypto_key"
    )
    held = visible.select_for_update(of=("self",)).filter(pk=dissent.pk).first()
    if held is None:
        raise NotVisible
    return held


def _settle(held: Dissent, state: DissentState, by: User) -> None:
    held.state, held.answered_at, held.answered_by = state, timezone.now(), by
    held.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    record("dissent.settled", held, facts={"state": state, "discussion": held.discussion.ref})
