"""From a draft to a decision that its referrer knows (MSH-05 to MSH-07)."""

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from alerts.intake.enums import DecisionReason
from alerts.intake.selectors import Sender
from alerts.models import GuestReferrer, Referral, ReferralChild, ReferralDecision, ReferralDraft
from alerts.referrals import chasing, drafts, selectors, services
from alerts.referrals.enums import Outcome, ReferralState
from alerts.screening.enums import Rag
from alerts.strategy.sources import source
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, User
from safeguarding.children.models import Child
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.notifications.models import Email
from tests.factories import World, member, require_clearance
from tests.readers.support import shut_out
from tests.referrals.support import (
    CHILD,
    UNBORN,
    UNDATED,
    as_guest,
    begun,
    days,
    decided,
    fresh,
    referred,
    steps,
    triaged,
)
from tests.support.db import as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db


def mails(template: str) -> list[Email]:
    with fixtures():
        return list(Email.objects.filter(template=template).order_by("pk"))


def children_of(referral: Referral) -> list[ReferralChild]:
    with fixtures():
        return list(ReferralChild.objects.filter(referral=referral).select_related("child__crypto_key"))


@pytest.mark.req("MSH-05")
@pytest.mark.parametrize("who", ["dsl", "tutor", "constable", "officer", "practitioner"])
def test_any_professional_refers_and_has_a_receipt_at_once(world: World, who: str) -> None:
    with fixtures():
        health = Agency.objects.create(slug="health", name="Health", kind="health")
        health.partnerships.add(world.partnership)
        practitioner = member(health, Role.PRACTITIONER)
    people: dict[str, tuple[User, Agency]] = {
        "dsl": (world.dsl, world.school),
        "tutor": (world.tutor, world.school),
        "constable": (world.constable, world.police),
        "officer": (world.officer, world.mash),
        "practitioner": (practitioner, health),
    }
    by, agency = people[who]
    referral = referred(world, by, agency)
    assert (referral.state, referral.made_by, referral.source_kind) == ("received", by, agency.kind)
    [mail] = mails("referral_received")
    assert (mail.to, mail.context["ref"]) == (by.email, referral.ref)
    assert "Quarrendon" not in str(mail.context)


def test_a_course_that_ran_out_holds_no_worry_back(world: World) -> None:
    with fixtures():
        require_clearance(world.partnership)
    referral = referred(world)
    with as_user(world.dsl):
        assert fresh(referral, world.dsl).state == "received"
        assert not selectors.is_hubs(world.officer)


@pytest.mark.req("MSH-05")
@pytest.mark.parametrize("who", ["ig_lead", "admin"])
def test_who_meets_no_children_does_not_refer(world: World, who: str) -> None:
    person, agency = getattr(world, who), world.council if who == "ig_lead" else world.school
    with as_user(person), pytest.raises(NotVisible):
        services.begin(sender=Sender(agency, world.partnership), by=person)


@pytest.mark.req("MSH-05")
def test_a_draft_can_be_left_and_resumed_and_is_its_writers_alone(world: World) -> None:
    with as_user(world.dsl):
        draft = begun(
            world, world.dsl, world.school, {"worries": {"worries": "half a sent"}, "child-1": {"born": "yes"}}
        )
        again = selectors.get_draft(draft.ref, for_user=world.dsl)
        entry = drafts.Entry(again)
        assert entry.raw["worries"] == {"worries": "half a sent"}
        assert not entry.is_ready
        assert "child-1" in entry.missing()
        with pytest.raises(Refused, match="everything that you typed is kept"):
            entry.sent()
    for other in (world.officer, world.deputy, world.other_dsl, world.manager):
        with as_user(other), pytest.raises(NotVisible):
            selectors.get_draft(draft.ref, for_user=other)


