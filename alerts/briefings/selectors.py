"""What a setting has recorded, and what is due (ALR-26)."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max
from django.utils import timezone

from alerts.briefings import policies
from alerts.briefings.enums import RecordKind
from alerts.briefings.models import SchemeRecord
from alerts.documents.selectors import Desk, desks_of
from safeguarding.agencies.models import User

MOST = 50


@dataclass(frozen=True)
class Due:
    kind: RecordKind
    last: dt.date | None
    on: dt.date
    late: bool


def records_of(desk: Desk) -> list[SchemeRecord]:
    """The newest first; nothing is overwritten."""
    rows = SchemeRecord.objects.filter(setting=desk.setting).select_related("recorded_by")
    return list(rows.order_by("-held_on", "-pk")[:MOST])


def dues(desk: Desk) -> list[Due]:
    """One for each kind: when it was last, and when it is due (ALR-26)."""
    today = timezone.localdate()
    last = _last([desk.setting.pk])
    return [_due(kind, last.get((desk.setting.pk, kind.value)), today) for kind in RecordKind]


def late_at(user: User) -> int:
    """How many of them are due at the settings that this person looks after; two queries whatever there is."""
    settings = [desk.setting.pk for desk in desks_of(user)]
    last, today = _last(settings), timezone.localdate()
    return sum(_due(kind, last.get((pk, kind.value)), today).late for pk in settings for kind in RecordKind)


def _last(settings: list[int]) -> dict[tuple[int, str], dt.date]:
    rows = SchemeRecord.objects.filter(setting__in=settings).values_list("setting", "kind").annotate(Max("held_on"))
    return {(setting, kind): held for setting, kind, held in rows.order_by()}


def _due(kind: RecordKind, last: dt.date | None, today: dt.date) -> Due:
    on = policies.due_on(last, today)
    return Due(kind, last, on, on <= today)
