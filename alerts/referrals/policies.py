"""What the state of a referral allows, and its clocks (MSH-05, MSH-07; rules.md, MASH RAG)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from alerts.intake.enums import ChildState
from alerts.referrals.enums import Outcome, ReferralState
from alerts.referrals.models import Referral, ReferralChild, ReferralDraft
from alerts.screening.enums import Rag
from alerts.screening.policies import hours_for
from alerts.states import REFERRAL
from safeguarding.agencies.calendars import after_working_days
from safeguarding.agencies.models import Partnership
from safeguarding.errors import Conflict, HubError, Refused

# Working days when a partnership has set none of its own.
_DAYS_TO_TELL = 1
# What nobody has come back to for so long is cleared.
DRAFT_LASTS = dt.timedelta(days=28)
# A guest's link before anything was sent, and from then on until the decision has been read.
LINK_LASTS, LINK_LASTS_AFTERWARDS = dt.timedelta(days=14), dt.timedelta(days=60)
# How often the hub is reminded of what is late.
CHASED_EVERY = dt.timedelta(hours=4)
MOST_CHILDREN, MOST_ADULTS = 12, 12


def tell_by(partnership: Partnership, received_at: dt.datetime) -> dt.datetime:
    """The referrer knows the decision within one working day (tenant)."""
    return after_working_days(received_at, int(partnership.clocks.get("decision_days", _DAYS_TO_TELL)))


def due_at(referral: Referral) -> dt.datetime | None:
    """What the hub owes next: until somebody has looked a referral counts as red; once decided, telling is left."""
    match referral.state:
        case ReferralState.RECEIVED | ReferralState.TRIAGED:
            rag = Rag(referral.rag) if referral.rag else Rag.RED
            worked_on_by = referral.received_at + dt.timedelta(hours=hours_for(referral.partnership, rag))
            return min(worked_on_by, referral.tell_by)
        case ReferralState.DECIDED:
            return referral.tell_by
    return None


def is_late(referral: Referral, at: dt.datetime) -> bool:
    return referral.due_at is not None and referral.due_at <= at


def was_told_late(referral: Referral) -> bool:
    return referral.told_at is not None and referral.told_at > referral.tell_by


def can_become(referral: Referral, state: ReferralState) -> bool:
    return state in REFERRAL[ReferralState(referral.state)]


def _check_can_become(referral: Referral, state: ReferralState) -> None:
    if not can_become(referral, state):
        words = ReferralState(referral.state).label.lower()
        raise Conflict(f"This referral is {words}. Your change was not saved. Open it again to see where it stands.")


def check_can_triage(referral: Referral) -> None:
    """While nothing is decided, as often as needed: what is learned may change the colour."""
    if referral.state not in (ReferralState.RECEIVED, ReferralState.TRIAGED):
        _check_can_become(referral, ReferralState.TRIAGED)


def check_can_decide(referral: Referral) -> None:
    """Also once more, when what was decided turns into something else (MSH-07)."""
    if not referral.rag:
        raise Refused("Nobody has triaged this referral. Nothing was saved. Choose red, amber or green first.")
    _check_can_become(referral, ReferralState.DECIDED)


def check_can_tell(referral: Referral) -> None:
    _check_can_become(referral, ReferralState.TOLD)


def check_can_close(referral: Referral, *, waiting: bool) -> None:
    """Only what its referrer has been told of, and whose children are known: `waiting` is one who is not (MSH-05, ALR-03)."""
    _check_can_become(referral, ReferralState.CLOSED)
    if waiting:
        raise Refused("Settle who every child is first. The referral was not closed.")


def allows(check: Any, *args: Any, **facts: Any) -> bool:
    try:
        check(*args, **facts)
    except HubError:
        return False
    return True


def check_version(referral: Referral, version: int) -> None:
    """A decision rests on the record as it was shown; a changed record is read again first."""
    if referral.version != version:
        raise Conflict(
            "A colleague changed this referral after you opened it. Your change was not saved. Read it again."
        )


def check_can_match(child: ReferralChild) -> None:
    if child.state != ChildState.WAITING:
        raise Conflict("Somebody has decided who this child is already. Nothing was changed.")


def check_can_write(draft: ReferralDraft) -> None:
    """What was sent or cleared is no draft any more."""
    if draft.ended_at is not None:
        raise Conflict("This was sent already, or it was cleared. Nothing was changed. Look in your list of referrals.")


def check_can_close_week(week: dt.date, today: dt.date) -> None:
    """Once the week is over, and for a whole week (MSH-07)."""
    if week.weekday() != 0 or today < week + dt.timedelta(days=7):
        raise Refused("This week is not over yet. Nothing was saved. Close it from next Monday on.")


# What the referrer is told when the hub writes nothing of its own: what was decided and what they do next.
WORDS: Mapping[Outcome, str] = {
    Outcome.NO_ACTION: (
        "We have read your referral and checked it with our partners. We will take no further action on it now. Please keep "
        "supporting the family, and refer again if anything changes or you learn more."
    ),
    Outcome.EARLY_HELP: (
        "We have decided that early help fits best. Please talk with the family about it, and about who could lead; the "
        "early help team can help you to start."
    ),
    Outcome.ASSESSMENT: (
        "A social worker will carry out an assessment, and may contact you for what you know. Please go on as you do now."
    ),
    Outcome.STRATEGY: (
        "We have asked for a strategy discussion. You may be invited. Please do not talk about it with the family before "
        "you hear from us."
    ),
    Outcome.ENQUIRY: (
        "We have started enquiries under section 47. A social worker will contact you. Please do not talk about it with "
        "the family before you hear from us."
    ),
}  # fmt: skip
