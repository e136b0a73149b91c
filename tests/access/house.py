"""A house full of rows: two partnerships alike, people of every kind, and one row and more in every walled table."""

from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType

from alerts.models import (
    Alert,
    AlertGrant,
    Amendment,
    BreakGlass,
    Exclusion,
    MatchCandidate,
    Notification,
    NotificationChild,
    NotificationGrant,
    Screening,
    Upload,
    UploadProblem,
)
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.agencies.models import (
    Agency,
    Membership,
    Partnership,
    PartnershipAgency,
    User,
)
from safeguarding.audit.models import AuditEntry, Seal
from safeguarding.children.models import Child, ChildToken, Placement, PossibleDuplicate
from safeguarding.crypto.models import Shredding
from safeguarding.governance.models import Sample, SampleItem, UnusualAccess
from safeguarding.notifications.models import Email, OutboxMessage
from tests.access import answers, clearances, discussions, furniture
from tests.access.plan import DAY, GLASS, NOW, House, resident
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
    _grants(house, house.rows["alerts.Alert"][0], house.rows["alerts.Notification"][0])
    _exclusions(house)
    _broken_glass(house)
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
    for membership in Membership.objects.all():
        house.keep(membership)
    clearances.conditions(house)
    _memories(house)
    for joined in PartnershipAgency.objects.filter(left_on=None):
        house.bodies.setdefault(joined.partnership_id, []).append(joined)
    return house


def _furnish(house: House, side: str, number: int) -> None:
    Agency.objects.update(urn=None)  # every World brings the same two schools
    world = World()
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
    for name, agency, role in (
        ("untrained", world.school, Role.DSL),
        ("head_untrained", world.school, Role.HEAD),
        ("half_trained", world.school, Role.DSL),
        ("untrained_admin", world.school, Role.AGENCY_ADMIN),
        ("untrained_ig_lead", world.mash, Role.IG_LEAD),
        ("lapsed", world.school, Role.DSL),
        ("training_withdrawn", world.school, Role.DSL),
        ("unacknowledged", world.school, Role.DSL),
        ("old_terms", world.mash, Role.MASH_MANAGER),
        ("untrained_officer", world.mash, Role.MASH_OFFICER),
        ("lapsed_constable", world.police, Role.POLICE_OFFICER),
    ):
        people[name] = resident(agency, role)
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


def _grants(house: House, alert: Alert, notification: Notification) -> None:
    """Of an alert by its DSL to colleagues, of a notification by the hub; a good one, and every kind that opens nothing."""
    school = alert.setting
    for name, fields in {
        "granted": {"expires_at": NOW + DAY},
        "expired": {"expires_at": NOW - DAY},
        "withdrawn": {"expires_at": NOW + DAY, "withdrawn_at": NOW - DAY / 2},
        "granted_inactive": {"expires_at": NOW + DAY},
        "granted_untrained": {"expires_at": NOW + DAY},
        "granted_unacknowledged": {"expires_at": NOW + DAY},
        "granted_leaver": {"expires_at": NOW + DAY},
    }.items():
        left = {"started_at": NOW - DAY, "ended_at": NOW - DAY / 2} if name == "granted_leaver" else {}
        person = resident(school, Role.SETTING_STAFF, user__is_active=name != "granted_inactive", **left)
        house.people[name] = person
        for model, record, giver in (
            (AlertGrant, alert, house.people["dsl_here"]),
            (NotificationGrant, notification, house.people["officer_here"]),
        ):
            house.keep(
                model.objects.create(
                    user=person, agency=school, content_object=record, reason="key worker",
                    permission=Permission.objects.get(codename=f"view_{record._meta.model_name}"),
                    granted_by=giver, granted_at=NOW - 2 * DAY, **fields,
                )
            )  # fmt: skip


