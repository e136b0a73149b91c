"""A house full of rows: two partnerships alike, people of every kind, and one row and more in every walled table."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Model
from django.utils import timezone

from alerts.models import (
    Alert,
    AlertGrant,
    MatchCandidate,
    Notification,
    NotificationChild,
    Screening,
    Upload,
    UploadProblem,
)
from safeguarding.access.rules import AUDIENCE_BITS
from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.agencies.models import (
    Acknowledgement,
    Agency,
    CourseRequirement,
    Membership,
    Partnership,
    PartnershipAgency,
    Terms,
    TrainingRecord,
    User,
)
from safeguarding.audit.models import AuditEntry, Seal
from safeguarding.children.models import Child, ChildToken, Placement, PossibleDuplicate
from safeguarding.crypto.models import Shredding
from safeguarding.governance.models import Sample, SampleItem, UnusualAccess
from safeguarding.notifications.models import Email, OutboxMessage
from tests.factories import (
    AgencyFactory,
    AlertFactory,
    MembershipFactory,
    UserFactory,
    World,
    acknowledged,
    require_clearance,
    trained,
)

NOW = timezone.now()
DAY = dt.timedelta(days=1)
SERVICES = ("dispatch", "matching", "setup", "relay", "door", "sealing", "keys", "watch", "unheard-of")


@dataclass
class House:
    """`people` by name, and `rows`: every walled row that was written, by model label.

    `joined` says which partnerships an agency is in now; `terms` and `requirements` what each of them asks for.
    """

    people: dict[str, User] = field(default_factory=dict)
    rows: dict[str, list[Any]] = field(default_factory=dict)
    joined: dict[int, set[int]] = field(default_factory=dict)
    terms: list[Terms] = field(default_factory=list)
    requirements: list[CourseRequirement] = field(default_factory=list)

    def keep(self, row: Model) -> Any:
        self.rows.setdefault(row._meta.label, []).append(row)
        return row


def build() -> House:
    house = House()
    for number, side in enumerate(("here", "there")):
        _furnish(house, side, number)
    house.people["outsider"] = UserFactory()
    for membership in Membership.objects.all():
        house.keep(membership)
    for alert in house.rows["alerts.Alert"][:1]:
        _grants(house, alert)
    _conditions(house)
    _memories(house)
    return house


def _furnish(house: House, side: str, number: int) -> None:
    Agency.objects.update(urn=None)  # every World brings the same two schools
    world = World()
    people = {name: value for name, value in vars(world).items() if isinstance(value, User)}
    for name, agency, role in (
        ("leaver", world.school, Role.DSL),
        ("former_officer", world.mash, Role.MASH_OFFICER),
        ("former_constable", world.police, Role.POLICE_OFFICER),
        ("former_admin", world.school, Role.AGENCY_ADMIN),
        ("former_ig_lead", world.mash, Role.IG_LEAD),
    ):
        people[name] = _member(agency, role, started_at=NOW - DAY, ended_at=NOW - DAY / 2)
    people["inactive"] = _member(world.school, Role.DSL, user__is_active=False)
    people["inactive_officer"] = _member(world.mash, Role.MASH_MANAGER, user__is_active=False)
    people["holiday"] = _member(world.school, Role.HOLIDAY_CONTACT)
    people["system"] = _member(world.police, Role.INTEGRATION, user__is_integration=True)
    people["coordinator"] = _member(world.council, Role.COORDINATOR)
    people["idva"] = _member(AgencyFactory(kind=AgencyKind.IDVA, partnership=world.partnership), Role.IDVA)
    people["hub_admin"] = _member(world.mash, Role.AGENCY_ADMIN)
    people["hub_ig_lead"] = _member(world.mash, Role.IG_LEAD)
    # two hats: DSL at one school, deputy at the other
    people["two_hats"] = _member(world.school, Role.DSL)
    MembershipFactory(user=people["two_hats"], agency=world.other_school, role=Role.DEPUTY_DSL)
    for name, agency, role in (
        ("untrained", world.school, Role.DSL),
        ("head_untrained", world.school, Role.HEAD),
        ("lapsed", world.school, Role.DSL),
        ("training_withdrawn", world.school, Role.DSL),
        ("unacknowledged", world.school, Role.DSL),
        ("old_terms", world.mash, Role.MASH_MANAGER),
        ("untrained_officer", world.mash, Role.MASH_OFFICER),
        ("lapsed_constable", world.police, Role.POLICE_OFFICER),
    ):
        people[name] = _member(agency, role)
    if side == "there":  # one of each way in is enough of strangers
        people = {name: people[name] for name in ("dsl", "officer", "system", "admin", "hub_ig_lead", "ehe")}
    house.people |= {f"{name}_{side}": person for name, person in people.items()}
    _case(house, world, number)


# Who lacks what, and since when: everybody else is trained and has acknowledged (NTK-06).
UNTRAINED = ("untrained_here", "untrained_officer_here", "granted_untrained", "head_untrained_here")
LAPSED = ("lapsed_here", "lapsed_constable_here")
TRAINING_WITHDRAWN = ("training_withdrawn_here",)
UNACKNOWLEDGED = ("unacknowledged_here", "granted_unacknowledged")
OLD_TERMS = ("old_terms_here",)


def _conditions(house: House) -> None:
    """Each partnership asks for a course and its terms, of DSLs for one more course; the next terms are not due yet."""
    for partnership in Partnership.objects.all():
        require_clearance(partnership, dsl_course=True)
        Terms.objects.create(partnership=partnership, version=3, text="Later", required_from=NOW + DAY)
        for name, person in house.people.items():
            if name not in UNACKNOWLEDGED:
                acknowledged(person, partnership, version=1 if name in OLD_TERMS else 2)
            if name not in UNTRAINED:
                ends = NOW - DAY if name in LAPSED else NOW + DAY
                withdrawn = NOW if name in TRAINING_WITHDRAWN else None
                trained(person, partnership, expires_at=ends, withdrawn_at=withdrawn)
    # not a DSL: the course that is asked of DSLs alone is none of a head's business
    TrainingRecord.objects.filter(user=house.people["head_untrained_here"], course__key="dsl").delete()
    for name in ("head_here", "deputy_here"):
        TrainingRecord.objects.filter(user=house.people[name], course__key="dsl").delete()
    # two partnerships, and nothing missing in one of them: shut all the same
    for joined in PartnershipAgency.objects.filter(left_on=None):
        house.joined.setdefault(joined.agency_id, set()).add(joined.partnership_id)
    house.terms = list(Terms.objects.all())
    house.requirements = list(CourseRequirement.objects.select_related("course"))
    for row in (*TrainingRecord.objects.all(), *Acknowledgement.objects.select_related("terms")):
        house.keep(row)


def _member(agency: Agency, role: str, **fields: Any) -> User:
    return MembershipFactory(agency=agency, role=role, **fields).user


def _case(house: House, world: World, number: int) -> None:
    part = {"partnership": world.partnership, "controller": world.mash}
    for n in range(2):
        child = house.keep(world.child())
        house.keep(ChildToken.objects.create(child=child, kind="upn", token=bytes([number, n]) * 8, **part))
        house.keep(Placement.objects.create(child=child, setting=world.school, source="notification", **part))
        house.keep(PossibleDuplicate.objects.create(first=child, second=world.child(), score=80, **part))
        notification = house.keep(world.notification(status="sent"))
        house.keep(
            Shredding.objects.create(
                data_key_number=notification.crypto_key_id, key_made_at=NOW, partnership=world.partnership, bucket="police",
                what="notification", subject=notification.ref, rule="ALR-09", service="dispatch", at=NOW,
            )
        )  # fmt: skip
        taken_in = house.keep(
            NotificationChild.objects.create(
                notification=notification, position=0, match="new", state="waiting", waiting_for="match", **part
            )
        )
        house.keep(MatchCandidate.objects.create(notification_child=taken_in, child=child, score=70, **part))
        house.keep(
            Screening.objects.create(
                notification=notification, level=2, level_name="Early help", decision="send", reason="CANARY reason",
                decided_by=world.officer, **part,
            )
        )  # fmt: skip
        upload = house.keep(
            Upload.objects.create(
                source=world.police, uploaded_by=world.constable, file_name="CANARY.csv", digest=b"0" * 32, **part
            )
        )
        house.keep(
            UploadProblem.objects.create(
                upload=upload, source=world.police, row_number=n + 1, reason="Not a date", **part
            )
        )
        _alerts(house, world, notification, child)
    for n, agency in enumerate((world.mash, world.school, world.council)):
        _governed(house, {"partnership": world.partnership, "controller": agency}, world.manager, n)
    for person in (world.dsl, world.officer, None):
        house.keep(OutboxMessage.objects.create(topic="alert.send", payload={"alert": 1}, created_by=person))
        house.keep(
            Email.objects.create(
                to="somebody@school.example", template="alert_sent", created_by=person,
                dedupe_key=f"{world.partnership.pk}-{person and person.pk}",
            )
        )  # fmt: skip


def _governed(house: House, part: dict[str, Any], manager: User, n: int) -> None:
    """Something to review and a sample, at every agency that could have one."""
    house.keep(
        UnusualAccess.objects.create(
            kind="burst", person=manager, occasion="2026-11-22", times=1, first_at=NOW, last_at=NOW, due_at=NOW, **part
        )
    )
    sample = house.keep(
        Sample.objects.create(
            kind="alerts", since=NOW.date(), until=NOW.date(), size=1, population=1, seed="0", drawn_by=manager, **part
        )
    )
    house.keep(SampleItem.objects.create(sample=sample, position=n, ref="A-0000-0000", happened_at=NOW, **part))


def _alerts(house: House, world: World, notification: Notification, child: Child) -> None:
    """One alert for every kind of address, and two that never left."""
    addressed = [
        (world.school, ("dsl",)),
        (world.school, ("deputy_dsl", "head")),
        (world.school, ("dsl", "holiday_contact")),
        (world.other_school, ("dsl",)),
        (world.other_school, ("dsl", "deputy_dsl")),
        (world.council, ("ehe_officer",)),
    ]
    for setting, roles in addressed:
        audience = sum(AUDIENCE_BITS[role] for role in roles)
        house.keep(_alert(world, notification, world.child(), setting, audience=audience))
    for status, reason in (("queued", ""), ("withheld", "never_signed")):
        house.keep(
            _alert(
                world, notification, world.child(), world.school,
                audience=0, status=status, sent_at=None, withheld_reason=reason,
            )
        )  # fmt: skip
    house.rows["children.Child"] = list(Child.objects.all())


def _alert(world: World, notification: Notification, child: Child, setting: Agency, **fields: Any) -> Alert:
    return AlertFactory(
        partnership=world.partnership, controller=world.mash, setting=setting, notification=notification, child=child,
        **fields,
    )  # fmt: skip


def _grants(house: House, alert: Alert) -> None:
    permission = Permission.objects.get(codename="view_alert")
    for name, fields in {
        "granted": {"expires_at": NOW + DAY},
        "expired": {"expires_at": NOW - DAY},
        "withdrawn": {"expires_at": NOW + DAY, "withdrawn_at": NOW - DAY / 2},
        "granted_inactive": {"expires_at": NOW + DAY},
        "granted_untrained": {"expires_at": NOW + DAY},
        "granted_unacknowledged": {"expires_at": NOW + DAY},
    }.items():
        house.people[name] = _member(AgencyFactory(), Role.SETTING_STAFF, user__is_active=name != "granted_inactive")
        house.keep(Membership.objects.get(user=house.people[name]))
        house.keep(
            AlertGrant.objects.create(
                user=house.people[name], permission=permission, content_object=alert, reason="key worker",
                granted_by=house.people["dsl_here"], granted_at=NOW - 2 * DAY, **fields,
            )
        )  # fmt: skip


def _memories(house: House) -> None:
    """Audit entries by everybody, on nothing, on an alert, on a notification, and one of each agency's."""
    AuditEntry.objects.all().delete()
    for person in house.people.values():
        house.keep(_entry(actor=person))
    for alert in house.rows["alerts.Alert"]:
        house.keep(_entry(alert=alert))
    for notification in house.rows["alerts.Notification"]:
        house.keep(_entry(notification=notification))
    for agency in Agency.objects.all():
        house.keep(_entry(agency=agency))
        house.keep(_entry(agency=agency, actor=house.people["two_hats_here"], actor_agency=agency))
    for number in (1, 2):
        house.keep(Seal.objects.create(id=number, statement="{}", signature=b"", secret=b"", leaves=b""))


def _entry(**fields: Any) -> AuditEntry:
    entry = AuditEntry.objects.create(event="alert.opened", action=AuditEntry.Action.ACCESS, object_repr="", **fields)
    entry.refresh_from_db()  # as whom the person acted is filled in by the database
    return entry
