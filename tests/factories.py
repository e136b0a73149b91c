"""Fixture rows, all invented; call them inside `with fixtures():` (they write behind the walls)."""

import datetime as dt
from collections.abc import Collection
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from agreements.models import Agreement, AgreementItem, Signature
from agreements.register.enums import PartyRole, SignatureState
from alerts.delivery.enums import AlertStatus
from alerts.intake.content import Person, PoliceNotification, Relationship
from alerts.models import Alert, Notification, NotificationChild
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.agencies.models import (
    Acknowledgement,
    Agency,
    Course,
    CourseRequirement,
    Membership,
    Partnership,
    PartnershipAgency,
    Terms,
    TrainingRecord,
    User,
)
from safeguarding.children.models import Child


class PartnershipFactory(DjangoModelFactory):
    class Meta:
        model = Partnership

    slug = factory.Sequence(lambda n: f"partnership-{n}")
    name = factory.Sequence(lambda n: f"Partnership {n}")
    disclaimer = "The hub holds police information about this. Phone if you know more."
    continuum = [
        {"level": 1, "name": "Universal", "description": "Needs met by universal services", "contact": False},
        {"level": 2, "name": "Early help", "description": "Needs some additional help", "contact": False},
        {"level": 3, "name": "Targeted", "description": "Needs targeted help", "contact": False},
        {"level": 4, "name": "Specialist", "description": "Significant concerns", "contact": True},
    ]
    recipients = {"*": [Role.DSL]}
    gateways = {"*": ["agreement"]}
    query_contacts = {"*": {"name": "The hub", "phone": "01632 960100", "email": "hub@example.example"}}
    titles = {"domestic_abuse": "Domestic Abuse Notification", "missing_episode": "Missing Persons Notification"}
    clocks = {"red": 4, "amber": 24, "green": 72}
    chasing = [
        {"minutes": 0, "to": Role.DSL},
        {"minutes": 30, "to": Role.DEPUTY_DSL},
        {"minutes": 60, "to": Role.HEAD},
        {"minutes": 120, "to": "mash"},
    ]


class AgencyFactory(DjangoModelFactory):
    class Meta:
        model = Agency
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"agency-{n}")
    name = factory.Sequence(lambda n: f"Agency {n}")
    kind = AgencyKind.SCHOOL

    @factory.post_generation
    def partnership(self, create: bool, extracted: Partnership | None, **kwargs: Any) -> None:
        if extracted is not None:
            PartnershipAgency.objects.create(partnership=extracted, agency=self)


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@agency.example")
    name = factory.Sequence(lambda n: f"Person {n}")
    password = "!"


class MembershipFactory(DjangoModelFactory):
    class Meta:
        model = Membership

    user = factory.SubFactory(UserFactory)
    agency = factory.SubFactory(AgencyFactory)
    role = Role.DSL


def member(agency: Agency, role: str, **user: Any) -> User:
    """A person with one role at one agency."""
    return MembershipFactory(agency=agency, role=role, user=UserFactory(**user)).user


def require_clearance(partnership: Partnership, *, dsl_course: bool = False) -> None:
    """From here on content needs a course and the second version of the terms; a factory's partnership asks for neither."""
    for key, role in (("sharing", ""), *((("dsl", Role.DSL),) if dsl_course else ())):
        course = Course.objects.create(partnership=partnership, key=key, name=f"Course on {key}", months=24)
        CourseRequirement.objects.create(course=course, role=role)
    for version in (1, 2):
        Terms.objects.create(
            partnership=partnership,
            version=version,
            text="Keep what you read to yourself.",
            required_from=timezone.now() - dt.timedelta(days=30),
        )


def trained(user: User, partnership: Partnership, **fields: Any) -> None:
    """This person has a current record of every course of the partnership."""
    agency = fields.pop("agency", None) or Agency.objects.filter(partnerships=partnership)[0]
    values = {"completed_on": timezone.localdate(), "expires_at": timezone.now() + dt.timedelta(days=365), **fields}
    for course in partnership.courses.all():
        TrainingRecord.objects.create(user=user, course=course, agency=agency, evidence="Certificate 7", **values)


def acknowledged(user: User, partnership: Partnership, version: int = 2) -> None:
    Acknowledgement.objects.create(user=user, terms=partnership.terms.get(version=version))


def clear(user: User, partnership: Partnership) -> User:
    """Trained, and the terms acknowledged (NTK-06)."""
    trained(user, partnership)
    acknowledged(user, partnership)
    return user


ALERT_ITEMS = ("child_name", "child_date_of_birth", "adults_names", "incident_kind", "incident_date")


class AgreementFactory(DjangoModelFactory):
    class Meta:
        model = Agreement
        skip_postgeneration_save = True

    partnership = factory.SubFactory(PartnershipFactory)
    title = factory.Sequence(lambda n: f"Information-sharing agreement {n}")
    kinds = ["domestic_abuse", "missing_episode"]
    starts_on = dt.date(2025, 1, 1)

    @factory.post_generation
    def items(self, create: bool, keys: Collection[str] | None, **_: Any) -> None:
        """The items of an alert, if no others are named."""
        for key in ALERT_ITEMS if keys is None else keys:
            AgreementItem.objects.create(agreement=self, key=key, justification="Needed to support the child.")


