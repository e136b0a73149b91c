"""A house full of rows: two partnerships alike, people of every kind, and one row and more in every walled table."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.utils import timezone

from agreements.models import Consent, Correction, CorrectionNotice, Decision, Draft
from alerts.models import (
    Action,
    AdultConcern,
    Alert,
    AlertGrant,
    Amendment,
    Ask,
    BreakGlass,
    ChildMove,
    ConcernedChild,
    Conversation,
    Disclosure,
    DiscussionAction,
    DiscussionInvitation,
    DiscussionRecord,
    Dissent,
    EntryGrant,
    Exclusion,
    FileEntry,
    FileGrant,
    FileLink,
    FilePerson,
    FourQuestions,
    GuestReferrer,
    HeldItem,
    InformationRequest,
    LadoReferral,
    Liaison,
    MatchCandidate,
    MissingEpisode,
    Notification,
    NotificationChild,
    NotificationGrant,
    Package,
    PackageItem,
    Pattern,
    Referral,
    ReferralChild,
    ReferralDecision,
    ReferralDraft,
    Response,
    SafeguardingFile,
    Screening,
    StrategyDiscussion,
    TalkEntry,
    Transfer,
    Upload,
    UploadProblem,
    WeeklyReview,
)
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.agencies.models import (
    AccessReview,
    Acknowledgement,
    Agency,
    CourseRequirement,
    Membership,
    Partnership,
    PartnershipAgency,
    ReviewItem,
    Suspension,
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
SERVICES = ("dispatch", "matching", "setup", "relay", "door", "sealing", "keys", "watch", "guest", "unheard-of")


@dataclass
class House:
    """`people` by name, and `rows`: every walled row that was written, by model label.

    `joined` says which partnerships an agency is in now; `terms` and `requirements` what each of them asks for, `bodies` who is in it.
    """

    people: dict[str, User] = field(default_factory=dict)
    rows: dict[str, list[Any]] = field(default_factory=dict)
    joined: dict[int, set[int]] = field(default_factory=dict)
    terms: list[Terms] = field(default_factory=list)
    requirements: list[CourseRequirement] = field(default_factory=list)
    bodies: dict[int, list[PartnershipAgency]] = field(default_factory=dict)
    # "guest:" and the number of a link: whoever came by it
    guests: list[str] = field(default_factory=list)
    worlds: list[World] = field(default_factory=list)

    def keep(self, row: Model) -> Any:
        self.rows.setdefault(row._meta.label, []).append(row)
        return row


def build() -> House:
    house = House()
    for number, side in enumerate(("here", "there")):
        _furnish(house, side, number)
    house.people["outsider"] = UserFactory()
    _grants(house, house.rows["alerts.Alert"][0], house.rows["alerts.Notification"][0])
    _exclusions(house)
    _broken_glass(house)
    _decisions(house)
    _files(house)
    _moves(house)
    _referrals_of_the_shut(house)
    _corrections(house)
    _requests(house)
    _responses(house)
    for side in ("here", "there"):
        _strategy(house, side)
    for membership in Membership.objects.all():
        house.keep(membership)
    _conditions(house)
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
        people[name] = _member(agency, role, started_at=NOW - DAY, ended_at=NOW - DAY / 2)
    people["inactive"] = _member(world.school, Role.DSL, user__is_active=False)
    people["inactive_officer"] = _member(world.mash, Role.MASH_MANAGER, user__is_active=False)
    people["holiday"] = _member(world.school, Role.HOLIDAY_CONTACT)
    people["system"] = _member(world.police, Role.INTEGRATION, user__is_integration=True)
    people["coordinator"] = _member(world.council, Role.COORDINATOR)
    people["desk"] = _member(world.council, Role.INFORMATION_DESK)
    people["idva"] = _member(AgencyFactory(kind=AgencyKind.IDVA, partnership=world.partnership), Role.IDVA)
    people["lado"] = _member(world.council, Role.LADO)
    people["authority"] = _member(world.council, Role.AUTHORITY_CONTACT)
    people["hub_admin"] = _member(world.mash, Role.AGENCY_ADMIN)
    people["hub_ig_lead"] = _member(world.mash, Role.IG_LEAD)
    people["care_manager"] = _member(world.council, Role.SOCIAL_CARE_MANAGER)
    people["social_worker"] = _member(world.council, Role.SOCIAL_WORKER)
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
        few = ("dsl", "officer", "system", "admin", "hub_ig_lead", "ehe", "lado", "care_manager")
        people = {name: people[name] for name in few}
    house.people |= {f"{name}_{side}": person for name, person in people.items()}
    _case(house, world, number)
    _referred(house, world, number)


# Who lacks what, and since when: everybody else is trained and has acknowledged (NTK-06).
UNTRAINED = (
    "untrained_here",
    "untrained_officer_here",
    "granted_untrained",
    "head_untrained_here",
    "invited_untrained",
)
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
    # somebody suspended at two agencies, and a review at each
    for name in ("inactive_here", "inactive_officer_here"):
        membership = Membership.objects.get(user=house.people[name])
        agency, by = membership.agency, house.people["hub_admin_here"]
        house.keep(Suspension.objects.create(user=membership.user, agency=agency, reason="CANARY", suspended_by=by))
        review = AccessReview.objects.create(agency=agency, due_at=NOW + DAY)
        for each in Membership.objects.filter(agency=agency).order_by("pk")[:3]:
            house.keep(ReviewItem.objects.create(review=review, agency=agency, membership=each))
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
        _alerts(house, world, notification, child)
        _talk(house, world)
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


def _referred(house: House, world: World, number: int) -> None:
    """Referrals and drafts by members of every kind of agency, by who has left, and by two guests; patterns by as many."""
    part = {"partnership": world.partnership, "controller": world.mash}
    mine = [
        (person, membership.agency)
        for name, person in house.people.items()
        if name.rpartition("_")[2] == ("here", "there")[number]
        for membership in Membership.objects.filter(user=person).select_related("agency")[:1]
    ]
    for person, agency in mine:
        house.keep(ReferralDraft.objects.create(user=person, source=agency, content={"you": "CANARY"}, **part))
        _referral(house, world, made_by=person, source=agency)
        house.keep(
            Pattern.objects.create(
                made_by=person, source=agency, kind="place", place="CANARY place", what="CANARY what",
                seen_on=NOW.date(), nature="fact", currency="current", **part,
            )
        )  # fmt: skip
    for n in range(2):
        guest = GuestReferrer.objects.create(
            name="CANARY guest", email="guest@small.example", link_digest=bytes([number, n]) * 16, expires_at=NOW + DAY,
            partnership=world.partnership, organisation="A small nursery", kind="nursery",
        )  # fmt: skip
        house.guests.append(f"guest:{guest.pk}")
        house.keep(ReferralDraft.objects.create(guest=guest, content={"you": "CANARY"}, **part))
        _referral(house, world, guest=guest)
    house.keep(
        WeeklyReview.objects.create(
            week=NOW.date(), found="CANARY found", figures={}, reviewed_by=world.manager, **part
        )
    )


def _referral(house: House, world: World, *, child: Child | None = None, **who: Any) -> Referral:
    part = {"partnership": world.partnership, "controller": world.mash}
    referral = house.keep(
        Referral.objects.create(
            source_kind="school", content={"worries": "CANARY"}, consent="given", worry=7, tell_by=NOW + DAY,
            due_at=NOW + DAY, **who, **part,
        )
    )  # fmt: skip
    house.keep(
        ReferralChild.objects.create(
            referral=referral, position=0, match="new", state="settled", child=child or house.rows["children.Child"][-1],
            **part,
        )
    )  # fmt: skip
    house.keep(
        ReferralDecision.objects.create(
            referral=referral, rag="amber", reason="CANARY reason", decided_by=world.manager, **part
        )
    )
    return referral


def _referrals_of_the_shut(house: House) -> None:
    """About a child from whom an officer and a manager are shut out: one of them made it herself (NTK-04)."""
    world = house.worlds[0]
    for exclusion in [each for each in house.rows["alerts.Exclusion"] if each.child_id]:
        agency = Membership.objects.filter(user=exclusion.user).latest("pk").agency
        _referral(house, world, child=exclusion.child, made_by=exclusion.user, source=agency)


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
        (world.council, ("authority_contact",)),
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


def _talk(house: House, world: World) -> None:
    """On the newest alerts of both schools: what both sides read and what is one side's own; an adult who works with children."""
    for alert in house.rows["alerts.Alert"][-9:-5]:
        of = {"partnership": world.partnership, "controller": world.mash, "alert": alert}
        lead = world.dsl if alert.setting == world.school else world.other_dsl
        talk = house.keep(Conversation.objects.create(setting=alert.setting, state="settled", opened_by=lead, **of))
        said = {"conversation": talk, "kind": "message", "side": "hub", "agency": world.mash, "author": world.officer}
        for readers in ({"hub": world.mash, "told": alert}, {"hub": world.mash}, {"told": alert}):
            house.keep(TalkEntry.objects.create(text="CANARY", **readers, **said, **of))
        words = {"worries": "CANARY", "works_well": "CANARY", "must_happen": "CANARY", "worry": 7}
        house.keep(
            FourQuestions.objects.create(
                conversation=talk, side="hub", agency=world.mash, professional=world.officer, **words, **of
            )
        )
        house.keep(
            Liaison.objects.create(
                agency=alert.setting, service="early_help", worker="CANARY", team="CANARY", spoke_at=NOW, outcome="knows",
                note="CANARY", recorded_by=lead, **of,
            )
        )  # fmt: skip
        for person, ends in (
            (lead, {"expires_at": NOW + DAY}),
            (world.tutor, {"expires_at": NOW + DAY}),
            (world.deputy, {"expires_at": NOW - DAY}),
            (world.head, {"expires_at": NOW + DAY, "withdrawn_at": NOW}),
        ):
            house.keep(
                Disclosure.objects.create(
                    user=person, agency=alert.setting, content="CANARY", nature="fact", currency="current",
                    originator="The hub", originated_on=NOW.date(), marking="OFFICIAL", decision="D-0000-0000",
                    disclosed_by=world.officer, **ends, **of,
                )
            )  # fmt: skip
        about = {**of, "notification": alert.notification}
        for lado in (None, world.council):
            concern = house.keep(
                AdultConcern.objects.create(
                    adult="CANARY",
                    work="CANARY",
                    told_by=lead,
                    agency=alert.setting,
                    due_at=NOW,
                    lado_agency=lado,
                    **about,
                )
            )
            house.keep(
                LadoReferral.objects.create(
                    concern=concern, threshold="refer" if lado else "below", reasons="CANARY", decided_by=world.manager,
                    lado_agency=lado, **about,
                )
            )  # fmt: skip
    told = {key: value for key, value in about.items() if key != "alert"}
    house.keep(
        AdultConcern.objects.create(
            adult="CANARY", work="CANARY", told_by=world.officer, agency=world.mash, due_at=NOW, **told
        )
    )


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
        person = _member(school, Role.SETTING_STAFF, user__is_active=name != "granted_inactive", **left)
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
        "shut_dsl": (_member(school, Role.DSL), school, dsl, {"alert": first}),
        "shut_officer": (_member(hub, Role.MASH_OFFICER), hub, manager, {"child": first.child}),
        "shut_manager": (_member(hub, Role.MASH_MANAGER), hub, manager, {"child": house.rows["children.Child"][0]}),
        "shut_constable": (
            _member(notifications[0].source, Role.POLICE_OFFICER), hub, manager, {"notification": notifications[0]}
        ),
        "shut_ig_lead": (_member(hub, Role.IG_LEAD), hub, manager, {"notification": notifications[1]}),
        "shut_granted": (_member(school, Role.SETTING_STAFF), school, dsl, {"alert": first}),
        "let_in_again": (_member(school, Role.DSL), school, dsl, {"alert": first, "lifted_at": NOW}),
    }  # fmt: skip
    for name, (person, agency, by, fields) in shut.items():
        house.people[name] = person
        house.keep(
            Exclusion.objects.create(
                user=person, agency=agency, made_by=by, because="family", note="CANARY note",
                partnership=first.partnership, controller=hub, review_on=NOW.date(), **fields,
            )
        )  # fmt: skip
    house.keep(
        AlertGrant.objects.create(
            user=house.people["shut_granted"], agency=school, content_object=first, reason="key worker",
            permission=Permission.objects.get(codename="view_alert"), granted_by=dsl, expires_at=NOW + DAY,
        )
    )  # fmt: skip


