"""Partners are asked case by case, learn no more than they need, and answer once (MSH-02)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.decisions import services as decisions
from agreements.decisions.answers import Answers
from agreements.decisions.enums import Duty, Outcome, Purpose, Told
from agreements.decisions.selectors import decisions_about
from alerts.models import Ask, HeldItem
from alerts.requests import answering, chasing, policies, selectors, services
from alerts.requests.enums import AskState
from alerts.states import ASK
from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.agencies.models import Membership
from safeguarding.audit.models import AuditEntry
from safeguarding.errors import Conflict, NotVisible, Refused
from tests.delivery.support import emails
from tests.factories import AgencyFactory, member
from tests.readers.support import shut_out
from tests.requests.conftest import BY_DUTY, ITEM, Place
from tests.support.db import as_service, as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.req("MSH-02", "SHR-02")
def test_an_agreement_covers_the_question_and_it_is_recorded_as_a_decision(place: Place) -> None:
    ask = place.asked()
    with as_user(place.world.officer):
        [decision] = decisions_about(ask.request.ref, for_user=place.world.officer)
    assert (decision.outcome, decision.basis, decision.recipient) == ("share", "agreement", place.world.council)
    assert (ask.decision_ref, sorted(decision.items)) == (decision.ref, ["child_date_of_birth", "child_name"])
    [email] = [each for each in emails() if each.template == "request_asked"]
    assert email.recipient == place.desk
    assert "CANARY" not in str(email.context)
    assert "Ottilie" not in str(email.context)


@pytest.mark.req("MSH-02", "AGR-03")
def test_without_an_agreement_nobody_is_asked_before_somebody_has_decided(place: Place) -> None:
    officer = place.world.officer
    request = place.prepared(place.world.council, place.health)
    with as_user(officer):
        with pytest.raises(Refused, match="Health body"):
            services.ask(request, told=Told.TOLD, by=officer)
        assert not Ask.objects.visible_to(officer).exists()
        decisions.decide(
            selectors.subject_of_request(request.ref, officer),
            answers=Answers(
                outcome=Outcome.SHARE, to=place.health.slug, items=selectors.IDENTITY, purpose=Purpose.PROTECT,
                **BY_DUTY, duty=Duty.ARRANGEMENTS, reason="To know of injuries", use="To answer the question",
                told=Told.RISK, told_words="The abuser may learn of it.",
            ),
            by=officer,
        )  # fmt: skip
        assert len(services.ask(request, told=Told.TOLD, by=officer)) == 2
        with pytest.raises(Conflict):
            services.ask(request, told=Told.TOLD, by=officer)


@pytest.mark.req("MSH-02", "NTK-02")
def test_the_asked_agency_reads_its_own_question_and_nobody_elses(place: Place) -> None:
    ask = place.asked()
    for reader, sees in (
        (place.desk, True),
        (place.world.officer, True),
        (place.nurse, False),
        (place.world.dsl, False),
    ):
        with as_user(reader):
            assert Ask.objects.visible_to(reader).filter(pk=ask.pk).exists() is sees
    with as_user(place.nurse), pytest.raises(NotVisible):
        selectors.get_ask(ask.ref, for_user=place.nurse)
    assert signed_in(place.nurse).get(f"/asked/{ask.ref}/").status_code == 404


@pytest.mark.req("MSH-02")
def test_what_is_held_reaches_the_hub_when_the_answer_is_sent_and_not_before(place: Place) -> None:
    ask, officer = place.asked(), place.world.officer
    with as_user(place.desk):
        with pytest.raises(Refused, match="not added anything"):
            answering.finish(ask, by=place.desk)
        answering.add_item(ask, by=place.desk, **ITEM)
    with as_user(officer):
        assert not HeldItem.objects.visible_to(officer).exists()
    with as_user(place.desk):
        answering.finish(ask, by=place.desk)
    with as_user(officer):
        [item] = selectors.items_of(ask.request, for_user=officer)
    assert (item.text, item.originator, item.nature) == (ITEM["text"], "Council", "fact")
    assert [each.recipient for each in emails() if each.template == "request_answered"] == [officer]


@pytest.mark.req("MSH-02", "MRC-18", "NTK-07")
@pytest.mark.parametrize("why", ["left", "another post", "shut out"])
def test_an_answer_for_somebody_who_is_gone_is_told_to_who_works_on_cases_now(place: Place, why: str) -> None:
    ask, world = place.asked(), place.world
    if why == "shut out":
        shut_out(place.child, world.officer, by=world.manager)
    else:
        with fixtures():
            world.officer.memberships.update(ended_at=timezone.now())
            if why == "another post":
                Membership.objects.create(user=world.officer, agency=world.mash, role=Role.IG_LEAD)
    with as_user(place.desk):
        answering.hold_nothing(ask, words="Our records since 2019", by=place.desk)
    assert [each.recipient for each in emails() if each.template == "request_answered"] == [world.manager]


@pytest.mark.req("MSH-02")
@pytest.mark.parametrize(("answer", "state"), [("hold_nothing", "nothing"), ("decline", "declined")])
def test_nothing_held_and_declined_are_answers_with_words(place: Place, answer: str, state: str) -> None:
    ask = place.asked()
    with as_user(place.desk):
        said = getattr(answering, answer)(ask, words="Our records since 2019", by=place.desk)
        assert (said.state, said.words, said.answered_by) == (state, "Our records since 2019", place.desk)
        with pytest.raises(Conflict):
            answering.decline(ask, words="Again", by=place.desk)


@pytest.mark.parametrize("before", AskState)
@pytest.mark.parametrize("after", AskState)
def test_an_agency_answers_once(before: AskState, after: AskState) -> None:
    allowed = before == AskState.ASKED and after != AskState.ASKED
    assert (after in ASK[before]) is allowed
    if not allowed:
        with pytest.raises(Conflict):
            policies.check_can_answer(Ask(state=before), after)


@pytest.mark.req("MSH-02")
def test_a_late_answer_is_chased_once_a_day(place: Place) -> None:
    ask = place.asked()
    with as_service("dispatch"):
        now = ask.due_at + dt.timedelta(hours=1)
        assert chasing.chase_late(ask.due_at - dt.timedelta(hours=1)) == 0
        assert [chasing.chase_late(now), chasing.chase_late(now)] == [1, 0]
        assert chasing.chase_late(now + dt.timedelta(days=1)) == 1
    assert len([each for each in emails() if each.template == "request_late"]) == 2


@pytest.mark.req("MSH-02")
def test_a_closed_request_waits_for_nobody(place: Place) -> None:
    ask = place.asked()
    with as_user(place.world.officer):
        services.close(ask.request, by=place.world.officer)
        with pytest.raises(Conflict):
            services.close(ask.request, by=place.world.officer)
    with as_user(place.desk), pytest.raises(Conflict):
        answering.finish(ask, by=place.desk)
    assert [each.recipient for each in emails() if each.template == "request_withdrawn"] == [place.desk]


@pytest.mark.req("AUD-01", "AUD-02")
def test_everything_is_remembered_without_a_word_of_it(place: Place) -> None:
    place.answered()
    with fixtures():
        entries = list(AuditEntry.objects.filter(event__startswith="request."))
    assert {each.event for each in entries} >= {
        "request.prepared",
        "request.asked",
        "request.item_added",
        "request.answered",
    }
    assert not [each for each in entries if "CANARY" in str(vars(each))]


@pytest.mark.req("MSH-02")
def test_settings_that_the_child_does_not_attend_cannot_be_asked(place: Place) -> None:
    with as_user(place.world.officer):
        bodies = selectors.can_be_asked(place.world.partnership, place.world.mash, place.child.pk)
    assert place.world.council in bodies
    assert place.world.school not in bodies
    assert place.world.mash not in bodies


@pytest.mark.req("MSH-02")
def test_an_agency_where_nobody_would_get_the_question_is_not_asked(place: Place) -> None:
    officer, world = place.world.officer, place.world
    request = place.prepared(world.council)
    with fixtures():
        AgencyFactory(kind=AgencyKind.HOUSING, partnership=world.partnership, name="Nobody's homes")
        place.desk.memberships.update(ended_at=timezone.now())
    with as_user(officer):
        bodies = selectors.can_be_asked(world.partnership, world.mash, place.child.pk)
        assert bodies == [place.health]
        with pytest.raises(Refused, match="Phone them, and make another"):
            services.ask(request, told=Told.TOLD, by=officer)
        assert not Ask.objects.visible_to(officer).exists()


@pytest.mark.req("MSH-02", "MRC-18", "NTK-04")
def test_who_is_shut_out_of_the_child_is_not_asked_about_it(place: Place) -> None:
    officer, world = place.world.officer, place.world
    with fixtures():
        colleague = member(world.council, Role.INFORMATION_DESK)
    shut_out(place.child, place.desk, by=world.manager)
    place.asked()
    assert [each.recipient for each in emails() if each.template == "request_asked"] == [colleague]
    # where nobody else would get the question, it is asked by telephone
    request = place.prepared(world.council)
    shut_out(place.child, colleague, by=world.manager)
    with as_user(officer):
        assert selectors.can_be_asked(world.partnership, world.mash, place.child.pk) == [place.health]
        with pytest.raises(Refused, match="Phone them, and make another"):
            services.ask(request, told=Told.TOLD, by=officer)


def test_a_page_of_requests_asks_the_same_for_one_and_for_many(place: Place) -> None:
    place.answered()
    officer, counts = place.world.officer, []
    for _ in range(2):
        with as_user(officer), CaptureQueriesContext(connection) as asked:
            list(selectors.requests_page(cursor="", for_user=officer))
        counts.append(len(asked))
        for _ in range(4):
            place.asked()
    assert counts[0] == counts[1]
