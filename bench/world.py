"""The bench's world: a register in one database, copied to one database for each scale, and filled there."""

import datetime as dt
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from agreements.models import Agreement, AgreementItem, Signature
from agreements.register.enums import Item, PartyRole, SignatureState
from alerts.delivery.enums import AlertStatus
from alerts.intake.content import NamedSetting, Person, PoliceNotification
from alerts.intake.enums import AmendmentKind, Channel, ChildState, Match, NotificationStatus
from alerts.models import Alert, AlertGrant, Amendment, Notification, NotificationChild
from bench import rooms, server
from bench.fill import fill_cases
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.access.principal import Principal, acting_as
from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.agencies.models import Agency, Membership, Partnership, PartnershipAgency, User
from safeguarding.audit.record import record
from safeguarding.children.models import Child
from safeguarding.demo.data.nenevale import NENEVALE
from safeguarding.demo.data.wexbourne import WEXBOURNE
from safeguarding.runtime.roles import at_database

SMALL = os.environ.get("BENCH_SCALE") == "small"
PARTNERSHIPS = 10
SETTINGS_EACH = 50 if SMALL else 2440
SCALES = {"1k": 1_000, "10k": 10_000, "50k": 50_000} if SMALL else {"10k": 10_000, "100k": 100_000, "1M": 1_000_000}
SMALLEST, LARGEST = next(iter(SCALES)), list(SCALES)[-1]
REGISTER = f"{server.PREFIX}register"
SETUP, MATCHING, DISPATCH = (Principal(service=name, purpose="bench") for name in ("setup", "matching", "dispatch"))
# How many alerts each of these leads has, and how many notifications wait in each of these hubs.
INBOXES = (10, 200, 1000)
QUEUES = (1000, 10)
GRANTS = 20
TRUST = 40 if SMALL else 300


def database_of(scale: str) -> str:
    return f"{server.PREFIX}{scale.lower()}"


_wrappers: dict[str, BaseDatabaseWrapper] = {}


def use(database: str, *, bare: bool = False) -> None:
    """From here on Django talks to this scale's database; `bare`: with Django's own engine, as a login that no wall stops."""
    key = f"{database}/{bare}"
    if key not in _wrappers:
        before = connections.settings["default"]
        settings = {**before, "NAME": database_of(database), "OPTIONS": {**before["OPTIONS"]}}
        if bare:
            settings["ENGINE"] = "django.db.backends.postgresql"
            del settings["OPTIONS"]["assume_role"]
        connections.settings["default"] = settings
        _wrappers[key] = connections.create_connection("default")
        connections.settings["default"] = before
    connections["default"] = _wrappers[key]


@contextmanager
def as_person(user: User) -> Iterator[None]:
    """One transaction of hers, as a request opens it."""
    with acting_as(Principal(user_id=user.pk, purpose="bench")), transaction.atomic():
        yield


@contextmanager
def as_service(principal: Principal) -> Iterator[None]:
    with acting_as(principal), transaction.atomic():
        yield


def raw(scale: str) -> psycopg.Connection:
    """SQL by hand without walls."""
    return psycopg.connect(at_database(os.environ["DATABASE_URL"], database_of(scale)), autocommit=True)


# ---------------------------------------------------------------- the register
def prepare(url: str, say: Callable[[str], None]) -> None:
    """Every database that is not there yet."""
    there = server.databases_on(url)
    if REGISTER not in there:
        say("The register …")
        server.make_database(url, REGISTER)
        use("register", bare=True)
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        with transaction.atomic(), acting_as(SETUP):
            with connections["default"].cursor() as cursor:
                # the checks of foreign keys would keep the plans that they made while the tables were empty
                cursor.execute("SET LOCAL session_replication_role = replica")
            _register()
        with connections["default"].cursor() as cursor:
            # who is cleared for content is kept by a trigger, which slept meanwhile
            cursor.execute("UPDATE agencies_membership SET cleared_until = cleared_until")
            cursor.execute("ANALYZE")
        connections["default"].close()
    for scale, alerts in SCALES.items():
        if database_of(scale) not in there:
            say(f"{alerts:,} alerts …")
            server.make_database(url, database_of(scale), REGISTER)
            with raw(scale) as connection:
                fill_cases(connection, alerts)
            use(scale)
            granted = _readers()
            use(scale, bare=True)
            _grants(granted, lead_with(200))
            if scale == LARGEST:
                say("The other rooms …")
                hubs = [(place_of(number), count) for number, count in enumerate(QUEUES, start=1)]
                rooms.make(hubs, [lead_with(10), lead_with(1000)])
            connections["default"].close()
            with raw(scale) as connection:
                if scale == LARGEST:
                    rooms.fill(connection, alerts, measured=[place.partnership.pk for place, _ in hubs])
                connection.execute("VACUUM ANALYZE")