def _broken_glass(house: House) -> None:
    """A head who opened an alert that the DSL was told of, and whose hour has not passed; another, whose hour has."""
    alert = house.rows["alerts.Alert"][0]
    ig = Membership.objects.get(user=house.people["hub_ig_lead_here"]).agency
    # an information-governance lead who is the head as well reviews what others opened, never what she opened herself
    both = house.people["both"] = _member(alert.setting, Role.HEAD)
    MembershipFactory(user=both, agency=ig, role=Role.IG_LEAD)
    for name, until in (("head_here", NOW + DAY / 48), ("both", NOW + DAY / 48), ("let_in_again", NOW - DAY)):
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


def _decisions(house: House) -> None:
    """Decided at the hub, at the school and at the police, about a child, an alert, a notification and nothing of these."""
    alert, there = house.rows["alerts.Alert"][0], house.rows["alerts.Alert"][-1]
    notification = house.rows["alerts.Notification"][0]
    people = house.people
    for name, agency, about in (
        ("officer_here", alert.controller, {"child": house.rows["children.Child"][0]}),
        ("manager_here", alert.controller, {"notification": notification}),
        ("dsl_here", alert.setting, {"alert": alert}),
        ("shut_dsl", alert.setting, {"alert": alert}),
        ("head_here", alert.setting, {}),
        ("leaver_here", alert.setting, {}),
        ("untrained_here", alert.setting, {}),
        ("constable_here", notification.source, {"notification": notification}),
        ("officer_there", there.controller, {"alert": there}),
    ):
        part = {"partnership": alert.partnership, "controller": agency, "about": "A-0000-0000", **about}
        if name == "officer_there":
            part["partnership"] = there.partnership
        consent = house.keep(
            Consent.objects.create(
                by="self",
                name="CANARY name",
                given_on=NOW.date(),
                limits="CANARY limits",
                recorded_by=people[name],
                **part,
            )
        )
        house.keep(
            Decision.objects.create(
                outcome="share", basis="consent", consent_state="given", consent=consent, marking="OFFICIAL", told="told",
                answers={"reason": "CANARY reason"}, decided_by=people[name], expires_at=NOW + DAY, **part,
            )
        )  # fmt: skip
        house.keep(Draft.objects.create(writer=people[name], answers={"reason": "CANARY draft"}, **part))


