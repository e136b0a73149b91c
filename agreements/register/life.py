"""After signing: notice, withdrawal, return or destroy, review, merger; every change counts at the next send (AGR-04 to AGR-06)."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from agreements.register import policies, selectors, telling
from agreements.register.enums import AgreementState, Gateway, ReturnState, SignatureState, Standing
from agreements.register.models import Agreement, ReturnTask, Signature, SingleCase
from agreements.states import RETURN
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.audit.record import record
from safeguarding.errors import Refused

# Days before and after the day of review on which its owner is reminded (AGR-04).
REMINDERS = (30, 14, 0, -14, -30)


@transaction.atomic
def give_notice(signature: Signature, *, reason: str, by: User) -> Signature:
    """A party withdraws by written notice; sharing goes on until the notice has run out, and the others are told (AGR-05)."""
    held = _held(signature)
    selectors.check_can_sign_for(held.agency, for_user=by)
    today = timezone.localdate()
    policies.check_can_give_notice(held, today)
    held.notice_given_on = today
    held.leaves_on = policies.last_day_of_notice(held.agreement, today)
    held.reason = reason
    held.save(update_fields=["notice_given_on", "leaves_on", "reason"])
    record("agreement.notice_given", held, facts={"until": held.leaves_on.isoformat()})
    telling.of_notice(held)
    return held


@transaction.atomic
def take_notice_back(signature: Signature, *, by: User) -> Signature:
    """A notice is taken back before it has run out: the signature stands as if it had never been given (AGR-05)."""
    held = _held(signature)
    selectors.check_can_sign_for(held.agency, for_user=by)
    policies.check_can_withdraw_notice(held, timezone.localdate())
    held.notice_given_on = held.leaves_on = None
    held.reason = ""
    held.save(update_fields=["notice_given_on", "leaves_on", "reason"])
    record("agreement.notice_taken_back", held)
    telling.of_notice_taken_back(held)
    return held


@transaction.atomic
def run_out(today: dt.date) -> int:
    """Notices that ran out yesterday or before: the party has withdrawn, and the others return or destroy (AGR-05). Runs as dispatch."""
    over = Signature.objects.select_for_update(of=("self",), no_key=True).filter(
        state=SignatureState.SIGNED, leaves_on__lt=today
    )
    count = 0
    for signature in over.select_related("agreement", "agency"):
        signature.state = SignatureState.WITHDRAWN
        signature.save(update_fields=["state"])
        open_return_tasks(signature, today)
        record("agreement.withdrawn", signature)
        telling.of_withdrawal(signature)
        count += 1
    return count


def open_return_tasks(signature: Signature, today: dt.date) -> None:
    """Everybody who signed may hold something of the leaver's, and the leaver something of theirs (AGR-05)."""
    assert signature.leaves_on is not None  # the database has no withdrawal without a day
    parties = Signature.objects.filter(agreement_id=signature.agreement_id, signed_on__isnull=False)
    ReturnTask.objects.bulk_create(
        [
            ReturnTask(
                signature=signature,
                holder_id=agency,
                leaves_on=signature.leaves_on,
                due_on=today + policies.RETURN_WITHIN,
            )
            for agency in parties.order_by("agency_id").values_list("agency_id", flat=True)
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def confirm_return(task: ReturnTask, *, outcome: str, note: str, by: User) -> ReturnTask:
    """The holder says what became of it: returned, destroyed, or kept because a law says so, which it names (AGR-05)."""
    held = ReturnTask.objects.select_for_update(of=("self",), no_key=True).select_related("holder").get(pk=task.pk)
    selectors.check_answers_for(held.holder, for_user=by)
    if ReturnState(outcome) not in RETURN[ReturnState(held.state)]:
        raise Refused("This has been confirmed already. Nothing was changed.")
    if outcome == ReturnState.KEPT and not note.strip():
        raise Refused("Say which law makes you keep it. Nothing was saved.")
    held.state, held.note, held.confirmed_by, held.confirmed_at = outcome, note, by, timezone.now()
    held.save(update_fields=["state", "note", "confirmed_by", "confirmed_at"])
    record("agreement.return_confirmed", held, facts={"outcome": outcome})
    return held


@transaction.atomic
def review(agreement: Agreement, *, by: User) -> Agreement:
    """The owner has looked at it and leaves it as it is; the next review is counted from today (AGR-04)."""
    held = Agreement.objects.select_for_update(of=("self",), no_key=True).get(pk=agreement.pk)
    selectors.check_owns(held, for_user=by)
    if held.state != AgreementState.OPEN:
        raise Refused("Only a version that is open is reviewed. Nothing was changed.")
    held.reviewed_on = timezone.localdate()
    held.review_due_on = policies.next_review(held, held.reviewed_on)
    held.save(update_fields=["reviewed_on", "review_due_on"])
    record("agreement.reviewed", held, facts={"next": held.review_due_on.isoformat()})
    return held


@transaction.atomic
def remind(today: dt.date) -> int:
    """Owners of agreements whose review is due in a month, a fortnight, today, or is overdue (AGR-04). Runs as dispatch."""
    days = [today + dt.timedelta(days=days) for days in REMINDERS]
    due = Agreement.objects.filter(state=AgreementState.OPEN, review_due_on__in=days).select_related("owner")
    told = 0
    for agreement in due:
        overdue = policies.standing(agreement, today) == Standing.REVIEW_OVERDUE
        told += telling.of_review(agreement, today, overdue=overdue)
    return told


@transaction.atomic
def merge_signatory(signature: Signature, *, into: Agency, on: dt.date, by: User) -> Signature:
    """A signatory becomes a part of another body: its signature ends that day, and the other's own signature counts (ALR-28).

    Where the other has none yet, it is named as a party and asked to sign; until then nothing is shared with it.
    """
    held = _held(signature)
    selectors.check_owns(held.agreement, for_user=by)
    if into.pk == held.agency_id:
        raise Refused("An agency cannot merge with itself. Nothing was changed.")
    if policies.why_not_in_force(held, on) is not None:
        raise Refused(f"{held.agency.name} has no signature in force that day. Nothing was changed.")
    held.leaves_on, held.reason = on, f"Merged into {into.name}"
    held.save(update_fields=["leaves_on", "reason"])
    heir, new = Signature.objects.get_or_create(
        agreement=held.agreement,
        agency=into,
        defaults={"role": held.role, "controllership": held.controllership},
    )
    record("agreement.signatory_merged", held, facts={"into": into.pk})
    if new or heir.state == SignatureState.INVITED:
        telling.ask_to_sign(held.agreement, [into])
    return heir


@transaction.atomic
def allow_single_case(
    *,
    partnership: Partnership,
    agency: Agency,
    ref: str,
    gateway: str,
    reason: str,
    accepted_by: str,
    post: str,
    items: Collection[str] = (),
    by: User,
) -> SingleCase:
    """Terms accepted for one case, or an override; both with a reason, both reported to the board (AGR-07, AGR-10)."""
    if not reason.strip():
        raise Refused("Give the reason. Nothing was saved.")
    if gateway == Gateway.SINGLE_CASE and not (accepted_by.strip() and post.strip()):
        raise Refused("Say who accepted the terms for this case, and their post. Nothing was saved.")
    case, new = SingleCase.objects.get_or_create(
        agency=agency,
        ref=ref,
        defaults={
            "partnership": partnership,
            "gateway": gateway,
            "reason": reason,
            "accepted_by": accepted_by,
            "post": post,
            "items": sorted(items),
            "recorded_by": by,
        },
    )
    if not new:
        raise Refused("This has been recorded already. Nothing was changed.")
    record("agreement.single_case", case, facts={"gateway": gateway, "ref": ref, "agency": agency.pk})
    return case


def _held(signature: Signature) -> Signature:
    return (
        Signature.objects.select_for_update(of=("self",), no_key=True)
        .select_related("agreement", "agency")
        .get(pk=signature.pk)
    )