def _register() -> None:
    """Ten partnerships that screen with all their settings, and one that does not; two people at each setting."""
    for number in range(PARTNERSHIPS + 1):
        data = NENEVALE if number == PARTNERSHIPS else WEXBOURNE
        _partnership(number, {**data.config})
    _template()


def _partnership(number: int, config: dict[str, Any]) -> None:
    partnership = Partnership.objects.create(slug=f"bench-{number}", name=f"Bench partnership {number}", **config)
    bodies = Agency.objects.bulk_create(
        [
            Agency(slug=f"police-{number}", name=f"Police {number}", kind=AgencyKind.POLICE),
            Agency(slug=f"hub-{number}", name=f"Hub {number}", kind=AgencyKind.MASH),
            Agency(slug=f"council-{number}", name=f"Council {number}", kind=AgencyKind.COUNCIL),
        ]
    )
    # some more than there are numbers for: the readers' own, which nobody else's alerts go to
    settings = Agency.objects.bulk_create(
        Agency(
            slug=f"s-{number}-{each:05d}",
            name=f"Setting {each} of {number}",
            kind=AgencyKind.SCHOOL,
            urn=str(100_000 + number * 3000 + each),
        )
        for each in range(SETTINGS_EACH + 6)
    )
    PartnershipAgency.objects.bulk_create(
        PartnershipAgency(partnership=partnership, agency=agency) for agency in (*bodies, *settings)
    )
    agreement = Agreement.objects.create(
        partnership=partnership,
        title="Alerts",
        kinds=["domestic_abuse", "missing_episode"],
        starts_on=dt.date(2025, 1, 1),
    )
    Signature.objects.bulk_create(
        Signature(
            agreement=agreement,
            agency=each,
            role=PartyRole.BOTH if each == bodies[1] else PartyRole.RECIPIENT,
            state=SignatureState.SIGNED,
            signed_on=dt.date(2025, 2, 1),
        )
        for each in (*settings, *bodies[1:])
    )
    AgreementItem.objects.bulk_create(
        AgreementItem(agreement=agreement, key=key, justification="Needed to support the child.") for key in Item
    )
    wanted = [(bodies[0], Role.POLICE_OFFICER), *((bodies[1], Role.MASH_OFFICER) for _ in range(3))]
    wanted += [(setting, role) for setting in settings for role in (Role.DSL, Role.HEAD)]
    users = User.objects.bulk_create(
        User(email=f"{role}-{place}@bench-{number}.example", name=f"Person {place} of {number}", password="!")
        for place, (_, role) in enumerate(wanted)
    )
    Membership.objects.bulk_create(
        Membership(user=user, agency=agency, role=role) for user, (agency, role) in zip(users, wanted, strict=True)
    )


def _template() -> None:
    """One case told through the product: the bulk of rows is copied from it, so that every column is as the product writes it."""
    place = place_of(0)
    with acting_as(MATCHING):
        child = children(place, 1)[0]
        notification = notifications(place, 1, status=NotificationStatus.SENT, prefix="T")[0]
        NotificationChild.objects.create(**place.owned, **_settled(notification, child, place.settings(1)[0]))
    with acting_as(DISPATCH):
        [alert] = alerts(place, [notification], [child], place.settings(1)[0], lead=None)
        record("alert.sent", alert, facts={"gateway": "agreement", "roles": ["dsl"], "people": 1})


