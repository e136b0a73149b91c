"""Every door, every kind of person, every way of knocking. A door that is not listed fails the suite."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from agreements.models import Agreement, Correction
from alerts.conversations import selectors as talk
from alerts.conversations import services as talking
from alerts.files.enums import StaffRole
from alerts.lado import services as lado
from alerts.models import (
    Action,
    Alert,
    AlertGrant,
    Ask,
    BreakGlass,
    ChildMove,
    ConcernedChild,
    Disclosure,
    DiscussionAction,
    DiscussionInvitation,
    DiscussionRecord,
    Dissent,
    Exclusion,
    FileEntry,
    FilePerson,
    HeldItem,
    InformationRequest,
    MissingEpisode,
    Notification,
    NotificationGrant,
    Package,
    Pattern,
    Referral,
    ReferralChild,
    ReferralDraft,
    SafeguardingFile,
    StrategyDiscussion,
    Upload,
)
from alerts.moves import services as moves
from alerts.moves.enums import Destination, MoveReason
from alerts.readers import sharing
from safeguarding.access.principal import acting_as
from safeguarding.agencies import tokens
from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.agencies.models import Agency, CalendarPeriod, HolidayCover, Invitation, Partnership, Suspension, User
from safeguarding.audit.record import record
from safeguarding.children.models import Child
from safeguarding.governance.models import Sample, SampleItem, UnusualAccess
from safeguarding.notifications.outbox import RELAY, publish_batch, work_off
from tests.decisions.support import decide, with_consent
from tests.factories import AgencyFactory, AgreementFactory, PartnershipFactory, World, member
from tests.frame.doors import every_door
from tests.intake.bodies import with_child
from tests.support.db import as_service, as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db

# What only some may read. Every string is one that nobody would write by chance.
CANARIES = {
    "narrative": "CANARY-NARRATIVE",
    "victim": "CANARY-Ferelith",
    "perpetrator": "CANARY-Osric",
    "street": "1 Canary Road",
    "child": "Canarina",
    "question": "CANARY-QUESTION",
}
HUB, SETTING, NOTHING = (
    {"narrative", "victim", "perpetrator", "street", "child"},
    {"victim", "perpetrator", "child"},
    set(),
)


@dataclass
class Place:
    world: World
    people: dict[str, User]
    refs: dict[str, Any] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)


def relay_everything() -> None:
    """The relay and a worker in one: until nothing waits."""
    for _ in range(6):
        waiting: list[int] = []
        with acting_as(RELAY):
            publish_batch(waiting.append, size=50)
        for number in waiting:
            work_off(number)


def _post(secret: str, body: dict[str, Any]) -> HttpResponse:
    return Client().post(
        "/api/v1/notifications/", json.dumps(body), content_type="application/json",
        headers={"authorization": f"Bearer {secret}"},
    )  # fmt: skip


@pytest.fixture
def place(db: None) -> Iterator[Place]:
    """One alert that a school has, one notification that waits, one file, all come in by the real ways."""
    cache.clear()
    with fixtures():
        world = World()
        elsewhere = PartnershipFactory()
        hub = AgencyFactory(kind=AgencyKind.MASH, partnership=elsewhere, name="Another hub")
        people = {
            name: getattr(world, name)
            for name in ("dsl", "other_dsl", "tutor", "constable", "officer", "ig_lead", "admin")
        }
        people["stranger"] = member(hub, Role.MASH_MANAGER)
        people["let_in"] = member(world.council, Role.PRACTITIONER)
        with as_service("setup"):
            secret = tokens.issue_to_agency(agency=world.police, scopes=["notifications:write"])
    place = Place(world, people, clients={name: signed_in(person) for name, person in people.items()})
    location = {"lines": [CANARIES["street"]], "postcode": "BH1 1AA", "uprn": None}
    settled = with_child(given_name=CANARIES["child"]) | {"location": location}
    waiting = with_child(given_name="Canarina Second", setting=None, date_of_birth="2017-01-01") | {
        "location": location, "reference": "55/2026/0000002",
    }  # fmt: skip
    for name, body in (("settled", settled), ("waiting", waiting)):
        answer = _post(secret, body)
        assert answer.status_code == 201, answer.content
        place.refs[name] = answer.json()["ref"]
    _screen(place)
    with fixtures():
        alert = Alert.objects.get(notification__ref=place.refs["settled"])
        with as_user(world.ehe):
            record("alert.opened", alert)
        place.refs["alert"] = alert.ref
        part = {"partnership": world.partnership, "controller": world.mash, "source": world.police}
        place.refs["upload"] = Upload.objects.create(
            uploaded_by=world.constable, file_name="Canarina.csv", digest=b"1" * 32, **part
        ).ref
        place.refs["unsettled"] = world.notification(
            reference="55/2026/unsettled", status="closed", settle_failed_at=timezone.now()
        ).ref
        names = {"given_name": CANARIES["child"], "family_name": CANARIES["victim"]}
        child, other = world.child(**names), world.child(**names)
        place.refs |= {"child": child.ref, "other": other.ref, "joined": world.child(**names, merged_into=child).ref}
        place.refs["period"] = CalendarPeriod.objects.create(
            partnership=world.partnership,
            agency=world.school,
            kind="closed",
            name="INSET",
            starts_on="2026-12-01",
            ends_on="2026-12-01",
        ).code
        place.refs["cover"] = HolidayCover.objects.create(
            agency=world.school,
            user=world.head,
            phone="07700 900321",
            starts_on="2026-12-21",
            ends_on="2026-12-31",
            named_by=world.dsl,
        ).code
        place.refs["unusual"] = UnusualAccess.objects.create(
            partnership=world.partnership, controller=world.council, kind="burst", person=world.ehe, occasion="2026-11-22",
            times=1, first_at=timezone.now(), last_at=timezone.now(), due_at=timezone.now(),
        ).ref  # fmt: skip
        place.refs |= _sample(elsewhere, hub, people["stranger"])
        Agreement.objects.filter(pk=world.agreement.pk).update(owner=world.council)
        place.refs["agreement"] = world.agreement.ref
        place.refs["draft"] = AgreementFactory(partnership=world.partnership, owner=world.council, state="draft").ref
        place.refs["invitation"] = Invitation.objects.create(
            agency=world.school, email="new@school.example", roles=["dsl"], digest=b"2" * 32,
            invited_by=world.admin, expires_at=timezone.now(),
        ).code  # fmt: skip
        suspended = member(world.school, Role.SETTING_STAFF, is_active=False)
        Suspension.objects.create(user=suspended, agency=world.school, reason="CANARY", suspended_by=world.admin)
        place.refs["suspended"] = suspended.code
    _ways_in(place)
    _referred(place)
    _asked(place)
    consented = with_consent(
        world.council.slug, reason="CANARY-NARRATIVE", told="to_be_told", told_by=timezone.localdate()
    )
    place.refs["decision"] = decide(place.refs["alert"], consented, by=world.officer).ref
    _talk(place)
    _at_the_setting(place)
    _strategy(place)
    _moves(place)
    yield place
    cache.clear()


def _sample(partnership: Partnership, hub: Agency, manager: User) -> dict[str, Any]:
    today, part = timezone.localdate(), {"partnership": partnership, "controller": hub}
    sample = Sample.objects.create(
        kind="alerts", since=today, until=today, size=1, population=1, seed="0", drawn_by=manager, **part
    )
    SampleItem.objects.create(sample=sample, position=1, ref="A-0000-0000", happened_at=timezone.now(), **part)
    return {"sample": sample.ref, "first": 1}


def _asked(place: Place) -> None:
    """The hub has asked the school about a child; the school has added what it holds, and a package is begun."""
    world = place.world
    named = {"child_given_name": CANARIES["child"], "child_family_name": CANARIES["victim"], "marking": "OFFICIAL"}
    with fixtures():
        part = {"partnership": world.partnership, "child": Child.objects.get(ref=place.refs["child"])}
        request = InformationRequest.objects.create(
            controller=world.mash, question=CANARIES["narrative"], due_at=timezone.now(), state="asked",
            asked_by=world.officer, **part,
        )  # fmt: skip
        ask = Ask.objects.create(
            request=request, controller=world.mash, agency=world.school, question=CANARIES["narrative"],
            decision_ref="D-0000-0000", due_at=timezone.now(), **named, **part,
        )  # fmt: skip
        HeldItem.objects.create(
            ask=ask, controller=world.school, hub=world.mash, position=1, text=CANARIES["narrative"], nature="fact",
            currency="current", originator="School", marking="OFFICIAL", given_by=world.dsl, **part,
        )  # fmt: skip
        package = Package.objects.create(
            request=request, controller=world.mash, summary=CANARIES["narrative"], composed_by=world.manager, **named,
            **part,
        )  # fmt: skip
    place.refs |= {"request": request.ref, "ask": ask.ref, "package": package.ref}


def _referred(place: Place) -> None:
    """A draft of the DSL's, and a referral whose second child waits for a person."""
    world = place.world
    part = {"partnership": world.partnership, "controller": world.mash}
    child = {"given_name": CANARIES["child"], "family_name": CANARIES["victim"], "date_of_birth": None, "due_on": None}
    content = {
        "sections": [{"step": "worries", "title": "Worries", "rows": [["Worries", CANARIES["narrative"]]]}],
        "children": [child, child],
    }
    with fixtures():
        place.refs["own_draft"] = ReferralDraft.objects.create(
            user=world.dsl, source=world.school, content={"worries": {"worries": CANARIES["narrative"]}}, **part
        ).ref
        referral = Referral.objects.create(
            made_by=world.dsl, source=world.school, source_kind="school", content=content, consent="given", worry=7,
            tell_by=timezone.now(), due_at=timezone.now(), **part,
        )  # fmt: skip
        for position, state in enumerate(("settled", "waiting")):
            known = Child.objects.get(ref=place.refs["child"]) if state == "settled" else None
            ReferralChild.objects.create(
                referral=referral, position=position, match="possible", state=state, child=known, **part
            )
        place.refs["referral"] = referral.ref
        place.refs["pattern"] = Pattern.objects.create(
            made_by=world.dsl, source=world.school, kind="place", place=CANARIES["narrative"], what=CANARIES["narrative"],
            seen_on=timezone.localdate(), nature="fact", currency="current", **part,
        ).ref  # fmt: skip


