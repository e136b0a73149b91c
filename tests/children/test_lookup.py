"""Children are found again through their tokens alone: each way of getting a name or a date wrong (ALR-03)."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.db import transaction

from safeguarding.children import lookup
from safeguarding.children.enums import TokenKind
from safeguarding.children.matching import Details, Verdict
from safeguarding.children.models import Child, ChildToken
from safeguarding.children.tokens import GENERATION, tokens_of
from tests.children.support import BORN, judged, on_record
from tests.factories import World
from tests.support.db import as_service, fixtures

pytestmark = pytest.mark.django_db

WRONG = {
    "exact, other case": ("FREYA", "lindqvist", BORN),
    "typo": ("Freuya", "Lindqvist", BORN),
    "two typos": ("Freyaa", "Lindqvits", BORN),
    "typo at the start": ("Breya", "Lindqvist", BORN),
    "phonetic": ("Freja", "Lindkwist", BORN),
    "names swapped": ("Lindqvist", "Freya", BORN),
    "names swapped, typo": ("Lindqvist", "Freyya", BORN),
    "day and month swapped": ("Freya", "Lindqvist", dt.date(2016, 4, 5)),
    "day and month swapped, typo": ("Freyya", "Lindqvist", dt.date(2016, 4, 5)),
    "day and month swapped, typo at the start": ("Breya", "Lindqvist", dt.date(2016, 4, 5)),
    "wrong year, typo": ("Freyya", "Lindqvist", dt.date(2015, 5, 4)),
    "wrong day": ("Freya", "Lindqvist", dt.date(2016, 5, 27)),
    "wrong month": ("Freya", "Lindqvist", dt.date(2016, 11, 4)),
    "wrong year": ("Freya", "Lindqvist", dt.date(2015, 5, 4)),
    "no date": ("Freya", "Lindqvist", None),
    "double name": ("Freya", "Lindqvist-Marsh", BORN),
    "second given name": ("Freya Maud", "Lindqvist", BORN),
}


@pytest.mark.req("ALR-03")
def test_every_kind_of_mistake_finds_the_child_and_no_other(world: World) -> None:
    freya = on_record(world, "Freya", "Lindqvist")
    on_record(world, "Oscar", "Lindqvist")  # her twin
    on_record(world, "Freya", "Marsh", dt.date(2009, 11, 23))
    found = {what: judged(world, *wrong) for what, wrong in WRONG.items()}
    assert {what: [each.key for each in judgement.alike] for what, judgement in found.items()} == {
        what: [freya.pk] for what in WRONG
    }
    assert found.pop("exact, other case").verdict is Verdict.SURE
    assert {judgement.verdict for judgement in found.values()} == {Verdict.POSSIBLE}


@pytest.mark.req("ALR-03")
@pytest.mark.parametrize(
    ("known", "sought"),
    [
        (("William", "Ashgrove"), ("Bill", "Ashgrove")),
        (("Mohammed", "Choudhury"), ("Muhamad", "Chaudhry")),
        (("Yevhen", "Kovalchuk"), ("Evgeny", "Kowalczuk")),
        (("Youssef", "Al-Hassan"), ("Yusuf", "Alhasan")),
        (("Anne-Marie", "Okafor-Lane"), ("Annemarie", "Okafor")),
        (("Katarzyna", "Wojciechowska"), ("Kasia", "Wojciechowski")),
        (("Zainab", "Qureshi"), ("Zaynab", "Kuraishi")),
    ],
)
def test_other_forms_and_spellings_of_a_name_are_found(
    world: World, known: tuple[str, str], sought: tuple[str, str]
) -> None:
    child = on_record(world, *known)
    judgement = judged(world, *sought)
    assert (judgement.verdict, judgement.best.key) == (Verdict.POSSIBLE, child.pk)


@pytest.mark.req("ALR-03")
@pytest.mark.parametrize("twin", ["Oscar", "Ella", "Libby"])
def test_twins_whose_names_differ_clearly_are_two_children(world: World, twin: str) -> None:
    on_record(world, "Elsie", "Lindqvist")
    assert judged(world, twin, "Lindqvist").verdict is Verdict.NEW


@pytest.mark.req("NTK-02")
def test_another_partnerships_children_are_not_even_alike(world: World) -> None:
    on_record(world, "Freya", "Lindqvist")
    with fixtures():
        type(world.school).objects.update(urn=None)
        other = World()
    assert judged(other, "Freya", "Lindqvist").verdict is Verdict.NEW


@pytest.mark.req("ALR-03")
def test_a_common_name_without_a_date_does_not_flood_and_is_not_taken_for_new(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookup, "CAP", 5)
    monkeypatch.setattr(lookup.holders_of, "__kwdefaults__", {"cap": 5})
    for day in range(1, 10):
        on_record(world, "Muhammad", "Khan", dt.date(2012, day, 20 + day % 3))
    judgement = judged(world, "Muhammad", "Khan", None)
    assert judgement.verdict is Verdict.POSSIBLE
    assert len(judgement.alike) == 5
    # one who is named exactly stands out, however many bear a part of it
    assert judged(world, "Muhammad", "Khan", dt.date(2012, 3, 20)).verdict is Verdict.SURE


@pytest.mark.req("ALR-03")
def test_rare_evidence_is_compared_first() -> None:
    rare, common = (TokenKind.NAME_AND_BIRTH, b"1"), (TokenKind.NAME, b"2")
    holders = lookup.Holders({common: list(range(50)), rare: [7]})
    assert holders.likeliest([common, rare], 3)[0] == 7
    assert len(holders.likeliest([common, rare], 3)) == 3


@pytest.mark.req("ALR-01")
def test_queries_do_not_grow_with_the_children_of_a_notification(world: World, django_assert_num_queries) -> None:
    from safeguarding.children.selectors import judge_all

    for number in range(6):
        on_record(world, f"Given{'abcdef'[number]}", "Lindqvist")
    sought = [Details(f"Given{letter}", "Lindqvist", BORN) for letter in "abcdef"]
    with as_service("matching"):
        for few_or_many in (sought[:1], sought):
            with django_assert_num_queries(2):
                judge_all(world.partnership, few_or_many)


@pytest.mark.req("ALR-03")
def test_tokens_hold_no_value_and_the_same_details_give_the_same(world: World) -> None:
    child = on_record(world, "Freya", "Lindqvist", upn="B801200005001")
    details = Details("Freya", "Lindqvist", BORN, upn="B801200005001")
    with as_service("matching"):
        rows = set(ChildToken.objects.filter(child=child).values_list("kind", "token"))
    assert {(kind, bytes(token)) for kind, token in rows} == {
        (kind.value, token) for kind, token in tokens_of(world.partnership.pk, details)
    }
    assert not any(b"reya" in bytes(token) for _, token in rows)
    assert len(rows) <= 14


@pytest.mark.req("ALR-03")
@pytest.mark.django_db(transaction=True)
def test_children_from_before_get_their_tokens_and_it_can_be_done_in_parts(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    with fixtures():
        old = [world.child(given_name="Freya", family_name="Lindqvist"), world.child(given_name="Oscar")]
        ChildToken.objects.all().delete()
    assert judged(world, "Freyya", "Lindqvist").verdict is Verdict.NEW
    call_command("rebuild_tokens")
    assert "2 children" in capsys.readouterr().out
    assert judged(world, "Freyya", "Lindqvist").best.key == old[0].pk
    with as_service("matching"), transaction.atomic():
        before = ChildToken.objects.count()
    call_command("rebuild_tokens")
    assert "0 children" in capsys.readouterr().out
    with as_service("matching"), transaction.atomic():
        assert ChildToken.objects.count() == before
        assert set(Child.objects.values_list("tokens_made", flat=True)) == {GENERATION}
