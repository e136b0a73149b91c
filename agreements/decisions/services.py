"""Deciding to share, not to share, or to ask first; withdrawing consent; telling the person (SHR-01 to SHR-07, SHR-13)."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from agreements.decisions import policies, selectors, subjects
from agreements.decisions.answers import Answers, ConsentSaid
from agreements.decisions.enums import Basis, ConsentState, Ended, Outcome, Told
from agreements.decisions.models import Consent, Decision, Draft
from agreements.decisions.subjects import Subject
from agreements.register.selectors import items_between
from safeguarding.agencies.models import Agency, User
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible, Refused
from safeguarding.notifications.addresses import check_may_carry_content


@transaction.atomic
def decide(subject: Subject, *, answers: Answers, by: User, follows: Decision | None = None) -> Decision:
    """The one way to a disclosure, and to a refusal of one: recorded whole, and never changed afterwards (SHR-01, SHR-02)."""
    subject = subjects.subject(subject.ref, for_user=by)
    selectors.check_decides_for(subject.controller, for_user=by)
    policies.check_can_decide(answers)
    _check_address(answers)
    to = selectors.recipient(subject.partnership, answers.to) if answers.to else None
    agreement_id = _agreement(subject, answers, to)
    if follows is not None:
        follows = _held(follows, by)
        policies.check_can_follow(follows)
        if follows.about != subject.ref:
            raise NotVisible
    sharing = answers.outcome == Outcome.SHARE
    decision = Decision.objects.create(
        **_about(subject),
        recipient=to,
        outcome=answers.outcome,
        path=policies.path_of(answers),
        items=sorted(str(item) for item in answers.items),
        basis=answers.basis if sharing else "",
        agreement_id=agreement_id,
        consent_state=answers.consent,
        consent=_consent(subject, answers, by) if sharing else None,
        why_not="" if sharing else answers.why_not,
        marking=subject.partnership.marking,
        answers=answers.to_json(),
        decided_by=by,
        expires_at=policies.lasts_until(subject.partnership.grant_days),
        follows=follows,
        told=_told(answers) if sharing else "",
        told_due_on=answers.told_by if sharing and answers.told == Told.TO_BE_TOLD else None,
        told_at=timezone.now() if sharing and answers.told == Told.TOLD else None,
        told_words=answers.told_words or None,
    )
    begun = Draft.objects.filter(writer=by, controller=subject.controller, about=subject.ref, to__in=[answers.to, ""])
    begun.update(answers=None)
    record(f"decision.{answers.outcome}", decision, at=subject.controller.pk, facts=_facts(decision))
    return decision


def _check_address(answers: Answers) -> None:
    """What is sent to a professional by e-mail goes to a secure domain, or somebody says why not (SHR-10)."""
    where = answers.outside
    if answers.outcome == Outcome.SHARE and where is not None and where.address:
        check_may_carry_content(where.address, override=where.address_override)


def _about(subject: Subject) -> dict[str, Any]:
    return {
        "partnership": subject.partnership,
        "controller": subject.controller,
        "about": subject.ref,
        "child_id": subject.child_id,
        "alert_id": subject.alert_id,
        "notification_id": subject.notification_id,
    }


def _told(answers: Answers) -> str:
    """Where nobody is identified there is nobody to tell (SHR-13)."""
    return answers.told or Told.TOLD


def _facts(decision: Decision) -> dict[str, Any]:
    return {
        "about": decision.about,
        "to": decision.recipient_id,
        "basis": decision.basis,
        "items": decision.items,
        "why_not": decision.why_not,
        "told": decision.told,
    }


def _agreement(subject: Subject, answers: Answers, to: Agency | None) -> int | None:
    """The agreement that lists all of it; where none is in force between the two, it is not a right to share (AGR-03)."""
    if answers.outcome != Outcome.SHARE or answers.basis != Basis.AGREEMENT:
        return None
    listed = items_between(subject.partnership, subject.controller, to) if to is not None else {}
    if not listed:
        raise Refused(
            "No agreement with this body is in force. Nothing was decided. Choose another right, or do not share."
        )
    wanted = {str(item) for item in answers.items}
    nearest = max(listed, key=lambda number: len(wanted & listed[number]))
    policies.check_answers_fit(answers, listed[nearest])
    return nearest


def _consent(subject: Subject, answers: Answers, by: User) -> Consent | None:
    """Consent is kept once for a case: several decisions may rest on it, and its withdrawal reaches them all (SHR-04)."""
    said = answers.consent_said
    if answers.consent != ConsentState.GIVEN or said is None:
        return None
    for known in selectors.consents_about(subject.ref, for_user=by):
        if known.controller_id == subject.controller.pk and _same(known, said):
            return known
    return Consent.objects.create(
        **_about(subject), by=said.by, name=said.name, given_on=said.on, limits=said.limits or None, recorded_by=by
    )


def _same(known: Consent, said: ConsentSaid) -> bool:
    return (known.by, known.name, known.given_on, known.limits or "") == (said.by, said.name, said.on, said.limits)


def _held(decision: Decision, by: User) -> Decision:
    held = Decision.objects.visible_to(by).select_for_update(of=("self",), no_key=True).filter(pk=decision.pk).first()
    if held is None:
        raise NotVisible
    return held


@transaction.atomic
def end(decision: Decision, *, because: Ended, by: User) -> Decision:
    """From now on nothing more is shared by this decision; what was shared stays told (SHR-04)."""
    held = _held(decision, by)
    policies.check_can_end(held)
    _end(held, because, by)
    return held


def _end(held: Decision, because: Ended, by: User) -> None:
    held.ended_at, held.ended_by, held.ended_because = timezone.now(), by, because
    held.save(update_fields=["ended_at", "ended_by", "ended_because"])
    stopped = subjects.stop(held, by=by)
    record("decision.ended", held, at=held.controller_id, facts={"because": str(because), "stopped": stopped})


@transaction.atomic
def withdraw_consent(consent: Consent, *, words: str, by: User) -> list[Decision]:
    """At any time; what rested on it stops now, what rests on another right goes on, and what was shared stays told (SHR-04)."""
    mine = Consent.objects.visible_to(by).select_related("crypto_key")
    held = mine.select_for_update(of=("self",), no_key=True).filter(pk=consent.pk).first()
    if held is None:
        raise NotVisible
    policies.check_can_withdraw(held)
    held.withdrawn_at, held.withdrawn_by, held.withdrawn_words = timezone.now(), by, words
    held.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_words"])
    resting = [_held(each, by) for each in selectors.resting_on(held, for_user=by) if policies.stops_with_consent(each)]
    for each in resting:
        _end(each, Ended.CONSENT_WITHDRAWN, by)
    record("consent.withdrawn", held, at=held.controller_id, facts={"about": held.about, "ended": len(resting)})
    return resting


@transaction.atomic
def tell(decision: Decision, *, told: Told, words: str = "", by: User) -> None:
    """That the person was told, or why after all not (SHR-13)."""
    held = _held(decision, by)
    policies.check_can_tell(held, told)
    held.told, held.told_words = told, words or None
    held.told_at = timezone.now() if told == Told.TOLD else None
    held.save(update_fields=["told", "told_words", "told_at"])
    record("decision.told", held, at=held.controller_id, facts={"told": str(told)})


@transaction.atomic
def keep(subject: Subject, *, to: str, answers: dict[str, Any], by: User) -> None:
    """What was answered so far waits for its writer, whatever comes between (SHR-01)."""
    selectors.check_decides_for(subject.controller, for_user=by)
    mine = (
        Draft.objects.visible_to(by)
        .select_related("crypto_key")
        .filter(writer=by, controller=subject.controller, about=subject.ref, to=to)
    )
    draft = mine.first() or Draft(**_about(subject), writer=by, to=to)
    draft.answers = answers
    draft.save()
