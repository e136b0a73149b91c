"""What a strategy discussion's state, its quorum and its clocks allow (STR)."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.utils import timezone

from alerts.states import DISCUSSION, DISCUSSION_ACTION, DISCUSSION_INVITATION, DISSENT, INQUIRY
from alerts.strategy.enums import (
    OUTCOMES,
    ActionState,
    Capacity,
    DiscussionState,
    DissentState,
    InquiryState,
    InvitationState,
    Means,
)
from alerts.strategy.models import DiscussionAction, DiscussionInvitation, Dissent, StrategyDiscussion
from safeguarding.agencies.calendars import LONDON, nth_working_day
from safeguarding.agencies.enums import SETTING_KINDS, AgencyKind
from safeguarding.agencies.models import Agency, Partnership
from safeguarding.errors import Conflict, HubError, Refused

# Where a partnership has set none of its own (rules.md, clocks); `access_days`: how long invited people see it.
DEFAULTS = {"record_hours": 48, "conference_days": 15, "assessment_days": 45, "access_days": 180}
# Without these nothing is a strategy discussion (STR-01); the authority is there by its chair.
MINIMUM = (Capacity.POLICE, Capacity.HEALTH)
_KINDS: dict[Capacity, Collection[str]] = {
    Capacity.AUTHORITY: (AgencyKind.COUNCIL,),
    Capacity.POLICE: (AgencyKind.POLICE,),
    Capacity.HEALTH: (AgencyKind.HEALTH,),
    Capacity.HOSPITAL: (AgencyKind.HEALTH,),
    Capacity.SETTING: SETTING_KINDS,
}
_WORDS = {Capacity.POLICE: "the police", Capacity.HEALTH: "health", Capacity.HOSPITAL: "the hospital's staff"}


def figure(partnership: Partnership, name: str) -> int:
    return int(partnership.strategy.get(name, DEFAULTS[name]))


# ---------------------------------------------------------------- clocks


def record_due_at(partnership: Partnership, held_at: dt.datetime) -> dt.datetime:
    """So many hours after it was held, as they pass, whatever the clocks on the wall do in March and October (STR-02)."""
    return held_at.astimezone(dt.UTC) + dt.timedelta(hours=figure(partnership, "record_hours"))


def assessment_due_on(partnership: Partnership, referred_on: dt.date) -> dt.date:
    """At most 45 working days from the referral (STR-05)."""
    return nth_working_day(referred_on, figure(partnership, "assessment_days"))


def conference_due_on(partnership: Partnership, held_at: dt.datetime) -> dt.date:
    """At most 15 working days from the discussion that started the enquiry, by the day on the wall in England (STR-05)."""
    return nth_working_day(held_at.astimezone(LONDON).date(), figure(partnership, "conference_days"))


def end_of(day: dt.date) -> dt.datetime:
    """Midnight at the end of that day, by the clock on the wall."""
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), tzinfo=LONDON)


def conference_is_late(discussion: StrategyDiscussion, now: dt.datetime) -> bool:
    """Due, not fixed for a time within the clock, and not ruled out by the outcome (STR-05, STR-06)."""
    if discussion.conference_due_on is None or discussion.inquiry not in (InquiryState.RUNNING, InquiryState.LIKELY):
        return False
    limit = end_of(discussion.conference_due_on)
    return discussion.conference_at >= limit if discussion.conference_at else now >= limit


def assessment_is_late(discussion: StrategyDiscussion, now: dt.datetime) -> bool:
    running = discussion.inquiry == InquiryState.RUNNING and discussion.assessment_due_on is not None
    return running and now >= end_of(discussion.assessment_due_on)  # type: ignore[arg-type]  # asked in the line before


def record_is_late(discussion: StrategyDiscussion, now: dt.datetime) -> bool:
    due, sent = discussion.record_due_at, discussion.record_sent_at
    return due is not None and (sent or now) > due


# how long before the record is due its chair is reminded, and how often afterwards
_AHEAD, _AGAIN = dt.timedelta(hours=12), dt.timedelta(hours=24)
SOON = dt.timedelta(days=3)


def next_chase(discussion: StrategyDiscussion, now: dt.datetime) -> dt.datetime | None:
    """When somebody is reminded next: of the record, of a receipt that is missing, of a clock of the enquiry (STR-02, STR-05)."""
    return min((moment for moment in _chases(discussion, now) if moment > now), default=None)


def _chases(discussion: StrategyDiscussion, now: dt.datetime) -> Iterable[dt.datetime]:
    if discussion.state == DiscussionState.HELD and discussion.record_due_at is not None:
        due = discussion.record_due_at
        yield from (due - _AHEAD, due, due + _AGAIN * ((max(now, due) - due) // _AGAIN + 1))
    if discussion.state == DiscussionState.SENT and discussion.record_sent_at is not None:
        yield discussion.record_sent_at + _AGAIN
    if discussion.inquiry in (InquiryState.RUNNING, InquiryState.LIKELY):
        for day in running_clocks(discussion):
            end = end_of(day)
            # once ahead, once when it has run out, then every day
            yield from (end - SOON, end, end + _AGAIN * ((max(now, end) - end) // _AGAIN + 1))


def running_clocks(discussion: StrategyDiscussion) -> list[dt.date]:
    """The days by which something of this enquiry is still to be done (STR-05)."""
    days = []
    if discussion.inquiry == InquiryState.RUNNING and discussion.assessment_due_on is not None:
        days.append(discussion.assessment_due_on)
    if discussion.conference_due_on is not None and discussion.conference_at is None:
        days.append(discussion.conference_due_on)
    return days


# ---------------------------------------------------------------- the way of a discussion


def _check_can_become(discussion: StrategyDiscussion, state: DiscussionState) -> None:
    if state not in DISCUSSION[DiscussionState(discussion.state)]:
        raise Conflict(
            f"This discussion is {DiscussionState(discussion.state).label.lower()} already. Nothing was changed."
        )


def check_version(discussion: StrategyDiscussion, version: int) -> None:
    if discussion.version != version:
        raise Conflict(
            "A colleague changed this discussion after you opened it. Nothing was saved. Read it again first."
        )


def check_can_arrange(discussion: StrategyDiscussion, starts_at: dt.datetime) -> None:
    _check_can_become(discussion, DiscussionState.ARRANGED)
    if starts_at <= timezone.now():
        raise Refused("That time has passed. Nothing was saved. Choose a later time, or record that it was held.")


def check_can_invite(discussion: StrategyDiscussion, agency: Agency, capacity: Capacity) -> None:
    """While it is being arranged or written up, and for what that kind of body can stand for (STR-01)."""
    if discussion.state not in (DiscussionState.ASKED, DiscussionState.ARRANGED, DiscussionState.HELD):
        raise Conflict("This discussion is over. Nobody was invited.")
    kinds = _KINDS.get(capacity)
    if kinds is not None and agency.kind not in kinds:
        raise Refused(
            f"{agency.name} cannot take part as “{capacity.label}”. Nobody was invited. Choose what the agency is there for."
        )


def capacities_for(agency: Agency) -> list[Capacity]:
    """What a person of this agency can be invited as, the likeliest first."""
    own = [capacity for capacity, kinds in _KINDS.items() if agency.kind in kinds]
    return [*own, Capacity.REFERRER, Capacity.OTHER]


def missing_of(discussion: StrategyDiscussion, capacities: Iterable[str]) -> list[Capacity]:
    """Who has to be there and is not among these: police and health; the hospital's staff where the child is in one."""
    there = set(capacities)
    wanted = [*MINIMUM, Capacity.HOSPITAL] if discussion.in_hospital else [*MINIMUM]
    # the hospital's own staff speak for health (STR-03)
    return [
        each for each in wanted if each not in there and not (each == Capacity.HEALTH and Capacity.HOSPITAL in there)
    ]