def _files(house: House) -> None:
    """A file for each alert that left, with an entry, a person, links; one file and one entry of it lent to colleagues."""
    alerts = [alert for alert in house.rows["alerts.Alert"] if alert.sent_at is not None]
    for alert in alerts:
        part = {"partnership": alert.partnership, "controller": alert.setting}
        file = house.keep(
            SafeguardingFile.objects.create(
                child=alert.child, child_given_name="CANARY", child_family_name="CANARY", opened_for=alert.ref, **part
            )
        )
        of_it = {"file": file, "crypto_key": file.crypto_key, **part}
        house.keep(FileEntry.objects.create(kind="alert", happened_on=NOW.date(), alert=alert, text="CANARY", **of_it))
        house.keep(FilePerson.objects.create(name="CANARY", relation="mother", **of_it))
        beside = SafeguardingFile.objects.filter(controller=alert.setting).exclude(pk=file.pk).order_by("pk").first()
        if beside is not None:
            house.keep(FileLink.objects.create(first=beside, second=file, kind="sibling", **part))
    _lend(house, house.rows["alerts.SafeguardingFile"][0], house.rows["alerts.FileEntry"][0])


def _moves(house: House) -> None:
    """Each file on its way to another body of the same side, and once to one outside; some have arrived. Children who move
    from one hub to the other: told, passed on, and taken up as a child of that hub's."""
    files = house.rows["alerts.SafeguardingFile"]
    for n, file in enumerate(files):
        world = house.worlds[0] if file.partnership == house.worlds[0].partnership else house.worlds[1]
        others = [body for body in (world.school, world.other_school, world.council) if body != file.controller]
        part = {"partnership": file.partnership, "controller": file.controller, "file": file}
        child = {"child_given_name": "CANARY", "child_family_name": "CANARY", "manifest": [], "digest": "0" * 64}
        days = {"left_on": NOW.date(), "due_on": NOW.date(), "reason": "setting", "begun_by": world.dsl}
        recipient = others[n % 2]
        arrived = next((each for each in files if each.controller == recipient), None)
        house.keep(
            Transfer.objects.create(
                destination="hub", recipient=recipient, state="received" if n % 3 else "sent",
                received_file=arrived if n % 3 else None, **child, **days, **part,
            )
        )  # fmt: skip
        outside = {"setting": "CANARY", "name": "CANARY", "email": "lead@small.example"}
        house.keep(
            Transfer.objects.create(destination="outside", outside=outside, state="refused", **child, **days, **part)
        )
    here, there = house.worlds
    for first, second in ((here, there), (there, here)):
        own = [child for child in house.rows["children.Child"] if child.controller == first.mash]
        theirs = [child for child in house.rows["children.Child"] if child.controller == second.mash]
        for n, child in enumerate(own):
            flagged = {"to_partnership": second.partnership, "to_hub": second.mash, "decided_by": first.manager}
            far = {
                0: {"state": "told"},
                1: {"state": "flagged", **flagged},
                2: {"state": "taken_up", "taken_as": theirs[n % len(theirs)], **flagged},
            }[n % 3]
            house.keep(
                ChildMove.objects.create(
                    partnership=first.partnership, controller=first.mash, child=child, child_given_name="CANARY",
                    child_family_name="CANARY", reason="home", left_on=NOW.date(), **far,
                )
            )  # fmt: skip