def _ways_in(place: Place) -> None:
    """Somebody let in to the notification that waits; a colleague let in to the alert, one shut out, one in an emergency."""
    world = place.world
    with fixtures():
        alert = Alert.objects.get(ref=place.refs["alert"])
        waiting = Notification.objects.get(ref=place.refs["waiting"])
        case = {"partnership": world.partnership, "controller": world.mash}
        soon = timezone.now() + dt.timedelta(minutes=60)
        for model, item, person, agency in (
            (NotificationGrant, waiting, place.people["let_in"], world.council),
            (AlertGrant, alert, member(world.school, Role.SETTING_STAFF), world.school),
        ):
            place.refs["grant"] = model.objects.create(
                content_object=item, user=person, agency=agency, granted_by=world.dsl, reason="key worker", expires_at=soon,
                permission=Permission.objects.get(codename=f"view_{item._meta.model_name}"),
            ).code  # fmt: skip
        place.refs["exclusion"] = Exclusion.objects.create(
            user=member(world.school, Role.SETTING_STAFF), agency=world.school, alert=alert, because="family",
            note="CANARY-NARRATIVE", made_by=world.dsl, review_on=soon.date(), **case,
        ).ref  # fmt: skip
        place.refs["glass"] = BreakGlass.objects.create(
            user=world.head, agency=world.school, role="head", alert=alert, because="danger", reason="CANARY-NARRATIVE",
            expires_at=soon, review_due_at=soon, review_agency=world.council, **case,
        ).ref  # fmt: skip
        place.refs["correction"] = Correction.objects.create(
            subject_ref=alert.ref, alert=alert, item="adults_names", question=CANARIES["question"], asked_by=world.dsl,
            asked_at_agency=world.school, originator=world.police, **case,
        ).ref  # fmt: skip


def _talk(place: Place) -> None:
    """The DSL and the hub talk about the alert; an adult in it works with children."""
    world, alert_ref = place.world, place.refs["alert"]
    with as_user(world.dsl):
        where = talk.place(alert_ref, for_user=world.dsl)
        place.refs["entry"] = talking.write(where, text="CANARY-NARRATIVE said", by=world.dsl).ref
        told = lado.tell(where.alert, adult=CANARIES["perpetrator"], work="CANARY-NARRATIVE coach", by=world.dsl)
        place.refs["concern"] = told.ref
    with fixtures():
        place.refs["disclosure"] = Disclosure.objects.create(
            alert=where.alert, user=world.dsl, agency=world.school, content="CANARY-NARRATIVE", nature="fact",
            currency="current", originator="Police", marking="OFFICIAL", decision="D-0000-0000", disclosed_by=world.officer,
            expires_at=timezone.now() + dt.timedelta(days=1), partnership=world.partnership, controller=world.mash,
        ).ref  # fmt: skip


