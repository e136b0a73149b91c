"""A strategy discussion from the request to the outcome, through services and walls."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from agreements.models import Decision
from alerts.models import DiscussionInvitation, Exclusion, NotificationChild, StrategyDiscussion
from alerts.strategy import asking, calendar, chasing, following, selectors, services
from alerts.strategy.enums import (
    ActionState,
    DiscussionState,
    DissentKind,
    DissentState,
    InquiryState,
    InvitationState,
    Means,
)
from alerts.strategy.sharing import Telling
from alerts.strategy.sources import source
from safeguarding.agencies.enums import Role
from safeguarding.children.matching import Details
from safeguarding.children.services import give_tokens
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.notifications.models import Email
from tests.factories import NotificationChildFactory, member
from tests.readers.support import shut_out
from tests.strategy.conftest import DECISIONS, Place, names_of, screened
from tests.support.db import as_user, fixtures

pytestmark = pytest.mark.django_db


def mails(to: Any = None) -> list[Email]:
    with fixtures():
        found = Email.objects.filter(template="step").order_by("pk")
        return list(found if to is None else found.filter(to=to.email))


@pytest.mark.req("STR-01", "ALR-11")
def test_level_four_asks_for_it_and_no_other_level_does(place: Place) -> None:
    discussion = place.ask()
    assert (discussion.state, discussion.origin_ref) == (DiscussionState.ASKED, place.notification.ref)
    assert names_of(discussion) == ["Ottilie"]
    # the managers of the authority are told, without a name
    told = mails(place.care_manager)
    assert [each.context["ref"] for each in told] == [discussion.ref]
    assert "Ottilie" not in str(told[0].context)
    with as_user(place.world.officer), pytest.raises(Refused, match="already"):
        again = source(place.notification.ref, for_user=place.world.officer)
        asking.ask(
            again,
            authority=place.world.council,
            reason="x",
            in_hospital=False,
            telling=Telling("told"),
            by=place.world.officer,
        )
    with fixtures():
        lower = place.world.notification(status="sent")
        screened(place.world, lower, level=3)
    with as_user(place.world.officer), pytest.raises(Refused, match="screening at a level"):
        source(lower.ref, for_user=place.world.officer)
    with as_user(place.dsl), pytest.raises(NotVisible):
        source(place.notification.ref, for_user=place.dsl)


@pytest.mark.req("STR-01", "ALR-03")
def test_nothing_is_asked_for_while_one_of_the_children_is_not_known(place: Place) -> None:
    world, officer = place.world, place.world.officer
    with fixtures():
        waiting = NotificationChildFactory(
            notification=place.notification, partnership=world.partnership, controller=world.mash, child=None,
            setting=None, state="waiting", waiting_for="match", position=1,
        )  # fmt: skip
    with as_user(officer), pytest.raises(Refused, match="Settle who every child is first"):
        source(place.notification.ref, for_user=officer)
    with fixtures():
        NotificationChild.objects.filter(pk=waiting.pk).update(state="dropped")
    with as_user(officer):
        assert len(source(place.notification.ref, for_user=officer).children) == 1


@pytest.mark.req("STR-01")
def test_the_authority_asks_by_hand_for_a_child_who_is_found_on_record(place: Place) -> None:
    worker, council = place.social_worker, place.world.council
    with fixtures():
        give_tokens([place.child])
    details = [
        Details("Ottilie", "Quillfeather", dt.date(2016, 5, 4), None, None),
        Details("Nobody", "Known", None, None, None),
    ]
    with as_user(worker):
        discussion = asking.ask_by_hand(
            details, authority=council, partnership=place.world.partnership, reason="x", in_hospital=True,
            telling=Telling("told"), by=worker,
        )  # fmt: skip
    seen = place.see(discussion, worker)
    with fixtures():
        assert [row.child_id == place.child.pk for row in seen.children] == [True, False]
    assert seen.authority
    assert not seen.manager
    with as_user(place.world.officer), pytest.raises(NotVisible):  # the hub did not ask
        selectors.see(discussion.ref, for_user=place.world.officer)


@pytest.mark.req("STR-01", "NTK-03")
def test_invited_people_see_it_from_the_invitation_and_nobody_else_does(place: Place) -> None:
    discussion = place.ask()
    for person in (place.nurse, place.dsl, place.sergeant, place.world.head, place.world.other_dsl):
        with as_user(person), pytest.raises(NotVisible):
            selectors.see(discussion.ref, for_user=person)
    invitation = place.invite(discussion, place.nurse, place.health, "health")
    seen = place.see(discussion, place.nurse)
    assert seen.mine == invitation
    assert (seen.authority, seen.record) == (False, None)
    assert seen.discussion.reason == "CANARY reason"
    assert not mails(place.nurse)[0].context["sentence"].count("Ottilie")
    with as_user(place.world.head), pytest.raises(NotVisible):
        selectors.see(discussion.ref, for_user=place.world.head)
    with as_user(place.care_manager):
        services.withdraw_invitation(discussion, invitation=invitation, by=place.care_manager)
    with as_user(place.nurse), pytest.raises(NotVisible):
        selectors.see(discussion.ref, for_user=place.nurse)


@pytest.mark.req("STR-01", "MRC-18")
@pytest.mark.parametrize("why", ["left", "shut out"])
def test_an_authority_where_no_manager_would_get_it_is_asked_by_telephone(place: Place, why: str) -> None:
    if why == "left":
        with fixtures():
            place.care_manager.memberships.update(ended_at=timezone.now())
    else:
        shut_out(place.child, place.care_manager, by=place.world.manager)
    with pytest.raises(Refused, match=r"At Council nobody convenes .* Nothing was asked for\. Phone them"):
        place.ask()
    with fixtures():
        assert not StrategyDiscussion.objects.exists()
        assert not Decision.objects.exists()


@pytest.mark.req("NTK-04", "MRC-18", "STR-01")
def test_who_is_shut_out_cannot_be_invited_and_nobody_is_told_why(place: Place) -> None:
    discussion = place.ask()
    with fixtures():
        Exclusion.objects.create(
            user=place.nurse, agency=place.world.mash, made_by=place.world.manager, because="family", note="CANARY: the aunt",
            partnership=place.world.partnership, controller=place.world.mash, review_on=timezone.localdate(), child=place.child,
        )  # fmt: skip
    with pytest.raises(Refused) as refusal:
        place.invite(discussion, place.nurse, place.health, "health")
    assert (
        refusal.value.sentence
        == "This person cannot be invited. Nobody was invited. Choose somebody else of the agency."
    )
    with fixtures():
        assert not DiscussionInvitation.objects.filter(user=place.nurse).exists()
    # shut out afterwards: the door closes, and no e-mail goes there any more
    place.invite(discussion, place.sergeant, place.world.police, "police")
    with fixtures():
        Exclusion.objects.create(
            user=place.sergeant, agency=place.world.mash, made_by=place.world.manager, because="family", note="CANARY",
            partnership=place.world.partnership, controller=place.world.mash, review_on=timezone.localdate(),
            notification=place.notification,
        )  # fmt: skip
    before = len(mails(place.sergeant))
    with as_user(place.care_manager):
        services.arrange(
            discussion, starts_at=timezone.now() + dt.timedelta(hours=2), means=Means.VIDEO, where="A link", version=1,
            by=place.care_manager,
        )  # fmt: skip
    assert len(mails(place.sergeant)) == before
    with as_user(place.sergeant), pytest.raises(NotVisible):
        selectors.see(discussion.ref, for_user=place.sergeant)


@pytest.mark.req("STR-01")
def test_answers_and_deputies(place: Place) -> None:
    discussion = place.ask()
    invitation = place.invite(discussion, place.dsl, place.world.school, "setting")
    with as_user(place.dsl):
        services.answer(invitation, state=InvitationState.DECLINED, by=place.dsl)
        services.answer(invitation, state=InvitationState.ACCEPTED, by=place.dsl)
        deputy = services.send_deputy(invitation, person=place.world.deputy, by=place.dsl)
        with pytest.raises(Conflict):
            services.answer(invitation, state=InvitationState.ACCEPTED, by=place.dsl)
    assert deputy.deputy_of_id == invitation.pk
    assert place.see(discussion, place.world.deputy).mine == deputy
    with as_user(place.nurse), pytest.raises(NotVisible):
        services.answer(invitation, state=InvitationState.DECLINED, by=place.nurse)
    other = place.invite(discussion, place.sergeant, place.world.police, "police")
    with as_user(place.sergeant), pytest.raises(Refused, match="cannot be invited"), transaction.atomic():
        services.send_deputy(other, person=place.world.other_dsl, by=place.sergeant)  # of another agency
    with pytest.raises(Refused, match="cannot take part as"):
        place.invite(discussion, place.world.other_dsl, place.world.other_school, "health")


@pytest.mark.req("STR-01", "STR-03")
def test_it_cannot_be_recorded_as_held_without_police_and_health_unless_in_an_emergency(place: Place) -> None:
    discussion, invited = place.quorate()
    with pytest.raises(Refused, match="Without health this was no strategy discussion"):
        place.hold(discussion, [invited[0], invited[2]])
    with pytest.raises(Refused, match="Without the police and health"):
        place.hold(discussion, [])
    today = timezone.localdate()
    held = place.hold(
        discussion, [invited[0]], emergency=True, because="CANARY: the child is not safe tonight", follow_up_on=today,
        out_of_hours=True, means=Means.TELEPHONE,
    )  # fmt: skip
    assert (held.emergency, held.follow_up_on) == (True, today)
    # the day team hears of it
    assert mails(place.social_worker)[-1].context["headline"].startswith("A strategy discussion was held out of hours")
    with pytest.raises(Conflict):
        place.hold(discussion, invited)


@pytest.mark.req("STR-02", "STR-04", "STR-05", "SHR-02")
def test_the_record_reaches_everybody_within_48_hours_under_a_decision_and_starts_the_clocks(place: Place) -> None:
    held_at = timezone.now() - dt.timedelta(hours=3)
    discussion, invited = place.sent(held_at=held_at)
    assert discussion.state == DiscussionState.SENT
    assert discussion.record_due_at == held_at + dt.timedelta(hours=48)
    assert discussion.inquiry == InquiryState.RUNNING
    assert discussion.conference_due_on is not None
    assert discussion.assessment_due_on is not None
    with fixtures():
        decided = {each.recipient_id: each for each in Decision.objects.filter(about=discussion.ref)}
    world = place.world
    assert set(decided) == {world.council.pk, world.police.pk, place.health.pk, world.school.pk}
    assert {each.basis for each in decided.values()} == {"duty"}
    for person in (place.sergeant, place.nurse, place.dsl):
        seen = place.see(discussion, person)
        assert seen.record is not None
        assert seen.record.minutes == "CANARY minutes"
        assert seen.record.decisions == DECISIONS
        with as_user(person):
            following.open_record(seen, by=person)
    with fixtures():
        assert all(DiscussionInvitation.objects.get(pk=each.pk).record_opened_at for each in invited)
    # who asked sees that it was held, and not the record
    seen = place.see(discussion, world.officer)
    assert (seen.asked, seen.record, list(seen.actions)) == (True, None, [])


@pytest.mark.req("STR-02", "NTK-01")
def test_a_draft_is_the_authoritys_alone_and_only_a_manager_writes_it(place: Place) -> None:
    discussion, invited = place.quorate()
    discussion = place.hold(discussion, invited)
    values: dict[str, Any] = {
        "inquiry_starts": True,
        "investigation": False,
        "decisions": DECISIONS,
        "minutes": "CANARY",
    }
    with as_user(place.social_worker), pytest.raises(Refused, match="A manager"):
        services.write(discussion, **values, version=discussion.version, by=place.social_worker)
    with as_user(place.care_manager):
        services.write(discussion, **values, version=discussion.version, by=place.care_manager)
        with pytest.raises(Conflict, match="A colleague changed"):
            services.write(discussion, **values, version=discussion.version, by=place.care_manager)
    assert place.see(discussion, place.nurse).record is None
    assert place.see(discussion, place.social_worker).record is not None
    with as_user(place.care_manager), pytest.raises(Refused, match="Add at least one action"):
        services.send(discussion, version=discussion.version + 1, by=place.care_manager)


@pytest.mark.req("SHR-02", "STR-02")
def test_a_decision_that_has_ended_stops_the_record(place: Place) -> None:
    discussion, invited = place.quorate()
    discussion = place.hold(discussion, invited)
    with as_user(place.care_manager):
        by = place.care_manager
        services.write(
            discussion, inquiry_starts=True, investigation=False, decisions=DECISIONS, minutes="x",
            version=discussion.version, by=by,
        )  # fmt: skip
        services.add_action(
            discussion, agency=place.world.council, owner=None, what="x", due_on=timezone.localdate(), by=by
        )
    with fixtures():
        Decision.objects.filter(about=discussion.ref, recipient=place.health).update(
            ended_at=timezone.now(), ended_because="mistake", ended_by=by
        )
    with as_user(by), pytest.raises(Refused, match="Nobody has decided to share this with Health"):
        services.send(discussion, version=discussion.version + 1, by=by)
    with fixtures():
        assert not DiscussionInvitation.objects.filter(record_sent_at__isnull=False).exists()


@pytest.mark.req("STR-04")
def test_actions_are_reported_by_who_took_them_on(place: Place) -> None:
    discussion, _ = place.sent()
    (action,) = place.see(discussion, place.dsl).actions
    with as_user(place.nurse), pytest.raises(NotVisible):
        following.report_action(action, state=ActionState.DONE, note="x", by=place.nurse)
    with as_user(place.dsl):
        following.report_action(action, state=ActionState.DONE, note="Seen today", by=place.dsl)
        with pytest.raises(Conflict):
            following.report_action(action, state=ActionState.DONE, note="again", by=place.dsl)
    assert place.see(discussion, place.care_manager).actions[0].note == "Seen today"


@pytest.mark.req("STR-06")
@pytest.mark.parametrize(
    "outcome", [InquiryState.NOT_SUBSTANTIATED, InquiryState.NO_LONGER_LIKELY, InquiryState.LIKELY]
)
def test_the_enquiry_has_one_of_three_outcomes_and_partners_hear_it(place: Place, outcome: InquiryState) -> None:
    discussion, _ = place.sent()
    with as_user(place.social_worker), pytest.raises(Refused, match="A manager"):
        following.conclude(
            discussion, outcome=outcome, feedback="x", version=discussion.version, by=place.social_worker
        )
    with as_user(place.care_manager):
        following.conclude(
            discussion, outcome=outcome, feedback="What follows", version=discussion.version, by=place.care_manager
        )
    for person in (place.dsl, place.nurse, place.world.officer):
        assert place.see(discussion, person).discussion.feedback == "What follows"
        assert mails(person)[-1].context["headline"] == "Section 47 enquiry: outcome"
    with as_user(place.care_manager):
        now = StrategyDiscussion.objects.get(pk=discussion.pk)
        at = timezone.now() + dt.timedelta(days=5)
        if outcome == InquiryState.LIKELY:
            following.fix_conference(now, at=at, version=now.version, by=place.care_manager)
            assert mails(place.nurse)[-1].context["headline"] == "A child-protection conference has a date"
        else:
            with pytest.raises(Conflict, match="No conference"):
                following.fix_conference(now, at=at, version=now.version, by=place.care_manager)


@pytest.mark.req("STR-07")
def test_who_disagrees_says_so_and_the_chair_answers(place: Place) -> None:
    discussion, _ = place.sent()
    with as_user(place.nurse):
        dissent = following.raise_dissent(
            discussion, kind=DissentKind.DISAGREES, reason="CANARY reason", by=place.nurse
        )
        with pytest.raises(Refused, match="already"):
            following.raise_dissent(discussion, kind=DissentKind.DISAGREES, reason="again", by=place.nurse)
        following.raise_dissent(discussion, kind=DissentKind.CONFERENCE, reason="A conference, please", by=place.nurse)
    chair = place.see(discussion, place.care_manager)
    assert chair.disagreement_raised
    assert len(chair.raised) == 2
    assert place.see(discussion, place.dsl).dissents == []  # another agency's
    assert mails(place.care_manager)[-2].context["headline"] == "Disagreement raised"
    with as_user(place.social_worker), pytest.raises(NotVisible):
        following.answer_dissent(dissent, answer="x", by=place.social_worker)
    with as_user(place.care_manager):
        following.answer_dissent(dissent, answer="We meet again", by=place.care_manager)
    answered = place.see(discussion, place.nurse).dissents[0]
    assert (answered.state, answered.answer) == (DissentState.ANSWERED, "We meet again")
    with as_user(place.nurse), pytest.raises(Conflict):
        following.take_back(answered, by=place.nurse)
    with as_user(place.world.officer), pytest.raises(NotVisible):
        following.raise_dissent(discussion, kind=DissentKind.DISAGREES, reason="x", by=place.world.officer)


@pytest.mark.req("STR-02")
def test_a_record_that_is_not_sent_is_chased_and_a_receipt_that_is_missing_too(place: Place) -> None:
    with time_machine.travel(dt.datetime(2026, 3, 27, 12, tzinfo=dt.UTC), tick=False) as clock:
        discussion, invited = place.quorate()
        discussion = place.hold(discussion, invited)
        assert chasing.chase_all() == 0
        clock.shift(dt.timedelta(hours=36))
        assert chasing.chase_all() == 1
        assert mails(place.care_manager)[-1].context["headline"] == "The record is due soon"
        clock.shift(dt.timedelta(hours=12, seconds=1))
        assert chasing.chase_all() == 1
        assert mails(place.care_manager)[-1].context["headline"] == "The record is overdue"
        assert chasing.chase_all() == 0


@pytest.mark.req("STR-02", "STR-05")
def test_receipts_and_the_clocks_of_the_enquiry_are_chased(place: Place) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC), tick=False) as clock:
        discussion, _ = place.sent()
        with as_user(place.dsl):
            following.open_record(place.see(discussion, place.dsl), by=place.dsl)
        clock.shift(dt.timedelta(hours=25))
        assert chasing.chase_all() == 1
        assert mails(place.nurse)[-1].context["headline"] == "You have not opened the record yet"
        assert mails(place.dsl)[-1].context["headline"] != "You have not opened the record yet"
        clock.move_to(dt.datetime(2026, 11, 24, 1, tzinfo=dt.UTC))
        assert chasing.chase_all() == 1
        assert mails(place.care_manager)[-1].context["headline"] == "Section 47 clock has run out"


@pytest.mark.req("STR-01")
def test_the_calendars_file_names_nobody(place: Place) -> None:
    discussion = place.ask()
    with as_user(place.care_manager):
        arranged = services.arrange(
            discussion, starts_at=dt.datetime(2027, 3, 28, 9, 30, tzinfo=dt.UTC), means=Means.VIDEO, where="CANARY Road",
            version=1, by=place.care_manager,
        )  # fmt: skip
        text = calendar.invitation(arranged).decode()
    assert f"SUMMARY:Strategy discussion {discussion.ref}" in text
    assert "DTSTART:20270328T093000Z" in text
    for secret in ("Ottilie", "Quillfeather", "CANARY", place.care_manager.name):
        assert secret not in text


@pytest.mark.req("STR-01", "NTK-07")
def test_another_authority_and_who_has_left_see_nothing(place: Place) -> None:
    discussion = place.ask()
    with fixtures():
        stranger = member(place.world.school, Role.SOCIAL_CARE_MANAGER)
    with as_user(stranger), pytest.raises(NotVisible):
        selectors.see(discussion.ref, for_user=stranger)
    place.invite(discussion, place.nurse, place.health, "health")
    with fixtures():
        place.nurse.memberships.update(ended_at=timezone.now() + dt.timedelta(seconds=1))
    with as_user(place.nurse), pytest.raises(NotVisible):
        selectors.see(discussion.ref, for_user=place.nurse)
