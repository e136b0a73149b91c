"""Deciding, and what a decision lets leave; consent withdrawn; the person told."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from agreements.decisions import selectors, services, subjects
from agreements.decisions.answers import Answers
from agreements.decisions.enums import Basis, ConsentState, Duty, Ended, Told
from agreements.models import Consent, Decision, Draft
from safeguarding.agencies.models import User
from safeguarding.audit.models import AuditEntry
from safeguarding.errors import Conflict, NotVisible, Refused
from tests.decisions.conftest import Case
from tests.decisions.support import asking, decide, refusing, sharing, with_consent
from tests.support.db import as_user, fixtures


def covers(case: Case, by: User, *items: str) -> Decision:
    with as_user(by):
        return selectors.share_decision(case.alert.ref, to=case.world.school, items=items or ("child_name",))


def about(case: Case, by: User) -> list[Decision]:
    with as_user(by):
        return selectors.decisions_about(case.alert.ref, for_user=by)


@pytest.mark.req("SHR-02", "SHR-03", "SHR-13")
def test_a_decision_keeps_reason_extent_use_recipient_decider_and_basis(case: Case) -> None:
    world = case.world
    made = decide(case.alert.ref, sharing(world.school.slug), by=world.officer)
    (found,) = about(case, world.manager)
    assert found == made
    assert (found.recipient, found.decided_by, found.basis) == (world.school, world.officer, Basis.AGREEMENT)
    assert (found.agreement, found.controller, found.marking) == (world.agreement, world.mash, "OFFICIAL-SENSITIVE")
    assert found.items == ["child_name", "incident_kind"]
    assert Answers.from_json(found.answers) == sharing(world.school.slug)
    assert found.told == Told.TOLD
    assert found.told_at is not None
    with fixtures():
        entry = AuditEntry.objects.get(event="decision.share")
    assert "CANARY" not in str(entry.additional_data)


@pytest.mark.req("SHR-01", "SHR-02")
def test_without_a_live_decision_nothing_is_shared_and_it_reaches_no_further_than_it_says(case: Case) -> None:
    world = case.world
    with pytest.raises(Refused, match="Nobody has decided"):
        covers(case, world.officer)
    decide(case.alert.ref, refusing(world.school.slug), by=world.officer)
    decide(case.alert.ref, asking(world.school.slug), by=world.officer)
    with pytest.raises(Refused, match="Nobody has decided"):
        covers(case, world.officer)
    made = decide(case.alert.ref, sharing(world.school.slug), by=world.officer)
    assert covers(case, world.manager) == made
    with pytest.raises(Refused, match="does not cover: Address"):
        covers(case, world.officer, "child_name", "address")
    with as_user(world.officer), pytest.raises(Refused, match="Nobody has decided"):
        selectors.share_decision(case.alert.ref, to=world.other_school, items=["child_name"])
    with time_machine.travel(timezone.now() + dt.timedelta(days=29)), pytest.raises(Refused, match="Nobody"):
        covers(case, world.officer)


@pytest.mark.req("SHR-01")
def test_a_refusal_stands_in_the_history_as_a_decision_to_share_does(case: Case) -> None:
    world = case.world
    no = decide(case.alert.ref, refusing(world.school.slug), by=world.officer)
    yes = decide(case.alert.ref, sharing(world.school.slug), by=world.officer)
    assert about(case, world.manager) == [yes, no]


@pytest.mark.req("SHR-02")
def test_by_the_agreement_only_what_it_lists_and_only_while_it_is_in_force(case: Case) -> None:
    world = case.world
    with pytest.raises(Refused, match="does not list: Address"):
        decide(case.alert.ref, sharing(world.school.slug, items=("child_name", "address")), by=world.officer)
    with fixtures():
        world.agreement.signatures.filter(agency=world.school).update(state="refused")
    with pytest.raises(Refused, match="No agreement with this body is in force"):
        decide(case.alert.ref, sharing(world.school.slug), by=world.officer)
    by_duty = sharing(world.school.slug, items=("child_name", "address"), basis=Basis.DUTY, duty=Duty.WELFARE)
    assert decide(case.alert.ref, by_duty, by=world.officer).agreement is None


@pytest.mark.req("SHR-01")
def test_advice_is_asked_for_given_and_followed_by_one_decision(case: Case) -> None:
    world = case.world
    asked = decide(case.alert.ref, asking(world.school.slug), by=world.officer)
    advised = refusing(world.school.slug, advice_from="The Caldicott Guardian", advice_given="Not the health part")
    no = decide(case.alert.ref, advised, by=world.manager, follows=asked)
    assert no.follows == asked
    with pytest.raises(Conflict):
        decide(case.alert.ref, advised, by=world.officer, follows=asked)
    with pytest.raises(Refused, match="Only a decision to ask"):
        decide(case.alert.ref, advised, by=world.officer, follows=no)


@pytest.mark.req("SHR-04")
def test_consent_is_withdrawn_at_any_time_and_the_record_shows_what_follows(case: Case) -> None:
    world = case.world
    rests = decide(case.alert.ref, with_consent(world.school.slug), by=world.officer)
    also = decide(case.alert.ref, with_consent(world.council.slug), by=world.officer)
    law = {"basis": Basis.DUTY, "duty": Duty.WELFARE, "article_6": "6_1_c", "article_9": "", "schedule_1": ""}
    goes_on = decide(case.alert.ref, with_consent(world.other_school.slug, **law), by=world.officer)
    consent = Consent(pk=rests.consent_id)
    assert rests.consent_id == also.consent_id == goes_on.consent_id, "one consent of one person for one case"
    with as_user(world.manager):
        ended = services.withdraw_consent(consent, words="CANARY she phoned", by=world.manager)
        assert {each.pk for each in ended} == {rests.pk, also.pk}
        stopped = selectors.decision(rests.ref, for_user=world.manager)
        assert (stopped.ended_because, stopped.ended_by) == (Ended.CONSENT_WITHDRAWN, world.manager)
        assert selectors.decision(goes_on.ref, for_user=world.manager).ended_at is None
        assert len(selectors.resting_on(consent, for_user=world.manager)) == 3, "what was shared stays told"
        with pytest.raises(Conflict):
            services.withdraw_consent(consent, words="Again", by=world.manager)
    with pytest.raises(Refused, match="Nobody has decided"):
        covers(case, world.officer)


@pytest.mark.req("SHR-04")
def test_consent_that_was_withdrawn_does_not_stand_behind_a_new_decision(case: Case) -> None:
    world = case.world
    first = decide(case.alert.ref, with_consent(world.school.slug), by=world.officer)
    with as_user(world.officer):
        services.withdraw_consent(Consent(pk=first.consent_id), words="No", by=world.officer)
    second = decide(case.alert.ref, with_consent(world.school.slug), by=world.officer)
    assert second.consent_id != first.consent_id


@pytest.mark.req("SHR-13")
def test_a_promise_to_tell_is_kept_or_taken_back_with_its_reason(case: Case) -> None:
    world = case.world
    promised = sharing(world.school.slug, told=Told.TO_BE_TOLD, told_by=dt.date(2026, 12, 1))
    made = decide(case.alert.ref, promised, by=world.officer)
    assert made.told_due_on == dt.date(2026, 12, 1)
    with as_user(world.manager):
        services.tell(made, told=Told.RISK, words="CANARY he reads her letters", by=world.manager)
        services.tell(made, told=Told.TOLD, by=world.manager)
        with pytest.raises(Refused):
            services.tell(made, told=Told.RISK, words="Too late", by=world.manager)
        assert selectors.decision(made.ref, for_user=world.manager).told_at is not None


@pytest.mark.req("SHR-02", "NTK-02")
def test_who_may_not_share_the_case_cannot_decide_about_it_nor_learn_of_a_decision(case: Case) -> None:
    world = case.world
    made = decide(case.alert.ref, sharing(world.school.slug), by=world.officer)
    for stranger in (world.other_dsl, world.tutor, world.ig_lead, world.admin):
        with pytest.raises(NotVisible):
            decide(case.alert.ref, sharing(world.school.slug), by=stranger)
        assert about(case, stranger) == []
    assert about(case, world.dsl) == [], "the hub's reasons are the hub's, also from who was told"
    with as_user(world.dsl), pytest.raises(NotVisible):
        selectors.decision(made.ref, for_user=world.dsl)
    own = decide(case.alert.ref, sharing(world.mash.slug, basis=Basis.DUTY, duty=Duty.WELFARE), by=world.dsl)
    assert about(case, world.dsl) == [own]
    assert about(case, world.officer) == [made]


@pytest.mark.req("SHR-02")
def test_what_was_decided_cannot_be_changed_afterwards_not_even_by_sql(case: Case) -> None:
    made = decide(case.alert.ref, refusing(case.world.school.slug), by=case.world.officer)
    with (
        as_user(case.world.officer),
        pytest.raises(Exception, match="permission denied"),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE agreements_decision SET outcome = 'share' WHERE id = %s", [made.pk])


@pytest.mark.req("SHR-01")
def test_what_was_begun_waits_and_is_gone_once_decided(case: Case) -> None:
    world = case.world
    with as_user(world.officer):
        subject = subjects.subject(case.alert.ref, for_user=world.officer)
        services.keep(subject, to=world.school.slug, answers={"reason": "CANARY"}, by=world.officer)
        services.keep(subject, to=world.school.slug, answers={"reason": "CANARY, and more"}, by=world.officer)
        (draft,) = Draft.objects.visible_to(world.officer)
        assert draft.answers == {"reason": "CANARY, and more"}
    with as_user(world.manager):
        assert not Draft.objects.exists()
    decide(case.alert.ref, sharing(world.school.slug), by=world.officer)
    with as_user(world.officer):
        assert Draft.objects.get().answers is None


@pytest.mark.req("SHR-04")
def test_a_refusal_of_consent_and_who_authorised_sharing_stand_in_the_record(case: Case) -> None:
    world = case.world
    answers = sharing(
        world.school.slug,
        consent=ConsentState.REFUSED,
        authorised_by="CANARY Manager",
        authorised_because="The child is at risk",
        capacity="no_adult",
    )
    made = decide(case.alert.ref, answers, by=world.officer)
    assert made.consent_state == ConsentState.REFUSED
    assert Answers.from_json(made.answers).authorised_by == "CANARY Manager"