def _at_the_setting(place: Place) -> None:
    """The file of the child, somebody on it, a colleague who was told of the alert, and an action of hers."""
    world = place.world
    with fixtures():
        alert = Alert.objects.select_related("setting", "partnership").get(ref=place.refs["alert"])
        file = SafeguardingFile.objects.select_related("crypto_key").get(controller=world.school)
        part = {"partnership": world.partnership, "controller": world.school}
        place.refs["on_file"] = FilePerson.objects.create(
            file=file, crypto_key=file.crypto_key, name=CANARIES["victim"], relation="mother", **part
        ).code
        place.refs["action"] = Action.objects.create(
            alert=alert, kind="monitor", owner=world.tutor, due_on=timezone.localdate(), set_by=world.dsl, **part
        ).ref
        place.refs |= {"file": file.ref, "file_entry": FileEntry.objects.get(file=file, kind="alert").ref}
    with as_user(world.dsl):
        telling = sharing.Telling(
            person=world.tutor, agency=world.school, as_role=StaffRole.TUTOR, reason="Tutor", items=(), words="Be kind.",
            until=timezone.localdate(),
        )  # fmt: skip
        grant = sharing.tell(alert, telling, by=world.dsl)
        place.refs |= {"telling": grant.code, "told": grant.content_object.ref}


def _moves(place: Place) -> None:
    """The file of the child is on its way to the other school, and the hub has heard that another child has moved."""
    world = place.world
    with as_user(world.dsl):
        file = SafeguardingFile.objects.get(ref=place.refs["file"])
        going = moves.Leaving(timezone.localdate(), MoveReason.SETTING, Destination.HUB, world.other_school)
        transfer = moves.send(moves.begin(file, leaving=going, by=world.dsl), by=world.dsl)
    with fixtures():
        child = Child.objects.get(ref=place.refs["child"])
        move = ChildMove.objects.create(
            partnership=world.partnership, controller=world.mash, child=child, child_given_name=CANARIES["child"],
            child_family_name=CANARIES["victim"], reason="home", left_on=timezone.localdate(),
        )  # fmt: skip
    place.refs |= {"transfer": transfer.ref, "move": move.ref}


def _strategy(place: Place) -> None:
    """A discussion that the hub asked for and the DSL is invited to, its draft record, and a child who is missing."""
    world = place.world
    with fixtures():
        part = {"partnership": world.partnership, "controller": world.council}
        child = world.child(given_name=CANARIES["child"], family_name="Second")
        discussion = StrategyDiscussion.objects.create(
            asked_at=world.mash, requested_by=world.officer, origin="by_hand", state="arranged", reason="CANARY-NARRATIVE",
            told="told", referred_on=timezone.localdate(), starts_at=timezone.now(), means="video", where="A room", **part,
        )  # fmt: skip
        ConcernedChild.objects.create(
            discussion=discussion, asked_at=world.mash, child=child, position=0, given_name=CANARIES["child"],
            family_name="Second", **part,
        )  # fmt: skip
        DiscussionRecord.objects.create(
            discussion=discussion, inquiry_starts=True, investigation=False, decisions={}, minutes="CANARY-NARRATIVE",
            written_by=world.ehe, **part,
        )  # fmt: skip
        invited = DiscussionInvitation.objects.create(
            content_object=discussion, user=world.dsl, agency=world.school, capacity="setting", can_decide=True, reason="x",
            granted_by=world.ehe, expires_at=timezone.now() + dt.timedelta(days=9),
            permission=Permission.objects.get(codename="view_strategydiscussion"),
        )  # fmt: skip
        action = DiscussionAction.objects.create(
            discussion=discussion, agency=world.school, what="CANARY-NARRATIVE", due_on=timezone.localdate(), **part
        )
        dissent = Dissent.objects.create(
            discussion=discussion,
            agency=world.school,
            raised_by=world.dsl,
            kind="disagrees",
            reason="CANARY-NARRATIVE",
            **part,
        )
        episode = MissingEpisode.objects.create(
            notification=Notification.objects.get(ref=place.refs["waiting"]), child=child, source=world.police,
            council=world.council, given_name=CANARIES["child"], family_name="Second", missing_since=timezone.now(),
            partnership=world.partnership, controller=world.mash,
        )  # fmt: skip
    place.refs |= {"discussion": discussion.ref, "invited": invited.code, "to_do": action.code}
    place.refs |= {"dissent": dissent.ref, "episode": episode.ref}


def _screen(place: Place) -> None:
    from alerts.screening import services

    with as_user(place.world.officer, purpose="screening"):
        notification = Notification.objects.get(ref=place.refs["settled"])
        notification = services.claim(notification=notification, by=place.world.officer)
        services.screen(
            notification=notification, level=2, decision="send", reason="CANARY-NARRATIVE again",
            version=notification.version, by=place.world.officer,
        )  # fmt: skip
    relay_everything()


EVERYBODY = {"dsl", "other_dsl", "tutor", "constable", "officer", "ig_lead", "admin", "stranger", "let_in"}
PARTNERS = EVERYBODY - {"stranger"}
REFERRERS = EVERYBODY - {"ig_lead", "admin"}
DECIDERS = EVERYBODY - {"tutor", "admin"}
HUBS = {"officer", "stranger"}  # a stranger has a hub of their own: its pages, and none of ours


@dataclass(frozen=True)
class Door:
    """Who gets a page, and who may knock with a form; for everybody else there is nothing there."""

    get: frozenset[str] = frozenset()
    post: frozenset[str] = frozenset()


def door(get: set[str] | None = None, post: set[str] | None = None) -> Door:
    return Door(frozenset(get or ()), frozenset(post or ()))


