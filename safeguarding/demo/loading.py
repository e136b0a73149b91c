"""Puts the demo world in: partnerships, bodies, people, calendars, agreements. Doing it again changes nothing."""

import datetime as dt
from collections.abc import Sequence

from django.contrib.auth.hashers import check_password, make_password

from safeguarding.agencies.enums import PeriodKind, Role
from safeguarding.agencies.models import Agency, CalendarPeriod, Membership, Partnership, PartnershipAgency, User
from safeguarding.demo.agreements import load_agreements, load_controllers
from safeguarding.demo.conditions import load_conditions
from safeguarding.demo.data import names
from safeguarding.demo.data.calderwick import CALDERWICK
from safeguarding.demo.data.nenevale import NENEVALE
from safeguarding.demo.data.wexbourne import WEXBOURNE
from safeguarding.demo.documents import load_documents
from safeguarding.demo.shapes import AgencyData, PartnershipData, roles_of
from safeguarding.notifications.enums import Standing
from safeguarding.notifications.models import MailDomain

PARTNERSHIPS = (WEXBOURNE, CALDERWICK, NENEVALE)


def load_register(password: str) -> None:
    """Everything but case data."""
    for data in PARTNERSHIPS:
        partnership, _ = Partnership.objects.get_or_create(slug=data.slug, defaults={"name": data.name, **data.config})
        agencies = load_agencies(partnership, data)
        load_calendar(partnership, data, agencies)
        load_agreements(partnership, data, agencies)
        load_controllers(agencies)
    # the demo's invented addresses stand for secure ones
    MailDomain.objects.get_or_create(
        domain="example", valid_from=dt.date(2025, 1, 1), defaults={"standing": Standing.SECURE}
    )
    load_people(password)
    for data in PARTNERSHIPS:
        partnership = Partnership.objects.get(slug=data.slug)
        load_conditions(data, partnership)
        load_documents(partnership, data, load_agencies(partnership, data))


def load_agencies(partnership: Partnership, data: PartnershipData) -> dict[str, Agency]:
    agencies = {}
    for each in data.agencies:
        agency, _ = Agency.objects.get_or_create(
            slug=data.slug_of(each.short),
            defaults={
                "name": each.name,
                "kind": each.kind,
                "urn": each.urn,
                "phone": each.phone,
                "bell_at": each.bell_at,
            },
        )
        PartnershipAgency.objects.get_or_create(partnership=partnership, agency=agency)
        agencies[each.short] = agency
    return agencies


def load_calendar(partnership: Partnership, data: PartnershipData, agencies: dict[str, Agency]) -> None:
    if partnership.calendar.exists():
        return
    periods = [_period(partnership, None, PeriodKind.TERM, name, *span) for name, span in data.terms]
    for each in data.agencies:
        agency = agencies[each.short]
        periods += [_period(partnership, agency, PeriodKind.TERM, "Term", *span) for span in each.terms]
        periods += [_period(partnership, agency, PeriodKind.CLOSED, "INSET day", day, day) for day in each.inset]
    CalendarPeriod.objects.bulk_create(periods)


def _period(
    partnership: Partnership, agency: Agency | None, kind: PeriodKind, name: str, start: dt.date, end: dt.date
) -> CalendarPeriod:
    return CalendarPeriod(partnership=partnership, agency=agency, kind=kind, name=name, starts_on=start, ends_on=end)


def load_people(password: str) -> None:
    """Each person once, with the one password; a new installation's password replaces the old one."""
    wanted = [
        (data.email_of(local, each.short), data.slug_of(each.short), local, each)
        for data in PARTNERSHIPS
        for each in data.agencies
        for local in each.people
    ]
    known = {user.email: user for user in User.objects.filter(email__in=[email for email, *_ in wanted])}
    hashed = _one_hash(password, list(known.values()))
    User.objects.bulk_create(
        User(email=email, name=names.person(number), password=hashed)
        for number, (email, *_) in enumerate(wanted)
        if email not in known
    )
    _join([(email, slug, local, each) for email, slug, local, each in wanted if email not in known])
    _lend_ig_leads()


def _lend_ig_leads() -> None:
    """A council that houses the hub lends it its information-governance lead: two hats on one head."""
    for data in PARTNERSHIPS:
        lead, hub = (
            User.objects.get(email=data.email_of("ig", "council")),
            Agency.objects.get(slug=data.slug_of("mash")),
        )
        if not Membership.objects.filter(user=lead, agency=hub, role=Role.IG_LEAD).exists():
            Membership.objects.create(user=lead, agency=hub, role=Role.IG_LEAD)


def _one_hash(password: str, known: Sequence[User]) -> str:
    # One hash for all: a demo's people share the password anyhow, and a slow hash each would take a minute.
    if known and check_password(password, known[0].password):
        return known[0].password
    hashed = make_password(password)
    if known:
        User.objects.filter(pk__in=[user.pk for user in known]).update(password=hashed)
    return hashed


def _join(newcomers: Sequence[tuple[str, str, str, AgencyData]]) -> None:
    users = {user.email: user for user in User.objects.filter(email__in=[email for email, *_ in newcomers])}
    agencies = {agency.slug: agency for agency in Agency.objects.filter(slug__in=[slug for _, slug, *_ in newcomers])}
    Membership.objects.bulk_create(
        Membership(user=users[email], agency=agencies[slug], role=role)
        for email, slug, local, each in newcomers
        for role in roles_of(local, each.kind)
    )