def _responses(house: House) -> None:
    """An answer to each alert that left, with an action; some are a colleague's who sees nothing else of it."""
    alerts = [alert for alert in house.rows["alerts.Alert"] if alert.sent_at is not None]
    owners = [house.people[name] for name in ("tutor_here", "leaver_here", "shut_granted", "dsl_here")]
    for n, alert in enumerate(alerts):
        part = {"partnership": alert.partnership, "controller": alert.setting}
        by = house.people["dsl_here"]
        house.keep(Response.objects.create(alert=alert, known="CANARY", **part))
        owner = owners[n % len(owners)]
        house.keep(
            Action.objects.create(
                alert=alert, kind="monitor", note="CANARY", owner=owner, due_on=NOW.date(), set_by=by, **part
            )
        )


def _lend(house: House, file: SafeguardingFile, entry: FileEntry) -> None:
    """By the DSL, to those who were let in to the alert; one reads the whole file, others what they were told."""
    for name, model, record, fields in (
        ("granted", EntryGrant, entry, {"expires_at": NOW + DAY}),
        ("expired", EntryGrant, entry, {"expires_at": NOW - DAY}),
        ("withdrawn", EntryGrant, entry, {"expires_at": NOW + DAY, "withdrawn_at": NOW}),
        ("shut_granted", EntryGrant, entry, {"expires_at": NOW + DAY}),
        ("tutor_here", FileGrant, file, {"expires_at": NOW + DAY}),
        ("expired", FileGrant, file, {"expires_at": NOW - DAY}),
        ("withdrawn", FileGrant, file, {"expires_at": NOW + DAY, "withdrawn_at": NOW}),
        ("granted_untrained", FileGrant, file, {"expires_at": NOW + DAY}),
        ("shut_granted", FileGrant, file, {"expires_at": NOW + DAY}),
    ):
        house.keep(
            model.objects.create(
                user=house.people[name], agency=file.controller, content_object=record, reason="key worker",
                permission=Permission.objects.get(codename=f"view_{record._meta.model_name}"),
                granted_by=house.people["dsl_here"], **fields,
            )
        )  # fmt: skip


