"""Small numbers are hidden in what leaves the hub, and so is whatever would let somebody work them out (rules.md).

A table with its total row and total column is a graph: rows and columns are its points, hidden numbers its lines. A hidden
number can be worked out by adding and subtracting exactly when its line is a bridge; so lines are added until none is.
Noughts are shown, so each hidden number is known to be 1 at least; lines are added as well until every small number could
be a larger one for all that is shown.
"""

from collections.abc import Iterable, Iterator, Sequence

from safeguarding.web.small_numbers import SMALLEST_SHOWN

Cell = tuple[int, int]
Point = tuple[str, int]
Ways = dict[Point, list[tuple[Point, Cell]]]


def hidden_cells(table: Sequence[Sequence[int]], *, always: frozenset[Cell] = frozenset()) -> frozenset[Cell]:
    """Which cells of `table` to hide: all from 1 to 4, and as few more as keep each of them unknown.

    The last row and the last column are the totals. `always` are hidden whatever they say: another table gave them away.
    """
    hidden = {(r, c) for r, row in enumerate(table) for c, value in enumerate(row) if 0 < value < SMALLEST_SHOWN} | set(
        always
    )
    roomy: set[Cell] = set()  # hiding more takes no room away
    while True:
        before = len(hidden)
        if (bridge := next(_bridges(hidden), None)) is not None:
            if (extra := _another(table, hidden, bridge)) is not None:
                hidden.add(extra)
        else:
            ways = _ways(hidden)
            for cell in sorted(_to_ask(table, hidden) - roomy):
                while (extra := _way_out(table, ways, cell)) is not None:
                    hidden.add(extra)
                    _join(ways, extra)
                roomy.add(cell)
        if len(hidden) == before:
            break
    return frozenset(hidden)


def _to_ask(table: Sequence[Sequence[int]], hidden: set[Cell]) -> set[Cell]:
    """Hidden small numbers, and hidden sums of columns: those stand in other tables too, which bound them as well."""
    return {(r, c) for r, c in hidden if 0 < table[r][c] < SMALLEST_SHOWN or r == len(table) - 1}


def _way_out(table: Sequence[Sequence[int]], ways: Ways, cell: Cell) -> Cell | None:
    """What to hide as well, where the numbers shown leave a hidden one too little room above it; None where they do not.

    Noughts are shown, so whoever reads knows that each hidden number is 1 at least: of two that make 2 both are 1. How
    much larger a number could be is a flow: one unit more here is one more or one less in each line that it stands in,
    and so on around until the lines agree again; nothing falls below 1.
    """
    high, wide = len(table) - 1, len(table[0]) - 1
    value = table[cell[0]][cell[1]]
    needed = SMALLEST_SHOWN + 1 - value if value < SMALLEST_SHOWN and cell[0] != high else SMALLEST_SHOWN

    spare: dict[Cell, int] = {}
    goal, start = _ends(cell, high, wide)
    while True:
        came: dict[Point, tuple[Point, Cell, bool]] = {}
        reached, to_do = {start}, [start]
        while to_do and goal not in reached:
            here = to_do.pop()
            for there, by in ways[here]:
                if there in reached or by == cell:
                    continue
                more = (here[0] == "row") == ((by[0] == high) == (by[1] == wide))
                if more or spare.get(by, table[by[0]][by[1]] - 1) > 0:
                    reached.add(there)
                    came[there] = (here, by, more)
                    to_do.append(there)
                    if there == goal:
                        break
        if goal not in reached:
            known = {by for several in ways.values() for _, by in several}
            return _cheapest(table, (at for at in _out_of(table, reached) if at not in known))
        path, point = [], goal
        while point != start:
            point, by, more = came[point]
            path.append((by, more))
        for by, _ in path:
            spare.setdefault(by, max(0, table[by[0]][by[1]] - 1))
        amount = min([needed, *(spare[by] for by, more in path if not more)])
        for by, more in path:
            spare[by] += amount if more else -amount
        needed -= amount
        if needed <= 0:
            return None


def _ends(at: Cell, high: int, wide: int) -> tuple[Point, Point]:
    """From where to where more of a number flows: a sum the other way than what it sums."""
    row, column = ("row", at[0]), ("column", at[1])
    return (row, column) if (at[0] == high) == (at[1] == wide) else (column, row)


def _out_of(table: Sequence[Sequence[int]], reached: set[Point]) -> Iterator[Cell]:
    """Cells by which more could flow out of the part of the table that was reached."""
    high, wide = len(table) - 1, len(table[0]) - 1
    for r, row in enumerate(table):
        for c, value in enumerate(row):
            source, drain = (end in reached for end in _ends((r, c), high, wide))
            if source != drain and (source or value > 1):
                yield r, c


def _another(table: Sequence[Sequence[int]], hidden: set[Cell], bridge: Cell) -> Cell | None:
    """The cheapest number to hide beside one that could be worked out: small and not nought, in its row or its column.

    The sum of all goes last: it says most, and hidden in one table it is hidden in every one.
    """
    row, column = bridge
    beside = [(row, c) for c in range(len(table[row]))] + [(r, column) for r in range(len(table))]
    return _cheapest(table, (cell for cell in beside if cell not in hidden))


def _cheapest(table: Sequence[Sequence[int]], cells: Iterable[Cell]) -> Cell | None:
    whole = (len(table) - 1, len(table[0]) - 1)
    return min(
        cells,
        key=lambda cell: (cell == whole, table[cell[0]][cell[1]] == 0, table[cell[0]][cell[1]], cell),
        default=None,
    )


def _ways(hidden: set[Cell]) -> Ways:
    ways: Ways = {}
    for cell in sorted(hidden):
        _join(ways, cell)
    return ways


def _join(ways: Ways, cell: Cell) -> None:
    row, column = ("row", cell[0]), ("column", cell[1])
    ways.setdefault(row, []).append((column, cell))
    ways.setdefault(column, []).append((row, cell))


def _bridges(hidden: set[Cell]) -> Iterator[Cell]:
    """The lines of the graph without which it falls apart, by depth first and without recursion."""
    ways = _ways(hidden)
    order: dict[Point, int] = {}
    low: dict[Point, int] = {}
    for start in ways:
        if start in order:
            continue
        stack: list[tuple[Point, Cell | None, Iterator]] = [(start, None, iter(ways[start]))]
        order[start] = low[start] = len(order)
        while stack:
            here, came_by, rest = stack[-1]
            for there, line in rest:
                if line == came_by:
                    continue
                if there in order:
                    low[here] = min(low[here], order[there])
                    continue
                order[there] = low[there] = len(order)
                stack.append((there, line, iter(ways[there])))
                break
            else:
                stack.pop()
                if stack and came_by is not None:
                    above = stack[-1][0]
                    low[above] = min(low[above], low[here])
                    if low[here] > order[above]:
                        yield came_by


def hidden_in_line(values: Sequence[int], *, always: frozenset[int] = frozenset()) -> frozenset[int]:
    """The same for one line of numbers whose last is their sum.

    One hidden number alone could be worked out; several could where their sum, if that is shown, leaves them no room.
    """
    end = len(values) - 1
    hidden = {n for n, value in enumerate(values) if 0 < value < SMALLEST_SHOWN} | set(always)
    free = sorted(set(range(len(values))) - hidden, key=lambda n: (values[n] == 0, values[n], n))
    while hidden and free:
        room = sum(values[n] - 1 for n in hidden if values[n])
        if len(hidden) > 1 and (end in hidden or room >= SMALLEST_SHOWN):
            break
        hidden.add(free.pop(0))
    return frozenset(hidden)
