"""The hub's board: what was sent, opened when, overdue, withheld why, and on its way (ALR-08, ALR-23, NTK-02)."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agreements.models import Signature
from alerts.delivery.services import sending_gave_up, settling_gave_up
from alerts.models import Alert
from safeguarding.agencies.enums import AgencyKind, Role
from safeguarding.agencies.models import User
from safeguarding.audit.models import AuditEntry
from safeguarding.audit.record import record
from safeguarding.notifications.models import OutboxMessage
from tests.delivery.support import again, alert_of, drain, events, prepared, sent
from tests.factories import AgencyFactory, World, member
from tests.support.db import as_service, fixtures

pytestmark = pytest.mark.django_db

ClientOf = Callable[[User], Client]
NAMES = ("Ottilie", "Quillfeather", "Ferelith", "Osric", "Vane", "CANARY")


def page(client: Client, path: str, status: int = 200) -> str:
    response = client.get(path)
    assert response.status_code == status
    return response.content.decode()


@pytest.fixture
def board(world: World) -> World:
    """One alert in each state."""
    early = timezone.now() - dt.timedelta(hours=2)
    with fixtures():
        world.fresh = world.alert()
        world.overdue = world.alert(due_at=early, sent_at=early - dt.timedelta(hours=9))
        world.opened = world.alert(
            status="opened",
            sent_at=dt.datetime(2026, 11, 20, 7, tzinfo=dt.UTC),
            opened_at=dt.datetime(2026, 11, 20, 8, 12, tzinfo=dt.UTC),
            opened_by=world.dsl,
        )
        world.withheld = world.alert(
            status="withheld", withheld_reason="never_signed", audience=0, sent_at=None, setting=world.other_school
        )
        world.queued = world.alert(status="queued", audience=0, sent_at=None)
    return world


@pytest.mark.req("ALR-08", "ALR-23")
@pytest.mark.parametrize(
    ("view", "shown"),
    [
        ("", {"fresh", "overdue", "opened", "withheld", "queued"}),
        ("?view=overdue", {"overdue"}),
        ("?view=withheld", {"withheld"}),
        ("?view=sending", {"queued"}),
        ("?view=nonsense&cursor=nonsense", {"fresh", "overdue", "opened", "withheld", "queued"}),
    ],
)
def test_each_list_shows_its_own(board: World, client_of: ClientOf, view: str, shown: set[str]) -> None:
    html = page(client_of(board.officer), f"/sent/{view}")
    for name in ("fresh", "overdue", "opened", "withheld", "queued"):
        assert (getattr(board, name).ref in html) == (name in shown), name


@pytest.mark.req("ALR-08", "ALR-23")
def test_the_board_says_when_it_was_opened_and_why_it_is_withheld(board: World, client_of: ClientOf) -> None:
    html = page(client_of(board.manager), "/sent/")
    assert "Opened 8:12am on 20 November 2026" in html
    assert "The setting has never signed the agreement." in html.replace("&#x27;", "'")
    assert "Overdue" in html


@pytest.mark.req("ALR-09")
def test_no_name_on_the_board_and_none_on_the_page_once_it_has_left(board: World, client_of: ClientOf) -> None:
    client = client_of(board.officer)
    pages = [page(client, "/sent/"), *(page(client, f"/sent/{alert.ref}/") for alert in (board.fresh, board.opened))]
    for html in pages:
        for name in NAMES:
            assert name not in html
    assert "Ottilie" in page(client, f"/sent/{board.withheld.ref}/")


@pytest.mark.req("NTK-01", "NTK-02")
def test_forbidden_and_absent_look_the_same(board: World, client_of: ClientOf) -> None:
    with fixtures():
        stranger = member(AgencyFactory(kind=AgencyKind.MASH), Role.MASH_OFFICER)
    for person in (board.dsl, board.tutor, board.constable, board.ig_lead, board.admin):
        client = client_of(person)
        for path in ("/sent/", f"/sent/{board.fresh.ref}/", "/sent/A-0000-0000/"):
            page(client, path, 404)
        assert client.post(f"/sent/{board.withheld.ref}/retry/").status_code == 404
    client = client_of(stranger)
    assert board.fresh.ref not in page(client, "/sent/")
    assert page(client, f"/sent/{board.fresh.ref}/", 404).replace(board.fresh.ref, "") != ""
    assert client.post(f"/sent/{board.withheld.ref}/retry/").status_code == 404
    assert client_of(board.officer).get(f"/sent/{board.withheld.ref}/retry/").status_code == 405


@pytest.mark.req("AUD-01")
def test_looking_is_remembered_once_a_page_with_what_was_shown(board: World, client_of: ClientOf) -> None:
    client = client_of(board.officer)
    page(client, "/sent/?view=overdue")
    page(client, f"/sent/{board.withheld.ref}/")
    with as_service("dispatch"):
        listed = AuditEntry.objects.get(event="alert.listed")
        checked = AuditEntry.objects.get(event="alert.checked")
    assert (listed.actor_id, listed.objects_shown) == (board.officer.pk, [board.overdue.ref])
    assert (checked.actor_id, checked.alert_id) == (board.officer.pk, board.withheld.pk)


@pytest.mark.req("ALR-23")
def test_an_alert_that_nobody_can_read_stands_out(world: World, client_of: ClientOf) -> None:
    with fixtures():
        member(world.council, Role.AUTHORITY_CONTACT)  # who reads the authority's own alert, which goes out beside it
        for person in (world.dsl, world.deputy, world.head):
            person.is_active = False
            person.save()
    alert = alert_of(sent(world, world.school))
    client = client_of(world.officer)
    assert "Nobody at the setting can read this." in page(client, "/sent/")
    assert "Nobody at the setting can read this alert" in page(client, f"/sent/{alert.ref}/")
    with fixtures():
        member(world.school, Role.DSL)
    assert "Nobody at the setting can read" not in page(client, "/sent/")
    assert "Nobody at the setting can read" not in page(client, f"/sent/{alert.ref}/")


@pytest.mark.req("ALR-23")
def test_when_every_step_was_taken_the_hub_is_told_to_phone(board: World, client_of: ClientOf) -> None:
    client = client_of(board.officer)
    path = f"/sent/{board.overdue.ref}/"
    assert "Phone First School" not in page(client, path)
    with fixtures():
        Alert.objects.filter(pk=board.overdue.pk).update(chased=4)
    assert "Phone First School" in page(client, path)


@pytest.mark.req("ALR-23")
def test_an_email_that_could_not_be_sent_shows(world: World, client_of: ClientOf) -> None:
    with fixtures():
        world.dsl.email = "not an address"
        world.dsl.save()
    alert = alert_of(sent(world, world.school))
    client = client_of(world.officer)
    assert "An e-mail could not be sent." in page(client, "/sent/")
    assert "The address on record is not an e-mail address." in page(client, f"/sent/{alert.ref}/")


@pytest.mark.req("ALR-08")
def test_trying_again_from_the_page(world: World, client_of: ClientOf) -> None:
    with fixtures():
        Signature.objects.filter(agency=world.school).update(state="refused", signed_on=None)
    alert = alert_of(sent(world, world.school))
    client, path = client_of(world.officer), f"/sent/{alert.ref}/"
    assert "Try to send it again" in page(client, path)
    answer = client.post(f"{path}retry/", follow=True).content.decode()
    assert "still withheld" in answer
    with fixtures():
        Signature.objects.filter(agency=world.school).update(state="signed", signed_on="2026-01-01")
    answer = client.post(f"{path}retry/", follow=True).content.decode()
    assert f"Alert {alert.ref} is sent to First School." in answer
    assert "Try to send it again" not in answer
    refused = client.post(f"{path}retry/")
    assert refused.status_code == 409
    assert events(alert).count("alert.sent") == 1


@pytest.mark.req("ALR-23")
def test_an_alert_whose_sending_was_given_up_can_be_tried_again(world: World, client_of: ClientOf) -> None:
    notification = prepared(world, world.school)
    alert = alert_of(notification)
    with fixtures():
        OutboxMessage.objects.update(given_up_at=timezone.now())
    with as_service("dispatch"):
        sending_gave_up(alert.pk)
    client, path = client_of(world.officer), f"/sent/{alert.ref}/"
    assert "Sending failed" in page(client, "/sent/?view=sending")
    assert "on its way again" in client.post(f"{path}retry/", follow=True).content.decode()
    drain()
    assert alert_of(notification).status == "sent"


@pytest.mark.req("AUD-01")
def test_the_history_is_told_in_sentences(world: World, client_of: ClientOf) -> None:
    alert = alert_of(sent(world, world.school))
    with as_service("dispatch"):
        record("alert.escalated", alert, facts={"step": 2, "to": "deputy_dsl", "people": 0})
        record("alert.escalated", alert, facts={"step": 4, "to": "mash"})
    html = page(client_of(world.officer), f"/sent/{alert.ref}/")
    for words in (
        "Alert prepared",
        "To Designated Safeguarding Lead. 1 person was told.",
        "E-mail sent",
        "To Deputy Designated Safeguarding Lead. Nobody held this role.",
        "Left to the hub to phone",
    ):
        assert words in html, words


def test_pages_follow_each_other_and_queries_do_not_grow(world: World, client_of: ClientOf) -> None:
    client = client_of(world.officer)
    now = timezone.now()
    with fixtures():
        alerts = [world.alert(created_at=now - dt.timedelta(minutes=n), setting=world.school) for n in range(2)]
    page(client, "/sent/")
    with CaptureQueriesContext(connection) as few:
        page(client, "/sent/")
    with fixtures():
        alerts += [world.alert(created_at=now - dt.timedelta(minutes=n)) for n in range(2, 30)]
    with CaptureQueriesContext(connection) as many:
        first = page(client, "/sent/")
    assert len(many) == len(few)
    assert [alert.ref in first for alert in alerts] == [True] * 25 + [False] * 5
    link = first.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    second = page(client, f"/sent/{link}")
    assert [alert.ref in second for alert in alerts] == [False] * 25 + [True] * 5


def test_counts_stand_beside_the_lists(board: World, client_of: ClientOf) -> None:
    html = page(client_of(board.officer), "/sent/")
    assert html.count('<span class="moj-notification-badge">1</span>') == 3


@pytest.mark.req("ALR-09")
def test_police_content_that_could_not_be_deleted_shows_on_the_board_and_is_tried_again(
    world: World, client_of: ClientOf
) -> None:
    with fixtures():
        notification = world.notification(status="closed", closed_at=timezone.now())
    with as_service("dispatch"):
        settling_gave_up(notification.pk)
    officer, path = client_of(world.officer), f"/sent/unsettled/{notification.ref}/retry/"
    assert notification.ref in page(officer, "/sent/")
    assert client_of(world.dsl).post(path).status_code == 404
    assert "is being deleted" in officer.post(path, follow=True).content.decode()
    assert "could not be deleted" not in page(officer, "/sent/")
    assert officer.post(path).status_code == 404
    drain()
    assert again(notification).purged_at
    assert events(notification) == [
        "notification.settle_failed",
        "notification.settle_retried",
        "notification.purged",
    ]
