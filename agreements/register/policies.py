"""What the rules say of an agreement, a signature and a notice on a day; how far the statutory duty reaches."""

import datetime as dt
from collections.abc import Collection

from dateutil.relativedelta import relativedelta

from agreements.register.enums import (
    IN_AN_ALERT,
    NEEDED_FOR_AN_ALERT,
    AgreementState,
    Article9,
    PartyRole,
    SignatureState,
    Standing,
    WithheldReason,
)
from agreements.register.models import Agreement, Signature
from agreements.states import AGREEMENT, SIGNATURE
from safeguarding.agencies.enums import SCHOOL_KINDS, AgencyKind
from safeguarding.errors import Refused

# Domestic Abuse Act 2021 s49A, in force by SI 2025/1168: registered schools, else further education;
# early years and childminders are outside it.
DUTY_IN_FORCE_FROM = dt.date(2025, 11, 7)
DUTY_KINDS = ("domestic_abuse",)
DUTY_SETTINGS = (*SCHOOL_KINDS, AgencyKind.COLLEGE)
# What the duty needs to be told, and no more: who the child is, which adults, that it happened and when (ALR-04).
DUTY_ITEMS = frozenset(IN_AN_ALERT)
ADULT_AT = 18

# How long before a review is due the register begins to say so.
REVIEW_WARNING = dt.timedelta(days=30)
# How long after a notice has run out the others have to return or destroy what they hold (AGR-05).
RETURN_WITHIN = dt.timedelta(days=28)

_PLAIN_REFUSALS = {
    SignatureState.INVITED: WithheldReason.NEVER_SIGNED,
    SignatureState.REFUSED: WithheldReason.REFUSED,
}
_SENDS = (PartyRole.SOURCE, PartyRole.BOTH)
_RECEIVES = (PartyRole.RECIPIENT, PartyRole.BOTH)


def last_day_of(agreement: Agreement) -> dt.date | None:
    """The last day on which a version holds: its own end, or the day until which the next one lets it (AGR-03, AGR-06)."""
    follower = getattr(agreement, "superseded_by", None)
    ends = [agreement.ends_on]
    if follower is not None and follower.state == AgreementState.OPEN:
        ends.append(follower.old_holds_until)
    return min((end for end in ends if end is not None), default=None)


def is_in_force(agreement: Agreement, day: dt.date) -> bool:
    """Opened for signature, begun, and neither ended nor run out (AGR-03, AGR-06)."""
    last = last_day_of(agreement)
    return (
        agreement.state in (AgreementState.OPEN, AgreementState.SUPERSEDED)
        and agreement.starts_on <= day
        and (last is None or day <= last)
    )


def agreement_covers(agreement: Agreement, kind: str, day: dt.date) -> bool:
    """An agreement speaks for the kinds of notification it names, while it is in force (ALR-08)."""
    return kind in agreement.kinds and is_in_force(agreement, day)


def standing(agreement: Agreement, day: dt.date) -> Standing:
    """What the register says today; an overdue review warns and does not stop anything, an end does (AGR-04, AGR-06)."""
    if agreement.state in (AgreementState.DRAFT, AgreementState.ABANDONED):
        return Standing(agreement.state)
    if agreement.starts_on > day:
        return Standing.NOT_YET
    if not is_in_force(agreement, day):
        return Standing.LAPSED if agreement.ends_on is not None and agreement.ends_on < day else Standing.SUPERSEDED
    if last_day_of(agreement) != agreement.ends_on:
        return Standing.RUNNING_OUT
    if agreement.review_due_on is not None and agreement.review_due_on < day:
        return Standing.REVIEW_OVERDUE
    if agreement.review_due_on is not None and agreement.review_due_on - REVIEW_WARNING <= day:
        return Standing.REVIEW_DUE
    return Standing.IN_FORCE


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


def may_send(signature: Signature | None, day: dt.date) -> bool:
    """Only a signatory that is a source shares under an agreement (AGR-03)."""
    return why_not_in_force(signature, day) is None and signature is not None and signature.role in _SENDS


def may_receive(signature: Signature) -> bool:
    return signature.role in _RECEIVES


def may_receive_now(signature: Signature | None, day: dt.date) -> bool:
    """Only a signatory that is a recipient is told under an agreement (AGR-03)."""
    return why_not_in_force(signature, day) is None and signature is not None and may_receive(signature)


def enough_for_an_alert(items: Collection[str]) -> bool:
    """An agreement that lists no item that says whom an alert is about lets none leave (AGR-01)."""
    return set(NEEDED_FOR_AN_ALERT) <= set(items)


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


def last_day_of_notice(agreement: Agreement, given_on: dt.date) -> dt.date:
    """A month's notice given on the 31st ends on the last day of a shorter month; without a period the day itself is the last (AGR-05)."""
    return given_on + relativedelta(months=agreement.notice_months, weeks=agreement.notice_weeks)


