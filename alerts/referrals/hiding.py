"""Which numbers of a weekly review are hidden: its two tables count the same referrals, and are looked at together (MSH-07).

How many stopped at a stage is the difference of two printed numbers, and for referrals it is printed once more as an outcome.
So it is decided over those differences, and a stage is shown where those that are shown add up to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from alerts import small_numbers
from alerts.bell.suppression import Cell, hidden_cells, hidden_in_line
from safeguarding.web.small_numbers import HIDDEN, SMALLEST_SHOWN, shown


@dataclass(frozen=True)
class Words:
    """Both tables in words; the last row of the stages, and the last of the outcomes, is the sum."""

    stages: Sequence[Sequence[str]]
    outcomes: Sequence[str]


def words(rows: Sequence[Sequence[int]], outcomes: Sequence[int], ends: Mapping[int, int]) -> Words:
    """`rows`: what came at least to each stage, by source. `ends`: the stage at which an outcome stops, by their places."""
    stages = [*rows, [sum(column) for column in zip(*rows, strict=True)]]
    line = [*outcomes, sum(outcomes)]
    cells, places = _hidden(stages, line, ends)
    return Words(
        [
            [_word(n, _adds_up(row, at, row_of, cells)) for at, n in enumerate(row_of)]
            for row, row_of in enumerate(stages)
        ],
        [_word(n, place not in places) for place, n in enumerate(line)],
    )


def _word(number: int, is_shown: bool) -> str:
    word = shown(number)
    return word if is_shown or word == HIDDEN else small_numbers.HIDDEN_TOO


def _is_small(number: int) -> bool:
    return 0 < number < SMALLEST_SHOWN


def _adds_up(row: int, stage: int, numbers: Sequence[int], cells: frozenset[Cell]) -> bool:
    """From those that stopped there or later, or from all of the source without those that stopped before."""
    later = all((row, at) not in cells for at in range(stage, len(numbers)))
    before = all((row, at) not in cells for at in (len(numbers), *range(stage)))
    return later or before


def _hidden(
    stages: Sequence[Sequence[int]], line: Sequence[int], ends: Mapping[int, int]
) -> tuple[frozenset[Cell], frozenset[int]]:
    """Cells of the differences, and places among the outcomes: what one table hides, the other one hides as well."""
    last = len(stages) - 1
    stopped = [[*(one - two for one, two in zip(row, [*row[1:], 0], strict=True)), *row[:1]] for row in stages]
    cells = _beside_small_sums(stages, stopped) | _notifications(stopped, line)
    places = _beside_small_outcomes(stages[last], line, ends)
    while True:
        also = {(last, stage) for place, stage in ends.items() if place in places}
        cells = hidden_cells(stopped, always=cells | also)
        before, same = places, {place for place, stage in ends.items() if (last, stage) in cells}
        places = hidden_in_line(line, always=places | same)
        places |= _beside_the_only_one(line, ends, places)
        if places == before:
            return cells, places


def _beside_small_sums(stages: Sequence[Sequence[int]], stopped: Sequence[Sequence[int]]) -> frozenset[Cell]:
    """A small number is what a source leaves: so of those that stopped before it, or of all, one number is hidden as well.

    With the same two of another source: what one of them has more the other one has less, and no sum says which.
    """
    found: set[Cell] = set()
    for row, numbers in enumerate(stages):
        for stage in (stage for stage, number in enumerate(numbers) if _is_small(number)):
            [later] = _smallest(stopped[row], range(stage, len(numbers)))
            [before] = _smallest(stopped[row], range(stage)) or [len(numbers)]
            other = _another(row, stopped, before, later)
            found.update((each, at) for each in (row, other) for at in (before, later))
    return frozenset(found)


def _another(row: int, stopped: Sequence[Sequence[int]], one: int, two: int) -> int:
    """The source whose two numbers say least, and none that is nought; the sum of all sources where there is no other."""
    others = [each for each in range(len(stopped) - 1) if each != row] or [len(stopped) - 1]
    return min(
        others,
        key=lambda each: (0 in (stopped[each][one], stopped[each][two]), stopped[each][one] + stopped[each][two]),
    )


def _beside_small_outcomes(numbers: Sequence[int], line: Sequence[int], ends: Mapping[int, int]) -> frozenset[int]:
    """The same for what all outcomes leave; and of very few notifications, which are the contacts without the referrals."""
    found: set[int] = set()
    for stage in ends.values():
        if _is_small(numbers[stage]):
            found.update(_smallest(line, [place for place in range(len(line) - 1) if ends.get(place, -1) < stage]))
    if _is_small(numbers[0] - line[-1]):
        early = [place for place in range(len(line) - 1) if place not in ends]
        found.update([len(line) - 1], _smallest(line, early) or early[:1])
    return frozenset(found)


def _beside_the_only_one(line: Sequence[int], ends: Mapping[int, int], hidden: frozenset[int]) -> frozenset[int]:
    """All that stopped before an assessment are the referrals without the stages: among them, too, one alone could be told."""
    early = [place for place in range(len(line) - 1) if place not in ends]
    rest = [place for place in early if place not in hidden]
    if len(early) - len(rest) != 1:
        return frozenset()
    return frozenset(_smallest(line, rest) or rest[:1])


def _notifications(stopped: Sequence[Sequence[int]], line: Sequence[int]) -> frozenset[Cell]:
    """Notifications are the contacts without the referrals: few that were taken up, or were not, are hidden with each other."""
    *sources, everything = stopped
    taken_up = everything[1]
    if not (_is_small(taken_up) or _is_small(everything[-1] - line[-1] - taken_up)):
        return frozenset()
    source = max(range(len(sources)), key=lambda row: (sources[row][1], sources[row][0]))
    return frozenset((row, at) for row in (source, len(sources)) for at in (0, 1))


def _smallest(numbers: Sequence[int], places: Sequence[int]) -> list[int]:
    return sorted((place for place in places if numbers[place]), key=lambda place: (numbers[place], place))[:1]