# {name} stands for a reference or key of the place above.
DOORS: dict[str, Door] = {
    "/today/": door(EVERYBODY),
    "/today/summary/": door(EVERYBODY, EVERYBODY),
    "/account/": door(EVERYBODY),
    "/keep-alive/": door(post=EVERYBODY),
    "/clearance/": door(EVERYBODY),
    "/help/": door(EVERYBODY),
    "/help/accessibility/": door(EVERYBODY),
    "/help/words/": door(EVERYBODY),
    "/help/privacy/": door(EVERYBODY),
    # the police and the hub send notifications in
    "/notifications/": door({"constable", *HUBS}),
    "/notifications/new/": door({"constable", *HUBS}, {"constable", *HUBS}),
    "/notifications/{waiting}/": door({"constable"}),  # its state, for who sent it; the hub has it in its queue
    # whose force it is and the hub that received it say what it should have been; the hub looks again
    "/notifications/{waiting}/correct/": door({"constable", "officer"}, {"constable", "officer"}),
    "/notifications/{waiting}/withdraw/": door({"constable", "officer"}, {"constable", "officer"}),
    "/corrections/": door(HUBS),
    "/corrections/{waiting}/looked/": door(post={"officer"}),
    "/notifications/uploads/": door({"constable", *HUBS}),
    "/notifications/uploads/new/": door({"constable", *HUBS}, {"constable", *HUBS}),
    "/notifications/uploads/{upload}/": door({"constable"}),
    "/notifications/uploads/{upload}/progress/": door({"constable"}),
    # the hub screens
    "/queue/": door(HUBS),
    "/queue/next/": door(post=HUBS),
    "/queue/{waiting}/": door({"officer"}),
    "/queue/{waiting}/children/{position}/": door({"officer"}, {"officer"}),
    "/queue/{waiting}/children/{position}/settings/": door({"officer"}, {"officer"}),
    "/queue/{waiting}/same/{settled}/": door(post={"officer"}),
    "/queue/{waiting}/claim/": door(post={"officer"}),
    "/queue/{waiting}/release/": door(post={"officer"}),
    "/queue/{waiting}/screen/": door(post={"officer"}),
    # the hub finds children on record, and says which two are one
    "/children/": door(HUBS, HUBS),
    "/children/found/": door(HUBS),
    "/children/duplicates/": door(HUBS),
    "/children/{child}/": door({"officer"}),
    "/children/{child}/compare/{other}/": door({"officer"}, {"officer"}),
    "/children/{joined}/separate/": door({"officer"}, {"officer"}),
    # the hub looks after what it sent
    "/sent/": door(HUBS),
    "/sent/{alert}/": door({"officer"}),
    "/sent/{alert}/let-leave/": door(),  # a partnership without exceptions
    "/sent/{alert}/redirect/": door({"officer"}, {"officer"}),
    "/sent/{alert}/retry/": door(post={"officer"}),
    "/sent/unsettled/{unsettled}/retry/": door(post={"officer"}),
    # the bells: the hub counts its own; who leads or administers a setting looks after its school days
    "/bell/": door(HUBS),
    "/bell/alerts/": door(HUBS),
    "/bell/alerts/{alert}/": door({"officer"}, {"officer"}),
    "/bell/settings/": door(HUBS),
    "/bell/months/": door(HUBS),
    "/bell/months/{partnership}/{this_month}/": door({"officer"}),
    "/bell/months/{partnership}/{this_month}/pdf/": door({"officer"}),
    "/bell/months/{partnership}/{this_month}/csv/": door({"officer"}),
    "/school-days/": door({"dsl", "other_dsl", "admin"}),
    "/school-days/{school}/": door({"dsl", "admin"}),
    "/school-days/{school}/add/": door({"dsl", "admin"}, {"dsl", "admin"}),
    "/school-days/{school}/import/": door({"dsl", "admin"}, {"dsl", "admin"}),
    "/school-days/{school}/bell/": door({"dsl", "admin"}, {"dsl", "admin"}),
    "/school-days/{school}/contact/": door({"dsl", "admin"}, {"dsl", "admin"}),
    "/school-days/{school}/{period}/remove/": door(post={"dsl", "admin"}),
    "/school-days/{school}/contact/{cover}/withdraw/": door(post={"dsl", "admin"}),
    # the setting reads
    "/alerts/": door({"dsl", "other_dsl"}),
    "/alerts/{alert}/": door({"dsl"}),
    "/alerts/{alert}/acknowledge/": door(post={"dsl"}),
    # between whom the alert is addressed to and the hub; what a lead lets somebody see by name is not meant
    "/talk/": door({"dsl", "other_dsl", *HUBS}),
    "/talk/{alert}/": door({"dsl", "officer"}),
    "/talk/{alert}/new/": door({"dsl", "officer"}, {"dsl", "officer"}),
    "/talk/{alert}/write/": door({"dsl", "officer"}, {"dsl", "officer"}),
    "/talk/{alert}/holds/": door({"dsl", "officer"}, {"dsl", "officer"}),
    "/talk/{alert}/phoned/": door({"dsl", "officer"}, {"dsl", "officer"}),
    "/talk/{alert}/questions/": door({"dsl", "officer"}, {"dsl", "officer"}),
    "/talk/{alert}/settle/": door(post={"dsl", "officer"}),
    "/talk/{alert}/recall/{entry}/": door({"dsl"}, {"dsl"}),
    "/talk/{alert}/liaise/": door({"dsl"}, {"dsl"}),
    "/talk/{alert}/rescreen/": door({"officer"}, {"officer"}),
    "/talk/{alert}/disclose/": door({"officer"}, {"officer"}),
    "/talk/{alert}/disclosures/{disclosure}/end/": door(post={"officer"}),
    # an adult who works with children: a manager judges, the LADO receives (neither is among these people)
    "/adults/": door(HUBS),
    "/adults/tell/{alert}/": door({"dsl"}, {"dsl"}),
    "/adults/note/{waiting}/": door(),  # the police say nothing of the kind
    "/adults/{concern}/": door({"officer"}),
    "/adults/{concern}/judge/": door(),
    "/adults/{concern}/receive/": door(),
    "/queue/{waiting}/children/{position}/route/": door(),  # this child has no setting yet
    "/alerts/several/": door({"dsl", "other_dsl"}, {"dsl", "other_dsl"}),
    "/alerts/waiting/": door(EVERYBODY),
    **{
        f"/alerts/{{alert}}/{what}/": door({"dsl"}, {"dsl"})
        for what in ("answer", "send-back", "support", "actions", "review", "close")
    },
    "/alerts/{alert}/tell/": door({"dsl"}),
    "/alerts/{alert}/tell/{tutor}/": door({"dsl"}, {"dsl"}),
    "/alerts/{alert}/told/{telling}/end/": door(post={"dsl"}),
    # a colleague who was told: one page, and what they do about it
    "/told/{told}/": door({"tutor"}),
    "/actions/{action}/": door({"dsl", "tutor"}, {"dsl", "tutor"}),
    # the child's safeguarding file, opened when the alert was sent; kept by the DSL, the deputy and the head
    "/files/": door({"dsl", "other_dsl"}),
    "/files/{file}/": door({"dsl"}),
    "/files/{file}/print/": door({"dsl"}),
    "/files/{file}/pdf/": door({"dsl"}),
    **{f"/files/{{file}}/{what}/": door({"dsl"}, {"dsl"}) for what in ("note", "people", "link")},
    "/files/{file}/entries/{file_entry}/add/": door({"dsl"}, {"dsl"}),
    "/files/{file}/people/{on_file}/end/": door(post={"dsl"}),
    # the file on its way: both ends see whose it is, and only its own end may do what is that end's
    "/transfers/": door({"dsl", "other_dsl"}),
    "/transfers/begin/{file}/": door({"dsl"}, {"dsl"}),
    "/transfers/{transfer}/": door({"dsl", "other_dsl"}),
    **{f"/transfers/{{transfer}}/{what}/": door(post={"dsl"}) for what in ("send", "cancel", "link")},
    **{f"/transfers/{{transfer}}/{what}/": door(post={"other_dsl"}) for what in ("receive", "refuse")},
    # children who move: the hub's, and not passed on to another yet
    "/moved/": door(HUBS),
    "/moved/child/{child}/": door({"officer"}, {"officer"}),
    "/moved/{move}/": door({"officer"}),
    "/moved/{move}/decide/": door(post={"officer"}),
    "/moved/{move}/answer/": door(),
    # that a setting ends: its administrator says so, or a manager of its hub
    "/settings/": door({"admin", *HUBS}),
    "/settings/{school}/": door({"admin"}, {"admin"}),
    "/settings/{school}/hand-over/": door(),
    "/settings/{school}/take-back/": door(),
    # information governance: this lead's agency controls none of these records, but one of its people has seen the alert
    "/unusual/": door({"ig_lead"}),
    "/unusual/{unusual}/": door({"ig_lead"}, {"ig_lead"}),
    # sampling: a manager of a hub draws and records, the lead of the same agency reads
    "/samples/": door({"ig_lead", "stranger"}),
    "/samples/new/": door({"stranger"}, {"stranger"}),
    "/samples/{sample}/": door({"stranger"}, {"stranger"}),
    "/samples/{sample}/export/": door({"stranger"}, {"stranger"}),
    "/samples/{sample}/{first}/": door({"stranger"}, {"stranger"}),
    "/log/": door({"ig_lead"}),
    "/log/export/": door({"ig_lead"}, {"ig_lead"}),
    "/log/seen/": door({"ig_lead"}),
    "/log/seen/{alert}/": door({"ig_lead"}),
    "/log/seen/{alert}/export/": door({"ig_lead"}, {"ig_lead"}),
    "/log/people/{lead}/": door({"ig_lead"}),
    "/log/people/{lead}/export/": door({"ig_lead"}, {"ig_lead"}),
    # who lets in by name, and who shuts out: the hub's manager, and who leads the setting
    "/access/{alert}/": door({"officer", "dsl"}),
    "/access/{alert}/give/": door({"officer", "dsl"}),
    "/access/{alert}/give/{school}/{tutor}/": door({"officer", "dsl"}, {"officer", "dsl"}),
    "/access/{alert}/grants/{grant}/withdraw/": door({"officer", "dsl"}, {"officer", "dsl"}),
    "/access/{alert}/shut-out/": door({"dsl"}),
    "/access/{alert}/shut-out/{school}/{tutor}/": door({"dsl"}, {"dsl"}),
    "/access/{alert}/exclusions/{exclusion}/lift/": door({"dsl"}, {"dsl"}),
    "/shared/": door(EVERYBODY),
    "/shared/{waiting}/": door({"let_in"}),
    # emergencies: whose role may, and who reviews them for the agency that it was
    "/emergency/": door({"dsl", "other_dsl", *HUBS}, {"dsl", "other_dsl", *HUBS}),
    "/emergency/reviews/": door({"ig_lead"}),
    "/emergency/reviews/{glass}/": door({"ig_lead"}, {"ig_lead"}),
    "/emergency/reviews/{glass}/end/": door(post={"ig_lead"}),
    # referrals: whoever meets children refers; a draft is its writer's, the hub works on what was sent
    "/referrals/": door(REFERRERS),
    "/referrals/mine/": door(REFERRERS),
    "/referrals/new/": door(REFERRERS, REFERRERS),
    "/referrals/drafts/{own_draft}/": door({"dsl"}),
    "/referrals/drafts/{own_draft}/people/": door({"dsl"}),
    "/referrals/drafts/{own_draft}/check/": door({"dsl"}, {"dsl"}),
    "/referrals/drafts/{own_draft}/throw-away/": door(post={"dsl"}),
    "/referrals/drafts/{own_draft}/{step}/": door({"dsl"}, {"dsl"}),
    "/referrals/drafts/{own_draft}/{step}/remove/": door(post={"dsl"}),
    "/referrals/{referral}/": door({"officer", "dsl"}),
    "/referrals/{referral}/triage/": door(post={"officer"}),
    "/referrals/{referral}/decide/": door(post={"officer"}),
    "/referrals/{referral}/tell/": door(post={"officer"}),
    "/referrals/{referral}/close/": door(post={"officer"}),
    "/referrals/{referral}/children/{first}/": door({"officer"}, {"officer"}),
    "/referrals/review/": door(HUBS, {"stranger"}),
    "/referrals/review/export/": door(HUBS),
    "/referrals/review/pdf/": door(HUBS),
    # places and patterns: the hub's, and who recorded them
    "/patterns/": door(REFERRERS),
    "/patterns/new/": door(REFERRERS, REFERRERS),
    "/patterns/{pattern}/": door({"officer", "dsl"}),
    # agreements are open to partners; their owner's IG lead writes in them, senior officers sign (none is among these people)
    "/agreements/": door(EVERYBODY),
    "/agreements/new/": door({"ig_lead"}, {"ig_lead"}),
    "/agreements/returns/": door(EVERYBODY),
    "/agreements/returns/{agreement}/{school}/{hub}/": door(),
    "/agreements/{agreement}/": door(PARTNERS),
    "/agreements/{agreement}/text/": door(PARTNERS),
    "/agreements/{agreement}/copy/": door(PARTNERS),
    "/agreements/{agreement}/pdf/": door(PARTNERS),
    # corrections: asked by whom the alert reached, read by the hub too, answered by the police
    "/questioned/": door(EVERYBODY),
    "/questioned/about/{alert}/": door({"dsl"}, {"dsl"}),
    "/questioned/{correction}/": door({"dsl", "officer", "constable"}, {"constable"}),
    # counts, and a public register: IG leads and managers of the hub; each agency keeps its own entry
    "/processing/": door({"ig_lead", "stranger"}),
    "/controllers/": door(EVERYBODY),
    "/controllers/{council}/": door({"ig_lead"}, {"ig_lead"}),
    "/reports/board/": door({"ig_lead", "stranger"}),
    "/agreements/{agreement}/changes/": door(),
    "/agreements/{draft}/draft/{section}/": door({"ig_lead"}, {"ig_lead"}),
    "/agreements/{agreement}/parties/": door({"ig_lead"}, {"ig_lead"}),
    "/agreements/{draft}/open/": door(post={"ig_lead"}),
    "/agreements/{draft}/abandon/": door(post={"ig_lead"}),
    "/agreements/{agreement}/next/": door({"ig_lead"}, {"ig_lead"}),
    "/agreements/{agreement}/review/": door(post={"ig_lead"}),
    "/agreements/{agreement}/parties/{school}/sign/": door(),
    "/agreements/{agreement}/parties/{school}/check/": door(PARTNERS),
    "/agreements/{agreement}/parties/{school}/refuse/": door(),
    "/agreements/{agreement}/parties/{school}/notice/": door(),
    "/agreements/{agreement}/parties/{school}/stay/": door(),
    "/agreements/{agreement}/parties/{school}/guest/": door({"ig_lead"}, {"ig_lead"}),
    # the hub asks partners about a child on record
    "/requests/": door(HUBS),
    "/requests/new/{child}/": door({"officer"}, {"officer"}),
    "/requests/{request}/": door({"officer"}, {"officer"}),
    "/requests/{request}/close/": door(post={"officer"}),
    "/requests/{request}/items/{ask}/{first}/": door(post={"officer"}),
    # composed by a manager of the hub, and none is among these people
    "/requests/{request}/package/": door(),
    "/packages/{package}/": door({"officer"}),
    "/packages/{package}/pdf/": door({"officer"}),
    "/packages/{package}/pack/": door(),
    "/packages/{package}/leave-out/{first}/": door(),
    "/packages/{package}/settle/": door(),
    "/packages/{package}/drop/": door(),
    "/packages/{package}/send/": door(),
    # the school was asked, and its lead answers
    "/asked/": door({"dsl", "other_dsl"}),
    "/asked/{ask}/": door({"dsl"}),
    "/asked/{ask}/add/": door({"dsl"}, {"dsl"}),
    "/asked/{ask}/finish/": door(post={"dsl"}),
    "/asked/{ask}/nothing/": door({"dsl"}, {"dsl"}),
    "/asked/{ask}/decline/": door({"dsl"}, {"dsl"}),
    "/asked/{ask}/items/{first}/": door({"dsl"}, {"dsl"}),
    # documents for parents are of who leads the setting; the partnership's words and services of the hub's manager
    "/documents/": door({"dsl", "other_dsl", "admin"}),
    "/briefings/": door({"dsl", "other_dsl", "admin"}),
    "/briefings/{school}/": door({"dsl", "admin"}, {"dsl", "admin"}),
    "/documents/at/{school}/": door({"dsl", "admin"}),
    "/documents/at/{school}/details/": door({"dsl", "admin"}, {"dsl", "admin"}),
    "/documents/at/{school}/{kind}/": door({"dsl", "admin"}),
    "/documents/at/{school}/{kind}/pdf/": door({"dsl", "admin"}),
    "/documents/at/{school}/{kind}/edit/": door({"dsl", "admin"}, {"dsl", "admin"}),
    "/documents/at/{school}/{kind}/reset/": door(post={"dsl", "admin"}),
    "/documents/at/{school}/{kind}/published/": door({"dsl", "admin"}, {"dsl", "admin"}),
    "/documents/words/": door({"stranger"}),
    "/documents/words/{kind}/": door({"stranger"}, {"stranger"}),
    "/support/": door(EVERYBODY),
    "/support/list/": door({"stranger"}),
    "/support/list/new/": door({"stranger"}, {"stranger"}),
    "/support/list/checked/": door(),
    "/support/list/gone/": door(),
    # decisions to share: who may decide sees their own agency's; the case is named in the address, and here is none
    "/decisions/": door(DECIDERS),
    "/decisions/export/": door(DECIDERS, DECIDERS),
    "/decisions/new/": door(),
    "/decisions/new/check/": door(),
    "/decisions/new/{section}/": door(),
    "/decisions/{decision}/": door({"officer"}),
    "/decisions/{decision}/end/": door({"officer"}, {"officer"}),
    "/decisions/{decision}/told/": door({"officer"}, {"officer"}),
    "/decisions/{decision}/consent/": door({"officer"}, {"officer"}),
    # an agency's administrator looks after its members
    "/members/": door({"admin"}),
    "/members/{school}/": door({"admin"}),
    "/members/{school}/invite/": door({"admin"}, {"admin"}),
    "/members/{school}/invitations/{invitation}/withdraw/": door(post={"admin"}),
    "/members/{school}/people/{tutor}/": door({"admin"}, {"admin"}),
    "/members/{school}/people/{tutor}/end/": door({"admin"}, {"admin"}),
    "/members/{school}/people/{tutor}/training/": door({"admin"}, {"admin"}),
    "/members/{school}/people/{tutor}/second-factor/": door({"admin"}, {"admin"}),
    "/members/{school}/review/": door({"admin"}, {"admin"}),
    # administrators and IG leads watch over the people of their own agency
    "/people/": door({"admin", "ig_lead"}),
    "/people/{school}/": door({"admin"}),
    "/people/{school}/{tutor}/suspend/": door({"admin"}, {"admin"}),
    "/people/{school}/{suspended}/lift/": door({"admin"}, {"admin"}),
    # strategy discussions: the hub that asked and the DSL who is invited; what is empty is the authority's, and of none of these
    "/strategy/": door(EVERYBODY),
    "/strategy/new/": door(),
    "/strategy/{discussion}/": door({"officer", "dsl"}),
    "/strategy/{discussion}/arrange/": door(),
    "/strategy/{discussion}/calendar/": door({"officer", "dsl"}),
    "/strategy/{discussion}/people/": door(),
    "/strategy/{discussion}/people/{school}/{tutor}/": door(),
    "/strategy/{discussion}/invitations/{invited}/withdraw/": door(),
    "/strategy/{discussion}/answer/": door(post={"dsl"}),
    "/strategy/{discussion}/deputy/": door({"dsl"}),
    "/strategy/{discussion}/deputy/{tutor}/": door({"dsl"}, {"dsl"}),
    "/strategy/{discussion}/held/": door(),
    "/strategy/{discussion}/not-held/": door(),
    "/strategy/{discussion}/write/": door(),
    "/strategy/{discussion}/record/": door(),  # a draft
    "/strategy/{discussion}/send/": door(),
    "/strategy/{discussion}/actions/new/": door(),
    "/strategy/{discussion}/actions/{to_do}/": door(),
    "/strategy/{discussion}/conference/": door(),
    "/strategy/{discussion}/outcome/": door(),
    "/strategy/{discussion}/disagree/": door(),  # not held yet
    "/strategy/{discussion}/disagree/{dissent}/": door(),
    "/strategy/{discussion}/disagree/{dissent}/take-back/": door(post={"dsl"}),
    # missing episodes: whose police reported it, and the hub; the interview is the authority's
    "/missing/": door({"constable", *HUBS}),
    "/missing/{episode}/": door({"officer", "constable"}),
    "/missing/{episode}/return/": door({"officer", "constable"}, {"officer", "constable"}),
    "/missing/{episode}/offer/": door(),
    "/missing/{episode}/interview/": door(),
}
# What each may read of the canaries, wherever it shows.
MAY_READ = {
    "dsl": SETTING | {"narrative", "question"},  # her own note on whom she shut out
    "officer": HUB | {"question"},
    "constable": {"child", "question"},  # what is asked of the police about what they sent
    "tutor": {"child"},  # what the DSL told her of it
    "let_in": HUB,
    "other_dsl": {"child"},  # whose file is coming
    "ig_lead": {"narrative"},  # the reason that was given for an emergency
}
# Doors that other tests knock on: sign-in (tests/frame, tests/web), the demonstration, the API below.
ELSEWHERE = re.compile(r"^/(accounts/|join/|sign/|refer/|receive/|demo/|mailbox/|components/|api/|$)")


