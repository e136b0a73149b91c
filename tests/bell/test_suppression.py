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


def bounds(table: list[list[int]], hidden: set[tuple[int, int]]) -> dict[tuple[int, int], tuple[int, float]]:
    """Between what each hidden number lies, for somebody who knows that noughts are shown: line by line, again and again."""
    high, wide = len(table), len(table[0])
    lines = [[(r, c) for c in range(wide)] for r in range(high)] + [[(r, c) for r in range(high)] for c in range(wide)]
    found: dict[tuple[int, int], tuple[int, float]] = {
        (r, c): (min(1, table[r][c]), float("inf")) if (r, c) in hidden else (table[r][c], table[r][c])
        for r in range(high)
        for c in range(wide)
    }
    while True:
        before = dict(found)
        for *parts, total in lines:
            low, most = found[total]
            found[total] = max(low, sum(found[at][0] for at in parts)), min(most, sum(found[at][1] for at in parts))
            for at in parts:
                others = [each for each in parts if each != at]
                low, most = found[at]
                least = found[total][0] - sum(found[each][1] for each in others)
                found[at] = (
                    max(low, int(least) if least > low else low),
                    min(most, found[total][1] - sum(found[each][0] for each in others)),
                )
        if found == before:
            return found


@given(rows)
@settings(max_examples=150, deadline=None)
def test_small_numbers_are_hidden_and_cannot_be_worked_out(parts: list[list[int]]) -> None:
    table = with_totals(parts)
    hidden = hidden_cells(table)
    small = {(r, c) for r, row in enumerate(table) for c, value in enumerate(row) if 0 < value < SMALLEST_SHOWN}
    assert small <= hidden
    assert not worked_out(table, set(hidden))
    assert bool(hidden) == bool(small), "nothing is hidden where nothing is small"
    between = bounds(table, set(hidden))
    assert not [cell for cell in small if between[cell][1] <= SMALLEST_SHOWN], "each could be a larger one"


@pytest.mark.parametrize(
    "parts",
    [
        [[1, 0, 1], [1, 0, 1], [50, 0, 10]],
        # each line alone leaves room; together they leave none
        [[6, 6, 20], [1, 30, 6], [40, 1, 6]],
    ],
)
def test_who_knows_that_noughts_are_shown_finds_no_small_number(parts: list[list[int]]) -> None:
    table = with_totals(parts)
    small = {(r, c) for r, row in enumerate(table) for c, value in enumerate(row) if 0 < value < SMALLEST_SHOWN}
    between = bounds(table, set(hidden_cells(table)))
    assert {cell: between[cell] for cell in small if between[cell][1] <= SMALLEST_SHOWN} == {}


@given(st.lists(st.integers(0, 30), min_size=1, max_size=7))
def test_in_one_line_there_is_room_as_well(parts: list[int]) -> None:
    values = [*parts, sum(parts)]
    hidden = hidden_in_line(values)
    assert len(hidden) != 1
    inside = [values[n] for n in hidden if n < len(parts)]
    assert not inside or len(parts) in hidden or sum(inside) - len(inside) >= SMALLEST_SHOWN


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
        ([1, 2, 30, 33], {0, 1, 2}),
        ([1, 1, 5, 7], {0, 1, 2, 3}),
        ([4, 4, 30, 38], {0, 1}),
        ([0, 0, 0], set()),
    ],
)
def test_in_one_line(values: list[int], hidden: set[int]) -> None:
    assert hidden_in_line(values) == hidden