def _exclusions(house: House) -> None:
    """Somebody of every way in is shut out: of a child, of one alert, of one notification; one was let in again."""
    alerts, notifications = house.rows["alerts.Alert"], house.rows["alerts.Notification"]
    first = alerts[0]
    school, hub = first.setting, first.controller
    dsl, manager = house.people["dsl_here"], house.people["manager_here"]
    shut = {
        # by somebody who might not
        "let_in_again": (
            resident(school, Role.DSL), school, house.people["tutor_here"], {"alert": first, "lifted_at": NOW}
        ),
        "shut_dsl": (resident(school, Role.DSL), school, dsl, {"alert": first}),
        "shut_officer": (resident(hub, Role.MASH_OFFICER), hub, manager, {"child": first.child}),
        "shut_manager": (resident(hub, Role.MASH_MANAGER), hub, manager, {"child": house.rows["children.Child"][0]}),
        "shut_constable": (
            resident(notifications[0].source, Role.POLICE_OFFICER), hub, manager, {"notification": notifications[0]}
        ),
        "shut_ig_lead": (resident(hub, Role.IG_LEAD), hub, manager, {"notification": notifications[1]}),
        "shut_granted": (resident(school, Role.SETTING_STAFF), school, dsl, {"alert": first}),
        # of a child that another may be
        "shut_colleague": (
            resident(hub, Role.MASH_OFFICER), hub, manager, {"child": house.rows["alerts.MatchCandidate"][1].child}
        ),
        "shut_other_dsl": (resident(alerts[4].setting, Role.DSL), hub, manager, {"alert": alerts[4]}),
    }  # fmt: skip
    for name, (person, agency, by, fields) in shut.items():
        house.people[name] = person
        house.keep(
            Exclusion.objects.create(
                user=person, agency=agency, made_by=by, because="family", note="CANARY note",
                partnership=first.partnership, controller=hub, review_on=NOW.date(), **fields,
            )
        )  # fmt: skip
    MembershipFactory(user=house.people["shut_dsl"], agency=alerts[3].setting, role=Role.DEPUTY_DSL)
    settled = [each for each in house.rows["alerts.NotificationChild"] if each.child_id]
    again = {"lifted_at": NOW}
    # of more than one thing, and let in again to a third
    for name, agency, by, fields in (
        ("shut_manager", hub, manager, {"alert": alerts[3]}),
        ("shut_officer", hub, manager, {"child": settled[1].child}),
        ("shut_officer", hub, manager, {"child": alerts[6].child, **again}),
        ("shut_officer", hub, manager, {"alert": alerts[5], **again}),
        ("shut_manager", hub, manager, {"notification": notifications[1], **again}),
        ("shut_ig_lead", hub, manager, {"child": house.rows["children.Child"][0]}),
        ("shut_dsl", school, dsl, {"child": settled[0].child}),
    ):
        house.keep(
            Exclusion.objects.create(
                user=house.people[name], agency=agency, made_by=by, because="family", note="CANARY note",
                partnership=first.partnership, controller=hub, review_on=NOW.date(), **fields,
            )
        )  # fmt: skip
    house.keep(
        PossibleDuplicate.objects.create(
            first=house.rows["children.Child"][0],
            second=first.child,
            score=80,
            partnership=first.partnership,
            controller=hub,
        )
    )
    for model, record, giver in ((AlertGrant, first, dsl), (NotificationGrant, first.notification, manager)):
        house.keep(
            model.objects.create(
                user=house.people["shut_granted"], agency=school, content_object=record, reason="key worker",
                permission=Permission.objects.get(codename=f"view_{record._meta.model_name}"), granted_by=giver,
                expires_at=NOW + DAY,
            )
        )  # fmt: skip


