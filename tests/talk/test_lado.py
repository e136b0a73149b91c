"""An adult who works with children: the setting tells the hub, the hub judges, the LADO receives, and nothing else (ALR-14)."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from agreements.decisions.enums import Basis, Duty
from alerts.intake.content import Person
from alerts.lado import policies, selectors, services
from alerts.lado.enums import Threshold
from alerts.models import AdultConcern, LadoReferral
from alerts.readers.enums import Scope
from safeguarding.agencies.calendars import after_working_days
from safeguarding.agencies.enums import Role
from safeguarding.errors import Conflict, NotVisible, Refused
from tests.decisions.support import decide, sharing
from tests.factories import FAMILY, member, police_content
from tests.frame.doors import every_door
from tests.readers.support import shut_out
from tests.support.db import as_user, fixtures
from tests.support.web import signed_in
from tests.talk.conftest import Case
from tests.talk.support import mail_to


def tell(case: Case) -> AdultConcern:
    with as_user(case.world.dsl):
        return services.tell(case.alert, adult="CANARY Osric", work="CANARY coach", by=case.world.dsl)


def judge(case: Case, concern: AdultConcern, threshold: Threshold) -> LadoReferral:
    manager = case.world.manager
    with as_user(manager):
        return services.judge(concern, threshold=threshold, reasons="CANARY reasons", by=manager)


def decided(case: Case, concern: AdultConcern) -> None:
    answers = sharing(
        case.world.council.slug, items=("adults_names", "incident_kind"), basis=Basis.DUTY, duty=Duty.WELFARE
    )
    decide(concern.ref, answers, by=case.world.manager)


@pytest.mark.req("ALR-14", "SHR-02")
def test_from_the_setting_by_the_hub_to_the_lado(case: Case) -> None:
    world = case.world
    concern = tell(case)
    assert mail_to("lado_told") == {world.manager.email}
    with as_user(case.lado):
        assert not AdultConcern.objects.exists()
    with pytest.raises(Refused, match="Nobody has decided"):
        judge(case, concern, Threshold.REFER)
    decided(case, concern)
    judge(case, concern, Threshold.REFER)
    with pytest.raises(Conflict):
        judge(case, concern, Threshold.BELOW)
    assert mail_to("lado_referred") == {case.lado.email}
    with as_user(case.lado):
        found = selectors.concern(concern.ref, for_user=case.lado)
        assert (found.concern.adult, found.referral and found.referral.reasons) == ("CANARY Osric", "CANARY reasons")
        services.receive(concern, answer="CANARY strategy", by=case.lado)
        with pytest.raises(Conflict):
            services.receive(concern, answer="CANARY again", by=case.lado)
    with as_user(world.manager):
        received = LadoReferral.objects.get()
        assert (received.received_by, received.answer) == (case.lado, "CANARY strategy")


@pytest.mark.req("ALR-14", "MRC-18", "NTK-04")
def test_who_is_shut_out_of_the_child_is_not_told_of_the_adult_either(case: Case) -> None:
    world = case.world
    with fixtures():
        partner, kin = member(world.mash, Role.MASH_MANAGER), member(world.council, Role.LADO)
    shut_out(case.alert, partner, by=world.manager)
    shut_out(case.alert.notification, kin, scope=Scope.RECORD, by=world.manager)
    concern = tell(case)
    assert mail_to("lado_told") == {world.manager.email}
    decided(case, concern)
    judge(case, concern, Threshold.REFER)
    assert mail_to("lado_referred") == {case.lado.email}


@pytest.mark.req("ALR-14", "MRC-18")
@pytest.mark.parametrize("why", ["left", "shut out"])
def test_where_no_lado_would_read_it_the_hub_refers_by_telephone(case: Case, why: str) -> None:
    concern = tell(case)
    decided(case, concern)
    if why == "left":
        with fixtures():
            case.lado.memberships.update(ended_at=timezone.now())
    else:
        shut_out(case.alert, case.lado, by=case.world.manager)
    with pytest.raises(Refused, match=r"At Council nobody reads referrals to the LADO .* Phone the LADO"):
        judge(case, concern, Threshold.REFER)
    with as_user(case.world.manager):
        assert AdultConcern.objects.get().judged_at is None
        assert not LadoReferral.objects.exists()
    judge(case, concern, Threshold.BELOW)


@pytest.mark.req("ALR-14")
def test_the_setting_learns_that_it_was_judged_and_not_what_was_decided(case: Case) -> None:
    world, concern = case.world, tell(case)
    judge(case, concern, Threshold.BELOW)
    with as_user(world.dsl):
        (told,) = selectors.told_about(case.alert, for_user=world.dsl)
        assert told.judged_at is not None
        assert not LadoReferral.objects.exists()
        with pytest.raises(NotVisible):
            selectors.concern(concern.ref, for_user=world.dsl)
    with as_user(case.lado):  # below the threshold the LADO does not learn of it
        assert not AdultConcern.objects.exists()


@pytest.mark.req("ALR-14")
def test_only_a_manager_of_the_hub_judges_and_only_the_lado_gives_receipt(case: Case) -> None:
    concern = tell(case)
    decided(case, concern)
    for person in (case.world.officer, case.world.dsl, case.lado, case.world.ig_lead):
        with as_user(person), pytest.raises(NotVisible):
            services.judge(concern, threshold=Threshold.BELOW, reasons="CANARY", by=person)
    judge(case, concern, Threshold.REFER)
    with as_user(case.world.manager), pytest.raises(NotVisible):
        services.receive(concern, answer="CANARY", by=case.world.manager)


@pytest.mark.req("ALR-14")
@pytest.mark.parametrize(
    ("told", "due"),
    [
        ("2026-11-26T14:30", "2026-11-27T14:30"),  # Thursday
        ("2026-11-27T16:00", "2026-11-30T16:00"),  # over the weekend
        ("2026-11-28T09:00", "2026-11-30T09:00"),  # heard on a Saturday
        ("2026-12-24T12:00", "2026-12-29T12:00"),  # over Christmas, with the Monday in lieu
        ("2026-03-27T10:00", "2026-03-30T10:00"),  # the clocks go forward in between
    ],
)
def test_one_working_day(told: str, due: str) -> None:
    zone = timezone.get_default_timezone()
    at = dt.datetime.fromisoformat(told).replace(tzinfo=zone)
    assert policies.due_from(at) == dt.datetime.fromisoformat(due).replace(tzinfo=zone)
    assert after_working_days(at, 0) == at


@pytest.mark.req("ALR-14")
def test_the_clock_shows_when_it_is_late(case: Case) -> None:
    concern = tell(case)
    assert not policies.is_late(concern)
    with time_machine.travel(concern.due_at + dt.timedelta(minutes=1)):
        assert policies.is_late(concern)
    judge(case, concern, Threshold.BELOW)
    with as_user(case.world.manager), time_machine.travel(concern.due_at + dt.timedelta(minutes=1)):
        assert not policies.is_late(AdultConcern.objects.get())


@pytest.mark.req("ALR-14", "ALR-09")
def test_what_the_police_say_of_an_adults_work_is_noted_before_it_is_deleted(case: Case) -> None:
    world = case.world
    coach = Person(role="perpetrator", given_name="CANARY Osric", family_name="Vane", works_with_children=True)
    with fixtures():
        content = police_content(people=(FAMILY[0], coach, FAMILY[2]))
        notification = world.notification(content=content.to_json())
    client = signed_in(world.officer)
    assert "works with children" in client.get(f"/queue/{notification.ref}/").content.decode()
    with as_user(world.officer):
        (adult,) = selectors.adults_at_work(notification, for_user=world.officer)
        assert (adult.name, adult.noted) == ("CANARY Osric Vane", False)
        concern = services.note_from_police(notification, adult=adult.name, work="CANARY", by=world.officer)
        assert [each.noted for each in selectors.adults_at_work(notification, for_user=world.officer)] == [True]
        with pytest.raises(Refused, match="noted already"):
            services.note_from_police(notification, adult=adult.name, work="CANARY", by=world.officer)
    assert concern.alert_id is None
    with fixtures():
        notification.content = None
        notification.save()
    with as_user(world.officer):
        assert selectors.adults_at_work(notification, for_user=world.officer) == []
        assert AdultConcern.objects.get(pk=concern.pk).adult == "CANARY Osric Vane"


@pytest.mark.req("ALR-14")
def test_no_way_leads_to_an_employer_and_the_page_says_why(case: Case) -> None:
    page = signed_in(case.world.dsl).get(f"/adults/tell/{case.alert.ref}/").content.decode()
    assert "Do not contact the adult&#x27;s employer" in page or "Do not contact the adult's employer" in page
    assert "Why is there no way to the employer here?" in page
    assert not [door for door in every_door() if "employer" in door]
