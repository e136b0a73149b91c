"""What the rules and the state of a concern allow (ALR-14)."""

import datetime as dt

from django.utils import timezone

from alerts.lado.enums import ConcernState
from alerts.lado.models import AdultConcern, LadoReferral
from alerts.states import CONCERN
from safeguarding.agencies.calendars import after_working_days
from safeguarding.errors import Conflict, HubError

WORKING_DAYS = 1


def due_from(at: dt.datetime) -> dt.datetime:
    """The hub judges, and refers, within one working day of hearing of it (rules.md, clocks)."""
    return after_working_days(at, WORKING_DAYS)


def is_late(concern: AdultConcern) -> bool:
    return concern.state == ConcernState.TOLD and concern.due_at <= timezone.now()


def check_can_judge(concern: AdultConcern) -> None:
    """Once; who was slower reads what was decided."""
    if ConcernState.JUDGED not in CONCERN[ConcernState(concern.state)]:
        raise Conflict(
            "A colleague has judged this already. Your decision was not saved. Open it again to read theirs."
        )


def can_judge(concern: AdultConcern) -> bool:
    try:
        check_can_judge(concern)
    except HubError:
        return False
    return True


def check_can_receive(referral: LadoReferral) -> None:
    if referral.received_at is not None:
        raise Conflict("Receipt was given already. Your answer was not saved. Open the referral again to read it.")