def _broken_glass(house: House) -> None:
    """A head who opened an alert that the DSL was told of, and whose time has not run out; another, whose time has."""
    Partnership.objects.update(break_glass_minutes=GLASS.total_seconds() // 60)
    Partnership.objects.filter(pk=house.worlds[1].partnership.pk).update(break_glass_roles=["mash_officer"])
    house.glass_roles = dict(Partnership.objects.values_list("pk", "break_glass_roles"))
    alert = house.rows["alerts.Alert"][0]
    ig = Membership.objects.get(user=house.people["hub_ig_lead_here"]).agency
    # an information-governance lead who is the head as well reviews what others opened, never what she opened herself
    both = house.people["both"] = resident(alert.setting, Role.HEAD)
    MembershipFactory(user=both, agency=ig, role=Role.IG_LEAD)
    MembershipFactory(user=both, agency=ig, role=Role.POLICE_OFFICER)
    for name, until in (("head_here", NOW + GLASS / 2), ("both", NOW + 2 * GLASS), ("let_in_again", NOW - DAY)):
        person = house.people[name]
        glass = house.keep(
            BreakGlass.objects.create(
                user=person, agency=alert.setting, role="head", alert=alert, because="danger", reason="CANARY reason",
                expires_at=until, review_agency=ig, review_due_at=NOW + DAY,
                partnership=alert.partnership, controller=alert.controller,
            )
        )  # fmt: skip
        house.keep(
            AlertGrant.objects.create(
                user=person, agency=alert.setting, content_object=alert, reason="", granted_by=person,
                permission=Permission.objects.get(codename="view_alert"), expires_at=until, break_glass=glass,
            )
        )  # fmt: skip
    _opened_behind_the_shut(house, ig)
    # the grants by which a notification was opened, and an alert after its time
    officer, earlier = house.people["officer_here"], house.people["let_in_again"]
    for model, record, person, agency, until in (
        (NotificationGrant, house.rows["alerts.Notification"][0], officer, alert.controller, NOW + GLASS / 2),
        (AlertGrant, alert, earlier, alert.setting, NOW - DAY),
    ):
        about = {"notification" if model is NotificationGrant else "alert": record}
        glass = house.keep(
            BreakGlass.objects.create(
                user=person, agency=agency, role="mash_officer", because="danger", reason="CANARY reason",
                expires_at=until, review_agency=ig, review_due_at=NOW + DAY, partnership=alert.partnership,
                controller=alert.controller, **about,
            )
        )  # fmt: skip
        house.keep(
            model.objects.create(
                user=person, agency=agency, content_object=record, reason="", granted_by=person, expires_at=until,
                permission=Permission.objects.get(codename=f"view_{record._meta.model_name}"), break_glass=glass,
            )
        )  # fmt: skip
    # the only one there who looks after the log of the hub opens one herself: others review it
    lead, over_there = house.people["hub_ig_lead_there"], house.worlds[1]
    MembershipFactory(user=lead, agency=over_there.mash, role=Role.MASH_OFFICER)
    house.keep(
        BreakGlass.objects.create(
            user=lead, agency=over_there.mash, role="mash_officer", because="danger", reason="CANARY reason",
            expires_at=NOW + GLASS / 2, review_agency=over_there.council, review_due_at=NOW + DAY,
            notification=house.rows["alerts.Notification"][-1], partnership=over_there.partnership,
            controller=over_there.mash,
        )
    )  # fmt: skip
    # by the other roles that a partnership may name
    notification = house.rows["alerts.Notification"][0]
    for name, agency, role, about in (
        ("officer_here", alert.controller, "mash_officer", {"notification": notification}),
        ("manager_here", alert.controller, "mash_manager", {"notification": notification}),
        ("dsl_here", alert.setting, "dsl", {"alert": alert}),
        ("deputy_here", alert.setting, "deputy_dsl", {"alert": alert}),
    ):
        house.keep(
            BreakGlass.objects.create(
                user=house.people[name], agency=agency, role=role, because="danger", reason="CANARY reason",
                expires_at=NOW + GLASS / 2, review_agency=ig, review_due_at=NOW + DAY,
                partnership=alert.partnership, controller=alert.controller, **about,
            )
        )  # fmt: skip


def _opened_behind_the_shut(house: House, ig: Agency) -> None:
    """What colleagues opened of the one notification from which a reviewer is shut out: she reviews none of it (NTK-04)."""
    notification = house.rows["alerts.Notification"][1]
    alerts = [each for each in house.rows["alerts.Alert"] if each.notification_id == notification.pk][:1]
    other = house.rows["alerts.Notification"][0]
    for about in ({"notification": notification}, {"notification": other}, *({"alert": alert} for alert in alerts)):
        house.keep(
            BreakGlass.objects.create(
                user=house.people["both"], agency=ig, role="head", because="danger", reason="CANARY reason",
                expires_at=NOW - DAY, review_agency=ig, review_due_at=NOW + DAY,
                partnership=notification.partnership, controller=notification.controller, **about,
            )
        )  # fmt: skip


def _memories(house: House) -> None:
    """Audit entries by everybody, on nothing, on an alert, on a notification, and one of each agency's."""
    AuditEntry.objects.all().delete()
    for person in house.people.values():
        house.keep(_entry(actor=person))
    for alert in house.rows["alerts.Alert"]:
        house.keep(_entry(alert=alert))
        house.keep(_entry(alert=alert, agency_id=alert.controller_id))
    for notification in house.rows["alerts.Notification"]:
        house.keep(_entry(notification=notification))
        house.keep(_entry(notification=notification, agency_id=notification.controller_id))
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
        *("alerts.Exclusion", "alerts.StrategyDiscussion", "alerts.MissingEpisode"),
        *("alerts.Transfer", "alerts.ChildMove"),
    )
    whole = (row for label in known for row in house.rows[label])
    for row in (*house.rows["children.Child"][:3], *whole, *files, *referrals):
        kind = ContentType.objects.get_for_model(row)
        house.keep(_entry(agency_id=row.controller_id, content_type=kind, object_id=row.pk))
        house.keep(_entry(agency=agency, actor=house.people["two_hats_here"], actor_agency=agency))
    for number in (1, 2):
        house.keep(Seal.objects.create(id=number, statement="{}", signature=b"", secret=b"", leaves=b""))


def _entry(**fields: Any) -> AuditEntry:
    entry = AuditEntry.objects.create(event="alert.opened", action=AuditEntry.Action.ACCESS, object_repr="", **fields)
    entry.refresh_from_db()  # as whom the person acted is filled in by the database
    return entry
