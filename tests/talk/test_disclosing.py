"""After talking: the screening again, and content for named people, for a time, on a decision (ALR-13, SHR-02)."""

import datetime as dt

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.utils import timezone

from agreements.decisions import services as deciding
from agreements.decisions.enums import Ended
from alerts.conversations import disclosing, selectors
from alerts.models import Disclosure, Screening
from alerts.readers.enums import Scope
from alerts.screening.services import rescreen
from safeguarding.errors import Conflict, NotVisible, Refused
from tests.factories import member
from tests.readers.support import let_in, shut_out
from tests.support.db import as_user, fixtures
from tests.talk.conftest import Case
from tests.talk.support import DAY, decided, disclose, disclosed, mail_to, write


@pytest.mark.req("ALR-13", "ALR-09")
def test_the_screening_changes_after_talking_without_the_police_content_and_the_first_stays(case: Case) -> None:
    world, notification = case.world, case.alert.notification
    with as_user(world.officer):
        rescreen(notification, level=4, reason="CANARY second", seen=1, by=world.officer)
        with pytest.raises(Conflict, match="screened again"):
            rescreen(notification, level=3, reason="CANARY third", seen=1, by=world.officer)
        kept = [
            (each.level, each.decision, each.reason) for each in Screening.objects.filter(notification=notification)
        ]
    assert kept == [(2, "send", "CANARY first"), (4, "changed", "CANARY second")]
    with as_user(world.dsl), pytest.raises(NotVisible):
        rescreen(notification, level=1, reason="CANARY", seen=2, by=world.dsl)


@pytest.mark.req("ALR-13")
@pytest.mark.parametrize(
    ("screens", "status", "words"), [(False, "sent", "without screening"), (True, "received", "Screen it first")]
)
def test_only_what_was_screened_is_screened_again(case: Case, screens: bool, status: str, words: str) -> None:
    with fixtures():
        case.world.partnership.screens = screens
        case.world.partnership.save()
        notification = case.world.notification(status=status)
    with as_user(case.world.officer), pytest.raises(Refused, match=words):
        rescreen(notification, level=4, reason="CANARY", seen=0, by=case.world.officer)


@pytest.mark.req("ALR-13", "SHR-02")
def test_nothing_is_disclosed_without_a_decision_to_share(case: Case) -> None:
    world, alert = case.world, case.alert
    write(alert, by=world.dsl)
    with pytest.raises(Refused, match="Nobody has decided"):
        disclose(alert, world.dsl, by=world.officer)
    assert disclosed(alert, to=world.dsl) == []
    decision = decided(alert, by=world.officer)
    (made,) = disclose(alert, world.dsl, by=world.officer)
    assert made.decision == decision.ref
    assert mail_to("talk_disclosed") == {world.dsl.email}
    for person in (world.dsl, world.manager):
        with pytest.raises(NotVisible) if person == world.dsl else pytest.raises(Refused, match="no longer open"):
            disclose(alert, world.head, by=person)


@pytest.mark.req("ALR-13", "NTK-03")
def test_the_named_person_reads_it_until_the_day_and_nobody_else_does(case: Case) -> None:
    world, alert = case.world, case.alert
    write(alert, by=world.dsl)
    decided(alert, by=world.officer)
    let_in(alert, world.tutor, world.school, by=world.dsl, until=timezone.localdate() + 3 * DAY)
    disclose(alert, world.tutor, by=world.officer)
    assert disclosed(alert, to=world.tutor) == ["CANARY content"]
    assert disclosed(alert, to=world.dsl) == []
    with as_user(world.dsl):
        assert not Disclosure.objects.exists()
    with time_machine.travel(timezone.now() + 2 * DAY):
        assert disclosed(alert, to=world.tutor) == []
    with pytest.raises(Refused, match="at the latest"):
        disclose(alert, world.tutor, by=world.officer, until=timezone.localdate() + dt.timedelta(days=400))


@pytest.mark.req("ALR-13", "SHR-04")
def test_it_ends_early_by_hand_with_its_decision_and_with_an_exclusion(case: Case) -> None:
    world, alert = case.world, case.alert
    with fixtures():
        second, third = member(world.school, "dsl"), member(world.school, "dsl")
    write(alert, by=world.dsl)
    decision = decided(alert, by=world.officer)
    made = disclose(alert, world.dsl, second, third, by=world.officer)
    by_person = {each.user_id: each for each in made}
    with as_user(world.officer):
        where = selectors.place(alert.ref, for_user=world.officer)
        disclosing.end(where, by_person[second.pk].ref, by=world.officer)
        with pytest.raises(Conflict):
            disclosing.end(where, by_person[second.pk].ref, by=world.officer)
    shut_out(alert, third, by=world.dsl, scope=Scope.RECORD)
    assert [disclosed(alert, to=each) for each in (world.dsl, second, third)] == [["CANARY content"], [], []]
    with as_user(world.officer):
        deciding.end(decision, because=Ended.MISTAKE, by=world.officer)
    assert disclosed(alert, to=world.dsl) == []
    with as_user(world.dsl), pytest.raises(DatabaseError), transaction.atomic():
        Disclosure.objects.create(
            alert=alert, user=world.dsl, agency=world.school, content="x", nature="fact", currency="current",
            originator="x", marking="x", decision="D-0000-0000", disclosed_by=world.dsl, expires_at=timezone.now() + DAY,
            partnership=world.partnership, controller=world.mash,
        )  # fmt: skip