def in_words(capacities: Iterable[Capacity]) -> str:
    return " and ".join(_WORDS[each] for each in capacities)


def check_can_hold(
    discussion: StrategyDiscussion,
    *,
    held_at: dt.datetime,
    attended: Iterable[str],
    emergency: bool,
    follow_up_on: dt.date | None,
) -> None:
    """Authority, police and health, or in an emergency on what is known, with a reason and a day to follow up (STR-01, STR-03)."""
    _check_can_become(discussion, DiscussionState.HELD)
    now = timezone.now()
    if held_at > now:
        raise Refused("That time is still to come. Nothing was saved. Enter when the discussion was held.")
    if held_at < now - dt.timedelta(days=14):
        raise Refused("That is more than 14 days ago. Nothing was saved. Check the date.")
    gaps = missing_of(discussion, attended)
    if gaps and not emergency:
        raise Refused(
            f"Without {in_words(gaps)} this was no strategy discussion. Nothing was saved. Hold it again with them, "
            "or say that it was an emergency, why, and when they are brought in."
        )
    if emergency and (follow_up_on is None or not held_at.astimezone(LONDON).date() <= follow_up_on):
        raise Refused("Enter the day on which everybody who was missing is brought in. Nothing was saved.")


def check_telephone(means: str, *, out_of_hours: bool) -> None:
    """Out of hours it is held by telephone (STR-03)."""
    if out_of_hours and means != Means.TELEPHONE:
        raise Refused(
            "Out of hours a strategy discussion is held by telephone. Nothing was saved. Choose “By telephone”."
        )


