"""Recording that staff know the scheme and use it safely (ALR-26)."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from alerts.briefings import policies
from alerts.briefings.models import SchemeRecord
from alerts.documents.selectors import Desk, get_desk
from safeguarding.agencies.models import User
from safeguarding.audit.record import record


@transaction.atomic
def keep(desk: Desk, *, kind: str, held_on: dt.date, staff: int | None, words: str, by: User) -> SchemeRecord:
    """The lead of the setting keeps it; a wrong entry is followed by a right one, and both stay (ALR-26)."""
    get_desk(desk.setting.slug, for_user=by)
    policies.check_can_record(kind, held_on, staff, timezone.localdate())
    kept = SchemeRecord.objects.create(
        partnership=desk.partnership,
        setting=desk.setting,
        kind=kind,
        held_on=held_on,
        staff=staff,
        words=words,
        recorded_by=by,
    )
    record(
        "scheme.recorded",
        desk.setting,
        facts={"kind": kind, "on": held_on.isoformat(), "staff": staff},
        at=desk.setting.pk,
    )
    return kept
