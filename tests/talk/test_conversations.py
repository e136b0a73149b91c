"""The setting and the hub talk about an alert: who reads what, what is kept, what is taken back (ALR-12, MSH-06, MSH-08)."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from alerts.conversations import policies, selectors, services
from alerts.conversations.enums import LiaisonOutcome, RecallBecause, Service, Side, TalkState
from alerts.conversations.models import Conversation, FourQuestions, TalkEntry
from alerts.readers.enums import Scope
from alerts.states import TALK
from safeguarding.agencies.enums import Role
from safeguarding.audit.models import AuditEntry
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.notifications.models import Email
from tests.factories import member
from tests.readers.support import let_in, shut_out
from tests.support.db import as_user, fixtures
from tests.talk.conftest import Case
from tests.talk.support import answer, hold, mail_to, phone, talk, texts, write


@pytest.mark.req("ALR-12")
def test_other_concerns_reach_the_hub_and_its_answer_comes_back(case: Case) -> None:
    world, alert = case.world, case.alert
    write(alert, "CANARY we worry", by=world.dsl)
    with as_user(world.officer):
        assert [each.alert_id for each in selectors.waiting(world.officer)] == [alert.pk]
    assert mail_to("talk_message") == {world.officer.email}  # who screened it
    write(alert, "CANARY we see", by=world.manager)
    with as_user(world.dsl):
        assert [each.alert_id for each in selectors.waiting(world.dsl)] == [alert.pk]
    with as_user(world.officer):
        assert not selectors.waiting(world.officer).exists()
    assert mail_to("talk_message") == {world.officer.email, world.dsl.email}
    for reader in (world.dsl, world.officer, world.manager):
        assert texts(alert, for_user=reader) == ["CANARY we worry", "CANARY we see"]
    with fixtures():
        assert not [each for each in Email.objects.all() if "CANARY" in str(each.context)]
        assert not [each for each in AuditEntry.objects.all() if "CANARY" in str(each.additional_data)]


@pytest.mark.req("ALR-12", "NTK-04", "MRC-18")
def test_nobody_else_finds_it_neither_by_a_grant_nor_when_shut_out(case: Case) -> None:
    world, alert = case.world, case.alert
    write(alert, by=world.dsl)
    let_in(alert, world.tutor, world.school, by=world.dsl)
    second = None
    with fixtures():
        second = member(world.school, Role.DSL)
    assert texts(alert, for_user=second)
    shut_out(alert, second, by=world.dsl, scope=Scope.RECORD)
    shut_out(alert.notification, world.officer, by=world.manager, scope=Scope.RECORD)
    for person in (world.tutor, world.deputy, world.other_dsl, world.constable, world.ig_lead, second, world.officer):
        with as_user(person):
            with pytest.raises(NotVisible):
                selectors.place(alert.ref, for_user=person)
            assert not Conversation.objects.exists()
            assert not TalkEntry.objects.exists()


@pytest.mark.req("ALR-12")
def test_of_two_leads_who_begin_at_once_both_find_one_conversation(case: Case) -> None:
    with fixtures():
        second = member(case.world.school, Role.DSL)
    write(case.alert, "CANARY one", by=case.world.dsl)
    write(case.alert, "CANARY two", by=second)
    with as_user(second):
        assert Conversation.objects.count() == 1
    assert texts(case.alert, for_user=second) == ["CANARY one", "CANARY two"]


@pytest.mark.req("SHR-08", "SHR-09")
def test_what_is_held_carries_how_it_is_marked(case: Case) -> None:
    entry = hold(case.alert, by=case.world.dsl)
    (line,) = talk(case.alert, for_user=case.world.officer).lines
    kept = (line.entry.nature, line.entry.currency, line.entry.originator, line.entry.originated_on, line.entry.marking)
    assert kept == ("fact", "current", "The force", dt.date(2026, 11, 20), case.alert.partnership.marking)
    with fixtures(), pytest.raises(IntegrityError), transaction.atomic():
        TalkEntry.objects.filter(pk=entry.pk).update(nature="")


@pytest.mark.req("MSH-08")
def test_a_note_of_a_call_is_kept_with_the_case_for_both_or_for_one_side(case: Case) -> None:
    world, alert = case.world, case.alert
    phone(alert, text="CANARY for both", by=world.officer)
    phone(alert, text="CANARY the hub's", own=True, by=world.officer)
    phone(alert, text="CANARY the school's", own=True, by=world.dsl)
    assert texts(alert, for_user=world.officer) == ["CANARY for both", "CANARY the hub's"]
    assert texts(alert, for_user=world.dsl) == ["CANARY for both", "CANARY the school's"]
    with pytest.raises(Refused, match="future"):
        phone(alert, phoned_at=timezone.now() + dt.timedelta(hours=1), by=world.dsl)
    with as_user(world.dsl):
        assert Conversation.objects.get().state == TalkState.SETTLED  # what was said was said


@pytest.mark.req("MSH-06")
def test_each_professional_has_a_number_and_words_of_their_own(case: Case) -> None:
    world, alert = case.world, case.alert
    answer(alert, 8, by=world.dsl)
    answer(alert, 3, by=world.officer)
    answer(alert, 5, by=world.officer)
    for reader in (world.dsl, world.officer):
        found = talk(alert, for_user=reader).answered
        assert [(each.answers.professional, each.answers.worry, list(each.earlier)) for each in found] == [
            (world.dsl, 8, []),
            (world.officer, 5, [3]),
        ]
    with fixtures(), pytest.raises(IntegrityError), transaction.atomic():
        FourQuestions.objects.filter(worry=8).update(worry=11)


def test_what_went_into_the_wrong_case_is_out_of_sight_and_its_marker_stays(case: Case) -> None:
    world, alert = case.world, case.alert
    entry = write(alert, "CANARY of another child", by=world.dsl)
    with as_user(world.officer):
        where = selectors.place(alert.ref, for_user=world.officer)
        with pytest.raises(NotVisible):  # the other side's
            selectors.entry_to_recall(where, entry.ref)
        with pytest.raises(Refused, match="other side"):
            services.recall(where, entry=entry, because=RecallBecause.MISTAKE, by=world.officer)
    with as_user(world.dsl):
        where = selectors.place(alert.ref, for_user=world.dsl)
        services.recall(where, entry=entry, because=RecallBecause.WRONG_CASE, by=world.dsl)
        with pytest.raises(Conflict):
            services.recall(where, entry=entry, because=RecallBecause.WRONG_CASE, by=world.dsl)
    (line,) = talk(alert, for_user=world.officer).lines
    assert line.entry.recalled_by == world.dsl
    assert mail_to("talk_recalled") == {world.officer.email}
    with as_user(world.dsl):
        assert AuditEntry.objects.filter(event="talk.recalled", actor=world.dsl).count() == 1


@pytest.mark.req("AUD-01")
def test_what_is_new_is_new_for_each_person(case: Case) -> None:
    world, alert = case.world, case.alert
    with fixtures():
        second = member(world.school, Role.DSL)
    write(alert, "CANARY one", by=world.officer)
    for person in (world.dsl, second):
        with as_user(person):
            where, found = selectors.talk_at(alert.ref, for_user=person)
            if person == world.dsl:
                services.remember_look(where, talk=found)
    write(alert, "CANARY two", by=world.officer)
    assert [line.is_new for line in talk(alert, for_user=world.dsl).lines] == [False, True]
    assert [line.is_new for line in talk(alert, for_user=world.officer).lines] == [False, False]


@pytest.mark.req("ALR-21")
def test_where_the_hub_does_not_answer_the_setting_is_told_whom_to_phone_and_notes_the_call(case: Case) -> None:
    world, alert = case.world, case.alert
    with fixtures():
        world.partnership.hub_answers = False
        world.partnership.save()
    with pytest.raises(Refused, match="questions go to The hub"):
        write(alert, by=world.dsl)
    phone(alert, text="CANARY to the coordinator", by=world.dsl)
    assert texts(alert, for_user=world.dsl) == ["CANARY to the coordinator"]
    assert texts(alert, for_user=world.officer) == []


@pytest.mark.req("ALR-12")
def test_the_allocated_worker_was_spoken_to_and_both_sides_see_it(case: Case) -> None:
    world, alert = case.world, case.alert
    said = {
        "service": Service.EARLY_HELP, "worker": "CANARY Worker", "team": "CANARY Team", "phone": "01632 960999",
        "spoke_at": timezone.now(), "outcome": LiaisonOutcome.PLAN, "note": "CANARY note",
    }  # fmt: skip
    with as_user(world.dsl):
        services.liaise(selectors.place(alert.ref, for_user=world.dsl), by=world.dsl, **said)
    for reader in (world.dsl, world.officer):
        with as_user(reader):
            (found,) = selectors.liaisons_of(alert, for_user=reader)
            assert (found.worker, found.team, found.phone, found.outcome) == (
                "CANARY Worker", "CANARY Team", "01632 960999", "plan",
            )  # fmt: skip
    with as_user(world.officer), pytest.raises(NotVisible):
        services.liaise(selectors.place(alert.ref, for_user=world.officer), by=world.officer, **said)


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("state", list(TalkState))
def test_a_word_asks_the_other_side_from_every_state(side: Side, state: TalkState) -> None:
    asked = policies.ASKS[side]
    assert asked == state or asked in TALK[state]
    assert (asked == TalkState.TO_HUB) == (side == Side.SETTING)


def test_a_second_question_does_not_set_the_clock_back(case: Case) -> None:
    write(case.alert, by=case.world.dsl)
    with as_user(case.world.dsl):
        first = Conversation.objects.get().asked_at
    write(case.alert, by=case.world.dsl)
    with as_user(case.world.dsl):
        assert Conversation.objects.get().asked_at == first
        where = selectors.place(case.alert.ref, for_user=case.world.dsl)
        assert services.settle(where, by=case.world.dsl).asked_at is None
        with pytest.raises(Conflict):
            services.settle(where, by=case.world.dsl)