def notice_words(agreement: Agreement) -> str:
    for count, unit in ((agreement.notice_months, "month"), (agreement.notice_weeks, "week")):
        if count:
            return f"{count} {unit}{'s' if count > 1 else ''}, in writing"
    return "Written notice, without a period"


def first_review(agreement: Agreement, opened_on: dt.date) -> dt.date:
    """The first review may come sooner than the later ones: six months, then yearly (AGR-04)."""
    return opened_on + relativedelta(months=agreement.first_review_months)


def next_review(agreement: Agreement, reviewed_on: dt.date) -> dt.date:
    return reviewed_on + relativedelta(months=agreement.review_months)


def missing_for_signing(agreement: Agreement, items: Collection[str], parties: Collection[Signature]) -> list[str]:
    """What a draft still lacks before anybody can sign it, a sentence each (AGR-01)."""
    wanted: list[tuple[bool, str]] = [
        (bool(agreement.purposes), "Say for which purposes data is shared."),
        (bool(agreement.kinds) or bool(items), "Say what the agreement lets leave."),
        (
            not agreement.kinds or enough_for_an_alert(items),
            "List the data items that an alert needs, or name no kind of alert.",
        ),
        (bool(agreement.article_6), "Choose the lawful basis under Article 6."),
        (
            Article9.PUBLIC_INTEREST not in agreement.article_9 or bool(agreement.schedule_1),
            "Article 9(2)(g) needs a condition of Schedule 1, Part 2. Choose one.",
        ),
        (
            bool(agreement.dpia_reference or agreement.no_dpia_because),
            "Give the DPIA's reference, or say why there is none.",
        ),
        (bool(agreement.transfer_methods), "Say how the data is transferred."),
        (agreement.transfer_assessed_on is not None, "Say when the risks of the transfer were assessed."),
        (bool(agreement.retention and agreement.disposal), "Say how long data is kept and how it is disposed of."),
        (bool(agreement.access_requests_to), "Say who answers subject access requests."),
        (agreement.owner_id is not None, "Say which agency owns the agreement."),
        (any(party.role in _SENDS for party in parties), "Name a party that is a source."),
        (any(party.role in _RECEIVES for party in parties), "Name a party that is a recipient."),
    ]
    return [sentence for there, sentence in wanted if not there]


def check_can_change(agreement: Agreement) -> None:
    """What has been opened for signature is never changed; a change is a new version (AGR-02)."""
    if AgreementState.OPEN not in AGREEMENT[AgreementState(agreement.state)]:
        raise Refused(
            "This version has been opened for signature and cannot be changed. Nothing was saved. Draft a new version."
        )


def check_can_open(agreement: Agreement, items: Collection[str], parties: Collection[Signature]) -> None:
    """A draft is opened for signature when every field of the template is there (AGR-01)."""
    check_can_change(agreement)
    missing = missing_for_signing(agreement, items, parties)
    if missing:
        raise Refused("This draft is not complete. Nothing was changed. " + " ".join(missing))


def check_can_sign(agreement: Agreement, signature: Signature, day: dt.date) -> None:
    """Only the version that is open is signed, once (AGR-02)."""
    follower = getattr(agreement, "superseded_by", None)
    if follower is not None and follower.state != AgreementState.DRAFT:
        raise Refused(
            f"This version has been superseded by version {follower.version}. Nothing was signed. Sign that one."
        )
    if agreement.state != AgreementState.OPEN:
        raise Refused("This version is not open for signature. Nothing was signed.")
    if agreement.ends_on is not None and agreement.ends_on < day:
        raise Refused("This agreement has ended. Nothing was signed. Ask its owner for a new version.")
    if SignatureState.SIGNED not in SIGNATURE[SignatureState(signature.state)]:
        raise Refused(
            f"{signature.agency.name} has signed this version already. That signature stands; nothing was changed."
        )


def check_can_give_notice(signature: Signature, day: dt.date) -> None:
    """Notice is given by a party whose signature is in force, once (AGR-05)."""
    if signature.notice_given_on is not None:
        raise Refused("Notice has been given already. Nothing was changed.")
    if why_not_in_force(signature, day) is not None:
        raise Refused(f"{signature.agency.name} has no signature in force to withdraw. Nothing was changed.")


def check_can_withdraw_notice(signature: Signature, day: dt.date) -> None:
    """Until the notice has run out its giver may change their mind; after that the agreement is signed anew (AGR-05)."""
    if signature.notice_given_on is None or signature.leaves_on is None:
        raise Refused("No notice has been given. Nothing was changed.")
    if signature.leaves_on < day:
        raise Refused("The notice has run out. Nothing was changed. To take part again, sign the agreement again.")
