"""A house full of rows: two partnerships alike, people of every kind, and one row and more in every walled table."""

from typing import Any

from django.contrib.contenttypes.models import ContentType

from alerts.models import (
    Alert,
    Amendment,
    MatchCandidate,
    Notification,
    NotificationChild,
    Screening,
    Upload,
    UploadProblem,
)
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.agencies.models import (
    Agency,
    Membership,
    PartnershipAgency,
    User,
)
from safeguarding.audit.models import AuditEntry, Seal
from safeguarding.children.models import Child, ChildToken, Placement, PossibleDuplicate
from safeguarding.crypto.models import Shredding
from safeguarding.governance.models import Sample, SampleItem, UnusualAccess
from safeguarding.notifications.models import Email, OutboxMessage
from tests.access import answers, clearances, corners, discussions, furniture, openings
from tests.access.plan import DAY, NOW, House, resident
from tests.factories import (
    AgencyFactory,
    AlertFactory,
    MembershipFactory,
    UserFactory,
    World,
)


def build() -> House:
    house = House()
    for number, side in enumerate(("here", "there")):
        _furnish(house, side, number)
    house.people["outsider"] = UserFactory()
    openings.grants(house, house.rows["alerts.Alert"][0], house.rows["alerts.Notification"][0])
    openings.exclusions(house)
    openings.broken_glass(house)
    furniture.decisions(house)
    furniture.decisions_of_the_shut(house)
    furniture.files(house)
    furniture.moves(house)
    furniture.referrals_of_the_shut(house)
    answers.corrections(house)
    answers.requests(house)
    answers.responses(house)
    for side in ("here", "there"):
        discussions.strategy(house, side)
    answers.own_work(house)
    corners.furnish(house)
    for membership in Membership.objects.all():
        house.keep(membership)
    clearances.conditions(house)
    _memories(house)
    for joined in PartnershipAgency.objects.filter(left_on=None, agency__is_active=True):
        house.bodies.setdefault(joined.partnership_id, []).append(joined)
    return house


