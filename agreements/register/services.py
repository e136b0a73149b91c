"""Entering a partnership: its rules, its bodies with an administrator each, its terms, its agreements."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.dateparse import parse_date

from agreements.register.enums import SignatureState
from agreements.register.models import Agreement, Signature
from safeguarding.agencies.enums import PeriodKind, Role
from safeguarding.agencies.models import (
    Agency,
    CalendarPeriod,
    Course,
    CourseRequirement,
    Membership,
    Partnership,
    PartnershipAgency,
    Terms,
    User,
)
from safeguarding.audit.record import record
from safeguarding.errors import Refused

Entry = Mapping[str, Any]
_Row = TypeVar("_Row", bound=Model)


@transaction.atomic
def enter_partnership(data: Entry) -> Partnership:
    """Puts in what is not there yet and leaves what is there as it is; all of it or nothing (AGR-03, NTK-07)."""
    try:
        partnership = _enter(data)
    except KeyError as missing:
        raise Refused(f"{missing} is missing in the file. Nothing was entered.") from None
    except ValidationError as error:
        raise Refused(f"The file is not right: {'; '.join(error.messages)} Nothing was entered.") from None
    except TypeError as error:
        raise Refused(
            f"The file has something in it that does not belong there ({error}). Nothing was entered."
        ) from None
    record("partnership.entered", partnership)
    return partnership


def _enter(data: Entry) -> Partnership:
    partnership = _once(Partnership, {"slug": data["slug"]}, {"name": data["name"], **data["rules"]})
    _conditions(partnership, data["conditions"])
    agencies = {entry["slug"]: _agency(partnership, entry) for entry in data["agencies"]}
    if not partnership.calendar.exists():
        _periods(partnership, None, data)
        for entry in data["agencies"]:
            _periods(partnership, agencies[entry["slug"]], entry)
    for entry in data.get("agreements", ()):
        _agreement(partnership, agencies, entry)
    return partnership


def _once(model: type[_Row], key: Entry, rest: Entry) -> _Row:
    """The row with this key; a new one is checked first."""
    found = model._default_manager.filter(**key).first()
    if found is None:
        found = model(**key, **rest)
        found.full_clean()
        found.save(force_insert=True)
    return found


def _conditions(partnership: Partnership, entry: Entry) -> None:
    """What its people need before content opens: courses, and the terms that each acknowledges (NTK-06, AGR-08)."""
    for each in entry["courses"]:
        about = {"name": each["name"], "months": each["months"]}
        course = _once(Course, {"partnership": partnership, "key": each["key"]}, about)
        for role in each.get("roles") or [""]:
            _once(CourseRequirement, {"course": course, "role": role}, {})
    terms = entry["terms"]
    _once(Terms, {"partnership": partnership, "version": terms["version"]}, {"text": terms["text"]})


def _agency(partnership: Partnership, entry: Entry) -> Agency:
    about = {name: entry[name] for name in ("name", "kind", "urn", "phone", "bell_at") if name in entry}
    agency = _once(Agency, {"slug": entry["slug"]}, about)
    PartnershipAgency.objects.get_or_create(partnership=partnership, agency=agency)
    if "administrator" in entry:
        _administrator(agency, entry["administrator"])
    return agency


def _administrator(agency: Agency, entry: Entry) -> None:
    """Comes in by "I have forgotten my password", sets up a second factor, and invites the others (NTK-07)."""
    email = entry["email"].strip().lower()
    user = User.objects.filter(email=email).first()
    if user is None:
        user = User(email=email, name=entry["name"])
        user.set_unusable_password()
        user.full_clean()
        user.save()
    Membership.objects.get_or_create(user=user, agency=agency, role=Role.AGENCY_ADMIN, ended_at=None)


def _periods(partnership: Partnership, agency: Agency | None, entry: Entry) -> None:
    for kind, name in ((PeriodKind.TERM, "terms"), (PeriodKind.CLOSED, "closed")):
        for period in entry.get(name, ()):
            row = CalendarPeriod(
                partnership=partnership,
                agency=agency,
                kind=kind,
                name=period.get("name", kind.label),
                starts_on=_day(period["from"]),
                ends_on=_day(period["to"]),
            )
            row.full_clean()
            row.save()


def _agreement(partnership: Partnership, agencies: Mapping[str, Agency], entry: Entry) -> None:
    agreement = _once(
        Agreement,
        {"partnership": partnership, "title": entry["title"], "version": entry["version"]},
        {"kinds": entry["kinds"], "starts_on": _day(entry["starts_on"])},
    )
    for slug, signed_on in entry["signed"].items():
        Signature.objects.get_or_create(
            agreement=agreement,
            agency=agencies[slug],
            defaults={"state": SignatureState.SIGNED, "signed_on": _day(signed_on)},
        )


def _day(text: str) -> dt.date:
    try:
        day = parse_date(text)
    except (TypeError, ValueError):
        day = None
    if day is None:
        raise ValidationError(f"{text!r} is not a day like 2026-09-01.")
    return day