@pytest.mark.req("MSH-05")
def test_what_was_sent_is_no_draft_any_more(world: World) -> None:
    with as_user(world.dsl):
        draft = begun(world, world.dsl, world.school)
        sent = drafts.Entry(draft).sent()
        services.send(draft, sent=sent, by=world.dsl)
        with pytest.raises(Conflict, match="sent already"):
            services.send(draft, sent=sent, by=world.dsl)
        assert selectors.drafts_of(world.dsl) == []
        assert ReferralDraft.objects.get(pk=draft.pk).content is None
        assert Referral.objects.count() == 1


@pytest.mark.req("MSH-05")
@pytest.mark.parametrize(
    ("changes", "missing"),
    [
        ({"without": {"because": "risk"}}, "without"),
        ({"consent": {}}, "consent"),
        ({"consent": {"consent": "given"}}, "given"),
        ({"consent": {"consent": "refused"}, "without": {}}, "without"),
    ],
)
def test_without_consent_or_the_reason_against_it_nothing_goes(
    world: World, changes: dict[str, Any], missing: str
) -> None:
    with as_user(world.dsl):
        draft = begun(world, world.dsl, world.school, steps(**changes))
        entry = drafts.Entry(draft)
        assert entry.missing() == [missing]
        with pytest.raises(Refused):
            entry.sent()


@pytest.mark.req("MSH-06")
def test_the_four_questions_stand_in_the_referral(world: World) -> None:
    referral = referred(world)
    with as_user(world.officer):
        found = selectors.record_of(fresh(referral, world.officer), for_user=world.officer)
    said = {section.step: dict(section.rows) for section in found.sections}
    assert said["worries"] == {"Your worries": "CANARY worries"}
    assert said["working"] == {"What keeps the child safe, and who helps": "Grandmother visits each day"}
    assert said["needs"] == {"What you think must happen now": "Somebody has to see the child at home"}
    assert said["score"]["From 1 to 10"] == "7"
    assert referral.worry == 7
    for question in ("worries", "needs", "score"):
        with as_user(world.dsl):
            entry = drafts.Entry(begun(world, world.dsl, world.school, {**steps(), question: {}}))
            assert entry.missing() == [question]


@pytest.mark.req("ALR-03")
def test_a_known_child_is_matched_and_the_referral_stands_on_its_page(world: World) -> None:
    with fixtures():
        on_record = register(world, "Ottoline", "Quarrendon", dt.date(2016, 5, 4))
    referral = referred(world)
    [row] = children_of(referral)
    assert (row.match, row.state, row.child_id) == ("matched", "settled", on_record.pk)
    with as_user(world.officer):
        chapter = selectors.referrals_about([on_record.pk], world.officer)
        assert [line.ref for line in chapter.lines] == [referral.ref]
    with as_user(world.dsl):
        assert selectors.referrals_about([on_record.pk], world.dsl).lines == []


def register(world: World, given: str, family: str, born: dt.date | None) -> Child:
    from safeguarding.children.matching import Details
    from safeguarding.children.services import register as on_record

    return on_record(partnership=world.partnership, hub=world.mash, details=Details(given, family, born))


@pytest.mark.req("ALR-03")
def test_a_child_without_a_date_of_birth_waits_for_a_person_when_somebody_is_alike(world: World) -> None:
    with fixtures():
        on_record = register(world, "Ottoline", "Quarrendon", dt.date(2016, 5, 4))
    referral = referred(world, None, None, UNDATED)
    [row] = children_of(referral)
    assert (row.match, row.state, row.child_id) == ("possible", "waiting", None)
    with as_user(world.officer):
        waiting = selectors.get_waiting(fresh(referral, world.officer), 0, for_user=world.officer)
        assert [each.child for each in waiting.alike] == [on_record]
        assert waiting.known.age == "Date of birth not known, about 9"
        services.settle_child(waiting, same_as=on_record, reason=DecisionReason.DETAILS_AGREE, by=world.officer)
        with pytest.raises(Conflict, match="already"):
            services.settle_child(waiting, same_as=None, reason=DecisionReason.DETAILS_AGREE, by=world.officer)
    [row] = children_of(referral)
    assert (row.state, row.child_id, row.decided_by_id) == ("settled", on_record.pk, world.officer.pk)


