"""A MASH officer with sixty incidents before nine: the next one, what changed meanwhile, two reports of one incident (MSH-01)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts.intake.services import change_settings
from alerts.models import Alert, Notification
from alerts.screening.links import link, twins_of, unlink
from safeguarding.agencies.enums import AgencyKind
from safeguarding.children.enums import PlacementSource
from safeguarding.children.services import place
from safeguarding.errors import Conflict, NotVisible
from tests.delivery.support import drain
from tests.factories import AgencyFactory, NotificationChildFactory, World
from tests.screening.conftest import child_of, with_child, with_waiting_child
from tests.screening.test_pages import DECIDED, again, text_of
from tests.support.db import as_service, as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "outside"])


# ---------------------------------------------------------------- the next one
@pytest.mark.req("MSH-01")
def test_the_next_is_what_is_due_first_of_what_nobody_works_on(world: World) -> None:
    now = timezone.now()
    with fixtures():
        later = with_child(world, due_at=now + dt.timedelta(hours=5))
        held = with_child(world, due_at=now, claimed_by=world.manager, claimed_at=now)
        soon = with_child(world, due_at=now + dt.timedelta(hours=1))
    officer = signed_in(world.officer)
    for expected in (soon, later):
        response = officer.post("/queue/next/")
        assert response.headers["Location"] == f"/queue/{expected.ref}/"
        assert again(expected).claimed_by == world.officer
    assert officer.post("/queue/next/").headers["Location"] == "/queue/"
    assert again(held).claimed_by == world.manager


@pytest.mark.req("MSH-01")
def test_saving_can_lead_to_the_next(world: World) -> None:
    with fixtures():
        first, second = with_child(world), with_child(world, due_at=timezone.now() + dt.timedelta(hours=9))
    officer = signed_in(world.officer)
    officer.post("/queue/next/")
    response = officer.post(f"/queue/{first.ref}/screen/", {**DECIDED, "then": "next"})
    assert response.headers["Location"] == f"/queue/{second.ref}/"
    assert again(second).claimed_by == world.officer


def test_who_works_elsewhere_has_no_next(world: World) -> None:
    for stranger in (world.constable, world.dsl, world.ig_lead):
        assert signed_in(stranger).post("/queue/next/").status_code == 404


# ---------------------------------------------------------------- what changed meanwhile
@pytest.mark.req("MSH-01")
def test_the_second_sees_what_changed_and_keeps_the_words(world: World, notification: Notification) -> None:
    shown_at = timezone.now().isoformat()
    with as_user(world.manager):
        change_settings(
            child=child_of(notification), setting=world.other_school, second=None, nowhere=False, by=world.manager
        )
    officer = signed_in(world.officer)
    typed = {**DECIDED, "reason": "What I had typed", "shown_at": shown_at}
    response = officer.post(f"/queue/{notification.ref}/screen/", typed)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Settings of a child changed" in page
    assert world.manager.name in page
    assert page.count("What I had typed") == 2
    assert again(notification).status == "received"
    # read again, and decided on what is there now
    response = officer.post(f"/queue/{notification.ref}/screen/", {**typed, "version": "2"})
    assert response.status_code == 302


# ---------------------------------------------------------------- settings
@pytest.mark.req("ALR-03", "ALR-04")
def test_a_child_at_two_settings_has_an_alert_at_each_and_each_sees_its_own(
    world: World, notification: Notification
) -> None:
    officer = signed_in(world.officer)
    path = f"/queue/{notification.ref}/children/2/settings/"
    assert "registered at a second setting" in text_of(officer, path)
    form = {"search": "Second", "setting": world.school.slug, "second": world.other_school.slug}
    assert officer.post(path, {**form, "action": "search"}).status_code == 200
    assert officer.post(path, {**form, "action": "save"}).status_code == 302
    officer.post(f"/queue/{notification.ref}/screen/", {**DECIDED, "version": "2"})
    drain()
    with as_service("dispatch"):
        ours, theirs = Alert.objects.filter(notification=notification).order_by("pk")
    assert (ours.setting, theirs.setting) == (world.school, world.other_school)
    text_of(world.dsl, f"/alerts/{ours.ref}/")
    text_of(world.dsl, f"/alerts/{theirs.ref}/", 404)
    text_of(world.other_dsl, f"/alerts/{theirs.ref}/")
    text_of(world.other_dsl, f"/alerts/{ours.ref}/", 404)


@pytest.mark.req("ALR-03")
@pytest.mark.parametrize(("second", "sentence"), [("same", "another than the first"), ("home", "or say No here")])
def test_two_settings_are_two(world: World, notification: Notification, second: str, sentence: str) -> None:
    form = {"search": "Second School", "setting": world.school.slug, "second": world.school.slug, "action": "save"}
    if second == "home":
        form |= {"setting": "home", "second": world.other_school.slug}
    response = signed_in(world.officer).post(f"/queue/{notification.ref}/children/2/settings/", form)
    assert sentence in response.content.decode()


@pytest.mark.req("ALR-03")
def test_a_child_at_no_setting_is_nobodys_alert_and_the_report_goes(world: World, notification: Notification) -> None:
    with as_user(world.officer):
        change_settings(child=child_of(notification), setting=None, second=None, nowhere=True, by=world.officer)
    signed_in(world.officer).post(f"/queue/{notification.ref}/screen/", {**DECIDED, "version": "2"})
    drain()
    now = again(notification)
    assert (now.status, now.content) == ("closed", None)
    assert now.purged_at is not None
    with as_service("dispatch"):
        assert not Alert.objects.filter(notification=notification).exists()
    with as_user(world.officer), pytest.raises(Conflict):
        change_settings(
            child=child_of(notification), setting=world.school, second=None, nowhere=False, by=world.officer
        )


@pytest.mark.req("ALR-03")
def test_where_the_record_says_another_setting_the_officer_is_asked(world: World, notification: Notification) -> None:
    with as_user(world.officer):
        place(child=child_of(notification).child, setting=world.other_school, source=PlacementSource.REGISTER)
    page = text_of(world.officer, f"/queue/{notification.ref}/")
    assert "Our record says: Second School" in page
    assert "Has the child moved, or does it go to both?" in page


# ---------------------------------------------------------------- one incident, two forces
@pytest.fixture
def two_reports(world: World) -> tuple[Notification, Notification]:
    with fixtures():
        child = world.child()
        border = AgencyFactory(kind=AgencyKind.POLICE, partnership=world.partnership, name="Border Police")
        first = with_child(world, row={"child": child})
        second = with_child(world, row={"child": child})
        Notification.objects.filter(pk=second.pk).update(source=border)
    return first, second


def pressed(world: World, one: Notification, other: Notification, action: str) -> int:
    path = f"/queue/{one.ref}/same/{other.ref}/"
    return signed_in(world.officer).post(path, {"action": action}).status_code


@pytest.mark.req("ALR-03", "ALR-10")
def test_two_reports_of_one_incident_stand_side_by_side_and_are_never_joined_by_themselves(
    world: World, two_reports: tuple[Notification, Notification]
) -> None:
    first, second = two_reports
    page = text_of(world.officer, f"/queue/{first.ref}/")
    assert "May be the same incident" in page
    assert "Border Police" in page
    assert again(first).incident is None
    assert pressed(world, first, second, "same") == 302
    for each in two_reports:
        signed_in(world.officer).post(f"/queue/{each.ref}/screen/", {**DECIDED, "version": "2"})
    drain()
    with as_service("dispatch"):
        ours, theirs = Alert.objects.order_by("pk")
    assert (ours.origin, theirs.origin) == ("Police", "Border Police")
    page = text_of(world.dsl, f"/alerts/{ours.ref}/")
    assert "about the same incident as" in page
    assert theirs.ref in page
    # and back
    assert pressed(world, first, second, "apart") == 302
    assert "about the same incident as" not in text_of(world.dsl, f"/alerts/{ours.ref}/")


@pytest.mark.req("ALR-03")
def test_another_child_another_day_or_a_withdrawn_one_is_no_twin(world: World) -> None:
    with fixtures():
        child = world.child()
        mine = with_child(world, row={"child": child})
        with_child(world)
        with_child(world, row={"child": child}, occurred_at=mine.occurred_at - dt.timedelta(hours=25))
        with_child(world, row={"child": child}, status="closed", withdrawn_at=timezone.now())
        near = with_child(world, row={"child": child}, occurred_at=mine.occurred_at - dt.timedelta(hours=23))
    with as_user(world.officer):
        assert [twin.notification for twin in twins_of(mine, for_user=world.officer)] == [near]


@pytest.mark.req("NTK-02")
def test_only_who_works_on_both_links_them(world: World, two_reports: tuple[Notification, Notification]) -> None:
    first, second = two_reports
    for act in (link, unlink):
        with as_user(world.dsl), pytest.raises(NotVisible):
            act(ref=first.ref, other=second.ref, by=world.dsl)
        with as_user(world.officer), pytest.raises(NotVisible):
            act(ref=first.ref, other=first.ref, by=world.officer)


def test_the_page_costs_the_same_with_more_children_and_reports(world: World) -> None:
    def queries(number: int) -> int:
        with fixtures():
            child = world.child()
            mine = with_child(world, row={"child": child})
            for position in range(number):
                with_child(world, row={"child": child})
                NotificationChildFactory(
                    notification=mine, partnership=world.partnership, controller=world.mash, position=position + 3,
                    child=world.child(given_name=f"Sib{position}"), setting=world.school,
                )  # fmt: skip
        client = signed_in(world.officer)
        client.get(f"/queue/{mine.ref}/")
        with CaptureQueriesContext(connection) as counted:
            client.get(f"/queue/{mine.ref}/")
        return len(counted)

    assert queries(1) == queries(4)


def test_waiting_children_may_be_twins_too(world: World) -> None:
    with fixtures():
        mine = with_waiting_child(world)
        child = world.child()
        child_of_mine = child_of(mine)
        child_of_mine.candidates.create(child=child, score=70, partnership=world.partnership, controller=world.mash)
        other = with_child(world, row={"child": child})
    with as_user(world.officer):
        assert [twin.notification for twin in twins_of(mine, for_user=world.officer)] == [other]
