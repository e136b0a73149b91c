"""No number from 1 to 4 leaves the hub, and none can be worked out from those that do."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.bell.suppression import SMALLEST_SHOWN, hidden_cells, hidden_in_line

rows = st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=1, max_size=6)


def with_totals(parts: list[list[int]]) -> list[list[int]]:
    table = [[*row, sum(row)] for row in parts]
    return [*table, [sum(column) for column in zip(*table, strict=True)]]


def worked_out(table: list[list[int]], hidden: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """What somebody finds who adds and subtracts: a line's only hidden number, again and again."""
    unknown, high, wide = set(hidden), len(table), len(table[0])
    lines = [[(r, c) for c in range(wide)] for r in range(high)] + [[(r, c) for r in range(high)] for c in range(wide)]
    while True:
        alone = [left[0] for line in lines if len(left := [cell for cell in line if cell in unknown]) == 1]
        if not alone:
            return set(hidden) - unknown
        unknown -= set(alone)


@given(rows)
@settings(max_examples=150, deadline=None)
def test_small_numbers_are_hidden_and_cannot_be_worked_out(parts: list[list[int]]) -> None:
    table = with_totals(parts)
    hidden = hidden_cells(table)
    small = {(r, c) for r, row in enumerate(table) for c, value in enumerate(row) if 0 < value < SMALLEST_SHOWN}
    assert small <= hidden
    assert not worked_out(table, set(hidden))
    assert bool(hidden) == bool(small), "nothing is hidden where nothing is small"


def test_a_number_that_another_table_gave_away_is_hidden_here_too() -> None:
    table = with_totals([[10, 20, 30], [40, 50, 60]])
    assert hidden_cells(table) == frozenset()
    hidden = hidden_cells(table, always=frozenset({(2, 1)}))
    assert (2, 1) in hidden
    assert not worked_out(table, set(hidden))


@pytest.mark.parametrize(
    ("values", "hidden"),
    [
        ([7, 9, 16], set()),
        ([7, 3, 10], {0, 1}),
        ([0, 3, 3], {1, 2}),
        ([1, 2, 30, 33], {0, 1}),
        ([0, 0, 0], set()),
    ],
)
def test_in_one_line(values: list[int], hidden: set[int]) -> None:
    assert hidden_in_line(values) == hidden
