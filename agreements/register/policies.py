"""What the rules say of a signature on a day, and how far the statutory duty reaches (ALR-08; rules.md, clocks)."""

import datetime as dt

from agreements.register.enums import SignatureState, WithheldReason
from agreements.register.models import Agreement, Signature
from safeguarding.agencies.enums import SCHOOL_KINDS, AgencyKind

# Domestic Abuse Act 2021 s49A, in force by SI 2025/1168: registered schools, else further education;
# early years and childminders are outside it.
DUTY_IN_FORCE_FROM = dt.date(2025, 11, 7)
DUTY_KINDS = ("domestic_abuse",)
DUTY_SETTINGS = (*SCHOOL_KINDS, AgencyKind.COLLEGE)
ADULT_AT = 18

_PLAIN_REFUSALS = {
    SignatureState.INVITED: WithheldReason.NEVER_SIGNED,
    SignatureState.REFUSED: WithheldReason.REFUSED,
}


def agreement_covers(agreement: Agreement, kind: str, day: dt.date) -> bool:
    """An agreement speaks for the kinds of notification it names, while it is in force (ALR-08)."""
    return (
        kind in agreement.kinds
        and agreement.starts_on <= day
        and (agreement.ends_on is None or day <= agreement.ends_on)
    )


def why_not_in_force(signature: Signature | None, day: dt.date) -> WithheldReason | None:
    """A signature opens the gate from the day of signing to the last day of the notice, both included (ALR-08, AGR-06)."""
    if signature is None:
        return WithheldReason.NEVER_SIGNED
    if refusal := _PLAIN_REFUSALS.get(SignatureState(signature.state)):
        return refusal
    if signature.leaves_on is not None and signature.leaves_on < day:
        return WithheldReason.WITHDREW
    if signature.signed_on is None:
        return WithheldReason.NEVER_SIGNED
    return WithheldReason.NOT_YET if signature.signed_on > day else None


def duty_reaches(*, setting_kind: str, kind: str, day: dt.date, born: dt.date | None) -> bool:
    """The duty covers domestic abuse, a child under 18, at a school or college; a child of unknown age is a child (ALR-08)."""
    return (
        kind in DUTY_KINDS
        and setting_kind in DUTY_SETTINGS
        and day >= DUTY_IN_FORCE_FROM
        and (born is None or age_on(day, born) < ADULT_AT)
    )


def age_on(day: dt.date, born: dt.date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
