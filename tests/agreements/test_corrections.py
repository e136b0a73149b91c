"""What a recipient holds to be wrong goes back to its originator, and the answer to everybody who received it (SHR-14)."""

import pytest

from agreements.corrections import policies, selectors, services, subjects
from agreements.corrections.enums import CorrectionState
from agreements.models import AgreementItem, Correction
from alerts.delivery.models import Alert
from safeguarding.agencies.enums import Role
from safeguarding.errors import Conflict, NotVisible, Refused
from tests.delivery.support import alerts_of, emails, events, facts, sent
from tests.factories import World, member
from tests.support.db import as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db
WORDS = "Her second name is Marchbanks, as our own records say."
ANSWER = "It is Marchbanks: the officer misheard."


def two_schools(world: World) -> tuple[Alert, Alert]:
    """Two children of one family at two schools; both schools were told the adults' names."""
    first, second = alerts_of(sent(world, world.school, world.other_school))
    return first, second


def asked(world: World, alert: Alert, item: str = "adults_names") -> Correction:
    with as_user(world.dsl):
        return services.ask(subjects.subject(alert.ref, for_user=world.dsl), item=item, question=WORDS, by=world.dsl)


@pytest.mark.req("SHR-14")
def test_the_originator_is_asked_and_the_record_stays_as_it_was(world: World) -> None:
    alert, _ = two_schools(world)
    correction = asked(world, alert)
    assert correction.originator == world.police
    assert correction.known_as == alert.notification.ref
    told = [email for email in emails() if email.template == "correction_asked"]
    assert [email.recipient for email in told] == [world.constable]
    assert not {"Marchbanks", "Quillfeather", "Ferelith"} & set(str([email.context for email in told]).split())
    assert "correction.asked" in events(correction)
    assert facts(correction, "correction.asked") == {"of": alert.ref, "item": "adults_names"}
    page = signed_in(world.dsl).get(f"/alerts/{alert.ref}/").content.decode()
    assert "Questioned" in page
    assert "Ferelith" in page
    police = signed_in(world.constable).get(f"/questioned/{correction.ref}/").content.decode()
    assert WORDS in police
    assert alert.notification.ref in police


@pytest.mark.req("SHR-14")
@pytest.mark.parametrize("outcome", ["corrected", "declined"])
def test_everybody_who_received_the_item_is_told_of_the_answer(world: World, outcome: str) -> None:
    alert, sibling = two_schools(world)
    correction = asked(world, alert)
    with as_user(world.constable):
        services.answer(correction, outcome=outcome, words=ANSWER, by=world.constable)
    told = [email for email in emails() if email.template == "correction_answered"]
    assert {email.recipient for email in told} == {world.dsl, world.other_dsl}
    assert {email.context["ref"] for email in told} == {alert.ref, sibling.ref}
    assert not [email for email in told if "Marchbanks" in str(email.context)]
    for person, ref in ((world.dsl, alert.ref), (world.other_dsl, sibling.ref)):
        page = signed_in(person).get(f"/alerts/{ref}/").content.decode()
        assert ANSWER in page
        # kept as it was sent, and marked
        assert "Ferelith" in page
        assert ("Corrected" if outcome == "corrected" else "Not changed") in page
    # the register: the asker, the hub and the police; not the other school, whose own alert says it
    for person in (world.dsl, world.officer, world.constable):
        assert correction.ref in signed_in(person).get("/questioned/").content.decode()
    assert correction.ref not in signed_in(world.other_dsl).get("/questioned/").content.decode()


@pytest.mark.req("SHR-14", "AGR-01")
def test_who_was_not_told_the_item_is_not_told_its_correction(world: World) -> None:
    alert, sibling = two_schools(world)
    with fixtures():
        Alert.objects.filter(pk=sibling.pk).update(items=["child_name", "incident_kind"])
    correction = asked(world, alert)
    with as_user(world.constable):
        services.answer(correction, outcome="corrected", words=ANSWER, by=world.constable)
    assert ANSWER not in signed_in(world.other_dsl).get(f"/alerts/{sibling.ref}/").content.decode()
    assert [email.recipient for email in emails() if email.template == "correction_answered"] == [world.dsl]


