"""A notification typed in by hand, without a line of script (ALR-01)."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from alerts.intake.models import Notification
from safeguarding.agencies.models import User
from tests.factories import World
from tests.support.db import as_user

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]
NEW = "/notifications/new/"
FILLED = {
    "kind": "domestic_abuse",
    "reference": "55/2026/0012345",
    "occurred_on_0": "20",
    "occurred_on_1": "11",
    "occurred_on_2": "2026",
    "occurred_time": "21:40",
    "risk": "high",
    "family_informed": "yes",
    "victim_consents": "",
    "address": "1 Example Road\nExampleton",
    "postcode": "BH1 1AA",
    "narrative": "CANARY <script>alert(1)</script>\nsecond line",
    "child_ids": "0",
    "child-0-given_name": "Ottilie",
    "child-0-family_name": "Quillfeather",
    "child-0-date_of_birth_0": "4",
    "child-0-date_of_birth_1": "5",
    "child-0-date_of_birth_2": "2016",
    "child-0-present": "yes",
    "child-0-urn": "999001",
    "adult_ids": "0,1",
    "adult-0-role": "victim",
    "adult-0-given_name": "Ferelith",
    "adult-0-family_name": "Quillfeather",
    "adult-1-role": "perpetrator",
}


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page, as a browser would send them back."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {unescape(name): unescape(value) for name, value in found if name != "csrfmiddlewaretoken"}


@pytest.mark.req("ALR-01")
def test_typed_in_checked_and_sent(world: World, browser: Browser) -> None:
    client = browser(world.constable)
    assert client.get(NEW).status_code == 200
    check = client.post(NEW, {**FILLED, "action": "check"}).content.decode()
    assert "Check before you send" in check
    assert "<script>alert" not in check
    with as_user(world.officer):
        assert not Notification.objects.exists()
    page = client.post(NEW, {**hidden(check), "action": "send"}, follow=True)
    assert page.redirect_chain[0][1] == 302
    with as_user(world.officer):
        notification = Notification.objects.get()
        content = notification.content
        assert (notification.channel, notification.risk, notification.source) == ("form", "high", world.police)
        assert content["narrative"].split("\n")[0] == "CANARY <script>alert(1)</script>"
        assert [person["role"] for person in content["people"]] == ["victim", "child"]
        assert content["occurred_at"] == "2026-11-20T21:40:00+00:00"
        assert notification.children.get().setting == world.school
    shown = page.content.decode()
    assert notification.ref in shown
    for secret in ("CANARY", "Ottilie", "Ferelith"):
        assert secret not in shown


@pytest.mark.req("ALR-01")
def test_another_child_is_added_and_taken_away_without_losing_anything(world: World, browser: Browser) -> None:
    client = browser(world.officer)
    added = client.post(NEW, {**FILLED, "child-0-given_name": "", "action": "add-child"}).content.decode()
    assert "Child 2" in added
    assert "There is a problem" not in added
    assert 'value="Quillfeather"' in added
    two = {**FILLED, "child_ids": "0,1", "child-1-given_name": "Barnaby", "child-1-family_name": "Vane"}
    less = client.post(NEW, {**two, "action": "remove-child-0"}).content.decode()
    assert "Child 2" not in less
    assert 'value="Barnaby"' in less
    assert 'value="Ottilie"' not in less
    more = client.post(NEW, {**FILLED, "action": "add-adult"}).content.decode()
    assert "Adult 3" in more
    assert "Adult 1" not in client.post(NEW, {**FILLED, "adult_ids": "1", "action": "remove-adult-1"}).content.decode()


@pytest.mark.req("ALR-02")
def test_a_missing_episode(world: World, browser: Browser) -> None:
    client = browser(world.officer)
    body = {**FILLED, "kind": "missing_episode", "returned_on_0": "21", "returned_on_1": "11", "returned_on_2": "2026",
            "returned_time": "6.05", "action": "send"}  # fmt: skip
    client.post(NEW, body)
    with as_user(world.officer):
        notification = Notification.objects.get()
        assert notification.source == world.mash
        assert notification.content["returned_at"] == "2026-11-21T06:05:00+00:00"
        assert [person["role"] for person in notification.content["people"]] == ["victim", "missing_child"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": ""}, "Say what this is about"),
        ({"reference": ""}, "Enter the police reference"),
        ({"reference": "a\x00b"}, "Null characters are not allowed"),
        ({"occurred_on_0": "30", "occurred_on_1": "2"}, "must be a real date"),
        ({"occurred_on_2": "2036"}, "This time is in the future."),
        ({"occurred_time": "9pm"}, "24-hour clock"),
        ({"returned_on_0": "21", "returned_on_1": "11", "returned_on_2": "2026"}, "Only a missing episode"),
        ({"child-0-family_name": ""}, "Enter the child&#x27;s last name"),
        ({"child-0-given_name": "x" * 201}, "200 characters or fewer"),
        ({"child-0-date_of_birth_2": "1953"}, "more than 25 years ago"),
        ({"child-0-date_of_birth_2": "1753"}, "must be in 1900 or later"),
        ({"child-0-date_of_birth_2": "2036"}, "cannot be in the future"),
        ({"child-0-upn": "12"}, "A UPN is a letter"),
        ({"child-0-urn": "12"}, "A URN is six digits"),
        ({"adult-0-role": ""}, "Say what role this adult has"),
        ({"child_ids": "0,1", "child-1-given_name": "OTTILIE", "child-1-family_name": "Quillfeather",
          "child-1-date_of_birth_0": "4", "child-1-date_of_birth_1": "5", "child-1-date_of_birth_2": "2016"},
         "stands in the list twice"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field(
    world: World, browser: Browser, changes: dict[str, str], sentence: str
) -> None:
    page = browser(world.constable).post(NEW, {**FILLED, **changes, "action": "check"}).content.decode()
    assert "There is a problem" in page
    assert sentence in page
    assert "CANARY" in page
    with as_user(world.officer):
        assert not Notification.objects.exists()


def test_a_reference_used_for_something_else_is_said_on_the_form(world: World, browser: Browser) -> None:
    client = browser(world.constable)
    client.post(NEW, {**FILLED, "action": "send"})
    page = client.post(NEW, {**FILLED, "risk": "medium", "action": "send"}).content.decode()
    assert "This reference was received before with other content" in page
    again = client.post(NEW, {**FILLED, "action": "send"}, follow=True).content.decode()
    assert "nothing was doubled" in again
    with as_user(world.officer):
        assert Notification.objects.get().risk == "high"


@pytest.mark.parametrize(
    "junk", [{}, {"child_ids": "x,,-1,99999"}, {"adult_ids": "0," * 500}, {"action": "remove-child-x"}]
)
def test_junk_is_answered_by_the_form(world: World, browser: Browser, junk: dict[str, str]) -> None:
    assert browser(world.constable).post(NEW, {"action": "check", **junk}).status_code == 200


@pytest.mark.req("NTK-01")
def test_nobody_else_finds_these_pages(world: World, browser: Browser) -> None:
    client = browser(world.constable)
    client.post(NEW, {**FILLED, "action": "send"})
    with as_user(world.officer):
        ref = Notification.objects.get().ref
    for stranger in (world.dsl, world.tutor, world.ig_lead, world.head, world.ehe, world.admin):
        for address in (
            NEW,
            "/notifications/",
            f"/notifications/{ref}/",
            "/notifications/uploads/",
            "/notifications/uploads/new/",
        ):
            assert browser(stranger).get(address).status_code == 404
            assert browser(stranger).post(NEW, FILLED).status_code == 404
    assert browser(world.officer).get(f"/notifications/{ref}/").status_code == 404
    listed = client.get("/notifications/").content.decode()
    assert ref in listed
    assert "CANARY" not in listed
