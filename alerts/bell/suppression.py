"""Small numbers are hidden in what leaves the hub, and so is whatever would let somebody work them out (rules.md).

A table with its total row and total column is a graph: rows and columns are its points, hidden numbers its lines. A hidden
number can be worked out by adding and subtracting exactly when its line is a bridge; so lines are added until none is.
"""

from collections.abc import Iterator, Sequence

from safeguarding.web.small_numbers import SMALLEST_SHOWN

Cell = tuple[int, int]


def hidden_cells(table: Sequence[Sequence[int]], *, always: frozenset[Cell] = frozenset()) -> frozenset[Cell]:
    """Which cells of `table` to hide: all from 1 to 4, and as few more as keep each of them unknown.

    The last row and the last column are the totals. `always` are hidden whatever they say: another table gave them away.
    """
    hidden = {(r, c) for r, row in enumerate(table) for c, value in enumerate(row) if 0 < value < SMALLEST_SHOWN} | set(
        always
    )
    while (bridge := next(_bridges(hidden), None)) is not None:
        extra = _another(table, hidden, bridge)
        if extra is None:
            break
        hidden.add(extra)
    return frozenset(hidden)


def _another(table: Sequence[Sequence[int]], hidden: set[Cell], bridge: Cell) -> Cell | None:
    """The cheapest number to hide beside one that could be worked out: small and not nought, in its row or its column.

    The sum of all goes last: it says most, and hidden in one table it is hidden in every one.
    """
    row, column = bridge
    whole = (len(table) - 1, len(table[0]) - 1)
    beside = [(row, c) for c in range(len(table[row]))] + [(r, column) for r in range(len(table))]
    free = [cell for cell in beside if cell not in hidden]
    return min(
        free,
        key=lambda cell: (cell == whole, table[cell[0]][cell[1]] == 0, table[cell[0]][cell[1]], cell),
        default=None,
    )


def _bridges(hidden: set[Cell]) -> Iterator[Cell]:
    """The lines of the graph without which it falls apart, by depth first and without recursion."""
    ways: dict[tuple[str, int], list[tuple[tuple[str, int], Cell]]] = {}
    for r, c in sorted(hidden):
        ways.setdefault(("row", r), []).append((("column", c), (r, c)))
        ways.setdefault(("column", c), []).append((("row", r), (r, c)))
    order: dict[tuple[str, int], int] = {}
    low: dict[tuple[str, int], int] = {}
    for start in ways:
        if start in order:
            continue
        stack: list[tuple[tuple[str, int], Cell | None, Iterator]] = [(start, None, iter(ways[start]))]
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
    """The same for one line of numbers whose last is their sum: one hidden number alone could be worked out."""
    hidden = {n for n, value in enumerate(values) if 0 < value < SMALLEST_SHOWN} | set(always)
    free = sorted(set(range(len(values))) - hidden, key=lambda n: (values[n] == 0, values[n], n))
    if len(hidden) == 1 and free:
        hidden.add(free[0])
    return frozenset(hidden)
