"""Writes of the bells: school days, who answers in a holiday, when the bell rings, and why an alert was late (ALR-07, ALR-23)."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone

from alerts.bell import policies, school_days, selectors
from alerts.bell.ics import Period
from alerts.bell.school_days import Whose
from alerts.delivery.enums import LateReason
from alerts.delivery.models import Alert
from safeguarding.agencies.enums import PeriodKind
from safeguarding.agencies.models import Agency, CalendarPeriod, HolidayCover, Partnership, User
from safeguarding.agencies.selectors import partnerships_of
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible, Refused
from safeguarding.notifications.services import enqueue


def _held(setting: Agency, by: User) -> Agency:
    """The setting again, for update and only where `by` looks after its school days."""
    school_days.setting_of(setting.slug, for_user=by)
    return Agency.objects.select_for_update().get(pk=setting.pk)


def _held_days(whose: Whose, by: User) -> Whose:
    """The same for days that are a setting's own, or an authority's defaults."""
    if isinstance(whose, Agency):
        return _held(whose, by)
    school_days.authority_of(whose.slug, for_user=by)
    return Partnership.objects.select_for_update().get(pk=whose.pk)


def _changed(whose: Whose, event: str, by: User, **facts: int | str) -> None:
    """Remembered, and the bells that have not rung yet follow: of the setting, or of every one in the area (ALR-23)."""
    if isinstance(whose, Agency):
        record(event, whose, facts=facts, at=whose.pk)
        enqueue("bells.move", {"setting": whose.pk})
        return
    council = school_days.councils_of(by).filter(partnershipagency__partnership=whose).first()
    assert council is not None
    record(event, whose, facts={**facts, "area": whose.slug}, at=council.pk)
    enqueue("bells.move_area", {"partnership": whose.pk})


def _new(whose: Whose, periods: Sequence[Period]) -> list[Period]:
    """Those that are not on record yet: the same file twice doubles nothing."""
    there = set(school_days.own_periods(whose).values_list("kind", "starts_on", "ends_on"))
    return list({each.span: each for each in periods if each.span not in there}.values())


def _add(whose: Whose, periods: Sequence[Period]) -> int:
    setting = whose if isinstance(whose, Agency) else None
    partnerships = partnerships_of(whose) if isinstance(whose, Agency) else [whose]
    if not partnerships:
        raise Refused(f"{whose.name} belongs to no partnership now. Nothing was saved. Ask your authority.")
    new = _new(whose, periods)
    CalendarPeriod.objects.bulk_create(
        CalendarPeriod(
            partnership=partnerships[0],
            agency=setting,
            kind=each.kind,
            name=each.name,
            starts_on=each.starts_on,
            ends_on=each.ends_on,
        )
        for each in new
    )
    return len(new)


@transaction.atomic
def add_period(whose: Whose, *, kind: str, name: str, starts_on: dt.date, ends_on: dt.date, by: User) -> bool:
    """A term or a closure, of a setting or an authority's default; False when it is there already (ALR-23)."""
    held = _held_days(whose, by)
    policies.check_period(starts_on, ends_on)
    added = _add(held, [Period(PeriodKind(kind), name, starts_on, ends_on)])
    if added:
        _changed(held, "calendar.changed", by, added=added)
    return bool(added)


@transaction.atomic
def remove_period(whose: Whose, *, period: CalendarPeriod, by: User) -> None:
    held = _held_days(whose, by)
    if not school_days.own_periods(held).filter(pk=period.pk).exists():
        raise NotVisible
    period.delete()
    _changed(held, "calendar.changed", by, removed=1)


@transaction.atomic
def import_periods(whose: Whose, *, periods: Sequence[Period], by: User) -> int:
    """What a file says and is not on record yet, all of it or nothing; how many that were (ALR-23)."""
    held = _held_days(whose, by)
    for each in periods:
        policies.check_period(each.starts_on, each.ends_on)
    added = _add(held, periods)
    _changed(held, "calendar.imported", by, added=added, there_already=len(periods) - added)
    return added


@transaction.atomic
def set_bell(setting: Agency, *, bell_at: dt.time, by: User) -> None:
    """When the school day starts; unread alerts whose bell is still to come move with it (ALR-23)."""
    held = _held(setting, by)
    if held.bell_at == bell_at:
        return
    held.bell_at = bell_at
    held.save(update_fields=["bell_at"])
    _changed(held, "calendar.changed", by, bell=bell_at.isoformat())


@transaction.atomic
def name_cover(
    setting: Agency, *, user: User, phone: str, starts_on: dt.date, ends_on: dt.date, by: User
) -> HolidayCover:
    """A holiday contact for some days, with the number on which the hub reaches them (ALR-07)."""
    held = _held(setting, by)
    if user not in school_days.contacts_of(held):
        raise Refused(f"{user.name} is not a holiday contact any more. Nothing was saved. Choose somebody else.")
    policies.check_cover(starts_on, ends_on)
    cover = HolidayCover.objects.create(
        agency=held, user=user, phone=phone, starts_on=starts_on, ends_on=ends_on, named_by=by
    )
    facts = {"user": user.pk, "from": starts_on.isoformat(), "until": ends_on.isoformat()}
    record("cover.named", cover, facts=facts, at=held.pk)
    return cover


@transaction.atomic
def withdraw_cover(setting: Agency, *, cover: HolidayCover, by: User) -> None:
    held = _held(setting, by)
    if cover.agency_id != held.pk or cover.withdrawn_at is not None:
        raise NotVisible
    cover.withdrawn_at = timezone.now()
    cover.save(update_fields=["withdrawn_at"])
    record("cover.withdrawn", cover, at=held.pk)


@transaction.atomic
def say_why_late(ref: str, *, reason: LateReason, by: User) -> Alert:
    """A person of the hub says why the setting did not know before the bell; every change of mind is remembered (ALR-23)."""
    alert = selectors.late_alert(ref, for_user=by)
    policies.check_can_explain(alert)
    held = Alert.objects.select_for_update(of=("self",), no_key=True).get(pk=alert.pk)
    was, held.late_reason = held.late_reason, reason
    held.save(update_fields=["late_reason"])
    record("alert.late_explained", held, facts={"reason": reason, "was": was})
    return held