def filled(pattern: str, place: Place) -> str:
    codes = {"tutor": place.world.tutor.code, "lead": place.world.ig_lead.code}
    names = {**place.refs, **codes, "school": place.world.school.slug, "position": 2}
    names |= {"step": "worries"}
    names |= {"partnership": place.world.partnership.slug, "this_month": f"{timezone.localdate():%Y-%m}"}
    names |= {"hub": place.world.mash.slug, "council": place.world.council.slug, "section": "about", "kind": "letter"}
    return pattern.format(**names)


def shape(path: str) -> str:
    """An address with its varying parts left out, to compare the list above with the resolver's."""
    return re.sub(r"\{\w+\}|A-0000-0000|nowhere|(?<=/)1(?=/)", "*", path)


def test_every_door_is_listed() -> None:
    found = {shape(path) for path in every_door() if not ELSEWHERE.match(path)}
    assert found == {shape(path) for path in DOORS}


def knock(client: Client, method: str, path: str) -> HttpResponse:
    """One request, whose effect is taken back."""
    client.raise_request_exception = False
    with transaction.atomic():
        response = getattr(client, method)(path)
        transaction.set_rollback(True)
    return response


def seen_in(response: HttpResponse) -> set[str]:
    """What is no text, such as a PDF, is read as far as it is some."""
    whole = b"".join(response.streaming_content) if response.streaming else response.content
    body = whole.decode(errors="ignore")
    return {name for name, canary in CANARIES.items() if canary in body}