def _corrections(house: House) -> None:
    """A question about every alert that was sent, one about something else, and what was told of the answers."""
    sent = [alert for alert in house.rows["alerts.Alert"] if alert.audience]
    asked = [(alert, alert.setting, None) for alert in sent] + [(None, sent[0].setting, sent[0].setting)]
    for number, (alert, setting, open_to) in enumerate(asked):
        of = alert or sent[0]
        common = {
            "partnership": of.partnership, "controller": of.controller, "subject_ref": f"A-0000-{number:04}",
            "alert": alert, "open_to": open_to, "item": "adults_names", "originator": of.notification.source,
        }  # fmt: skip
        correction = house.keep(
            Correction.objects.create(
                question="CANARY question", asked_by=house.people["dsl_here"], asked_at_agency=setting, **common
            )
        )
        house.keep(
            CorrectionNotice.objects.create(
                correction=correction, agency=setting, outcome="declined", words="CANARY words", **common
            )
        )


def _requests(house: House) -> None:
    """The hub asks council and school about two children, one of whom somebody is shut out of; answers and packages."""
    people = house.people
    desk_at = next(m.agency for m in Membership.objects.filter(user=people["desk_here"]))
    school = next(m.agency for m in Membership.objects.filter(user=people["dsl_here"]))
    for child in house.rows["children.Child"]:
        if child.controller != Membership.objects.get(user=people["officer_here"]).agency:
            continue
        part = {"partnership": child.partnership, "child": child}
        hubs = {**part, "controller": child.controller}
        asked = house.keep(
            InformationRequest.objects.create(
                question="CANARY", due_at=NOW + DAY, asked_by=people["officer_here"], **hubs
            )
        )
        named = {"child_given_name": "CANARY", "child_family_name": "CANARY"}
        package = house.keep(
            Package.objects.create(
                request=asked, summary="CANARY", marking="OFFICIAL", composed_by=people["manager_here"], **named, **hubs
            )
        )
        sent = house.keep(
            Package.objects.create(
                request=asked, summary="CANARY", marking="OFFICIAL", composed_by=people["manager_here"], state="sent",
                settled_by=people["manager_here"], sent_to=desk_at, **named, **hubs,
            )
        )  # fmt: skip
        for agency, hub in ((desk_at, child.controller), (school, None)):
            ask = house.keep(
                Ask.objects.create(
                    request=asked, agency=agency, question="CANARY", decision_ref="D-0000-0000", marking="OFFICIAL",
                    due_at=NOW + DAY, **named, **hubs,
                )
            )  # fmt: skip
            shared = {"nature": "fact", "currency": "current", "originator": agency.name, "marking": "OFFICIAL"}
            item = house.keep(
                HeldItem.objects.create(
                    ask=ask, controller=agency, hub=hub, position=1, text="CANARY", given_by=people["desk_here"],
                    **shared, **part,
                )
            )  # fmt: skip
            for each in (package, sent):
                house.keep(
                    PackageItem.objects.create(
                        package=each, item=item, text="CANARY", sent_to=each.sent_to, **shared, **hubs
                    )
                )