def check_can_end_without(discussion: StrategyDiscussion) -> None:
    _check_can_become(discussion, DiscussionState.NOT_HELD)


def check_can_record(discussion: StrategyDiscussion) -> None:
    """The record is written once it was held, and not changed any more once it is out (STR-02)."""
    if discussion.state != DiscussionState.HELD:
        raise Conflict("The record can be written while the discussion is held and not sent. Nothing was saved.")


def check_can_send(discussion: StrategyDiscussion, *, written: bool, actions: int) -> None:
    """Decisions first, then the record, out to everybody who took part (STR-02, STR-04)."""
    _check_can_become(discussion, DiscussionState.SENT)
    if not written:
        raise Refused("Nothing is recorded yet. Nothing was sent. Write the record first.")
    if not actions:
        raise Refused("The record says of nobody what they do by when. Nothing was sent. Add at least one action.")


# ---------------------------------------------------------------- invitations, actions, the enquiry, disagreement


def check_can_answer(invitation: DiscussionInvitation, state: InvitationState) -> None:
    """Until it is held; who has sent a deputy has answered for good (STR-01)."""
    if invitation.content_object.state not in (DiscussionState.ASKED, DiscussionState.ARRANGED):
        raise Conflict("This discussion has been held or ended already. Your answer was not saved.")
    if state not in DISCUSSION_INVITATION[InvitationState(invitation.state)]:
        raise Conflict("You have answered this invitation already. Nothing was changed.")


def check_can_report(action: DiscussionAction, state: ActionState) -> None:
    if state not in DISCUSSION_ACTION[ActionState(action.state)]:
        raise Conflict("This action has been reported already. Nothing was changed.")


def check_can_conclude(discussion: StrategyDiscussion, outcome: InquiryState) -> None:
    """One of three outcomes, once (STR-06)."""
    if outcome not in OUTCOMES:
        raise Refused("Choose one of the three outcomes. Nothing was saved.")
    if discussion.inquiry == "" or outcome not in INQUIRY[InquiryState(discussion.inquiry)]:
        raise Conflict("No section 47 enquiry is under way here. Nothing was changed.")


def check_can_fix_conference(discussion: StrategyDiscussion, at: dt.datetime) -> None:
    """While the enquiry runs, or once it found that a child is likely to suffer significant harm (STR-05, STR-06)."""
    if discussion.inquiry not in (InquiryState.RUNNING, InquiryState.LIKELY):
        raise Conflict("No conference follows from this enquiry. Nothing was changed.")
    if discussion.held_at is not None and at < discussion.held_at:
        raise Refused("A conference comes after the discussion. Nothing was saved. Check the date.")


def check_can_raise(discussion: StrategyDiscussion) -> None:
    """From when it was held (STR-07)."""
    if discussion.state not in (DiscussionState.HELD, DiscussionState.SENT):
        raise Conflict("This discussion has not been held yet. Nothing was saved.")


def check_can_settle(dissent: Dissent, state: DissentState) -> None:
    if state not in DISSENT[DissentState(dissent.state)]:
        raise Conflict("This has been answered or taken back already. Nothing was changed.")


def allows(check: Any, *args: Any, **kwargs: Any) -> bool:
    """The asking twin of a `check_can_…` that raises."""
    try:
        check(*args, **kwargs)
    except HubError:
        return False
    return True
