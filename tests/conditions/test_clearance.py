"""Training and acknowledgement: without both no content, and nobody is left guessing why (NTK-06, AGR-08, ALR-26)."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from alerts.models import Alert
from safeguarding.agencies import clearance, tokens, training
from safeguarding.agencies.models import Acknowledgement, Membership, Terms, TrainingRecord
from safeguarding.audit.models import AuditEntry
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.notifications.models import Email
from tests.delivery.support import screened
from tests.factories import World, trained
from tests.support.db import as_service, as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def lapse(world: World, *people: str) -> None:
    with fixtures():
        for name in people:
            for record in TrainingRecord.objects.filter(user=getattr(world, name)):
                record.expires_at = timezone.now() - DAY
                record.save()


def forget_terms(world: World, name: str) -> None:
    """Newer terms than this person has acknowledged come into force."""
    with fixtures():
        Acknowledgement.objects.filter(user=getattr(world, name)).update(terms=world.partnership.terms.get(version=1))


@pytest.mark.req("NTK-06")
def test_what_lapses_shuts_both_walls_in_the_next_statement_and_what_is_mended_opens_them(world: World) -> None:
    with as_user(world.dsl):
        assert Alert.objects.exists()
        lapse(world, "dsl")
        assert not Alert.objects.exists()
        assert not Alert.objects.visible_to(world.dsl).exists()
        assert not Alert.objects.newest_addressed(world.dsl, limit=5).exists()
        with fixtures():
            trained(world.dsl, world.partnership)
        assert Alert.objects.exists()
        assert Alert.objects.visible_to(world.dsl).exists()
        assert Alert.objects.newest_addressed(world.dsl, limit=5).exists()


@pytest.mark.req("NTK-06")
def test_new_terms_shut_content_for_everybody_from_the_day_they_are_required(world: World) -> None:
    with fixtures():
        terms = Terms.objects.create(
            partnership=world.partnership, version=3, text="More", required_from=timezone.now() + DAY
        )
        until = set(Membership.objects.exclude(agency=world.police).values_list("cleared_until", flat=True))
        assert until == {terms.required_from}, "known beforehand: no job has to shut anything at midnight"
        terms.required_from = timezone.now() - DAY
        terms.save()
    for person in (world.dsl, world.officer):
        with as_user(person):
            assert not Alert.objects.exists()


@pytest.mark.req("NTK-06")
def test_a_course_asked_for_later_or_no_longer_counts_at_once(world: World) -> None:
    with fixtures():
        course = world.partnership.courses.create(key="new", name="New course")
        requirement = course.requirements.create(role="head")
        assert Membership.objects.get(user=world.head).cleared_until <= timezone.now()
        assert Membership.objects.get(user=world.dsl).cleared_until > timezone.now()
        requirement.delete()
        assert Membership.objects.get(user=world.head).cleared_until > timezone.now()


@pytest.mark.req("NTK-06")
def test_nobody_writes_their_own_clearance(world: World) -> None:
    """An administrator may change memberships; what is kept by the database stays as it is."""
    lapse(world, "dsl")
    with as_user(world.admin):
        assert Membership.objects.filter(user=world.dsl).update(cleared_until=timezone.now() + DAY) == 1
    with as_user(world.dsl):
        assert not Alert.objects.exists()


@pytest.mark.req("NTK-06", "AGR-08")
def test_a_lead_without_training_learns_on_one_page_what_is_missing_and_what_waits(world: World) -> None:
    lapse(world, "dsl")
    forget_terms(world, "dsl")
    client = signed_in(world.dsl)
    assert client.get("/").headers["Location"] == "/clearance/"
    for path, status in (("/clearance/", 200), ("/alerts/", 404), (f"/alerts/{world.first.ref}/", 404)):
        answer = client.get(path)
        page = answer.content.decode()
        assert answer.status_code == status
        assert "What is missing before you can go on" in page
        assert "1 alert waits unopened at First School" in page
        assert f"First School: <bdi>{world.admin.name}</bdi>" in page or world.admin.name in page
        assert "Keep what you read to yourself." in page
        assert "Quillfeather" not in page
    absent, hidden = client.get("/alerts/A-0000-0000/"), client.get(f"/alerts/{world.first.ref}/")
    assert absent.status_code == hidden.status_code == 404


@pytest.mark.req("NTK-06", "AGR-08")
def test_the_terms_are_acknowledged_here_and_now_and_then_content_opens(world: World) -> None:
    forget_terms(world, "dsl")
    client = signed_in(world.dsl)
    answer = client.post("/clearance/", {"partnership": world.partnership.slug, "version": "2"}, follow=True)
    assert "You have acknowledged the terms" in answer.content.decode()
    assert client.get(f"/alerts/{world.first.ref}/").status_code == 200
    with fixtures():
        assert AuditEntry.objects.filter(event="terms.acknowledged", actor=world.dsl).count() == 1


@pytest.mark.req("AGR-08")
def test_old_terms_cannot_be_acknowledged_and_nobody_acknowledges_for_a_partnership_that_is_not_theirs(
    world: World,
) -> None:
    with as_user(world.dsl):
        with pytest.raises(Conflict, match="newer version"):
            training.acknowledge(partnership=world.partnership.slug, version=1, by=world.dsl)
        with pytest.raises(NotVisible):
            training.acknowledge(partnership="another", version=2, by=world.dsl)


@pytest.mark.req("NTK-06", "ALR-26")
def test_an_administrator_records_a_course_with_evidence_and_content_opens(world: World) -> None:
    lapse(world, "dsl")
    path = f"/members/{world.school.slug}/people/{world.dsl.code}/training/"
    admin, today = signed_in(world.admin), timezone.localdate()
    form = {
        "course": f"{world.partnership.slug}/sharing", "evidence": "Certificate 12",
        "completed_on_0": today.day, "completed_on_1": today.month, "completed_on_2": today.year,
    }  # fmt: skip
    assert "Enter what you have seen as evidence" in admin.post(path, {**form, "evidence": ""}).content.decode()
    assert "still to come" in admin.post(path, {**form, "completed_on_2": today.year + 1}).content.decode()
    assert "has to be done again" in admin.post(path, {**form, "completed_on_2": today.year - 3}).content.decode()
    assert "was recorded for" in admin.post(path, form, follow=True).content.decode()
    assert signed_in(world.dsl).get(f"/alerts/{world.first.ref}/").status_code == 200
    with as_user(world.officer), pytest.raises(NotVisible):
        training.record_training(
            agency=world.school, user=world.dsl, course=world.partnership.courses.get(), completed_on=today,
            evidence="none", by=world.officer,
        )  # fmt: skip


@pytest.mark.req("NTK-06", "ALR-23")
def test_an_alert_goes_on_to_who_can_open_it_and_the_lead_is_told_all_the_same(world: World) -> None:
    from alerts.delivery.services import prepare_alerts, send

    lapse(world, "other_dsl")
    with fixtures():
        head = world.head
        Membership.objects.filter(user=head).update(agency=world.other_school)
        notification = screened(world, world.other_school)
    with as_user(world.officer):
        [alert] = prepare_alerts(notification, by=world.officer)
    with as_service("dispatch"):
        send(alert.pk)
    with fixtures():
        told = set(Email.objects.filter(about_id=alert.pk, template="alert_sent").values_list("to", flat=True))
    assert told == {world.other_dsl.email, world.head.email}
    with as_user(world.head):
        assert Alert.objects.visible_to(world.head).filter(pk=alert.pk).exists()
    with as_user(world.other_dsl):
        assert not Alert.objects.filter(pk=alert.pk).exists()


@pytest.mark.req("NTK-06", "ALR-23")
def test_when_nobody_can_open_it_the_hubs_board_says_so(world: World) -> None:
    lapse(world, "dsl", "deputy", "head")
    page = signed_in(world.officer).get(f"/sent/{world.first.ref}/").content.decode()
    assert "Nobody at the setting can read this alert" in page
    assert "training or acknowledgement has lapsed" in page


@pytest.mark.req("NTK-06")
def test_a_persons_own_system_is_told_why_and_never_that_nothing_waits(world: World) -> None:
    with fixtures(), as_service("setup"):
        secret = tokens.issue_to_person(user=world.dsl)
    lapse(world, "dsl")
    from django.test import Client

    answer = Client().get("/api/v1/alerts/", headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 403
    assert "Training or acknowledgement is missing" in answer.json()["detail"]


@pytest.mark.req("NTK-06")
def test_thirty_days_before_the_end_one_email_says_so_and_a_banner_stands_on_every_page(world: World) -> None:
    with fixtures():
        for record in TrainingRecord.objects.filter(user=world.dsl):
            record.expires_at = timezone.now() + 10 * DAY
            record.save()
    for expected in (1, 0):
        with as_service("dispatch"):
            assert training.remind_of_lapse() == expected
    with fixtures():
        assert Email.objects.get(template="clearance_ending").to == world.dsl.email
    assert "Your access ends soon" in signed_in(world.dsl).get("/alerts/").content.decode()
    assert not mail.outbox


@pytest.mark.parametrize(
    ("completed", "months", "last"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2026, 12, 1), 12, dt.date(2027, 12, 1)),
        (dt.date(2024, 2, 29), 24, dt.date(2026, 2, 28)),
        (dt.date(2026, 3, 28), 1, dt.date(2026, 4, 28)),
    ],
)
@pytest.mark.req("NTK-06")
def test_a_course_counts_until_the_end_of_the_same_day_so_many_months_later(
    completed: dt.date, months: int, last: dt.date
) -> None:
    assert clearance.last_day(training.end_of_validity(completed, months)) == last


@pytest.mark.req("NTK-06")
def test_courses_of_many_colleagues_cost_no_more_queries(world: World, django_assert_max_num_queries) -> None:
    with as_user(world.dsl), django_assert_max_num_queries(8):
        [standing] = clearance.standings(world.dsl)
    assert standing.is_complete
    with pytest.raises(Refused), as_user(world.admin):
        training.record_training(
            agency=world.school, user=world.dsl, course=world.partnership.courses.get(),
            completed_on=timezone.localdate() + DAY, evidence="none", by=world.admin,
        )  # fmt: skip
