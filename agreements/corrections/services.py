"""Asking, answering, and telling everybody who holds the item (SHR-14)."""

from collections.abc import Iterable
from contextlib import AbstractContextManager

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from agreements.corrections import policies, selectors, subjects
from agreements.corrections.models import Correction, CorrectionNotice
from agreements.corrections.subjects import Holder, Subject
from agreements.register.enums import Item
from safeguarding.access.handlers import HANDLERS
from safeguarding.access.principal import Principal, acting_as, current
from safeguarding.access.rules import DISPATCH
from safeguarding.agencies.models import Agency, Membership, User
from safeguarding.audit.record import record
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.notifications.services import queue_email


@transaction.atomic
def ask(subject: Subject, *, item: str, question: str, by: User) -> Correction:
    """A recipient says what it holds to be wrong; the originator is asked, and the record stays as it is (SHR-14)."""
    policies.check_can_ask(item, subject.items)
    if not question.strip():
        raise Refused("Say what you believe is wrong, and how you know. Nothing was sent.")
    asked = Correction(
        partnership=subject.partnership,
        controller=subject.controller,
        subject_ref=subject.ref,
        known_as=subject.known_as,
        alert_id=subject.alert_id,
        open_to_id=subject.open_to_id,
        item=item,
        question=question,
        asked_by=by,
        asked_at_agency=subject.held_by,
        originator=subject.originator,
    )
    try:
        with transaction.atomic():
            asked.save(force_insert=True)
    except IntegrityError:
        raise Conflict(
            "Somebody has questioned this item already, and the originator has not answered yet. Nothing was sent."
        ) from None
    record("correction.asked", asked, facts={"of": subject.ref, "item": item})
    with _as_dispatch():
        _tell(
            _handlers_at(subject.originator),
            "correction_asked",
            asked,
            subject.known_as or subject.ref,
            reverse("corrections:correction", args=[asked.ref]),
        )
    return asked


@transaction.atomic
def answer(correction: Correction, *, outcome: str, words: str, by: User) -> Correction:
    """The originator corrects or declines, in its own words; everybody who received the item is told (SHR-14)."""
    mine = Correction.objects.visible_to(by).select_for_update(of=("self",), no_key=True)
    held = mine.select_related("originator", "crypto_key").filter(pk=correction.pk).first()
    if held is None or not selectors.answers(held, for_user=by):
        raise NotVisible
    policies.check_can_answer(held, outcome)
    if not words.strip():
        raise Refused("Write what is right, or why it stays as it is. Nothing was saved.")
    held.state, held.answer, held.answered_by, held.answered_at = outcome, words, by, timezone.now()
    held.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    with _as_dispatch():
        holders = subjects.holders(held.subject_ref, Item(held.item))
        for holder in holders:
            _notify(held, holder, words)
    record("correction.answered", held, facts={"outcome": outcome, "told": [holder.ref for holder in holders]})
    return held


def _notify(held: Correction, holder: Holder, words: str) -> None:
    CorrectionNotice.objects.create(
        partnership_id=held.partnership_id,
        controller_id=held.controller_id,
        correction=held,
        agency=holder.agency,
        subject_ref=holder.ref,
        alert_id=holder.alert_id,
        open_to_id=holder.open_to_id,
        item=held.item,
        outcome=held.state,
        words=words,
        originator_id=held.originator_id,
    )
    _tell(holder.people, "correction_answered", held, holder.ref, holder.href)


def _tell(people: Iterable[User], template: str, correction: Correction, ref: str, where: str) -> None:
    """The reference by which this reader knows the record, and a link; never the item's content."""
    for person in people:
        queue_email(
            to=person.email,
            template=template,
            context={"ref": ref, "link": f"{settings.SITE_URL}{where}"},
            dedupe_key=f"{template} {correction.pk} {ref} {person.pk}",
            recipient=person,
            about=correction,
        )


def _handlers_at(agency: Agency) -> list[User]:
    held = Membership.objects.filter(
        agency=agency, role__in=HANDLERS["correction"], ended_at=None, user__is_active=True, user__is_integration=False
    )
    return list({each.user_id: each.user for each in held.select_related("user").order_by("pk")}.values())


def _as_dispatch() -> AbstractContextManager[Principal]:
    """Who works where, and who else holds the item, is none of the asker's business (NTK-02)."""
    return acting_as(Principal(service=DISPATCH, purpose="correction", request_id=current().request_id))