# ---------------------------------------------------------------- cases through the product
@dataclass(frozen=True)
class Place:
    partnership: Partnership
    police: Agency
    hub: Agency

    @property
    def owned(self) -> dict[str, Any]:
        return {"partnership": self.partnership, "controller": self.hub}

    def settings(self, count: int, skip: int = 0) -> list[Agency]:
        prefix = f"s-{self.partnership.slug.removeprefix('bench-')}-"
        return list(Agency.objects.filter(slug__startswith=prefix).order_by("slug")[skip : skip + count])


def place_of(number: int) -> Place:
    return Place(
        Partnership.objects.get(slug=f"bench-{number}"),
        Agency.objects.get(slug=f"police-{number}"),
        Agency.objects.get(slug=f"hub-{number}"),
    )


_SYLLABLES = (
    "bar",
    "cor",
    "den",
    "fal",
    "gim",
    "hol",
    "jex",
    "kip",
    "lud",
    "mon",
    "nar",
    "pel",
    "qua",
    "rib",
    "sto",
    "tev",
)


def _surname(number: int) -> str:
    """Another one for each number, and not like its neighbour's: who is alike is the business of another bench."""
    mixed = number * 2_654_435_761 % 2**32
    return "".join(_SYLLABLES[mixed >> shift & 15] for shift in (0, 7, 14, 21)).capitalize()


def content_of(reference: str, number: int, urn: str | None = None) -> PoliceNotification:
    """What the police might send about the family of this number; everybody in it is invented."""
    family = _surname(number)
    return PoliceNotification(
        reference=reference,
        kind="domestic_abuse",
        occurred_at=timezone.now() - dt.timedelta(hours=8),
        risk="medium",
        narrative="Neighbours reported shouting. " * 20,
        people=(
            Person(role="victim", given_name="Ferelith", family_name=family, date_of_birth=dt.date(1990, 2, 3)),
            Person(role="perpetrator", given_name="Osric", family_name="Vane"),
            Person(
                role="child",
                given_name=f"Ottilie{number}",
                family_name=family,
                date_of_birth=dt.date(2010, 1, 1) + dt.timedelta(days=number % 4000),
                setting=NamedSetting(urn=urn) if urn else None,
            ),
        ),
    )


def children(place: Place, count: int) -> list[Child]:
    return Child.objects.bulk_create(
        Child(
            **place.owned,
            given_name=f"Ottilie{number}",
            family_name=f"Quillfeather-{number}",
            date_of_birth=dt.date(2010, 1, 1) + dt.timedelta(days=number % 4000),
        )
        for number in range(count)
    )


def notifications(place: Place, count: int, *, status: str, prefix: str) -> list[Notification]:
    now = timezone.now()
    return Notification.objects.bulk_create(
        Notification(
            **place.owned,
            source=place.police,
            reference=f"{prefix}/{number:07d}",
            kind="domestic_abuse",
            channel=Channel.API,
            occurred_at=now - dt.timedelta(hours=8),
            received_at=now - dt.timedelta(minutes=number),
            risk="medium",
            status=status,
            content=content_of(f"{prefix}/{number:07d}", number).to_json(),
            body_mac=bytes(32),
            due_at=now + dt.timedelta(minutes=number),
        )
        for number in range(count)
    )


def _settled(notification: Notification, child: Child, setting: Agency) -> dict[str, Any]:
    return {
        "notification": notification,
        "position": 2,
        "match": Match.MATCHED,
        "state": ChildState.SETTLED,
        "child": child,
        "setting": setting,
        "answered_setting": setting,
    }


