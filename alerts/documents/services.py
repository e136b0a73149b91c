"""Writes of the ready documents: details, words, confirmations, and the list of support services (ALR-25, ALR-27)."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils import timezone

from alerts.documents import policies, selectors
from alerts.documents.enums import CONFIRMED_YEARLY
from alerts.documents.models import OwnText, Publication, SettingDetails, SupportService, Wording
from alerts.documents.selectors import Desk
from safeguarding.agencies.models import Partnership, User
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible, Refused


@transaction.atomic
def say_details(
    desk: Desk, *, leads: list[str], signed_by: str, signed_as: str, phone: str, website: str, by: User
) -> SettingDetails:
    """How the setting names itself and its leads in what parents read (ALR-25)."""
    selectors.get_desk(desk.setting.slug, for_user=by)
    said, _ = SettingDetails.objects.update_or_create(
        setting=desk.setting,
        defaults={
            "leads": leads,
            "signed_by": signed_by,
            "signed_as": signed_as,
            "phone": phone,
            "website": website,
            "changed_by": by,
            "changed_at": timezone.now(),
        },
    )
    record("documents.details", desk.setting, at=desk.setting.pk)
    return said


@transaction.atomic
def write_own(desk: Desk, *, kind: str, text: str, by: User) -> None:
    """The setting's own words of one document; an empty text goes back to the partnership's (ALR-25)."""
    selectors.get_desk(desk.setting.slug, for_user=by)
    policies.check_text(text)
    OwnText.objects.create(
        partnership=desk.partnership,
        setting=desk.setting,
        kind=kind,
        text="" if text == selectors.wording(desk.partnership, kind) else text,
        changed_by=by,
    )
    record("documents.written", desk.setting, facts={"kind": kind}, at=desk.setting.pk)


@transaction.atomic
def confirm(desk: Desk, *, kind: str, published_on: dt.date, where: str, by: User) -> Publication:
    """The setting says that a document is out; the very words are kept as evidence (ALR-25)."""
    selectors.get_desk(desk.setting.slug, for_user=by)
    if kind not in CONFIRMED_YEARLY:
        raise NotVisible
    policies.check_published_on(published_on, timezone.localdate())
    text = selectors.document(desk, kind).text
    if selectors.BLANK in text:
        raise Refused("Some details are still missing from this document. Nothing was confirmed. Fill them in first.")
    said = Publication.objects.create(
        partnership=desk.partnership,
        setting=desk.setting,
        kind=kind,
        published_on=published_on,
        where=where,
        text=text,
        confirmed_by=by,
    )
    record(
        "documents.confirmed", desk.setting, facts={"kind": kind, "on": published_on.isoformat()}, at=desk.setting.pk
    )
    return said


@transaction.atomic
def word(partnership: Partnership, *, kind: str, text: str, by: User) -> None:
    """A manager of the hub puts the partnership's own words in place; settings with words of their own keep those (ALR-25)."""
    _check_words(partnership, by)
    policies.check_text(text)
    Wording.objects.create(partnership=partnership, kind=kind, text=text, changed_by=by)
    record("documents.worded", partnership, facts={"kind": kind})


def _check_words(partnership: Partnership, by: User) -> None:
    if selectors.worded_by(by) != partnership:
        raise NotVisible


@transaction.atomic
def list_service(
    partnership: Partnership, *, for_whom: str, name: str, words: str, phone: str, website: str, hours: str, by: User
) -> SupportService:
    """A service is listed, checked today; the same name is listed once for whom it helps (ALR-27)."""
    _check_words(partnership, by)
    try:
        with transaction.atomic():
            listed = SupportService.objects.create(
                partnership=partnership,
                for_whom=for_whom,
                name=name,
                words=words,
                phone=phone,
                website=website,
                hours=hours,
            )
    except IntegrityError:
        raise Refused(f"{name} is listed there already. Nothing was added. Change that entry.") from None
    record("support.listed", partnership, facts={"for": for_whom})
    return listed


@transaction.atomic
def check_service(service: SupportService, *, by: User) -> None:
    """Somebody has tried the number and read the page again (ALR-27)."""
    _check_words(service.partnership, by)
    service.checked_on = timezone.localdate()
    service.save(update_fields=["checked_on"])
    record("support.checked", service.partnership, facts={"for": service.for_whom})


@transaction.atomic
def retire_service(service: SupportService, *, by: User) -> None:
    """A service that is gone is listed no more; that it once was stays on record (ALR-27)."""
    _check_words(service.partnership, by)
    service.retired_on = timezone.localdate()
    service.save(update_fields=["retired_on"])
    record("support.retired", service.partnership, facts={"for": service.for_whom})