# In the quick form one who is let in knocks at a door by each way in, and by one of both ways in turn one of those who are
# nowhere let in: a role that opens nothing, the same role at another setting, the same role at another hub.
OUTSIDERS = ("tutor", "other_dsl", "stranger")


def _who_knocks(number: int, method: str, allowed: set[str], whole: bool, everybody: Iterable[str]) -> list[str]:
    if whole:
        return sorted(everybody)
    outsider = {OUTSIDERS[number % len(OUTSIDERS)]} if (method == "get") == bool(number % 2) else set()
    return sorted({*sorted(allowed)[:1], *(allowed & {"dsl", "officer"}), *outsider})


@pytest.mark.req("NTK-01", "NTK-02")
@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.prove)])
def test_who_gets_through_and_what_they_see_there(place: Place, whole: bool) -> None:
    wrong, shown = [], set()
    for number, (pattern, expected) in enumerate(DOORS.items()):
        path = filled(pattern, place)
        for method, allowed in (("get", expected.get), ("post", expected.post)):
            for name in _who_knocks(number, method, allowed, whole, place.clients):
                response = knock(place.clients[name], method, path)
                status = response.status_code
                # a door without that handle says so to everybody; it knows no record
                ok = status in (200, 302, 409, 422) if name in allowed else status in (404, 405)
                if not ok:
                    wrong.append((method, pattern, name, status))
                too_much = seen_in(response) - MAY_READ.get(name, NOTHING)
                shown |= {(name, canary) for canary in seen_in(response)}
                if too_much:
                    wrong.append((method, pattern, name, too_much))
    assert not wrong
    # the canaries do sing where they may: this is no test of empty pages
    assert {("dsl", "child"), ("dsl", "victim"), ("officer", "narrative"), ("officer", "street")} <= shown


