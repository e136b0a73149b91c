"""The hub's pages of children: what is found, by whom, and what is remembered of it (ALR-03, AUD-01, NTK-02)."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from safeguarding.audit.models import AuditEntry
from safeguarding.children import desk, services
from safeguarding.children.enums import Purpose
from safeguarding.children.models import Child
from safeguarding.children.search import Criteria
from tests.children.conftest import Browser
from tests.children.support import on_record
from tests.factories import World, member
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db

NOTHING = {
    "given_name": "",
    "family_name": "",
    "born_0": "",
    "born_1": "",
    "born_2": "",
    "upn": "",
    "nhs_number": "",
    "ref": "",
}


def look_for(client: Client, *, how: str = "", **typed: str) -> Any:
    return client.post("/children/", {**NOTHING, "purpose": "call", "how": how, **typed}, follow=True)


def names_on(page: Any) -> list[str]:
    text = page.content.decode()
    return [re.sub(r"<[^>]+>", "", each).strip() for each in re.findall(r'summary-card__title">(.*?)</h2>', text)]


def entries(event: str) -> list[AuditEntry]:
    with as_service("setup"):
        return list(AuditEntry.objects.filter(event=event).order_by("pk"))


@pytest.fixture
def freya(world: World) -> Child:
    return on_record(world, "Freya", "Lindqvist", upn="B801200005001", nhs_number="9434765919")


@pytest.mark.req("ALR-03", "AUD-01", "AUD-02")
def test_a_search_shows_who_fits_and_why_and_remembers_no_value(world: World, browser: Browser, freya: Child) -> None:
    on_record(world, "Oscar", "Marsh")
    client = browser(world.officer)
    page = look_for(client, given_name="Freja", family_name="Lindkvist", born_0="4", born_1="5", born_2="2016")
    assert page.redirect_chain == [("/children/found/", 302)]
    assert names_on(page) == ["Freya Lindqvist"]
    for shown in ("Same date of birth", "Similar family name: sounds alike", freya.ref):
        assert shown in page.content.decode()
    # the way back and a reload ask nothing again, and what was typed is still there to be changed
    again = client.get("/children/found/")
    assert names_on(again) == ["Freya Lindqvist"]
    assert 'value="Freja"' in again.content.decode()
    first, second = entries("child.searched")
    assert (first.actor, first.purpose, first.objects_shown) == (world.officer, Purpose.CALL.label, [freya.ref])
    assert first.additional_data == {
        "fields": ["given_name", "family_name", "date_of_birth"], "found": 1, "more": False, "widened": False,
    }  # fmt: skip
    assert second.objects_shown == [freya.ref]
    stored = [
        str(Session.objects.get(pk=client.session.session_key).get_decoded()),
        *(str(vars(each)) for each in (first, second)),
    ]
    assert not [text for text in stored if "Freja" in text or "Lindkvist" in text or "2016-05-04" in text]


FITS = {
    "one name, year": {"family_name": "Lindkvist", "born_2": "2016"},
    "both names": {"given_name": "Freyya", "family_name": "Lindqvist"},
    "one name": {"family_name": "lindqvist"},
    "names the other way round": {"given_name": "Lindqvist", "family_name": "Freya"},
    "name, month and year": {"given_name": "Freya", "born_1": "5", "born_2": "2016"},
    "date alone": {"born_0": "4", "born_1": "5", "born_2": "2016"},
    "UPN as read out": {"upn": "b801 2000 05001"},
    "NHS number as read out": {"nhs_number": "943 476 5919"},
}
FITS_NOT = {
    "another year": {"family_name": "Lindqvist", "born_2": "2012"},
    "another name": {"given_name": "Oscar", "family_name": "Lindqvist"},
    "another UPN": {"family_name": "Lindqvist", "upn": "P207000016049"},
    "another date": {"born_0": "5", "born_1": "5", "born_2": "2016"},
}


@pytest.mark.req("ALR-03")
def test_whatever_is_known_finds_the_child_and_what_speaks_against_does_not(
    world: World, browser: Browser, freya: Child
) -> None:
    client = browser(world.officer)
    found = {what: names_on(look_for(client, **typed)) for what, typed in (FITS | FITS_NOT).items()}
    assert found == {what: ["Freya Lindqvist"] if what in FITS else [] for what in FITS | FITS_NOT}
    assert names_on(look_for(client, ref=freya.ref.lower())) == ["Freya Lindqvist"]


@pytest.mark.req("ALR-03", "AUD-01")
def test_searching_more_widely_forgives_one_thing_and_is_remembered(
    world: World, browser: Browser, freya: Child
) -> None:
    client = browser(world.officer)
    typed = {"given_name": "Freya", "family_name": "Lindqvist", "born_0": "27", "born_1": "2", "born_2": "2015"}
    assert names_on(look_for(client, **typed)) == []
    assert names_on(look_for(client, how="widen", **typed)) == ["Freya Lindqvist"]
    assert [entry.additional_data["widened"] for entry in entries("child.searched")] == [False, True]


@pytest.mark.req("NTK-01", "NTK-02")
def test_a_hub_finds_only_its_own_and_nobody_else_has_the_page(world: World, browser: Browser, freya: Child) -> None:
    with fixtures():
        type(world.school).objects.update(urn=None)
        other = World()
    stranger = browser(other.officer)
    for typed in (*FITS.values(), {"ref": freya.ref}):
        page = look_for(stranger, **typed).content.decode()
        assert "No child on record fits" in page
        assert freya.ref not in page.replace(f'value="{freya.ref}"', "")
    assert {entry.additional_data["found"] for entry in entries("child.searched")} == {0}
    for person in (world.dsl, world.constable, world.ig_lead, world.tutor):
        client = browser(person)
        for path in ("/children/", "/children/found/", "/children/duplicates/", f"/children/{freya.ref}/?purpose=call"):
            assert client.get(path).status_code == 404
        assert client.post("/children/", {"given_name": "Freya", "purpose": "call"}).status_code == 404


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Enter a name, a whole date of birth, or a number"),
        ({"born_1": "5"}, "Enter a name, a whole date of birth, or a number"),
        ({"given_name": "Freya", "purpose": ""}, "Say why you look"),
        ({"born_0": "31", "born_1": "2", "born_2": "2016"}, "Date of birth must be a real date"),
        ({"given_name": "Freya", "born_1": "13"}, "a month from 1 to 12"),
        ({"given_name": "Freya", "born_2": "16"}, "a year of four digits"),
        ({"given_name": "Freya", "born_0": "first"}, "must be in numbers"),
        ({"upn": "B8012"}, "UPN must be a letter and 12 characters"),
        ({"nhs_number": "943"}, "NHS number must be 10 digits"),
        ({"ref": "A-0000-0000"}, "The reference of a child starts with C"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    world: World, browser: Browser, typed: dict[str, str], sentence: str
) -> None:
    page = look_for(browser(world.officer), **typed).content.decode()
    assert "There is a problem" in page
    assert sentence in page
    assert all(f'value="{value}"' in page for value in typed.values() if value not in ("", "call"))
    assert entries("child.searched") == []


@pytest.mark.req("ALR-03")
def test_at_most_twenty_are_shown_and_how_to_narrow_it_is_said(world: World, browser: Browser) -> None:
    for day in range(1, 24):
        on_record(world, "Muhammad", "Khan", None if day == 1 else desk.search.dt.date(2012, 3, day))
    page = look_for(browser(world.officer), given_name="Mohammed", family_name="Khan")
    assert len(names_on(page)) == 20
    assert "More than 20 children fit" in page.content.decode()
    assert "To narrow it" in page.content.decode()


@pytest.mark.req("AUD-01", "NTK-02")
def test_a_record_is_opened_with_a_purpose_and_shows_what_is_known(
    world: World, browser: Browser, freya: Child
) -> None:
    double = on_record(world, "Freyya", "Lindkvist")
    with fixtures():
        alert = world.alert(child=freya)
    client = browser(world.officer)
    assert "Why do you open this record?" in client.get(f"/children/{freya.ref}/").content.decode()
    assert "Why do you open this record?" in client.get(f"/children/{freya.ref}/?purpose=gossip").content.decode()
    assert entries("child.opened") == []
    page = client.get(f"/children/{freya.ref}/?purpose=strategy").content.decode()
    for shown in ("Freya", "B801200005001", alert.ref, "First School", f"/compare/{double.ref}/"):
        assert shown in page
    (entry,) = entries("child.opened")
    assert (entry.purpose, entry.object_repr) == (Purpose.STRATEGY.label, freya.ref)
    assert set(entry.objects_shown) == {freya.ref, double.ref}


@pytest.mark.req("ALR-03", "AUD-01")
def test_two_records_are_compared_joined_shown_together_and_separated(
    world: World, browser: Browser, freya: Child
) -> None:
    double = on_record(world, "Freyya", "Lindkvist")
    with fixtures():
        first, second = world.alert(child=freya), world.alert(child=double)
    client = browser(world.officer)
    assert freya.ref in client.get("/children/duplicates/").content.decode()
    path = f"/children/{freya.ref}/compare/{double.ref}/"
    page = client.get(path).content.decode()
    assert "They may be twins" in page
    assert "Same date of birth" in page
    assert "Say whether these are one child or two" in client.post(path, {}).content.decode()
    assert "Say which record shows first" in client.post(path, {"decision": "same"}).content.decode()
    client.post(path, {"decision": "same", "keep": freya.ref})
    assert "No two records wait" in client.get("/children/duplicates/").content.decode()
    together = client.get(f"/children/{double.ref}/?purpose=record").content.decode()
    for shown in (first.ref, second.ref, f"Record {double.ref} was joined to this one", "one child"):
        assert shown in together
    # a colleague's page from before says what happened, and changes nothing
    assert client.post(path, {"decision": "different"}).status_code == 409
    separate = f"/children/{double.ref}/separate/"
    assert double.ref in client.get(separate).content.decode()
    assert "Say what you know now" in client.post(separate, {}).content.decode()
    client.post(separate, {"ask_again": "no"})
    assert client.post(separate, {"ask_again": "no"}).status_code == 409
    alone = client.get(f"/children/{double.ref}/?purpose=record").content.decode()
    assert second.ref in alone
    assert first.ref not in alone
    assert [len(entries(f"child.{what}")) for what in ("merged", "unmerged")] == [1, 1]


@pytest.mark.req("ALR-03")
def test_a_pair_is_shown_once_by_the_records_that_stand_and_not_after_it_was_settled(
    world: World, freya: Child
) -> None:
    second, third = on_record(world, "Freyya", "Lindqvist"), on_record(world, "Freya", "Lindkvist")
    with as_user(world.officer):
        assert len(desk.open_pairs(cursor="", for_user=world.officer).rows) == 3
        services.join(kept=freya, joined=second, by=world.officer)
        (pair,) = desk.open_pairs(cursor="", for_user=world.officer).rows
        assert {pair.one.pk, pair.other.pk} == {freya.pk, third.pk}
        services.tell_apart(child=freya, other=third, by=world.officer)
        assert desk.open_pairs(cursor="", for_user=world.officer).rows == []


@pytest.mark.req("NTK-07")
def test_somebody_who_left_the_hub_has_none_of_it(world: World, browser: Browser, freya: Child) -> None:
    with fixtures():
        leaver = member(world.mash, "mash_officer")
        client = browser(leaver)
        leaver.memberships.update(ended_at="2026-01-01T00:00Z", started_at="2025-01-01T00:00Z")
    assert client.get("/children/").status_code == 404
    assert client.get(f"/children/{freya.ref}/?purpose=call").status_code == 404


@pytest.mark.req("ALR-03")
def test_pages_cost_the_same_however_many_there_are(world: World, django_assert_max_num_queries: Any) -> None:
    for number in range(8):
        on_record(world, f"Frey{'abcdefgh'[number]}", "Lindqvist")
    criteria = Criteria(given_name="Freya", family_name="Lindqvist")
    with as_user(world.officer):
        one = Child.objects.with_keys().first()
        with django_assert_max_num_queries(10):
            assert len(desk.find(criteria, purpose=Purpose.CALL, widen=False, for_user=world.officer).hits) == 8
        with django_assert_max_num_queries(9):
            assert len(desk.open_pairs(cursor="", for_user=world.officer).rows) > 8
        with django_assert_max_num_queries(17):
            assert len(desk.open_record(one, purpose=Purpose.CALL, for_user=world.officer).pairs) == 7