@pytest.mark.req("ALR-03")
def test_nobody_alike_and_no_date_of_birth_makes_a_record_without_one(world: World) -> None:
    [row] = children_of(referred(world, None, None, UNDATED))
    assert row.state == "settled"
    assert row.child is not None
    with fixtures():
        assert (row.child.given_name, row.child.date_of_birth) == ("Ottoline", None)


@pytest.mark.req("ALR-03")
def test_an_unborn_child_is_on_record_by_the_mothers_name_and_the_next_one_waits(world: World) -> None:
    [first] = children_of(referred(world, None, None, UNBORN))
    with fixtures():
        assert first.child is not None
        assert (first.child.given_name, first.child.family_name) == ("Unborn baby", "Quarrendon")
    second = referred(world, world.constable, world.police, UNBORN)
    [row] = children_of(second)
    assert (row.match, row.state) == ("possible", "waiting")
    with as_user(world.officer):
        waiting = selectors.get_waiting(fresh(second, world.officer), 0, for_user=world.officer)
        assert waiting.known.age == "Not born yet, expected on 1 March 2027"
        services.settle_child(waiting, same_as=None, reason=DecisionReason.DETAILS_AGREE, by=world.officer)
    [row] = children_of(second)
    assert row.child_id not in (None, first.child_id)


def test_two_children_of_one_referral_are_two_children(world: World) -> None:
    with fixtures():
        register(world, "Ottoline", "Quarrendon", dt.date(2016, 5, 4))
    rows = children_of(referred(world, None, None, CHILD, CHILD))
    assert [row.state for row in rows] == ["settled", "waiting"]


@pytest.mark.req("MSH-07")
def test_the_hub_triages_decides_and_tells_with_reasons_kept(world: World) -> None:
    referral = referred(world)
    seen = triaged(world, referral, Rag.RED)
    assert (seen.state, seen.rag) == ("triaged", "red")
    seen = decided(world, seen, Outcome.EARLY_HELP)
    assert (seen.state, seen.outcome, seen.due_at) == ("told", "early_help", None)
    with as_user(world.officer):
        found = selectors.record_of(seen, for_user=world.officer)
        assert [(each.outcome, each.reason, each.decided_by) for each in found.decisions] == [
            ("", "CANARY triage", world.officer),
            ("early_help", "CANARY reason", world.officer),
        ]
        services.close(seen, version=seen.version, by=world.officer)
        assert fresh(referral, world.officer).state == "closed"


@pytest.mark.req("MSH-05", "ALR-03")
def test_a_referral_is_not_closed_while_a_child_of_it_is_not_known(world: World) -> None:
    with fixtures():
        register(world, "Ottoline", "Quarrendon", dt.date(2016, 5, 4))
    seen = decided(world, referred(world, None, None, UNDATED), Outcome.EARLY_HELP)
    page = signed_in(world.officer).get(f"/referrals/{seen.ref}/").content.decode()
    assert "Settle who every child is before you close this referral" in page
    assert "Close the referral" not in page
    with as_user(world.officer):
        with pytest.raises(Refused, match="Settle who every child is first"):
            services.close(seen, version=seen.version, by=world.officer)
        waiting = selectors.get_waiting(seen, 0, for_user=world.officer)
        services.settle_child(waiting, same_as=None, reason=DecisionReason.DETAILS_AGREE, by=world.officer)
        assert services.close(seen, version=seen.version, by=world.officer).state == "closed"