@pytest.mark.req("NTK-01")
@pytest.mark.parametrize(
    "methods",
    [
        ("delete",),
        pytest.param(("head",), marks=pytest.mark.prove),
        pytest.param(("options", "put", "patch", "trace"), marks=pytest.mark.prove),
    ],
)
def test_other_handles_than_get_and_post_open_nothing(place: Place, methods: tuple[str, ...]) -> None:
    """To insiders neither; only HEAD answers where GET does, without a body."""
    wrong = []
    for pattern, expected in DOORS.items():
        insider = min(expected.get | expected.post, default="dsl")
        for who, method in ((who, method) for who in (insider, "tutor") for method in methods):
            response = knock(place.clients[who], method, filled(pattern, place))
            shut = response.status_code in (404, 405)
            if shut == (method == "head" and who in expected.get) or seen_in(response):
                wrong.append((method, pattern, who, response.status_code))
    assert not wrong


def _without_reference(response: HttpResponse) -> bytes:
    """The page without the number to quote and the form's token, which are others each time."""
    return re.sub(
        rb'<strong class="hub-nowrap">[0-9A-Z]+</strong>|name="csrfmiddlewaretoken" value="\w+"', b"", response.content
    )


# What each asks for, and what certainly is not there in its stead.
HIDDEN = [
    ("/access/{alert}/", "other_dsl", "A-0000-0000"),
    ("/access/{alert}/", "tutor", "A-0000-0000"),
    ("/decisions/{decision}/", "dsl", "D-0000-0000"),
    ("/shared/{waiting}/", "dsl", "N-0000-0000"),
    ("/emergency/reviews/{glass}/", "dsl", "B-0000-0000"),
    ("/referrals/{referral}/", "other_dsl", "R-0000-0000"),
    ("/referrals/{referral}/", "stranger", "R-0000-0000"),
    ("/patterns/{pattern}/", "other_dsl", "K-0000-0000"),
    ("/referrals/drafts/{own_draft}/", "officer", "E-0000-0000"),
    ("/alerts/{alert}/", "other_dsl", "A-0000-0000"),
    ("/alerts/{alert}/", "tutor", "A-0000-0000"),
    ("/alerts/{alert}/", "officer", "not-a-reference"),
    ("/talk/{alert}/", "tutor", "A-0000-0000"),
    ("/talk/{alert}/", "stranger", "A-0000-0000"),
    ("/adults/{concern}/", "dsl", "L-0000-0000"),
    ("/files/{file}/", "other_dsl", "F-0000-0000"),
    ("/files/{file}/", "tutor", "F-0000-0000"),
    ("/files/{file}/", "officer", "F-0000-0000"),
    ("/transfers/{transfer}/", "tutor", "V-0000-0000"),
    ("/transfers/{transfer}/", "officer", "V-0000-0000"),
    ("/transfers/begin/{file}/", "other_dsl", "F-0000-0000"),
    ("/moved/{move}/", "stranger", "P-0000-0000"),
    ("/told/{told}/", "other_dsl", "E-0000-0000"),
    ("/actions/{action}/", "other_dsl", "K-0000-0000"),
    ("/sent/{alert}/", "stranger", "A-0000-0000"),
    ("/children/{child}/", "stranger", "C-0000-0000"),
    ("/children/{child}/", "dsl", "C-0000-0000"),
    ("/children/{child}/compare/{other}/", "stranger", "C-0000-0000"),
    ("/sent/{alert}/", "dsl", "A-0000-0000"),
    ("/queue/{waiting}/", "stranger", "N-0000-0000"),
    ("/queue/{waiting}/", "constable", "N-0000-0000"),
    ("/notifications/{waiting}/", "stranger", "N-0000-0000"),
    ("/notifications/uploads/{upload}/", "stranger", "U-0000-0000"),
    ("/members/{school}/", "other_dsl", "no-such-school"),
]