class SignatureFactory(DjangoModelFactory):
    class Meta:
        model = Signature

    agreement = factory.SubFactory(AgreementFactory)
    agency = factory.SubFactory(AgencyFactory)
    state = SignatureState.SIGNED
    signed_on = dt.date(2025, 2, 1)


class ChildFactory(DjangoModelFactory):
    class Meta:
        model = Child

    given_name = "Ottilie"
    family_name = "Quillfeather"
    date_of_birth = dt.date(2016, 5, 4)


FAMILY = (
    Person(role="victim", given_name="Ferelith", family_name="Quillfeather", date_of_birth=dt.date(1990, 2, 3)),
    Person(role="perpetrator", given_name="Osric", family_name="Vane"),
    Person(
        role="child",
        given_name="Ottilie",
        family_name="Quillfeather",
        date_of_birth=dt.date(2016, 5, 4),
        present=True,
        relationships=(Relationship(to=0, kind="child"), Relationship(to=1, kind="step-child")),
    ),
)


def police_content(**fields: Any) -> PoliceNotification:
    """What the police sent about one family, by default."""
    values = {
        "reference": "55/2026/0000001",
        "kind": "domestic_abuse",
        "occurred_at": timezone.now() - dt.timedelta(hours=8),
        "people": FAMILY,
        "narrative": "CANARY narrative",
        **fields,
    }
    return PoliceNotification(**values)


class NotificationFactory(DjangoModelFactory):
    class Meta:
        model = Notification

    reference = factory.Sequence(lambda n: f"55/2026/{n:07d}")
    kind = "domestic_abuse"
    channel = "api"
    occurred_at = factory.LazyFunction(lambda: timezone.now() - dt.timedelta(hours=8))
    due_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(hours=4))
    body_mac = b"0" * 32
    content = factory.LazyAttribute(lambda row: police_content(reference=row.reference, kind=row.kind).to_json())


class NotificationChildFactory(DjangoModelFactory):
    class Meta:
        model = NotificationChild

    position = 0
    match = "matched"
    state = "settled"


class AlertFactory(DjangoModelFactory):
    """An alert that has left, addressed to the DSL."""

    class Meta:
        model = Alert

    kind = "domestic_abuse"
    status = AlertStatus.SENT
    audience = AUDIENCE_BITS["dsl"]
    child_given_name = "Ottilie"
    child_family_name = "Quillfeather"
    child_date_of_birth = dt.date(2016, 5, 4)
    adults = ["Ferelith Quillfeather", "Osric Vane"]
    incident_on = dt.date(2026, 11, 20)
    disclaimer = "The hub holds police information about this."
    query_contact = {"name": "The hub", "phone": "01632 960100", "email": "hub@example.example"}
    origin = "Police"
    sent_at = factory.LazyFunction(timezone.now)
    due_at = factory.LazyFunction(lambda: timezone.now() + dt.timedelta(hours=8))
    bell_at = factory.SelfAttribute("due_at")
    received_at = factory.LazyFunction(timezone.now)


class World:
    """One partnership with police, hub, two schools and a council, each with its people: most tests need no more."""

    def __init__(self, **partnership: Any) -> None:
        self.partnership = PartnershipFactory(**partnership)
        self.police = AgencyFactory(kind=AgencyKind.POLICE, partnership=self.partnership, name="Police")
        self.mash = AgencyFactory(kind=AgencyKind.MASH, partnership=self.partnership, name="The hub")
        self.council = AgencyFactory(kind=AgencyKind.COUNCIL, partnership=self.partnership, name="Council")
        self.school = AgencyFactory(partnership=self.partnership, urn="999001", name="First School")
        self.other_school = AgencyFactory(partnership=self.partnership, urn="999002", name="Second School")
        self.agreement = AgreementFactory(partnership=self.partnership)
        for source in (self.police, self.mash):
            SignatureFactory(agreement=self.agreement, agency=source, role=PartyRole.BOTH)
        for school in (self.school, self.other_school, self.council):
            SignatureFactory(agreement=self.agreement, agency=school)
        self.officer = member(self.mash, Role.MASH_OFFICER)
        self.manager = member(self.mash, Role.MASH_MANAGER)
        self.constable = member(self.police, Role.POLICE_OFFICER)
        self.dsl = member(self.school, Role.DSL)
        self.deputy = member(self.school, Role.DEPUTY_DSL)
        self.head = member(self.school, Role.HEAD)
        self.tutor = member(self.school, Role.SETTING_STAFF)
        self.other_dsl = member(self.other_school, Role.DSL)
        self.ehe = member(self.council, Role.EHE_OFFICER)
        self.ig_lead = member(self.council, Role.IG_LEAD)
        self.admin = member(self.school, Role.AGENCY_ADMIN)

    def child(self, **fields: Any) -> Child:
        return ChildFactory(partnership=self.partnership, controller=self.mash, **fields)

    def notification(self, **fields: Any) -> Notification:
        return NotificationFactory(partnership=self.partnership, controller=self.mash, source=self.police, **fields)

    def alert(self, setting: Agency | None = None, **fields: Any) -> Alert:
        notification = fields.pop("notification", None) or self.notification(status="sent")
        child = fields.pop("child", None) or self.child()
        return AlertFactory(
            partnership=self.partnership,
            controller=self.mash,
            setting=setting or self.school,
            notification=notification,
            child=child,
            **fields,
        )
