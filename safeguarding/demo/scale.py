"""Volume for benches: N more settings with a year of alerts, the same for the same seed.

Written in bulk and not told through the services: 20,000 alerts one by one would take an hour.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from agreements.models import Agreement, Signature
from agreements.register.enums import Gateway, SignatureState
from alerts.delivery.enums import AlertStatus
from alerts.intake.enums import Channel, ChildState, Match, NotificationKind, NotificationStatus, Risk
from alerts.models import Alert, Notification, NotificationChild
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.access.principal import Principal, acting_as
from safeguarding.agencies import selectors as agencies
from safeguarding.agencies.enums import SETTING_KINDS, AgencyKind, Role
from safeguarding.agencies.models import Agency, Membership, Partnership, PartnershipAgency, User
from safeguarding.children.enums import PlacementSource
from safeguarding.children.matching import Details
from safeguarding.children.models import Child, ChildToken, Placement
from safeguarding.children.selectors import details_of
from safeguarding.children.tokens import GENERATION, tokens_of
from safeguarding.crypto.keys import current_kek
from safeguarding.crypto.models import DataKey
from safeguarding.demo.conditions import clear_everybody
from safeguarding.demo.data import names

PURPOSE = "load_demo --scale"
SETUP, MATCHING, DISPATCH = (Principal(service=name, purpose=PURPOSE) for name in ("setup", "matching", "dispatch"))
FIRST_URN = 910_000
SETTINGS_AT_ONCE = 40
ALERTS_EACH = (15, 35)
# of a hundred alerts; the rest is acknowledged
STILL_SENT, STILL_OPENED = 4, 10
_ROLES = {"dsl": Role.DSL, "deputy": Role.DEPUTY_DSL, "head": Role.HEAD}
_PLACES = (
    "Alder",
    "Bramble",
    "Cinder",
    "Drover",
    "Ember",
    "Fallow",
    "Gannet",
    "Hollow",
    "Juniper",
    "Kestrel",
    "Linnet",
)
_ENDS = {AgencyKind.SCHOOL: "School", AgencyKind.ACADEMY: "Academy", AgencyKind.COLLEGE: "College"}


@dataclass(frozen=True)
class Place:
    """A partnership with what every alert of it carries."""

    partnership: Partnership
    hub: Agency
    police: Agency
    agreements: Sequence[Agreement]

    @property
    def owned(self) -> dict[str, Any]:
        return {"partnership": self.partnership, "controller": self.hub}


def load_scale(settings: int, seed: int, password_hash: str) -> Iterator[int]:
    """Yields how many alerts each batch of settings brought; settings that are there already stay as they are."""
    places = [place_of(partnership) for partnership in Partnership.objects.order_by("pk")]
    there = set(Agency.objects.filter(slug__startswith="setting-").values_list("slug", flat=True))
    wanted = [number for number in range(settings) if _slug(number) not in there]
    for start in range(0, len(wanted), SETTINGS_AT_ONCE):
        batch = wanted[start : start + SETTINGS_AT_ONCE]
        with transaction.atomic():
            yield sum(_load(place, batch, len(places), seed, password_hash) for place in enumerate(places))


def place_of(partnership: Partnership) -> Place:
    police = agencies.members_of(partnership).filter(kind=AgencyKind.POLICE).order_by("pk")[0]
    signed_by_settings = [agreement for agreement in partnership.agreements.order_by("pk") if agreement.kinds]
    return Place(partnership, agencies.hub_of(partnership), police, signed_by_settings)


def _slug(number: int) -> str:
    return f"setting-{number:05d}"


def _load(
    place_with_number: tuple[int, Place], batch: Sequence[int], places: int, seed: int, password_hash: str
) -> int:
    offset, place = place_with_number
    mine = [number for number in batch if number % places == offset]
    settings = _settings(place, mine)
    people = _people(place, settings, password_hash)
    plans = [plan for number, setting in zip(mine, settings, strict=True) for plan in plans_of(number, setting, seed)]
    case_data(place, plans, people)
    return len(plans)


def _settings(place: Place, numbers: Sequence[int]) -> list[Agency]:
    settings = Agency.objects.bulk_create(
        Agency(slug=_slug(number), name=_name(number), kind=_kind(number), urn=str(FIRST_URN + number))
        for number in numbers
    )
    PartnershipAgency.objects.bulk_create(
        PartnershipAgency(partnership=place.partnership, agency=setting) for setting in settings
    )
    Signature.objects.bulk_create(
        Signature(agreement=agreement, agency=setting, state=SignatureState.SIGNED, signed_on=agreement.starts_on)
        for agreement in place.agreements
        for setting in settings
    )
    return settings


def _kind(number: int) -> AgencyKind:
    return SETTING_KINDS[number % len(SETTING_KINDS)]


def _name(number: int) -> str:
    return f"{_PLACES[number % len(_PLACES)]} {_ENDS.get(_kind(number), _kind(number).label)} {number + 1}"


def _people(place: Place, settings: Sequence[Agency], password_hash: str) -> dict[int, User]:
    """Three people at each setting; returns its lead by the setting's id."""
    wanted = [(setting, local) for setting in settings for local in _ROLES]
    users = User.objects.bulk_create(
        User(
            email=f"{local}@{setting.slug}.{place.partnership.slug}.example",
            name=names.person(1000 + setting.pk * len(_ROLES) + position % len(_ROLES)),
            password=password_hash,
        )
        for position, (setting, local) in enumerate(wanted)
    )
    pairs = list(zip(wanted, users, strict=True))
    with acting_as(SETUP):
        Membership.objects.bulk_create(
            Membership(user=user, agency=setting, role=_ROLES[local]) for (setting, local), user in pairs
        )
        clear_everybody(place.partnership)
    return {setting.pk: user for (setting, local), user in pairs if local == "dsl"}


