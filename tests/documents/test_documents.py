"""What settings tell parents, with their own details filled in, and whether they said that it is out."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone

from alerts import today
from alerts.documents import policies, selectors, services
from alerts.documents.enums import CONFIRMED_YEARLY, DocumentKind, Standing
from alerts.documents.models import Publication
from alerts.documents.texts import DEFAULTS
from safeguarding.agencies.models import User
from safeguarding.errors import NotVisible, Refused
from tests.factories import World
from tests.support.db import as_user, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db

DETAILS = {
    "leads": ["Ottoline Ferry", "Bram Oakes"],
    "signed_by": "Una Thistlewood",
    "signed_as": "Head teacher",
    "phone": "01632 960201",
    "website": "www.meadow.example",
}
TODAY = dt.date(2026, 11, 26)


@pytest.fixture
def world(db: None) -> World:
    with fixtures():
        return World()


def say(world: World, by: User | None = None) -> None:
    by = by or world.dsl
    with as_user(by):
        services.say_details(selectors.get_desk(world.school.slug, for_user=by), by=by, **DETAILS)


def words(world: World, kind: str = DocumentKind.LETTER) -> selectors.Document:
    with as_user(world.dsl):
        return selectors.document(selectors.get_desk(world.school.slug, for_user=world.dsl), kind)


@pytest.mark.req("ALR-25")
@pytest.mark.parametrize("kind", DocumentKind.values)
def test_every_document_comes_with_the_settings_own_details(world: World, kind: str) -> None:
    assert selectors.BLANK in words(world, kind).text
    say(world)
    text = words(world, kind).text
    assert selectors.BLANK not in text
    assert "{" not in text
    for said in (world.school.name, "Ottoline Ferry and Bram Oakes"):
        assert said in text or kind == DocumentKind.BRIEFING
    assert "Ottoline Ferry" in text


@pytest.mark.req("ALR-25")
def test_a_setting_writes_its_own_words_and_goes_back(world: World) -> None:
    say(world)
    desk = selectors.Desk(world.school, world.partnership)
    with as_user(world.dsl):
        services.write_own(desk, kind=DocumentKind.WEBSITE, text="Ask {leads} at {setting}.", by=world.dsl)
    assert words(world, DocumentKind.WEBSITE).text == f"Ask Ottoline Ferry and Bram Oakes at {world.school.name}."
    assert words(world, DocumentKind.WEBSITE).is_own
    with as_user(world.dsl):
        services.write_own(desk, kind=DocumentKind.WEBSITE, text="", by=world.dsl)
    assert not words(world, DocumentKind.WEBSITE).is_own


@pytest.mark.req("ALR-25")
def test_the_partnerships_own_words_reach_every_setting_without_words_of_its_own(world: World) -> None:
    with as_user(world.officer), pytest.raises(NotVisible):
        services.word(world.partnership, kind=DocumentKind.POLICY, text="Ours.", by=world.officer)
    with as_user(world.manager):
        services.word(world.partnership, kind=DocumentKind.POLICY, text="{setting} works with {hub}.", by=world.manager)
    assert words(world, DocumentKind.POLICY).text == f"{world.school.name} works with {world.mash.name}."


@pytest.mark.parametrize(
    "text",
    ["{child}", "{}", "{0}", "{setting", "setting}", "{setting.pk}", "{setting!r}", "{setting:>9}", "{leads[0]}"],
)
def test_a_brace_that_cannot_be_filled_in_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        policies.check_text(text)


def test_the_words_that_come_with_the_hub_can_be_filled_in() -> None:
    for text in DEFAULTS.values():
        policies.check_text(text)


@pytest.mark.req("ALR-25")
@pytest.mark.parametrize(
    ("published_on", "same", "standing"),
    [
        (None, True, Standing.NEVER),
        (TODAY, True, Standing.CONFIRMED),
        (dt.date(2025, 11, 27), True, Standing.CONFIRMED),
        (dt.date(2025, 11, 26), True, Standing.DUE),
        (TODAY, False, Standing.CHANGED),
        (dt.date(2024, 2, 29), True, Standing.DUE),
    ],
)
def test_a_confirmation_holds_for_a_year_and_for_its_words(
    published_on: dt.date | None, same: bool, standing: Standing
) -> None:
    said = Publication(published_on=published_on, text="old") if published_on else None
    assert policies.standing(said, "old" if same else "new", TODAY) == standing


@pytest.mark.req("ALR-25")
def test_the_setting_confirms_and_the_very_words_are_kept(world: World) -> None:
    desk = selectors.Desk(world.school, world.partnership)
    today = timezone.localdate()
    with as_user(world.dsl), pytest.raises(Refused, match="details are still missing"):
        services.confirm(desk, kind=DocumentKind.LETTER, published_on=today, where="Sent home", by=world.dsl)
    say(world)
    with as_user(world.dsl):
        for kind in CONFIRMED_YEARLY:
            services.confirm(desk, kind=kind, published_on=today, where="Sent home", by=world.dsl)
        with pytest.raises(NotVisible):
            services.confirm(desk, kind=DocumentKind.BRIEFING, published_on=today, where="Staff room", by=world.dsl)
        with pytest.raises(Refused):
            services.confirm(
                desk, kind=DocumentKind.LETTER, published_on=today + dt.timedelta(days=1), where="x", by=world.dsl
            )
    letter = words(world)
    assert letter.standing == Standing.CONFIRMED
    assert letter.newest is not None
    assert letter.newest.text == letter.text
    [mine] = [each for each in selectors.confirmations(world.partnership) if each.setting == world.school]
    assert all(live for *_, live in mine.days)
    [other] = [each for each in selectors.confirmations(world.partnership) if each.setting == world.other_school]
    assert not any(live for *_, live in other.days)


@pytest.mark.parametrize("who", ["tutor", "officer", "other_dsl"])
def test_only_who_looks_after_the_settings_documents_finds_them(world: World, who: str) -> None:
    user = getattr(world, who)
    with as_user(user), pytest.raises(NotVisible):
        selectors.get_desk(world.school.slug, for_user=user)
    assert signed_in(user).get(f"/documents/at/{world.school.slug}/").status_code == 404


def page(client: Client, path: str) -> str:
    answer = client.get(path, follow=True)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.req("ALR-25")
def test_the_lead_does_it_all_in_the_pages(world: World) -> None:
    client, at = signed_in(world.dsl), f"/documents/at/{world.school.slug}/"
    assert "has not said yet" in page(client, "/documents/")
    form = {**DETAILS, "leads": "Ottoline Ferry\nBram Oakes", "website": "not a page"}
    assert "Enter a web address" in client.post(f"{at}details/", form).content.decode()
    assert client.post(f"{at}details/", {**form, "website": ""}).status_code == 302
    assert "Ottoline Ferry" in page(client, f"{at}letter/")
    refused = client.post(f"{at}letter/edit/", {"text": "Dear {everybody}"})
    assert "Nothing can be filled in for {everybody}" in refused.content.decode()
    assert "Dear {everybody}" in refused.content.decode()
    today = timezone.localdate()
    when = {"published_on_0": today.day, "published_on_1": today.month, "published_on_2": today.year}
    assert client.post(f"{at}letter/published/", {**when, "where": "Sent to every family"}).status_code == 302
    assert "Confirmed until" in page(client, at)
    file = client.get(f"{at}letter/pdf/")
    assert file["Content-Type"] == "application/pdf"
    assert file.content.startswith(b"%PDF")


def test_the_list_asks_the_same_whatever_there_is(world: World, django_assert_num_queries: object) -> None:
    say(world)
    desk = selectors.Desk(world.school, world.partnership)
    with as_user(world.dsl):
        for _ in range(3):
            services.confirm(
                desk, kind=DocumentKind.LETTER, published_on=timezone.localdate(), where="Sent home", by=world.dsl
            )
        with django_assert_num_queries(5):  # type: ignore[operator]  # pytest-django's fixture has no type
            selectors.documents_of(desk)


@pytest.mark.req("ALR-25")
def test_the_lead_is_reminded_of_what_is_not_confirmed_and_the_manager_of_old_numbers(world: World) -> None:
    with as_user(world.dsl):
        [need] = today.papers(world.dsl)
    assert (need.count, need.urgent) == (len(CONFIRMED_YEARLY), False)
    say(world)
    desk = selectors.Desk(world.school, world.partnership)
    with as_user(world.dsl):
        for kind in CONFIRMED_YEARLY:
            services.confirm(desk, kind=kind, published_on=timezone.localdate(), where="Sent home", by=world.dsl)
        [need] = today.papers(world.dsl)
    assert need.count == 0
    with as_user(world.manager):
        [need] = today.services_to_check(world.manager)
    assert need.count == 0
