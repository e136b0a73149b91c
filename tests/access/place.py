"""A place with one record of everything, whose fields are canaries, and one person of each kind who is signed in."""

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.cache import cache
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
from tests.intake.bodies import with_child
from tests.support.db import as_service, as_user, fixtures
from tests.support.web import signed_in

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
        place.refs["default_period"] = CalendarPeriod.objects.create(
            partnership=world.partnership, kind="closed", name="Closed", starts_on="2026-12-02", ends_on="2026-12-02"
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
