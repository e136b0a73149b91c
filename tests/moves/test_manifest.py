"""The hash of the list changes when anything in it does, and only then."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.models import FileEntry, FilePerson
from alerts.moves import manifest
from alerts.moves.manifest import Item

pytestmark = pytest.mark.req("ALR-28")

TEXT = st.text(min_size=0, max_size=12)
ITEMS = st.lists(st.builds(Item, TEXT, TEXT, TEXT, TEXT, TEXT), min_size=1, max_size=6)
FIELDS = ("ref", "kind", "day", "author", "sha256")
WHEN = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)


@given(ITEMS, st.data())
def test_any_change_of_any_item_changes_the_total(items: list[Item], data: st.DataObject) -> None:
    at, field = data.draw(st.integers(0, len(items) - 1)), data.draw(st.sampled_from(FIELDS))
    other = data.draw(TEXT.filter(lambda text: text != getattr(items[at], field)))
    changed = [*items[:at], replace(items[at], **{field: other}), *items[at + 1 :]]
    assert manifest.total(changed) != manifest.total(items)
    assert manifest.total(items[:at] + items[at + 1 :]) != manifest.total(items)
    assert manifest.total([*items, items[at]]) != manifest.total(items)


@given(ITEMS)
def test_the_total_is_the_same_after_it_was_kept_and_read_again(items: list[Item]) -> None:
    assert manifest.total(manifest.from_json(manifest.to_json(items))) == manifest.total(items)
    assert manifest.from_json(None) == []


@given(ITEMS)
def test_two_items_in_another_order_are_another_list(items: list[Item]) -> None:
    turned = items[::-1]
    assert (manifest.total(turned) == manifest.total(items)) == (turned == items)


def _entry(**fields: Any) -> FileEntry:
    values = {
        "ref": "E-0000-0000", "kind": "concern", "happened_on": dt.date(2026, 11, 20), "recorded_at": WHEN,
        "source_ref": "", "part": "", "text": "Came without a coat.",
    }  # fmt: skip
    return FileEntry(**{**values, **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"ref": "E-1111-1111"},
        {"kind": "other"},
        {"happened_on": dt.date(2026, 11, 21)},
        {"recorded_at": WHEN + dt.timedelta(microseconds=1)},
        {"source_ref": "A-0000-0000"},
        {"part": "saw"},
        {"text": "Came without a coat"},
        {"addendum_to": _entry(ref="E-2222-2222")},
    ],
)
def test_the_hash_of_an_entry_is_over_everything_that_it_says(fields: dict[str, Any]) -> None:
    assert manifest.hash_of_entry(_entry(**fields), "A") != manifest.hash_of_entry(_entry(), "A")


def test_the_hash_of_an_entry_is_over_who_wrote_it_and_not_over_the_clock_of_who_looks() -> None:
    assert manifest.hash_of_entry(_entry(), "A") != manifest.hash_of_entry(_entry(), "B")
    elsewhere = _entry(recorded_at=WHEN.astimezone(dt.timezone(dt.timedelta(hours=1))))
    assert manifest.hash_of_entry(elsewhere, "A") == manifest.hash_of_entry(_entry(), "A")


@pytest.mark.parametrize(
    "fields", [{"name": "B"}, {"relation": "father"}, {"part": "harmed"}, {"note": "x"}, {"pk": 2}]
)
def test_the_hash_of_a_person_is_over_everything_that_is_said_of_them(fields: dict[str, Any]) -> None:
    known = {"pk": 1, "name": "A", "relation": "mother", "part": "supports", "note": None}
    assert manifest.hash_of_person(FilePerson(**{**known, **fields})) != manifest.hash_of_person(FilePerson(**known))