@pytest.mark.req("NTK-01")
def test_forbidden_and_absent_are_byte_for_byte_the_same(place: Place) -> None:
    for pattern, name, absent in HIDDEN:
        client = place.clients[name]
        nothing, hidden = client.get(re.sub(r"\{\w+\}", absent, pattern)), client.get(filled(pattern, place))
        assert nothing.status_code == hidden.status_code == 404, pattern
        assert _without_reference(nothing) == _without_reference(hidden), pattern
        assert _headers(nothing) == _headers(hidden), pattern


def _headers(response: HttpResponse) -> dict[str, str]:
    return {name: value for name, value in response.items() if name != "X-Request-ID"}


# ---------------------------------------------------------------- the API, by each person's own token

Call = Callable[[str, str], HttpResponse]


@pytest.fixture
def call(place: Place) -> Call:
    with fixtures(), as_service("setup"):
        secrets = {name: tokens.issue_to_person(user=person) for name, person in place.people.items()}

    def ask(name: str, path: str, method: str = "get") -> HttpResponse:
        client = Client(raise_request_exception=False)
        with transaction.atomic():
            response = getattr(client, method)(f"/api/v1/{path}", headers={"authorization": f"Bearer {secrets[name]}"})
            transaction.set_rollback(True)
        return response

    return ask


@pytest.mark.req("NTK-02")
def test_the_api_opens_the_same_doors_to_the_same_people(place: Place, call: Any) -> None:
    ref = place.refs["alert"]
    for name in place.people:
        listed = [each["ref"] for each in call(name, "alerts/").json()["results"]]
        one = call(name, f"alerts/{ref}/")
        acknowledged = call(name, f"alerts/{ref}/acknowledge/", "post")
        mine = name == "dsl"
        assert (listed == [ref]) == mine, name
        assert (one.status_code, acknowledged.status_code) == ((200, 200) if mine else (404, 404)), name
        assert seen_in(one) <= MAY_READ.get(name, NOTHING)
        # a person's token says nothing of notifications, whatever their role
        assert call(name, f"notifications/{place.refs['waiting']}/").status_code == 403
    absent = call("other_dsl", "alerts/A-0000-0000/")
    hidden = call("other_dsl", f"alerts/{ref}/")
    assert absent.content == hidden.content


@pytest.mark.req("NTK-02")
def test_another_force_sees_no_notification_of_this_one(place: Place) -> None:
    with fixtures():
        other = AgencyFactory(kind=AgencyKind.POLICE, partnership=place.world.partnership)
        with as_service("setup"):
            secret = tokens.issue_to_agency(agency=Agency.objects.get(pk=other.pk), scopes=["notifications:read"])
    headers = {"authorization": f"Bearer {secret}"}
    hidden = Client().get(f"/api/v1/notifications/{place.refs['waiting']}/", headers=headers)
    absent = Client().get("/api/v1/notifications/N-0000-0000/", headers=headers)
    assert hidden.status_code == absent.status_code == 404
    assert hidden.content == absent.content


def test_a_session_is_no_token(place: Place) -> None:
    """A page that a person was lured to cannot use their cookie on the API."""
    for path in ("alerts/", f"alerts/{place.refs['alert']}/", "notifications/"):
        assert place.clients["dsl"].get(f"/api/v1/{path}").status_code == 401
        assert place.clients["dsl"].post(f"/api/v1/{path}").status_code == 401
