"""References: readable on the phone, checked, and silent about how many there are."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safeguarding.refs import _SPACE, ALPHABET, allocate_ids, check_character, normalise_ref, ref_for

numbers = st.integers(min_value=0, max_value=_SPACE - 1)


@given(numbers, numbers)
def test_two_rows_never_share_a_reference(one: int, other: int) -> None:
    assert (ref_for("A", one) == ref_for("A", other)) == (one == other)


def test_no_reference_of_the_first_hundred_thousand_rows_is_given_twice() -> None:
    assert len({ref_for("A", number) for number in range(100_000)}) == 100_000


def test_an_alert_and_a_notification_do_not_share_their_characters() -> None:
    assert not {ref_for("A", number)[2:] for number in range(1000)} & {ref_for("N", n)[2:] for n in range(1000)}


def test_neighbouring_rows_have_references_that_say_nothing_of_each_other() -> None:
    bodies = [ref_for("A", number)[2:].replace("-", "")[:7] for number in range(200)]
    alike = sum(sum(a == b for a, b in zip(x, y, strict=True)) for x, y in itertools.pairwise(bodies))
    assert alike < 0.1 * 7 * 199
    assert bodies != sorted(bodies)


@given(numbers)
def test_what_was_made_is_read_back_however_it_is_typed(number: int) -> None:
    ref = ref_for("A", number)
    sloppy = ref.lower().replace("-", " ").replace("1", "l").replace("0", "o")
    assert normalise_ref(ref) == normalise_ref(f"  {sloppy} ") == ref


@given(numbers, st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(number: int, place: int, wrong: str) -> None:
    body = ref_for("A", number)[2:].replace("-", "")
    spoilt = body[:place] + wrong + body[place + 1 :]
    assert (normalise_ref(f"A{spoilt}") is None) == (spoilt != body)


@given(st.text(max_size=30))
def test_anything_may_be_typed(text: str) -> None:
    found = normalise_ref(text)
    assert found is None or len(found) == 11


@pytest.mark.parametrize("text", ["", "A-7K3M", "A-7K3M-Q9XU", "A" * 9, "ß-7K3M-Q9X", "A-7K3M-Q9X\x00", "٣" * 9])
def test_these_are_no_references(text: str) -> None:
    assert normalise_ref(text) is None


@pytest.mark.parametrize("number", [-1, _SPACE])
def test_a_row_outside_the_space_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="outside"):
        ref_for("A", number)


def test_check_character_by_hand() -> None:
    # 0000001: 1 doubled is 2, so the check brings it to 32: position 30 of the alphabet
    assert check_character("0000000") == "0"
    assert check_character("0000001") == ALPHABET[30]


@pytest.mark.django_db
def test_ids_come_from_the_tables_own_sequence() -> None:
    from alerts.models import Alert

    first = allocate_ids(Alert, 3)
    assert len(set(first)) == 3
    assert min(allocate_ids(Alert, 2)) > max(first)
    assert allocate_ids(Alert, 0) == []
