"""Writes about an adult who works with children: told, judged, referred, received (ALR-14)."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agreements.decisions.selectors import share_decision
from alerts.delivery.models import Alert
from alerts.intake.models import Notification
from alerts.lado import policies, selectors
from alerts.lado.enums import ConcernState, Threshold
from alerts.lado.models import AdultConcern, LadoReferral
from safeguarding.access.handlers import HANDLERS
from safeguarding.access.principal import acting_as, as_dispatch
from safeguarding.access.told import check_is_heard, not_to_be_told, people_at
from safeguarding.agencies.models import Agency, User
from safeguarding.agencies.selectors import council_of
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible, Refused
from safeguarding.notifications.services import queue_email

TOLD, REFERRED = "lado_told", "lado_referred"


@transaction.atomic
def tell(alert: Alert, *, adult: str, work: str, by: User) -> AdultConcern:
    """The setting tells the hub that a named adult works with children; nothing else follows from it here (ALR-14)."""
    alert = selectors.alert_to_tell_of(alert.ref, for_user=by)
    return _told(alert.notification_id, alert, alert.setting_id, alert, adult=adult, work=work, by=by)


@transaction.atomic
def note_from_police(notification: Notification, *, adult: str, work: str, by: User) -> AdultConcern:
    """The hub notes it from the police's own words, before these are deleted (ALR-09, ALR-14)."""
    found = selectors.from_police(notification.ref, for_user=by)
    if adult not in [each.name for each in found.to_note]:
        raise Refused("This was noted already, or the police do not say so of this adult. Nothing was saved.")
    held = found.notification
    return _told(held.pk, None, held.controller_id, held, adult=adult, work=work, by=by)


def _told(
    notification_id: int, alert: Alert | None, agency_id: int, about: Alert | Notification, *, by: User, **words: str
) -> AdultConcern:
    now = timezone.now()
    concern = AdultConcern.objects.create(
        partnership_id=about.partnership_id,
        controller_id=about.controller_id,
        notification_id=notification_id,
        alert=alert,
        agency_id=agency_id,
        told_by=by,
        told_at=now,
        due_at=policies.due_from(now),
        **words,
    )
    record("lado.told", concern, facts={"by_the_hub": alert is None}, at=agency_id)
    _tell(concern, about.controller_id, HANDLERS["threshold"], TOLD, without=by)
    return concern


def _readers(concern: AdultConcern, agency_id: int, roles: tuple[str, ...]) -> list[User]:
    """Who holds the role at the agency, and is not shut out of the case (MRC-18)."""
    shut = not_to_be_told(notification_id=concern.notification_id)
    return people_at([agency_id], roles, shut=shut).get(agency_id, [])


def _tell(concern: AdultConcern, agency_id: int, roles: tuple[str, ...], template: str, *, without: User) -> None:
    people = [person for person in _readers(concern, agency_id, roles) if person.pk != without.pk]
    with acting_as(as_dispatch("tell of an adult who works with children")):
        for person in people:
            queue_email(
                to=person.email,
                template=template,
                context={
                    "ref": concern.ref,
                    "link": f"{settings.SITE_URL}/adults/{concern.ref}/",
                    "marking": concern.partnership.marking,
                },
                dedupe_key=f"{template}:{concern.pk}:{person.pk}",
                recipient=person,
                about=concern,
            )


def _held(concern: AdultConcern, by: User) -> AdultConcern:
    """The row, for update, for who may judge it."""
    mine = AdultConcern.objects.visible_to(by).filter(pk=concern.pk).select_related("partnership", "controller")
    held = mine.select_for_update(of=("self",)).first()
    if held is None or not selectors.concern(held.ref, for_user=by).judges:
        raise NotVisible
    return held


@transaction.atomic
def judge(concern: AdultConcern, *, threshold: Threshold, reasons: str, by: User) -> LadoReferral:
    """A manager of the hub decides on the threshold, with reasons; referring rests on a decision to share (ALR-14, SHR-02)."""
    held = _held(concern, by)
    policies.check_can_judge(held)
    lado = _lado(held) if threshold == Threshold.REFER else None
    decision = share_decision(held.ref, to=lado, items=selectors.PASSED_ON, by=held.controller).ref if lado else ""
    referral = LadoReferral.objects.create(
        partnership_id=held.partnership_id,
        controller_id=held.controller_id,
        concern=held,
        notification_id=held.notification_id,
        alert_id=held.alert_id,
        threshold=threshold,
        reasons=reasons,
        decision=decision,
        decided_by=by,
        lado_agency=lado,
    )
    held.state, held.judged_at, held.lado_agency = ConcernState.JUDGED, referral.decided_at, lado
    held.save(update_fields=["state", "judged_at", "lado_agency"])
    facts: dict[str, Any] = {
        "threshold": threshold,
        "in_time": referral.decided_at <= held.due_at,
        "decision": decision,
    }
    record("lado.judged", held, facts=facts, at=held.controller_id)
    if lado is not None:
        _tell(held, lado.pk, HANDLERS["lado"], REFERRED, without=by)
    return referral


def _lado(concern: AdultConcern) -> Agency:
    """The authority whose LADO reads it; where nobody would, it goes by telephone (ALR-14)."""
    found = council_of(concern.partnership)
    if found is None:
        raise Refused(
            "No local authority is a member of this partnership. Nothing was saved. Phone the LADO, and note it."
        )
    check_is_heard(
        [] if _readers(concern, found.pk, HANDLERS["lado"]) else [found.name],
        does="reads referrals to the LADO in the Hub",
        then="Nothing was saved. Phone the LADO.",
    )
    return found


@transaction.atomic
def receive(concern: AdultConcern, *, answer: str, by: User) -> LadoReferral:
    """The LADO says that the referral has arrived, and what happens next (ALR-14)."""
    found = selectors.concern(concern.ref, for_user=by)
    if found.referral is None or not found.is_lado:
        raise NotVisible
    mine = LadoReferral.objects.visible_to(by).filter(pk=found.referral.pk).select_related("crypto_key")
    held = mine.select_for_update(of=("self",)).first()
    if held is None:
        raise NotVisible
    policies.check_can_receive(held)
    held.received_at, held.received_by, held.answer = timezone.now(), by, answer
    held.save(update_fields=["received_at", "received_by", "answer"])
    record("lado.received", found.concern, at=held.lado_agency_id)
    return held