@pytest.mark.req("STR-01", "ALR-03")
def test_no_discussion_is_asked_for_while_a_child_of_the_referral_is_not_known(world: World) -> None:
    with fixtures():
        register(world, "Ottoline", "Quarrendon", dt.date(2016, 5, 4))
    sibling = {**CHILD, "given_name": "Odo"}
    seen = decided(world, referred(world, None, None, sibling, UNDATED), Outcome.STRATEGY)
    with as_user(world.officer):
        with pytest.raises(Refused, match="Settle who every child is first"):
            source(seen.ref, for_user=world.officer)
        waiting = selectors.get_waiting(seen, 1, for_user=world.officer)
        services.settle_child(waiting, same_as=None, reason=DecisionReason.DETAILS_AGREE, by=world.officer)
        assert len(source(seen.ref, for_user=world.officer).children) == 2


@pytest.mark.req("MSH-05", "NTK-02")
def test_the_referrer_sees_state_and_decision_and_nothing_that_is_the_hubs(world: World) -> None:
    referral = referred(world)
    decided(world, referral, Outcome.EARLY_HELP)
    with as_user(world.dsl):
        mine = fresh(referral, world.dsl)
        assert (mine.state, mine.outcome) == ("told", "early_help")
        assert "early help" in (mine.feedback or "")
        assert not ReferralDecision.objects.exists()
        assert not ReferralChild.objects.exists()
        assert not Child.objects.exists()
        with pytest.raises(NotVisible):
            selectors.get_at_hub(referral.ref, for_user=world.dsl)
        for act in (
            lambda: services.triage(mine, rag=Rag.GREEN, reason="x", version=mine.version, by=world.dsl),
            lambda: services.close(mine, version=mine.version, by=world.dsl),
        ):
            with pytest.raises(NotVisible):
                act()
    for other in (world.deputy, world.head, world.other_dsl, world.constable, world.ig_lead):
        with as_user(other), pytest.raises(NotVisible):
            fresh(referral, other)
    [mail] = mails("referral_decided")
    assert mail.to == world.dsl.email
    assert "early" not in str(mail.context)
    assert "Quarrendon" not in str(mail.context)


@pytest.mark.req("MSH-07")
def test_what_a_colleague_changed_meanwhile_is_read_first(world: World) -> None:
    referral = referred(world)
    with as_user(world.officer):
        seen = fresh(referral, world.officer)
    triaged(world, referral)
    with as_user(world.manager), pytest.raises(Conflict, match="colleague changed"):
        services.triage(seen, rag=Rag.GREEN, reason="x", version=seen.version, by=world.manager)


@pytest.mark.req("MSH-07")
def test_a_decision_may_turn_into_another_and_both_are_kept(world: World) -> None:
    referral = referred(world)
    first = decided(world, referral, Outcome.ASSESSMENT)
    with time_machine.travel(timezone.now() + days(3), tick=False):
        again = decided(world, first, Outcome.STRATEGY, tell=False)
        assert (again.state, again.told_at) == ("decided", None)
        assert again.due_at == again.tell_by > timezone.now()
    with as_user(world.officer):
        outcomes = [each.outcome for each in selectors.record_of(again, for_user=world.officer).decisions]
    assert outcomes == ["", "assessment", "strategy"]


@pytest.mark.req("MSH-05")
def test_what_is_late_is_chased_and_shown(world: World) -> None:
    referral = referred(world)
    assert chasing.chase_late() == 0
    with time_machine.travel(timezone.now() + dt.timedelta(hours=5), tick=False):
        assert chasing.chase_late() == 1
        assert chasing.chase_late() == 0
        with as_user(world.officer):
            page = selectors.queue_page(selectors.QueueView.LATE, for_user=world.officer)
            assert [(row.referral.ref, row.late) for row in page.rows] == [(referral.ref, True)]
            assert selectors.queue_counts(for_user=world.officer)[selectors.QueueView.LATE] == 1
    assert [mail.to for mail in mails("referral_late")] == [world.manager.email]
    with time_machine.travel(timezone.now() + days(6), tick=False):
        told = decided(world, referral)
        assert selectors.policies.was_told_late(told)
        assert chasing.chase_late() == 0


