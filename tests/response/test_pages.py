"""What people at a setting see in the browser."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from alerts.models import Alert, Notification
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import User
from safeguarding.audit.models import AuditEntry
from tests.factories import MembershipFactory, PartnershipFactory, World, member
from tests.support.db import as_service, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "outside"])


def text_of(user: User, path: str, status: int = 200) -> str:
    response = signed_in(user).get(path)
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


def entry(event: str) -> AuditEntry:
    with as_service("dispatch"):
        return AuditEntry.objects.filter(event=event).latest("pk")


@pytest.mark.req("ALR-04", "ALR-05", "ALR-10", "ALR-20", "ALR-21")
def test_an_alert_says_what_it_may_and_guards_it(world: World) -> None:
    with fixtures():
        alert = world.alert(query_contact={"name": "Early help coordinator (not the MASH)", "phone": "01632 960123"})
    page = text_of(world.dsl, f"/alerts/{alert.ref}/")
    assert "<bdi>Ottilie</bdi> <bdi>Quillfeather</bdi>" in page
    assert "4 May 2016" in page
    assert "<bdi>Ferelith Quillfeather</bdi>" in page
    assert "20 November 2026" in page
    assert alert.disclaimer in page
    assert "Early help coordinator (not the MASH)" in page
    assert "remains the property of Police" in page
    assert "OFFICIAL-SENSITIVE" in page
    assert "Do not discuss this with the child or the family, unless they raise it with you themselves" in page
    assert f"or {world.mash.name} advises you to" in page
    assert "said to have caused harm learn that you know" in page
    assert "may not have been there" in page
    assert "may no longer be in contact" in page
    assert f"another setting, or has brothers or sisters at one, {world.mash.name} tells that setting itself" in page
    assert "CANARY" not in page
    assert "perpetrator" not in page.lower()
    assert "victim" not in page.lower()


@pytest.mark.req("ALR-20")
def test_a_missing_child_is_not_said_to_have_been_elsewhere(world: World) -> None:
    with fixtures():
        alert = world.alert(kind="missing_episode")
    page = text_of(world.dsl, f"/alerts/{alert.ref}/")
    assert "The child was reported missing" in page
    assert "may not have been there" not in page


@pytest.mark.req("ALR-11")
def test_no_contact_from_social_care_is_explained_by_the_partnerships_own_levels(world: World) -> None:
    with fixtures():
        alert = world.alert()
    page = text_of(world.dsl, f"/alerts/{alert.ref}/")
    assert (
        "If social care has not contacted you, this was screened at level 1, 2 or 3 (Universal, Early help or Targeted)."
        in page
    )
    assert "At level 4 (Specialist) they contact you themselves" in page


@pytest.mark.req("ALR-11", "ALR-22")
def test_where_nobody_screens_no_level_is_claimed_and_no_more_is_held(db: None) -> None:
    with fixtures():
        world = World(screens=False, no_further_information=True)
        alert = world.alert()
    page = text_of(world.dsl, f"/alerts/{alert.ref}/")
    assert "screened at" not in page
    assert "No further information is held." in page


@pytest.mark.req("ALR-21", "ALR-12")
def test_where_the_hub_answers_nothing_other_concerns_go_to_whom_the_alert_names(world: World) -> None:
    with fixtures():
        world.partnership.hub_answers = False
        world.partnership.save()
        alert = world.alert(query_contact={"name": "Early Help coordinator", "phone": "01632 960123"})
    client = signed_in(world.dsl)
    client.post(f"/alerts/{alert.ref}/acknowledge/", {"concerns": "other", "version": "0"})
    page = text_of(world.dsl, f"/alerts/{alert.ref}/")
    assert "Next: talk to Early Help coordinator</strong>" in page
    assert f"talk to {world.mash.name}" not in page
    asked = text_of(world.dsl, f"/talk/{alert.ref}/new/")
    assert "Early Help coordinator" in asked
    assert "does not answer questions" in asked
    assert "which may screen" not in text_of(world.dsl, f"/alerts/{alert.ref}/answer/")


@pytest.mark.req("ALR-21", "ALR-22")
@pytest.mark.parametrize("holds_no_more", [True, False])
def test_the_hub_reads_what_to_say_to_who_asks_for_more(world: World, holds_no_more: bool) -> None:
    with fixtures():
        world.partnership.no_further_information = holds_no_more
        world.partnership.save()
        alert = world.alert(query_contact={"name": "Early Help coordinator", "phone": "01632 960123"})
        Notification.objects.filter(pk=alert.notification_id).update(
            purged_at=timezone.now(), status="sent", content=None
        )
    sent, left = (text_of(world.officer, path) for path in (f"/sent/{alert.ref}/", f"/queue/{alert.notification.ref}/"))
    assert "Early Help coordinator, 01632 960123" in sent
    for page in (sent, left):
        assert ("No further information is held." in page) is holds_no_more


@pytest.mark.req("ALR-22")
def test_a_partnership_that_holds_more_does_not_say_that_it_holds_no_more(world: World) -> None:
    with fixtures():
        alert = world.alert()
    assert "No further information" not in text_of(world.dsl, f"/alerts/{alert.ref}/")


@pytest.mark.req("NTK-08")
def test_who_can_see_an_alert_and_why(world: World) -> None:
    with fixtures():
        alert = world.alert(audience=AUDIENCE_BITS["dsl"] + AUDIENCE_BITS["head"])
    page = text_of(world.dsl, f"/alerts/{alert.ref}/")
    readers = page[page.index("Who can see this, and why") :]
    assert "<bdi>You</bdi>, Designated Safeguarding Lead at First School" in readers
    assert f"<bdi>{world.head.name}</bdi>, Head teacher" in readers
    assert f"<bdi>{world.officer.name}</bdi>, MASH officer at The hub: This team sent the alert" in readers
    for nobody in (world.tutor, world.deputy, world.other_dsl, world.constable, world.ig_lead):
        assert f"<bdi>{nobody.name}</bdi>" not in readers
    assert "You are Designated Safeguarding Lead at First School. The alert is addressed to this role" in page


@pytest.mark.req("AUD-01")
def test_opening_is_remembered_with_its_purpose_and_shown_in_the_history(world: World) -> None:
    with fixtures():
        alert = world.alert()
    client = signed_in(world.dsl)
    client.get(f"/alerts/{alert.ref}/")
    page = client.get(f"/alerts/{alert.ref}/").content.decode()
    opened = entry("alert.opened")
    assert (opened.actor_id, opened.alert_id, opened.purpose) == (
        world.dsl.pk,
        alert.pk,
        "Read an alert addressed to me",
    )
    assert opened.remote_addr == "127.0.0.1"
    assert "2 times in all" in page
    with as_service("dispatch"):
        assert Alert.objects.get().opened_by == world.dsl


@pytest.mark.req("NTK-01", "NTK-02")
def test_for_everybody_else_an_alert_is_as_absent_as_one_that_never_was(world: World) -> None:
    with fixtures():
        alert = world.alert()
        unsent = world.alert(status="queued", audience=0, sent_at=None)
    nobody = (world.tutor, world.other_dsl, world.deputy, world.constable, world.ig_lead, world.officer, world.admin)
    for person in nobody:
        client = signed_in(person)
        absent = client.get("/alerts/A-0000-0000/")
        for path in (f"/alerts/{alert.ref}/", f"/alerts/{unsent.ref}/", "/alerts/nonsense/"):
            answer = client.get(path)
            assert answer.status_code == absent.status_code == 404
            assert _without_reference(answer.content) == _without_reference(absent.content)
        assert client.post(f"/alerts/{alert.ref}/acknowledge/").status_code == 404
    with as_service("dispatch"):
        assert not AuditEntry.objects.filter(event="alert.opened").exists()


def _without_reference(page: bytes) -> str:
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.decode())
    start = text.index("Reference to quote")
    return text[:start] + text[text.index("</p>", start) :]


def test_acknowledging_in_the_browser_says_so_and_twice_is_the_same(world: World) -> None:
    with fixtures():
        alert = world.alert()
    client = signed_in(world.dsl)
    client.get(f"/alerts/{alert.ref}/")
    for _ in range(2):
        page = client.post(f"/alerts/{alert.ref}/acknowledge/", follow=True).content.decode()
        assert f"Alert {alert.ref} is acknowledged." in page
        assert "Acknowledge this alert" not in page
    with as_service("dispatch"):
        assert AuditEntry.objects.filter(event="alert.acknowledged").count() == 1


@pytest.mark.req("ALR-04", "AUD-01")
def test_the_inbox_lists_what_was_sent_newest_first_and_is_one_entry(world: World) -> None:
    now = timezone.now()
    with fixtures():
        opened = world.alert(status="opened", sent_at=now - dt.timedelta(days=2), opened_at=now - dt.timedelta(days=1))
        fresh = world.alert(kind="missing_episode")
        late = world.alert(sent_at=now - dt.timedelta(days=1), due_at=now - dt.timedelta(hours=1))
        elsewhere = world.alert(setting=world.other_school)
        unsent = world.alert(status="queued", audience=0, sent_at=None)
    page = text_of(world.dsl, "/alerts/")
    places = [page.index(alert.ref) for alert in (fresh, late, opened)]
    assert places == sorted(places)
    assert page.count("(not opened yet)") == 2
    assert page.count(">Overdue</strong>") == 1
    assert elsewhere.ref not in page
    assert unsent.ref not in page
    listed = entry("alert.listed")
    assert listed.objects_shown == [fresh.ref, late.ref, opened.ref]
    for query, shown in (
        ("?view=new", [fresh, late]),
        ("?view=overdue", [late]),
        ("?status=opened", [opened]),
        ("?kind=missing_episode", [fresh]),
        ("?kind=nonsense&view=nonsense", [fresh, late, opened]),
    ):
        page = text_of(world.dsl, f"/alerts/{query}")
        assert [alert for alert in (fresh, late, opened) if alert.ref in page] == shown, query


def test_an_empty_inbox_says_what_that_means(world: World) -> None:
    assert "No alert has been sent to you" in text_of(world.dsl, "/alerts/")
    assert "has been opened" in text_of(world.dsl, "/alerts/?view=new")
    assert "Nothing is overdue" in text_of(world.dsl, "/alerts/?view=overdue")
    assert "No alerts match this filter" in text_of(world.dsl, "/alerts/?kind=missing_episode")


@pytest.mark.req("NTK-01")
def test_there_is_no_inbox_for_those_to_whom_nothing_is_addressed(world: World) -> None:
    for person in (world.tutor, world.constable, world.officer, world.ig_lead, world.admin):
        text_of(person, "/alerts/", status=404)


def test_pages_follow_each_other_without_gap_or_double(world: World) -> None:
    now = timezone.now()
    with fixtures():
        child = world.child()
        refs = [world.alert(child=child, sent_at=now - dt.timedelta(minutes=n // 2)).ref for n in range(60)]
    client, seen, path = signed_in(world.dsl), [], "/alerts/"
    while path:
        page = client.get(path)
        seen += [alert.ref for alert in page.context["page"].rows]
        older = page.context["page"].older
        path = f"/alerts/?cursor={older}" if older else ""
    assert len(seen) == 60
    assert set(seen) == set(refs)
    assert client.get("/alerts/?cursor=A-0000-0000").status_code == 404


def test_a_reader_at_several_settings_sees_which(world: World) -> None:
    with fixtures():
        MembershipFactory(user=world.dsl, agency=world.other_school, role=Role.DSL)
        world.alert()
        world.alert(setting=world.other_school)
    page = text_of(world.dsl, "/alerts/")
    assert 'data-label="Setting">First School' in page
    assert 'data-label="Setting">Second School' in page


def test_the_inbox_costs_the_same_number_of_queries_for_one_alert_and_for_twenty(world: World) -> None:
    with fixtures():
        world.alert()
    client = signed_in(world.dsl)
    client.get("/alerts/")
    with CaptureQueriesContext(connection) as one:
        client.get("/alerts/")
    with fixtures():
        for _ in range(19):
            world.alert()
    with CaptureQueriesContext(connection) as twenty:
        client.get("/alerts/")
    assert len(twenty) == len(one)


def test_where_somebody_works_is_asked_once_for_the_walls_the_settings_and_the_frame(world: World) -> None:
    client = signed_in(world.dsl)
    client.get("/alerts/")
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/alerts/").content.decode()
    assert f"Alerts for {world.school.name}" in page
    assert len([each for each in asked if "agencies_membership" in each["sql"]]) == 1


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "O'Brien-Ó Súilleabháin", "אלישבע", "名" * 100, "👩‍👧"])
def test_names_of_every_kind_are_shown_and_escaped(world: World, name: str) -> None:
    with fixtures():
        alert = world.alert(child_given_name=name, adults=[name])
    for path in ("/alerts/", f"/alerts/{alert.ref}/"):
        page = text_of(world.dsl, path)
        assert "<script>alert" not in page
    if "<" not in name and "'" not in name:
        assert f"<bdi>{name}</bdi>" in page


@pytest.mark.req("ALR-07")
def test_the_holiday_contact_and_a_childminder_read_their_alerts(db: None) -> None:
    with fixtures():
        world = World()
        contact = member(world.school, Role.HOLIDAY_CONTACT)
        alert = world.alert(audience=AUDIENCE_BITS["holiday_contact"])
    assert alert.ref in text_of(contact, "/alerts/")
    assert "Holiday safeguarding contact" in text_of(contact, f"/alerts/{alert.ref}/")


def test_a_partnership_of_its_own_shows_its_own_words(db: None) -> None:
    with fixtures():
        world = World(
            marking="OFFICIAL",
            continuum=PartnershipFactory.continuum[2:],
        )
        alert = world.alert()
    page = text_of(world.dsl, f"/alerts/{alert.ref}/")
    assert "this was screened at level 3 (Targeted)." in page
    assert "Marked <strong>OFFICIAL</strong>" in page