@pytest.mark.req("SHR-14")
def test_a_childs_own_name_is_told_to_who_knows_that_child(world: World) -> None:
    alert, _ = two_schools(world)
    correction = asked(world, alert, item="child_name")
    with as_user(world.constable):
        services.answer(correction, outcome="corrected", words=ANSWER, by=world.constable)
    assert facts(correction, "correction.answered")["told"] == [alert.ref]


@pytest.mark.req("SHR-14")
def test_only_what_was_received_is_questioned_once_and_answered_once(world: World) -> None:
    with fixtures():
        AgreementItem.objects.filter(agreement=world.agreement, key="incident_date").delete()
    alert, _ = two_schools(world)
    with as_user(world.dsl):
        subject = subjects.subject(alert.ref, for_user=world.dsl)
        with pytest.raises(Refused, match="not shared with you"):
            services.ask(subject, item="incident_date", question=WORDS, by=world.dsl)
        with pytest.raises(Refused, match="Say what you believe"):
            services.ask(subject, item="child_name", question="  ", by=world.dsl)
    correction = asked(world, alert)
    with pytest.raises(Conflict, match="questioned this item already"):
        asked(world, alert)
    with as_user(world.constable):
        with pytest.raises(Refused, match="Write what is right"):
            services.answer(correction, outcome="declined", words=" ", by=world.constable)
        services.answer(correction, outcome="declined", words=ANSWER, by=world.constable)
        with pytest.raises(Refused, match="answered already: not changed"):
            services.answer(correction, outcome="corrected", words=ANSWER, by=world.constable)
    assert asked(world, alert).pk != correction.pk


@pytest.mark.req("SHR-14", "NTK-02")
def test_nobody_else_asks_reads_or_answers(world: World) -> None:
    alert, _ = two_schools(world)
    correction = asked(world, alert)
    with fixtures():
        strangers = [member(world.council, Role.MASH_OFFICER), member(world.school, Role.SETTING_STAFF)]
    for person in (*strangers, world.other_dsl):
        with as_user(person):
            with pytest.raises(NotVisible):
                subjects.subject(alert.ref, for_user=person)
            with pytest.raises(NotVisible):
                selectors.get_correction(correction.ref, for_user=person)
    for person in (world.officer, world.dsl):
        with as_user(person), pytest.raises(NotVisible):
            services.answer(correction, outcome="declined", words=ANSWER, by=person)


@pytest.mark.req("SHR-14")
@pytest.mark.parametrize("ref", ["Z-0000-0000", "", "A-0000-0000"])
def test_what_nobody_registered_cannot_be_questioned(world: World, ref: str) -> None:
    with as_user(world.dsl), pytest.raises(NotVisible):
        subjects.subject(ref, for_user=world.dsl)


@pytest.mark.parametrize("state", list(CorrectionState))
def test_a_question_is_answered_while_it_waits(state: CorrectionState) -> None:
    assert policies.can_answer(Correction(state=state)) is (state == CorrectionState.ASKED)


@pytest.mark.req("SHR-14")
def test_asking_and_answering_in_pages(world: World) -> None:
    alert, _ = two_schools(world)
    dsl, constable = signed_in(world.dsl), signed_in(world.constable)
    wrong = dsl.post(f"/questioned/about/{alert.ref}/", {"item": "incident_content", "question": ""})
    assert "Say what you believe is wrong" in wrong.content.decode()
    response = dsl.post(f"/questioned/about/{alert.ref}/", {"item": "adults_names", "question": WORDS})
    assert response.status_code == 302
    assert "question about what you shared" in constable.get("/today/").content.decode()
    path = response["Location"]
    assert dsl.post(path, {"outcome": "declined", "words": ANSWER}).status_code == 404
    assert "Choose whether" in constable.post(path, {"words": ANSWER}).content.decode()
    assert constable.post(path, {"outcome": "corrected", "words": ANSWER}).status_code == 302
    assert ANSWER in dsl.get(path).content.decode()
    assert "An item was questioned" in dsl.get(f"/alerts/{alert.ref}/").content.decode()