@pytest.mark.req("MSH-05", "MRC-18", "NTK-04")
def test_of_a_late_referral_who_is_shut_out_of_the_child_is_not_told(world: World) -> None:
    referral = referred(world)
    [row] = children_of(referral)
    assert row.child is not None
    with fixtures():
        partner = member(world.mash, Role.MASH_MANAGER)
    shut_out(row.child, partner, by=world.manager)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=5), tick=False):
        assert chasing.chase_late() == 1
    assert [mail.to for mail in mails("referral_late")] == [world.manager.email]


def test_a_draft_that_nobody_came_back_to_is_cleared(world: World) -> None:
    with as_user(world.dsl):
        draft = begun(world, world.dsl, world.school)
    assert chasing.clear_drafts() == 0
    with time_machine.travel(timezone.now() + days(29), tick=False):
        assert chasing.clear_drafts() == 1
        with as_user(world.dsl), pytest.raises(NotVisible):
            selectors.get_draft(draft.ref, for_user=world.dsl)


# ---------------------------------------------------------------- guests
def guest(world: World, email: str = "wren@nursery.example") -> GuestReferrer:
    services.invite_guest(
        name="Wren Oakley", organisation="Little Nursery", kind="nursery", email=email, partnership=world.partnership
    )
    return GuestReferrer.objects.latest("pk")


@pytest.mark.req("MSH-05")
def test_a_guest_refers_and_reads_the_decision_behind_a_new_link(world: World) -> None:
    link = guest(world)
    [mail] = mails("referral_guest_link")
    assert mail.to == "wren@nursery.example"
    with as_guest(link):
        draft = services.begin_as_guest(link)
        services.write(draft, content=steps())
        mine = selectors.draft_of_guest(link)
        assert mine is not None
        receipt = services.send(mine, sent=drafts.Entry(mine).sent(), by=None)
        [own] = selectors.referrals_of_guest(link)
        assert (own.ref, own.state, own.guest_id) == (receipt.referral.ref, "received", link.pk)
    decided(world, own, Outcome.NO_ACTION)
    with as_guest(link):
        [own] = selectors.referrals_of_guest(link)
        assert "no further action" in (own.feedback or "")
        assert not ReferralDecision.objects.exists()
        assert not ReferralChild.objects.exists()
    links = {
        m.context["link"]
        for m in (*mails("referral_guest_link"), *mails("referral_received"), *mails("referral_decided"))
    }
    assert len(links) == 3
    assert not any("Quarrendon" in str(m.context) or "action" in str(m.context) for m in mails("referral_decided"))


@pytest.mark.req("MSH-05", "NTK-02")
def test_a_guest_sees_nothing_of_another_guests_or_of_anybodys(world: World) -> None:
    first, second = guest(world), guest(world, "heron@nursery.example")
    with as_guest(first):
        draft = services.begin_as_guest(first)
        services.write(draft, content=steps())
        services.send(draft, sent=drafts.Entry(services.begin_as_guest(first)).sent(), by=None)
        with pytest.raises(NotVisible):
            services.begin_as_guest(first)
    with as_guest(second):
        assert selectors.draft_of_guest(first) is None
        assert not Referral.objects.exists()
        assert not ReferralDraft.objects.exists()
        assert selectors.referrals_of_guest(first) == []
    with as_guest(first):
        assert Referral.objects.count() == ReferralDraft.objects.count() == 1
        assert not Child.objects.exists()


def test_states_are_the_table(world: World) -> None:
    referral = referred(world)
    with as_user(world.officer), pytest.raises(Refused, match="triaged"):
        seen = fresh(referral, world.officer)
        services.decide(
            seen, outcome=Outcome.NO_ACTION, reason="x", feedback="", tell=True, version=seen.version, by=world.officer
        )
    assert fresh_state(referral, world) == ReferralState.RECEIVED


def fresh_state(referral: Referral, world: World) -> str:
    with as_user(world.officer):
        return fresh(referral, world.officer).state