def alerts(
    place: Place, from_notifications: list[Notification], about: list[Child], setting: Agency, lead: User | None
) -> list[Alert]:
    """Sent to this setting, spread over a year; every tenth still unopened."""
    now, many = timezone.now(), len(from_notifications)
    return Alert.objects.bulk_create(
        Alert(
            **place.owned,
            notification=notification,
            child=child,
            setting=setting,
            kind="domestic_abuse",
            status=AlertStatus.SENT if number % 10 == 0 or lead is None else AlertStatus.ACKNOWLEDGED,
            audience=AUDIENCE_BITS[Role.DSL],
            child_given_name=f"Ottilie{number}",
            child_family_name=f"Quillfeather-{number}",
            child_date_of_birth=dt.date(2010, 1, 1),
            adults=[f"Ferelith Quillfeather-{number}", "Osric Vane"],
            incident_on=(sent_at := now - dt.timedelta(minutes=5 + 525_000 * number // many)).date(),
            disclaimer=place.partnership.disclaimer,
            query_contact=place.partnership.query_contacts["*"],
            origin=place.police.name,
            gateway="agreement",
            due_at=sent_at + dt.timedelta(hours=8),
            bell_at=sent_at + dt.timedelta(hours=8),
            received_at=sent_at,
            created_at=sent_at,
            sent_at=sent_at,
            opened_at=None if number % 10 == 0 or lead is None else sent_at + dt.timedelta(hours=1),
            opened_by=None if number % 10 == 0 else lead,
        )
        for number, (notification, child) in enumerate(zip(from_notifications, about, strict=True))
    )


# ---------------------------------------------------------------- the people whose pages are measured
def lead_with(count: int) -> User:
    return User.objects.get(name=f"Lead with {count}")


def officer_of(hub: int) -> User:
    return _somebody_at(f"hub-{hub}")


def constable_of(police: int) -> User:
    return _somebody_at(f"police-{police}")


def manager_of(hub: int) -> User:
    return User.objects.get(email=f"manager@hub-{hub}.example")


def desk_of(council: int) -> User:
    return User.objects.get(email=f"desk@council-{council}.example")


def _somebody_at(slug: str) -> User:
    with as_service(SETUP):
        return User.objects.filter(memberships__agency__slug=slug).order_by("pk")[0]


def _readers() -> list[Alert]:
    """Leads with 10, 200 and 1,000 alerts, one with none, one for the settings of a trust; hubs with 1,000 and 10 waiting."""
    place = place_of(0)
    own = place.settings(6, skip=SETTINGS_EACH)
    with as_service(SETUP):
        for count, setting in zip((*INBOXES, 0), own, strict=False):
            _lead(f"Lead with {count}", [setting])
        _lead("Lead of a trust", place.settings(TRUST))
    with as_service(MATCHING):
        for number, count in enumerate(QUEUES, start=1):
            for notification in notifications(place_of(number), count, status="received", prefix=f"Q{number}"):
                NotificationChild.objects.create(
                    partnership_id=notification.partnership_id,
                    controller_id=notification.controller_id,
                    notification=notification,
                    position=2,
                    match=Match.NEW,
                    state=ChildState.SETTLED,
                    child_id=1,
                    setting=own[5],
                )
                _corrected(notification)
    for count, setting in zip((*INBOXES, GRANTS), [*own[:3], own[4]], strict=True):
        with as_service(MATCHING):
            about = children(place, count)
            sent = notifications(place, count, status="sent", prefix=f"R{setting.pk}")
        lead = User.objects.filter(name=f"Lead with {count}").first()
        with as_service(DISPATCH):
            made = alerts(place, sent, about, setting, lead)
    return made


def _corrected(notification: Notification) -> None:
    """After the hub had decided, as the list of corrections shows it."""
    Amendment.objects.create(
        partnership_id=notification.partnership_id,
        controller_id=notification.controller_id,
        source_id=notification.source_id,
        notification=notification,
        kind=AmendmentKind.CORRECTION,
        parts=["risk"],
        channel=Channel.API,
        made_by_id=1,
        needs_a_look=True,
    )


def _lead(name: str, settings: list[Agency]) -> None:
    user = User.objects.create(email=f"{name.replace(' ', '-')}@bench.example".lower(), name=name, password="!")
    Membership.objects.bulk_create(Membership(user=user, agency=each, role=Role.DSL) for each in settings)


def _grants(made: list[Alert], user: User) -> None:
    """Written as the owner: who may give a grant is not what is measured."""
    giver = User.objects.filter(name="Lead with 10")[0]
    for alert in made:
        AlertGrant.objects.create(
            content_object=alert,
            user=user,
            agency=Membership.objects.filter(user=user)[0].agency,
            permission=Permission.objects.get(codename="view_alert"),
            reason="Key worker",
            granted_by=giver,
            expires_at=timezone.now() + dt.timedelta(days=30),
        )
