"""What the hub sees in the browser."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts.delivery.services import settle
from alerts.intake.content import Location, NamedSetting, Person, Relationship
from alerts.models import Notification, Screening
from alerts.screening import services
from alerts.screening.enums import Decision
from safeguarding.agencies.models import User
from safeguarding.audit.models import AuditEntry
from tests.factories import FAMILY, NotificationChildFactory, World, police_content
from tests.screening.conftest import with_child, with_waiting_child
from tests.support.db import as_service, as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "outside"])

DECIDED = {"level": "2", "decision": "send", "reason": "Known to early help.", "version": "1"}


def text_of(who: User | Client, path: str, status: int = 200) -> str:
    client = who if isinstance(who, Client) else signed_in(who)
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


def entry(event: str) -> AuditEntry:
    with as_service("dispatch"):
        return AuditEntry.objects.filter(event=event).latest("pk")


def again(notification: Notification) -> Notification:
    with as_service("dispatch"):
        return Notification.objects.select_related("claimed_by").get(pk=notification.pk)


# ---------------------------------------------------------------- the queue
@pytest.mark.req("MSH-01", "AUD-01")
def test_the_queue_says_in_words_what_each_notification_is_and_needs(world: World) -> None:
    now = timezone.now()
    people = (*FAMILY, Person(role="child", given_name="Ivo", family_name="Quillfeather"))
    with fixtures():
        late = with_child(
            world,
            risk="high",
            due_at=now - dt.timedelta(minutes=40, seconds=10),
            content=police_content(people=people).to_json(),
            claimed_by=world.manager,
            claimed_at=now,
        )
        soon = with_waiting_child(world, risk="", due_at=now + dt.timedelta(hours=2, minutes=5))
    page = text_of(world.officer, "/queue/")
    assert page.index(late.ref) < page.index(soon.ref)
    first, second = page[page.index(late.ref) : page.index(soon.ref)], page[page.index(soon.ref) :]
    for words in ("High risk", ">Red<", "Overdue by 40 minutes", "Domestic abuse", late.reference, world.manager.name):
        assert words in first
    assert "age not known" in first
    for words in ("Risk not given", ">Amber<", "Due in 2 hours", "A match", "Claim<"):
        assert words in second
    assert "Quillfeather" not in page
    assert "CANARY" not in page
    assert entry("notification.listed").objects_shown == [late.ref, soon.ref]


@pytest.mark.req("MSH-01", "ALR-03")
def test_each_list_holds_what_its_name_says(world: World) -> None:
    with fixtures():
        plain = with_child(world)
        mine = with_child(world, claimed_by=world.officer, claimed_at=timezone.now(), kind="missing_episode")
        waits = with_waiting_child(world, risk="high")
        screened = with_waiting_child(world, "setting", status="screened")
        done = with_child(world, status="sent")
    everything = (plain, mine, waits, screened, done)
    client = signed_in(world.officer)
    for query, shown in (
        ("", [plain, mine, waits]),
        ("?view=mine", [mine]),
        ("?view=waiting", [waits, screened]),
        ("?view=all", [plain, mine, waits, screened]),
        ("?kind=missing_episode", [mine]),
        ("?risk=high", [waits]),
        ("?risk=none&view=all", [plain, mine, screened]),
        ("?risk=nonsense&view=nonsense", [plain, mine, waits]),
    ):
        page = text_of(client, f"/queue/{query}")
        assert [each for each in everything if each.ref in page] == shown, query
    page = text_of(client, "/queue/")
    counts = {tab.title: tab.count for tab in client.get("/queue/").context["tabs"]}
    assert counts == {"To screen": "3", "Mine": "1", "Waiting for a match": "2", "All open": "4"}
    assert "No notifications match this filter" in text_of(client, "/queue/?risk=standard")
    assert page


@pytest.mark.req("ALR-02")
def test_where_nobody_screens_only_a_waiting_child_needs_a_person(db: None) -> None:
    with fixtures():
        world = World(screens=False)
        waits = with_waiting_child(world)
        with_child(world)
    client = signed_in(world.officer)
    assert "Nothing waits to be screened" in text_of(client, "/queue/")
    assert [row.notification for row in client.get("/queue/?view=all").context["page"].rows] == [waits]
    assert "sends notifications without screening" in text_of(client, f"/queue/{waits.ref}/")


def test_empty_lists_say_what_that_means(world: World) -> None:
    client = signed_in(world.officer)
    assert "Nothing waits to be screened" in text_of(client, "/queue/")
    assert "You have claimed nothing" in text_of(client, "/queue/?view=mine")
    assert "No child waits" in text_of(client, "/queue/?view=waiting")
    assert "Nothing is open" in text_of(client, "/queue/?view=all")


@pytest.mark.req("NTK-01", "NTK-02")
def test_nobody_else_has_a_queue_or_a_notification(world: World, notification: Notification) -> None:
    for person in (world.dsl, world.head, world.tutor, world.constable, world.ig_lead, world.admin, world.ehe):
        client = signed_in(person)
        for path in ("/queue/", f"/queue/{notification.ref}/", "/queue/N-0000-0000/"):
            assert client.get(path).status_code == 404
        for verb in ("claim", "release", "screen"):
            assert client.post(f"/queue/{notification.ref}/{verb}/", DECIDED).status_code == 404
    assert again(notification).status == "received"


def test_pages_follow_each_other_without_gap_or_double(world: World) -> None:
    due = timezone.now()
    with fixtures():
        made = [with_child(world, due_at=due + dt.timedelta(minutes=n // 3)) for n in range(60)]
    client, seen, path = signed_in(world.officer), [], "/queue/"
    while path:
        page = client.get(path).context["page"]
        seen += [row.notification.ref for row in page.rows]
        path = f"/queue/?cursor={page.older}" if page.older else ""
    assert seen == [each.ref for each in sorted(made, key=lambda each: (each.due_at, each.pk))]


def test_the_queue_costs_the_same_number_of_queries_for_one_and_for_twenty(world: World) -> None:
    with fixtures():
        with_waiting_child(world)
    client = signed_in(world.officer)
    client.get("/queue/")
    with CaptureQueriesContext(connection) as one:
        client.get("/queue/")
    with fixtures():
        for _ in range(19):
            with_child(world, claimed_by=world.manager, claimed_at=timezone.now())
    with CaptureQueriesContext(connection) as twenty:
        client.get("/queue/")
    assert len(twenty) == len(one)


# ---------------------------------------------------------------- one notification
@pytest.mark.req("MSH-01", "ALR-01", "ALR-10", "AUD-01")
def test_a_notification_on_one_page(world: World) -> None:
    child = Person(
        role="child",
        given_name="Ottilie",
        family_name="Quillfeather",
        date_of_birth=dt.date(2016, 5, 4),
        upn="A123",
        setting=NamedSetting(name="the school by the river"),
        relationships=(Relationship(to=1, kind="step-child"),),
    )
    content = police_content(
        people=(*FAMILY[:2], child), family_informed=True, location=Location(("1 Example Road",), "BH1 1AA")
    )
    with fixtures():
        notification = with_waiting_child(
            world,
            "setting",
            risk="high",
            content=content.to_json(),
            warnings=[{"pointer": "/people/2/upn", "detail": "The check letter of this UPN is wrong."}],
        )
    page = text_of(world.officer, f"/queue/{notification.ref}/")
    for words in (
        "CANARY narrative",
        "1 Example Road",
        "BH1 1AA",
        "4 May 2016",
        "Step-child of Osric Vane (perpetrator)",
        "Ottilie Quillfeather: The check letter of this UPN is wrong.",
        "The setting is not known: a person finds it",
        "the school by the river",
        f"/queue/{notification.ref}/children/2/",
        "This report is the property of Police and stays it",
        "OFFICIAL-SENSITIVE",
        "Level 4: Specialist",
        "Significant concerns",
    ):
        assert words in page, words
    told = page[page.index("Family told that settings are informed") :]
    assert "Yes" in told[: told.index("</dd>")]
    opened = entry("notification.opened")
    assert (opened.actor_id, opened.notification_id) == (world.officer.pk, notification.pk)
    assert opened.purpose == "Screen a notification"


@pytest.mark.req("NTK-08")
def test_who_can_see_a_notification_and_why(world: World, notification: Notification) -> None:
    page = text_of(world.officer, f"/queue/{notification.ref}/")
    readers = page[page.index("Who can see this, and why") :]
    assert "<bdi>You</bdi>, MASH officer at The hub: This team screens the notification." in readers
    assert f"<bdi>{world.manager.name}</bdi>, MASH manager" in readers
    assert f"<bdi>{world.constable.name}</bdi>" in readers
    assert "sees how far it has got" in readers
    for nobody in (world.dsl, world.head, world.ig_lead):
        assert f"<bdi>{nobody.name}</bdi>" not in readers


@pytest.mark.req("ALR-09")
def test_earlier_notifications_are_references_and_dates_only(world: World, notification: Notification) -> None:
    with fixtures():
        child = notification.children.get().child
        earlier = world.notification(
            status="sent", content=None, purged_at=timezone.now(), occurred_at=timezone.now() - dt.timedelta(days=90)
        )
        for each in (earlier,):
            NotificationChildFactory(
                notification=each,
                partnership=world.partnership,
                controller=world.mash,
                child=child,
                setting=world.school,
            )
        unrelated = with_child(world)
    page = text_of(world.officer, f"/queue/{notification.ref}/")
    assert earlier.ref in page
    assert unrelated.ref not in page


def test_a_page_of_a_notification_costs_a_fixed_number_of_queries(world: World, notification: Notification) -> None:
    client = signed_in(world.officer)
    client.get(f"/queue/{notification.ref}/")
    with CaptureQueriesContext(connection) as one:
        client.get(f"/queue/{notification.ref}/")
    with fixtures():
        people = (*FAMILY, *(Person("child", f"Child{n}", "Vane") for n in range(6)))
        many = with_child(world, content=police_content(people=people).to_json())
        for position in range(3, 9):
            NotificationChildFactory(
                notification=many,
                position=position,
                partnership=world.partnership,
                controller=world.mash,
                child=world.child(),
                setting=world.other_school,
            )
    client.get(f"/queue/{many.ref}/")
    with CaptureQueriesContext(connection) as seven:
        client.get(f"/queue/{many.ref}/")
    assert len(seven) == len(one)


# ---------------------------------------------------------------- claiming and deciding
@pytest.mark.req("MSH-01")
def test_taking_over_asks_first(world: World, notification: Notification) -> None:
    signed_in(world.manager).post(f"/queue/{notification.ref}/claim/")
    client = signed_in(world.officer)
    asked = client.post(f"/queue/{notification.ref}/claim/")
    assert asked.status_code == 409
    assert f"from <bdi>{world.manager.name}</bdi>?" in asked.content.decode()
    assert again(notification).claimed_by == world.manager
    for made_up in ("nonsense", "2026-01-01T00:00:00+00:00", "2026-99-01T00:00:00Z"):
        assert client.post(f"/queue/{notification.ref}/claim/", {"held_since": made_up}).status_code == 409
    held_since = again(notification).claimed_at.isoformat()
    taken = client.post(f"/queue/{notification.ref}/claim/", {"held_since": held_since}, follow=True)
    assert f"You have claimed {notification.ref}." in taken.content.decode()
    assert again(notification).claimed_by == world.officer
    released = client.post(f"/queue/{notification.ref}/release/", follow=True)
    assert f"You have released {notification.ref}." in released.content.decode()
    assert again(notification).claimed_by is None


@pytest.mark.req("MSH-01", "ALR-11")
def test_a_decision_in_the_browser(world: World, notification: Notification) -> None:
    client = signed_in(world.officer)
    path = f"/queue/{notification.ref}/screen/"
    for wrong, sentence in (
        ({}, "Select the level of need"),
        ({**DECIDED, "reason": " "}, "Enter the reason"),
        ({**DECIDED, "level": "9"}, "Select a level of the partnership&#x27;s continuum"),
        ({**DECIDED, "level": "4"}, "At Specialist the setting is contacted"),
        ({**DECIDED, "decision": "send_and_contact"}, "At Early help the alert goes without contact"),
        ({**DECIDED, "reason": "x" * 2001}, "2,000 characters or fewer"),
        ({**DECIDED, "reason": "a\x00b"}, "Null characters are not allowed"),
    ):
        answer = client.post(path, wrong)
        assert answer.status_code == 200
        assert sentence in answer.content.decode(), sentence
        assert "<title>Error:" in answer.content.decode()
    assert again(notification).status == "received"
    done = client.post(path, DECIDED, follow=True)
    assert f"Your decision on {notification.ref} is saved." in done.content.decode()
    assert again(notification).status == "screened"


@pytest.mark.req("MSH-01")
def test_a_second_decision_shows_what_stands_and_keeps_what_was_typed(world: World, notification: Notification) -> None:
    with as_user(world.manager):
        services.screen(
            notification, level=4, decision=Decision.SEND_AND_CONTACT, reason="Third.", version=1, by=world.manager
        )
    answer = signed_in(world.officer).post(f"/queue/{notification.ref}/screen/", DECIDED)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "has been decided already" in page
    assert f"<bdi>{world.manager.name}</bdi> decided" in page
    assert "level 4, Specialist" in page
    assert "Known to early help." in page
    with as_service("dispatch"):
        assert Screening.objects.get().decided_by_id == world.manager.pk


@pytest.mark.req("MSH-01")
def test_a_record_that_changed_meanwhile_is_read_again_with_the_typing_kept(
    world: World, notification: Notification
) -> None:
    with fixtures():
        Notification.objects.filter(pk=notification.pk).update(version=2)
    answer = signed_in(world.officer).post(f"/queue/{notification.ref}/screen/", DECIDED)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "changed after you opened it" in page
    assert "Known to early help.</textarea>" in page
    assert 'name="version" value="2"' in page
    assert again(notification).status == "received"


# ---------------------------------------------------------------- what remains
@pytest.mark.req("ALR-09")
def test_afterwards_only_the_tombstone_is_left(world: World, notification: Notification) -> None:
    with as_user(world.officer):
        services.screen(notification, level=3, decision=Decision.NO_ALERT, reason="Known.", version=1, by=world.officer)
    with as_service("dispatch"):
        settle(notification)
    page = text_of(world.officer, f"/queue/{notification.ref}/")
    for words in ("has been deleted", notification.ref, "Level 3: Targeted", "Send no alert", "Police content deleted"):
        assert words in page, words
    for gone in ("CANARY", "Quillfeather", "Vane", "Known.", "Ottilie"):
        assert gone not in page, gone


@pytest.mark.req("ALR-09")
def test_the_tombstone_says_to_which_setting_and_when(world: World) -> None:
    with fixtures():
        notification = with_child(world, status="sent", content=None, purged_at=timezone.now(), sent_at=timezone.now())
        alert = world.alert(notification=notification)
    page = text_of(world.officer, f"/queue/{notification.ref}/")
    for words in (alert.ref, world.school.name, "Outcome"):
        assert words in page
    for gone in ("Quillfeather", "Vane", "Ottilie"):
        assert gone not in page