def _strategy(house: House, side: str) -> None:
    """A discussion that the hub asked for about a notification, one by hand, and a missing episode of each."""
    manager, officer = house.people[f"care_manager_{side}"], house.people[f"officer_{side}"]
    council, hub = (Membership.objects.get(user=person).agency for person in (manager, officer))
    alerts = [alert for alert in house.rows["alerts.Alert"] if alert.controller_id == hub.pk]
    part = {"partnership": alerts[0].partnership, "controller": council}
    for alert, asked_at, by in ((alerts[0], hub, officer), (alerts[-1], council, manager)):
        discussion = house.keep(
            StrategyDiscussion.objects.create(
                asked_at=asked_at, requested_by=by, origin="by_hand", state="sent", reason="CANARY reason", chair=manager, told="told",
                notification=alert.notification if by is officer else None, referred_on=NOW.date(), inquiry="running",
                held_at=NOW, record_due_at=NOW, record_sent_at=NOW, **part,
            )
        )  # fmt: skip
        house.keep(
            ConcernedChild.objects.create(
                discussion=discussion, asked_at=asked_at, child=alert.child, position=0, given_name="CANARY",
                family_name="CANARY", **part,
            )
        )  # fmt: skip
        house.keep(
            DiscussionRecord.objects.create(
                discussion=discussion, inquiry_starts=True, investigation=False, decisions={}, minutes="CANARY minutes",
                written_by=manager, **part,
            )
        )  # fmt: skip
        for agency in (council, alert.setting, alert.notification.source):
            house.keep(
                DiscussionAction.objects.create(
                    discussion=discussion, agency=agency, what="CANARY action", due_on=NOW.date(), **part
                )
            )
        house.keep(
            MissingEpisode.objects.create(
                notification=alert.notification, child=alert.child, source=alert.notification.source, council=council,
                given_name="CANARY", family_name="CANARY", missing_since=NOW - DAY, partnership=part["partnership"], controller=hub,
            )
        )  # fmt: skip
    if side == "here":
        _invited(house, alerts[0])