def _furnish(house: House, side: str, number: int) -> None:
    Agency.objects.update(urn=None)  # every World brings the same two schools
    # there, a way in by name may last longer than here
    world = World(grant_days=60) if number else World()
    house.worlds.append(world)
    people = {name: value for name, value in vars(world).items() if isinstance(value, User)}
    for name, agency, role in (
        ("leaver", world.school, Role.DSL),
        ("former_officer", world.mash, Role.MASH_OFFICER),
        ("former_constable", world.police, Role.POLICE_OFFICER),
        ("former_admin", world.school, Role.AGENCY_ADMIN),
        ("former_ig_lead", world.mash, Role.IG_LEAD),
    ):
        people[name] = resident(agency, role, started_at=NOW - DAY, ended_at=NOW - DAY / 2)
    people["inactive"] = resident(world.school, Role.DSL, user__is_active=False)
    people["inactive_officer"] = resident(world.mash, Role.MASH_MANAGER, user__is_active=False)
    people["holiday"] = resident(world.school, Role.HOLIDAY_CONTACT)
    people["system"] = resident(world.police, Role.INTEGRATION, user__is_integration=True)
    people["coordinator"] = resident(world.council, Role.COORDINATOR)
    people["desk"] = resident(world.council, Role.INFORMATION_DESK)
    people["chair"] = resident(world.council, Role.CHAIR)
    people["idva"] = resident(AgencyFactory(kind=AgencyKind.IDVA, partnership=world.partnership), Role.IDVA)
    people["lado"] = resident(world.council, Role.LADO)
    people["authority"] = resident(world.council, Role.AUTHORITY_CONTACT)
    people["hub_admin"] = resident(world.mash, Role.AGENCY_ADMIN)
    people["hub_ig_lead"] = resident(world.mash, Role.IG_LEAD)
    people["care_manager"] = resident(world.council, Role.SOCIAL_CARE_MANAGER)
    people["social_worker"] = resident(world.council, Role.SOCIAL_WORKER)
    # two hats: DSL at one school, deputy at the other
    people["two_hats"] = resident(world.school, Role.DSL)
    MembershipFactory(user=people["two_hats"], agency=world.other_school, role=Role.DEPUTY_DSL)
    # a role of the hub's where the hub is not, and one of the police's at the hub, below
    MembershipFactory(user=people["two_hats"], agency=world.police, role=Role.MASH_OFFICER)
    # one of the authority's at the hub, and of the hub's at the authority
    MembershipFactory(user=people["two_hats"], agency=world.mash, role=Role.SOCIAL_WORKER)
    MembershipFactory(user=people["two_hats"], agency=world.council, role=Role.MASH_OFFICER)
    for name, agency, role in (
        ("untrained", world.school, Role.DSL),
        ("head_untrained", world.school, Role.HEAD),
        ("half_trained", world.school, Role.DSL),
        ("untrained_admin", world.school, Role.AGENCY_ADMIN),
        ("lapsed", world.school, Role.DSL),
        ("training_withdrawn", world.school, Role.DSL),
        ("unacknowledged", world.school, Role.DSL),
        ("old_terms", world.mash, Role.MASH_MANAGER),
        ("untrained_officer", world.mash, Role.MASH_OFFICER),
        ("lapsed_constable", world.police, Role.POLICE_OFFICER),
    ):
        people[name] = resident(agency, role)
    if side == "here":  # there, one person alone looks after the log of the hub
        people["untrained_ig_lead"] = resident(world.mash, Role.IG_LEAD)
        resident(world.council, Role.IG_LEAD, user__is_active=False)
    else:  # neither of these two reviews what that person opened: an account that is closed, and the police's log
        resident(world.mash, Role.IG_LEAD, user__is_active=False)
        resident(world.police, Role.IG_LEAD)
    if side == "there":  # one of each way in is enough of strangers
        few = ("dsl", "officer", "system", "admin", "hub_ig_lead", "ehe", "lado", "care_manager")
        people = {name: people[name] for name in few}
    house.people |= {f"{name}_{side}": person for name, person in people.items()}
    _case(house, world, number)
    furniture.referred(house, world, number)


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
        house.keep(MatchCandidate.objects.create(notification_child=taken_in, child=world.child(), score=70, **part))
        house.keep(
            Screening.objects.create(
                notification=notification, level=2, level_name="Early help", decision="send", reason="CANARY reason",
                decided_by=world.officer, **part,
            )
        )  # fmt: skip
        house.keep(
            Amendment.objects.create(
                notification=notification, source=world.police, kind="correction", channel="api", made_by=world.constable, **part
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
        twin, settled = house.keep(world.child(merged_into=child)), world.child()
        _alerts(house, world, notification, twin)
        house.keep(
            NotificationChild.objects.create(
                notification=notification, position=1, match="exact", state="settled", child=settled,
                setting=world.school, **part,
            )
        )  # fmt: skip
        furniture.talk(house, world)
    watched = (world.manager, house.people[("hub_ig_lead_here", "hub_ig_lead_there")[number]])
    for n, agency in enumerate((world.mash, world.school, world.council)):
        _governed(house, {"partnership": world.partnership, "controller": agency}, watched, n)
    for person in (world.dsl, world.officer, None):
        house.keep(OutboxMessage.objects.create(topic="alert.send", payload={"alert": 1}, created_by=person))
        house.keep(
            Email.objects.create(
                to="somebody@school.example", template="alert_sent", created_by=person,
                dedupe_key=f"{world.partnership.pk}-{person and person.pk}",
            )
        )  # fmt: skip


def _governed(house: House, part: dict[str, Any], watched: tuple[User, User], n: int) -> None:
    """Something to review and a sample, at every agency that could have one; one of the two leads reviews, and not of her own."""
    for person in watched:
        house.keep(
            UnusualAccess.objects.create(
                kind="burst",
                person=person,
                occasion="2026-11-22",
                times=1,
                first_at=NOW,
                last_at=NOW,
                due_at=NOW,
                **part,
            )
        )
    sample = house.keep(
        Sample.objects.create(
            kind="alerts",
            since=NOW.date(),
            until=NOW.date(),
            size=1,
            population=1,
            seed="0",
            drawn_by=watched[0],
            **part,
        )
    )
    house.keep(SampleItem.objects.create(sample=sample, position=n, ref="A-0000-0000", happened_at=NOW, **part))


def _alerts(house: House, world: World, notification: Notification, twin: Child) -> None:
    """One alert for every kind of address, one about a child that is on record twice, and two that never left."""
    addressed = [
        (world.school, ("dsl",)),
        (world.school, ("deputy_dsl", "head")),
        (world.school, ("dsl", "holiday_contact")),
        (world.other_school, ("dsl",)),
        (world.other_school, ("dsl", "deputy_dsl")),
        (world.council, ("ehe_officer",)),
        (world.council, ("authority_contact",)),
    ]
    for setting, roles in addressed:
        audience = sum(AUDIENCE_BITS[role] for role in roles)
        house.keep(_alert(world, notification, world.child(), setting, audience=audience))
    house.keep(_alert(world, notification, twin, world.school, audience=AUDIENCE_BITS["dsl"]))
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


def _memories(house: House) -> None:
    """Audit entries by everybody, on nothing, on an alert, on a notification, and one of each agency's."""
    AuditEntry.objects.all().delete()
    for person in house.people.values():
        house.keep(_entry(actor=person))
    for alert in house.rows["alerts.Alert"]:
        house.keep(_entry(alert=alert))
        house.keep(_entry(alert=alert, agency_id=alert.controller_id, objects_shown=[alert.ref]))
    for notification in house.rows["alerts.Notification"]:
        house.keep(_entry(notification=notification))
        house.keep(
            _entry(notification=notification, agency_id=notification.controller_id, objects_shown=[notification.ref])
        )
    # what they did themselves before they were shut out
    for each in house.rows["alerts.Exclusion"]:
        house.keep(_entry(actor=each.user, alert=each.alert, notification=each.notification))
    for agency in Agency.objects.all():
        house.keep(_entry(agency=agency, objects_shown=["A-SHOWN"]))
    for name in ("dsl_here", "officer_here", "desk_here"):
        house.keep(_entry(actor=house.people[name], objects_shown=["A-OTHER"]))
    files = (*house.rows["alerts.SafeguardingFile"][:3], *house.rows["alerts.FileEntry"][:3])
    referrals = house.rows["alerts.Referral"][-3:]
    known = (
        "agreements.Consent", "agreements.Correction", "agreements.Decision", "alerts.Action", "alerts.AdultConcern",
        "alerts.Ask", "alerts.BreakGlass", "alerts.ChildMove", "alerts.Conversation", "alerts.Disclosure", "alerts.Dissent",
        "alerts.Exclusion", "alerts.InformationRequest", "alerts.MissingEpisode", "alerts.Package",
        "alerts.StrategyDiscussion", "alerts.TalkEntry", "alerts.Transfer", "governance.UnusualAccess",
    )  # fmt: skip
    whole = (row for label in known for row in house.rows[label])
    for row in (*house.rows["children.Child"][:3], *whole, *files, *referrals):
        kind = ContentType.objects.get_for_model(row)
        house.keep(_entry(agency_id=row.controller_id, content_type=kind, object_id=row.pk))
        house.keep(_entry(agency=agency, actor=house.people["two_hats_here"], actor_agency=agency))
    taken_up = house.rows["alerts.ChildMove"][-1]  # and known at the hub that took the child up
    kind = ContentType.objects.get_for_model(taken_up)
    house.keep(_entry(agency_id=taken_up.to_hub_id, content_type=kind, object_id=taken_up.pk))
    for number in (1, 2):
        house.keep(Seal.objects.create(id=number, statement="{}", signature=b"", secret=b"", leaves=b""))


def _entry(**fields: Any) -> AuditEntry:
    entry = AuditEntry.objects.create(event="alert.opened", action=AuditEntry.Action.ACCESS, object_repr="", **fields)
    entry.refresh_from_db()  # as whom the person acted is filled in by the database
    return entry
