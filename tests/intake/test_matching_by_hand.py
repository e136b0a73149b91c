"""The child that waits: both records side by side, a person's decision, and what follows (ALR-03)."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import timezone

from alerts.intake import services
from alerts.intake.corrections import correct
from alerts.intake.enums import Channel, DecisionReason
from alerts.intake.models import MatchCandidate, Notification, NotificationChild
from alerts.intake.parsing import parse
from alerts.models import Alert
from safeguarding.agencies.models import User
from safeguarding.audit.models import AuditEntry
from safeguarding.children.enums import PlacementSource
from safeguarding.children.models import Child, Placement
from safeguarding.children.services import leave, place
from safeguarding.errors import Conflict
from safeguarding.web.api.strict_json import canonical
from tests.factories import World
from tests.intake.bodies import example, missing, with_child
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]


def receive(world: World, body: dict) -> services.Receipt:
    with as_user(world.constable):
        return services.receive(
            content=parse(body, now=timezone.localtime()),
            body=canonical(body),
            source=world.police,
            partnership=world.partnership,
            channel=Channel.API,
            by=world.constable,
        )


@pytest.fixture
def possible(world: World) -> NotificationChild:
    """A child on record, and a notification about one whose name is misspelt."""
    receive(world, example(reference="1"))
    return receive(world, with_child(given_name="Otilie", setting=None) | {"reference": "2"}).children[0]


def path(child: NotificationChild) -> str:
    return f"/queue/{child.notification.ref}/children/{child.position}/"


@pytest.mark.req("ALR-03")
def test_both_records_stand_side_by_side_with_reasons(
    world: World, browser: Browser, possible: NotificationChild
) -> None:
    page = browser(world.officer).get(path(possible))
    assert page.status_code == 200
    text = page.content.decode()
    for shown in ("Otilie", "Ottilie", "Similar given name", "Same date of birth", "First School", "4 May 2016"):
        assert shown in text
    with as_service("setup"):
        entry = AuditEntry.objects.get(event="notification.opened")
        assert entry.actor == world.officer
        assert entry.objects_shown[0] == possible.notification.ref


@pytest.mark.req("NTK-02")
def test_only_the_hub_sees_a_child_that_waits(world: World, browser: Browser, possible: NotificationChild) -> None:
    for stranger in (world.constable, world.dsl, world.tutor, world.ig_lead, world.ehe):
        assert browser(stranger).get(path(possible)).status_code == 404
        assert browser(stranger).post(path(possible), {"action": "confirm"}).status_code == 404


def decision(**changes: str) -> dict[str, str]:
    return {"same_as": "new", "setting": "home", "reason": "details", "search": "", "action": "confirm", **changes}


@pytest.mark.req("ALR-03")
def test_the_same_child_at_its_school(world: World, browser: Browser, possible: NotificationChild) -> None:
    with as_user(world.officer):
        candidate = MatchCandidate.objects.get().child
    address = path(possible)
    client = browser(world.officer)
    chosen = decision(same_as=candidate.ref, setting=world.school.slug)
    check = client.post(address, {**chosen, "action": "check"}).content.decode()
    assert "Confirm the decision" in check
    assert "Ottilie" in check
    with as_user(world.officer):
        possible.refresh_from_db()
        assert possible.state == "waiting"
    client.post(address, chosen)
    with as_user(world.officer):
        possible.refresh_from_db()
        assert (possible.state, possible.child, possible.setting) == ("settled", candidate, world.school)
        assert (possible.decided_by, possible.decided_because, possible.match) == (world.officer, "details", "possible")
        assert Child.objects.count() == 1
    with as_service("setup"):
        assert AuditEntry.objects.get(event="child.match_decided").additional_data["new"] is False


@pytest.mark.req("ALR-03")
def test_another_child_found_by_searching_its_school(
    world: World, browser: Browser, possible: NotificationChild
) -> None:
    client = browser(world.officer)
    found = client.post(path(possible), decision(search="second", action="search", setting="")).content.decode()
    assert "Second School, URN 999002" in found
    assert "There is a problem" not in found
    assert "1 setting found" in found
    client.post(path(possible), decision(search="second", setting=world.other_school.slug))
    with as_user(world.officer):
        possible.refresh_from_db()
        assert (possible.state, possible.setting) == ("settled", world.other_school)
        assert Child.objects.count() == 2
        assert Placement.objects.get(child=possible.child).setting == world.other_school


@pytest.mark.req("ALR-06")
def test_at_home_goes_to_the_council(world: World, browser: Browser, possible: NotificationChild) -> None:
    browser(world.officer).post(path(possible), decision())
    with as_user(world.officer):
        possible.refresh_from_db()
        assert (possible.home_educated, possible.setting) == (True, world.council)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"same_as": ""}, "Say who this child is"),
        ({"same_as": "C-0000-0000"}, "Choose one of the children shown"),
        ({"setting": ""}, "Say where the child goes to school"),
        ({"setting": "nowhere"}, "Choose one of the settings shown"),
        ({"reason": ""}, "Say why you are sure"),
    ],
)
def test_what_is_missing_is_said_and_what_was_chosen_is_kept(
    world: World, browser: Browser, possible: NotificationChild, changes: dict[str, str], sentence: str
) -> None:
    page = browser(world.officer).post(path(possible), decision(**changes)).content.decode()
    assert "There is a problem" in page
    assert sentence in page
    with as_user(world.officer):
        possible.refresh_from_db()
        assert possible.state == "waiting"


@pytest.mark.req("ALR-03")
def test_a_decision_is_made_once(world: World, browser: Browser, possible: NotificationChild) -> None:
    client = browser(world.officer)
    client.post(path(possible), decision())
    again = client.post(path(possible), decision(setting=world.school.slug))
    assert again.status_code == 409
    assert "Somebody has already decided" in again.content.decode()
    with as_user(world.officer):
        possible.refresh_from_db()
        assert possible.home_educated


@pytest.mark.req("ALR-04")
def test_two_children_of_one_notification_are_never_one(world: World) -> None:
    receive(world, example(reference="1"))
    body = with_child() | {"reference": "2"}
    body["people"].append({**body["people"][2], "given_name": "Otilie", "relationships": []})
    sure, waiting = receive(world, body).children
    with as_user(world.officer), pytest.raises(Conflict, match="Another child of this notification"):
        services.decide_match(
            child=waiting,
            same_as=sure.child,
            setting=world.school,
            reason=DecisionReason.DETAILS_AGREE,
            by=world.officer,
        )


@pytest.mark.req("ALR-03")
def test_without_screening_the_sure_child_goes_and_the_other_follows(world: World) -> None:
    with fixtures():
        world.partnership.screens = False
        world.partnership.save()
    receive(world, missing(reference="1"))
    with as_service("dispatch"):
        assert Alert.objects.count() == 1
    body = with_child(given_name="Otilie") | {"reference": "2"}
    body["people"].append({**body["people"][2], "given_name": "Barnaby", "relationships": []})
    receipt = receive(world, body)
    assert [child.state for child in receipt.children] == ["waiting", "settled"]
    assert receipt.notification.status == "screened"
    with as_service("dispatch"):
        assert Alert.objects.filter(notification=receipt.notification).count() == 1
    with as_user(world.officer):
        services.decide_match(
            child=receipt.children[0],
            same_as=None,
            setting=world.school,
            reason=DecisionReason.POLICE_CONFIRMED,
            by=world.officer,
        )
    with as_service("dispatch"):
        assert Alert.objects.filter(notification=receipt.notification).count() == 2


@pytest.mark.req("ALR-03")
def test_a_screening_partnership_sends_nothing_by_itself(world: World) -> None:
    receipt = receive(world, example())
    assert receipt.notification.status == "received"
    with as_service("dispatch"):
        assert not Alert.objects.exists()


@pytest.mark.req("ALR-03")
def test_a_known_child_at_two_settings_waits_for_a_person(world: World) -> None:
    receive(world, example(reference="1"))
    receive(world, with_child(setting={"urn": "999002"}) | {"reference": "2"})
    child = receive(world, with_child(setting=None) | {"reference": "3"}).children[0]
    assert (child.match, child.state, child.waiting_for) == ("matched", "waiting", "setting")


@pytest.mark.req("ALR-03")
def test_where_the_child_is_known_only_its_setting_is_asked(world: World, browser: Browser) -> None:
    child = receive(world, with_child(setting={"name": "Somewhere"})).children[0]
    client = browser(world.officer)
    page = client.get(path(child)).content.decode()
    assert "Where does this child go to school?" in page
    assert "Who is this child?" not in page
    client.post(
        path(child), {"setting": world.school.slug, "search": "999001", "reason": "setting", "action": "confirm"}
    )
    with as_user(world.officer):
        child.refresh_from_db()
        assert (child.state, child.setting) == ("settled", world.school)


@pytest.mark.req("ALR-03", "ALR-28")
@pytest.mark.parametrize("screens", [True, False])
def test_a_child_who_moved_yesterday_is_told_of_nowhere_before_a_person_has_looked(
    world: World, browser: Browser, screens: bool
) -> None:
    """The police name the school that the child has left: nothing goes there by itself, screened or not."""
    with fixtures():
        world.partnership.screens = screens
        world.partnership.save()
    first = receive(world, example(reference="1")).children[0]
    assert first.child is not None
    with as_service("matching"):
        leave(child=first.child, setting=world.school)
        place(child=first.child, setting=world.other_school, source=PlacementSource.PERSON)
    child = receive(world, example(reference="2")).children[0]
    assert (child.match, child.state, child.waiting_for) == ("matched", "waiting", "setting")
    with as_service("dispatch"):
        assert not Alert.objects.filter(notification=child.notification).exists()
        assert not Placement.objects.filter(setting=world.school, ends_on=None).exists()
    client = browser(world.officer)
    queue = client.get(f"/queue/{child.notification.ref}/").content.decode()
    assert "The police name First School, which the child has left on our record" in queue
    assert "Our record says: Second School" in queue
    page = client.get(path(child)).content.decode()
    assert "On our record the child has left it and goes to Second School now. Nothing was sent." in page
    said = {"setting": world.school.slug, "search": "", "reason": "setting", "action": "confirm"}
    assert client.post(path(child), said).status_code == 302
    # a person said so, and so it stands: the child is back there, and nobody is asked again
    third = receive(world, example(reference="3")).children[0]
    assert (third.state, third.setting) == ("settled", world.school)


@pytest.mark.req("ALR-28")
def test_a_correction_puts_no_child_back_at_a_setting_that_it_has_left(world: World) -> None:
    received = receive(world, example(reference="1"))
    [child] = received.children
    assert child.child is not None
    with as_service("matching"):
        leave(child=child.child, setting=world.school)
    body = example(reference="1", risk="high")
    with as_user(world.constable):
        correct(
            received.notification, content=parse(body, now=timezone.localtime()), body=canonical(body),
            channel=Channel.API, by=world.constable,
        )  # fmt: skip
    with as_service("dispatch"):
        assert not Placement.objects.filter(child=child.child, ends_on=None).exists()


@pytest.mark.req("ALR-23")
def test_due_before_the_bell_when_the_clock_is_longer(world: World) -> None:
    receipt = receive(world, example(risk="standard"))
    hours = (receipt.notification.due_at - receipt.notification.received_at).total_seconds() / 3600
    assert 0 < hours <= 72
    high = receive(world, with_child(given_name="Barnaby") | {"reference": "2", "risk": "high"}).notification
    assert (high.due_at - high.received_at).total_seconds() <= 4 * 3600


@pytest.mark.req("ALR-01")
def test_the_number_of_queries_does_not_grow_with_children_on_record(
    world: World, django_assert_max_num_queries
) -> None:  # pytest-django's fixture
    for number in range(8):
        receive(world, with_child(given_name=f"Child{'abcdefgh'[number]}xyz") | {"reference": f"x{number}"})
    with django_assert_max_num_queries(60):
        receive(world, example(reference="last"))
    with as_user(world.officer):
        assert Notification.objects.count() == 9


@pytest.mark.req("ALR-03", "ALR-09")
def test_a_child_that_waits_for_its_setting_is_decided_after_a_correction(world: World) -> None:
    """The row that the correction replaced is the same child, and not another one."""
    body = with_child(setting=None)
    notification = receive(world, body).notification
    amended = body | {"risk": "high"}
    with as_user(world.constable):
        correct(
            notification,
            content=parse(amended, now=timezone.localtime()),
            body=canonical(amended),
            channel=Channel.API,
            by=world.constable,
        )
    with as_user(world.officer):
        row = NotificationChild.objects.visible_to(world.officer).get(notification=notification, generation=1)
        assert (row.state, row.waiting_for) == ("waiting", "setting")
        decided = services.decide_match(
            child=row, same_as=None, setting=world.school, reason=DecisionReason.SETTING_CONFIRMED, by=world.officer
        )
    assert (decided.state, decided.setting) == ("settled", world.school)