def _invited(house: House, alert: Alert) -> None:
    """Who can come to the discussion of the notification: good ways in, and every kind that opens nothing."""
    discussion = house.rows["alerts.StrategyDiscussion"][0]
    police, school, manager = alert.notification.source, alert.setting, house.people["care_manager_here"]
    for name, (agency, role, fields) in {
        "invited": (police, Role.PRACTITIONER, {"record_sent_at": NOW}),
        "invited_no_record": (school, Role.SETTING_STAFF, {}),
        "invited_withdrawn": (police, Role.PRACTITIONER, {"record_sent_at": NOW, "withdrawn_at": NOW}),
        "invited_expired": (police, Role.PRACTITIONER, {"record_sent_at": NOW, "expires_at": NOW - DAY / 2}),
        "invited_leaver": (police, Role.PRACTITIONER, {"record_sent_at": NOW}),
        "invited_inactive": (police, Role.PRACTITIONER, {"record_sent_at": NOW}),
        "invited_untrained": (police, Role.PRACTITIONER, {"record_sent_at": NOW}),
        "invited_shut": (police, Role.PRACTITIONER, {"record_sent_at": NOW}),
        "sends_deputy": (school, Role.SETTING_STAFF, {"record_sent_at": NOW, "state": "deputy"}),
        "deputy_sent": (school, Role.SETTING_STAFF, {"granted_by": "sends_deputy"}),
    }.items():
        left = {"started_at": NOW - DAY, "ended_at": NOW - DAY / 2} if name == "invited_leaver" else {}
        person = house.people[name] = _member(agency, role, user__is_active=name != "invited_inactive", **left)
        by = house.people[fields.pop("granted_by")] if "granted_by" in fields else manager
        house.keep(
            DiscussionInvitation.objects.create(
                user=person, agency=agency, content_object=discussion, reason="police", capacity="police", can_decide=True,
                granted_by=by,
                permission=Permission.objects.get(codename="view_strategydiscussion"), granted_at=NOW - 2 * DAY,
                **{"expires_at": NOW + DAY, **fields},
            )
        )  # fmt: skip
    for name in ("invited", "invited_no_record", "invited_withdrawn"):
        person = house.people[name]
        agency = Membership.objects.get(user=person).agency
        house.keep(
            Dissent.objects.create(
                discussion=discussion, agency=agency, raised_by=person, kind="disagrees", reason="CANARY reason",
                partnership=discussion.partnership, controller=discussion.controller,
            )
        )  # fmt: skip
    worker = house.people["shut_social_worker"] = _member(discussion.controller, Role.SOCIAL_WORKER)
    for person in (house.people["invited_shut"], worker):
        house.keep(
            Exclusion.objects.create(
                user=person, agency=alert.controller, made_by=house.people["manager_here"], because="family",
                note="CANARY note", partnership=alert.partnership, controller=alert.controller, review_on=NOW.date(),
                child=alert.child,
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
        house.keep(_entry(agency=agency, objects_shown=["A-SHOWN"]))
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