@dataclass(frozen=True)
class Plan:
    """One alert to be: which child of which setting, when, and how far it came."""

    setting: Agency
    child: int
    details: Details
    reference: str
    kind: NotificationKind
    risk: Risk
    sent_at: dt.datetime
    status: AlertStatus
    adults: Sequence[str]
    # how long after it was sent its bell rang, somebody opened it, and how long before the hub had it
    bell_after: dt.timedelta = dt.timedelta(hours=2)
    opened_after: dt.timedelta = dt.timedelta(minutes=20)
    received_before: dt.timedelta = dt.timedelta(hours=2)


def plans_of(number: int, setting: Agency, seed: int) -> Iterator[Plan]:
    """A year of one setting, by its number and the seed alone."""
    chance = Random(f"{seed}/{number}")  # noqa: S311 - plausible, not secret
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    alerts = chance.randint(*ALERTS_EACH)
    for alert in range(alerts):
        child = chance.randrange(max(1, alerts * 2 // 3))
        ended = chance.randrange(100)
        family = names.FAMILY[(number + child * 7) % len(names.FAMILY)]
        status = AlertStatus.SENT if ended < STILL_SENT else AlertStatus.OPENED if ended < STILL_OPENED else None
        yield Plan(
            setting=setting,
            child=child,
            details=Details(names.GIVEN[(number * 3 + child) % len(names.GIVEN)], family, _born(number, child)),
            reference=f"S{seed}/{number:05d}/{alert:03d}",
            kind=NotificationKind.MISSING_EPISODE if chance.random() < 0.15 else NotificationKind.DOMESTIC_ABUSE,
            risk=chance.choice((Risk.STANDARD, Risk.STANDARD, Risk.MEDIUM, Risk.MEDIUM, Risk.HIGH)),
            sent_at=midnight - dt.timedelta(days=chance.randrange(1, 365), minutes=-chance.randrange(360, 510)),
            status=status or AlertStatus.ACKNOWLEDGED,
            adults=[f"{chance.choice(names.GIVEN)} {family}", names.person(chance.randrange(2000))],
        )


def _born(number: int, child: int) -> dt.date:
    return dt.date(2008, 9, 1) + dt.timedelta(days=(number * 131 + child * 977) % 5800)


def case_data(place: Place, plans: Sequence[Plan], leads: dict[int, User]) -> None:
    with acting_as(MATCHING):
        children = _children(place, plans)
        notifications = _notifications(place, plans)
        NotificationChild.objects.bulk_create(
            NotificationChild(
                **place.owned,
                notification=notification,
                position=0,
                match=Match.MATCHED,
                state=ChildState.SETTLED,
                child=children[plan.setting.pk, plan.child],
                setting=plan.setting,
                answered_setting=plan.setting,
            )
            for plan, notification in zip(plans, notifications, strict=True)
        )
    with acting_as(DISPATCH):
        Alert.objects.bulk_create(
            _alert(place, plan, notification, children[plan.setting.pk, plan.child], leads[plan.setting.pk])
            for plan, notification in zip(plans, notifications, strict=True)
        )


def _children(place: Place, plans: Sequence[Plan]) -> dict[tuple[int, int], Child]:
    details = {(plan.setting.pk, plan.child): plan.details for plan in plans}
    made = Child.objects.bulk_create(
        Child(
            **place.owned,
            given_name=each.given_name,
            family_name=each.family_name,
            date_of_birth=each.date_of_birth,
            tokens_made=GENERATION,
        )
        for each in details.values()
    )
    ChildToken.objects.bulk_create(
        ChildToken(**place.owned, child=child, kind=kind, token=token)
        for child in made
        for kind, token in sorted(tokens_of(place.partnership.pk, details_of(child)))
    )
    Placement.objects.bulk_create(
        Placement(**place.owned, child=child, setting_id=setting, source=PlacementSource.REGISTER)
        for (setting, _), child in zip(details, made, strict=True)
    )
    return dict(zip(details, made, strict=True))


def _notifications(place: Place, plans: Sequence[Plan]) -> list[Notification]:
    """Tombstones: the police content went when the alert did, and its key with it (ALR-09)."""
    bucket = current_kek(place.partnership.pk, Notification.KEY_BUCKET)
    destroyed = DataKey.objects.bulk_create(
        DataKey(kek=bucket, wrapped=None, destroyed_at=plan.sent_at) for plan in plans
    )
    return Notification.objects.bulk_create(
        Notification(
            **place.owned,
            crypto_key=key,
            source=place.police,
            reference=plan.reference,
            kind=plan.kind,
            channel=Channel.API,
            occurred_at=plan.sent_at - dt.timedelta(hours=9),
            received_at=plan.sent_at - plan.received_before,
            risk=plan.risk,
            status=NotificationStatus.SENT,
            body_mac=bytes(32),
            due_at=plan.sent_at + dt.timedelta(hours=2),
            screened_at=plan.sent_at if place.partnership.screens else None,
            sent_at=plan.sent_at,
            purged_at=plan.sent_at,
        )
        for plan, key in zip(plans, destroyed, strict=True)
    )


def _alert(place: Place, plan: Plan, notification: Notification, child: Child, lead: User) -> Alert:
    opened_at = None if plan.status == AlertStatus.SENT else plan.sent_at + plan.opened_after
    acknowledged = plan.status == AlertStatus.ACKNOWLEDGED
    return Alert(
        **place.owned,
        notification=notification,
        child=child,
        setting=plan.setting,
        kind=plan.kind,
        status=plan.status,
        audience=AUDIENCE_BITS[Role.DSL],
        child_given_name=plan.details.given_name,
        child_family_name=plan.details.family_name,
        child_date_of_birth=plan.details.date_of_birth,
        adults=list(plan.adults),
        incident_on=notification.occurred_at.date(),
        disclaimer=place.partnership.disclaimer,
        query_contact=place.partnership.query_contacts["*"],
        origin=place.police.name,
        gateway=Gateway.AGREEMENT,
        agreement=next((each for each in place.agreements if plan.kind in each.kinds), None),
        due_at=plan.sent_at + plan.bell_after,
        bell_at=plan.sent_at + plan.bell_after,
        received_at=notification.received_at,
        created_at=plan.sent_at,
        sent_at=plan.sent_at,
        opened_at=opened_at,
        opened_by=lead if opened_at else None,
        acknowledged_at=(opened_at and acknowledged and opened_at + dt.timedelta(minutes=5)) or None,
        acknowledged_by=lead if acknowledged else None,
    )
