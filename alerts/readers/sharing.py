"""Need to know inside the setting: a named colleague is told exactly what was chosen, and reads nothing else (ALR-16).

What is told is an entry of the child's file, and the colleague gets a grant of that one entry: given, ended and taken back
like every other grant.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.utils import timezone

from alerts.delivery.models import Alert
from alerts.files.enums import EntryKind, ShownItem, StaffRole
from alerts.files.models import EntryGrant, FileEntry, SafeguardingFile
from alerts.files.services import add_entry, file_alert, file_of
from alerts.readers import policies
from alerts.readers.selectors import Subject, get_subject
from alerts.readers.services import tell_of_grant
from safeguarding.agencies.models import Agency, User
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible, Refused


@dataclass(frozen=True)
class Telling:
    """To whom at the setting, as what, why, until when; and what they read."""

    person: User
    agency: Agency
    as_role: StaffRole
    reason: str
    items: Collection[str]
    words: str
    until: dt.date


def file_to_share(alert: Alert, *, for_user: User) -> Subject:
    """The child's file, for who may share it: the DSL and the head (NTK-03). An alert from before files gets its file now.

    What is for the head or the authority alone is told to nobody here (MRC-18).
    """
    file = file_of(alert) or file_alert(alert)
    if file is None:
        raise NotVisible
    subject = get_subject(file.ref, for_user=for_user)
    if not subject.may_share:
        raise NotVisible
    return subject


def may_share(alert: Alert, *, for_user: User) -> bool:
    """Asked for the button; the wall is asked again at the moment of giving."""
    file = file_of(alert)
    if file is None:
        return False
    try:
        return get_subject(file.ref, for_user=for_user).may_share
    except NotVisible:
        return False


@transaction.atomic
def tell(alert: Alert, telling: Telling, *, by: User) -> EntryGrant:
    """The colleague reads one plain page until the end of that day, and is told by e-mail, without a name (ALR-16)."""
    file = file_to_share(alert, for_user=by).record
    assert isinstance(file, SafeguardingFile)
    policies.check_can_last(file.partnership, telling.until)
    until = policies.end_of(telling.until)
    _check_can_be_told(file, telling, until)
    entry = add_entry(
        file, kind=EntryKind.SHARE, happened_on=timezone.localdate(), text=_words(telling), source_ref=alert.ref, by=by, alert=alert,
        shown=shown_of(alert, telling),
    )  # fmt: skip
    grant = EntryGrant.objects.create(
        content_object=entry,
        user=telling.person,
        agency=telling.agency,
        as_role=telling.as_role,
        reason=telling.reason,
        permission=Permission.objects.get(codename="view_fileentry", content_type__app_label="alerts"),
        granted_by=by,
        expires_at=until,
    )
    facts = {"to": telling.person.pk, "as": str(telling.as_role), "items": sorted(telling.items), "entry": entry.ref}
    record("alert.shared", alert, facts={**facts, "until": until.isoformat()}, at=alert.setting_id)
    tell_of_grant(grant, item=entry, person=telling.person)
    return grant


def _check_can_be_told(file: SafeguardingFile, telling: Telling, until: dt.datetime) -> None:
    """The wall answers before it refuses, and does not say why: that somebody is shut out is nobody's to learn (MRC-18)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT app.lets_in_file(%s, %s, %s, NULL, %s)", [file.pk, telling.person.pk, telling.agency.pk, until]
        )
        row = cursor.fetchone()
    if not row or not row[0]:
        raise Refused("This person cannot be told. Nothing was sent. Ask the hub what to do instead.")


def shown_of(alert: Alert, telling: Telling) -> dict[str, Any]:
    """Exactly what was chosen, as it was then; the colleague's page is made of nothing else (ALR-16)."""
    shown: dict[str, Any] = {
        "child": f"{alert.child_given_name} {alert.child_family_name}",
        "words": telling.words,
        "alert_kind": alert.kind,
    }
    if ShownItem.KIND in telling.items:
        shown["kind"] = alert.get_kind_display()
    if ShownItem.DATE in telling.items and alert.incident_on:
        shown["date"] = alert.incident_on.isoformat()
    if ShownItem.BIRTH in telling.items and alert.child_date_of_birth:
        shown["birth"] = alert.child_date_of_birth.isoformat()
    if ShownItem.ADULTS in telling.items:
        shown["adults"] = list(alert.adults)
    return shown


def _words(telling: Telling) -> str:
    told = ", ".join(str(ShownItem(item).label).lower() for item in telling.items)
    lines = [
        f"{telling.person.name} ({StaffRole(telling.as_role).label}) was told, until {telling.until.day} {telling.until:%B %Y}.",
        f"Why: {telling.reason}",
        f"Reads the child's name{', ' + told if told else ''}, and: {telling.words}",
    ]
    return "\n".join(lines)


def told_about(alert: Alert, *, for_user: User) -> list[EntryGrant]:
    """Which colleagues read something of this alert now, as the walls let this person see it (ALR-16, NTK-08)."""
    live = EntryGrant.objects.visible_to(for_user).live().filter(content_object__alert=alert)
    return list(live.select_related("user", "granted_by").order_by("user__name", "pk"))


def get_told(alert: Alert, code: str, *, for_user: User) -> EntryGrant:
    for grant in told_about(alert, for_user=for_user):
        if grant.code == code:
            return grant
    raise NotVisible


@transaction.atomic
def tell_no_more(alert: Alert, grant: EntryGrant, *, by: User) -> None:
    """From the next request on the colleague's page is closed (NTK-03)."""
    file_to_share(alert, for_user=by)
    held = EntryGrant.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=grant.pk).first()
    if held is None:
        raise NotVisible
    policies.check_can_withdraw(held)
    held.withdrawn_at, held.withdrawn_by = timezone.now(), by
    held.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record("alert.share_withdrawn", alert, facts={"to": held.user_id}, at=alert.setting_id)


def remember_reading(entry: FileEntry) -> None:
    """Each opening by a colleague stands in the history of the alert, which they do not see (AUD-01)."""
    about = Alert(pk=entry.alert_id, controller_id=entry.controller_id, partnership_id=entry.partnership_id)
    about.ref = entry.source_ref
    record("alert.share_opened", about, purpose="Read what I was told", at=entry.controller_id)
