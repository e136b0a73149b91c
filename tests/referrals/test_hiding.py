"""What the two tables of a week hide together: nothing small can be worked out of what both print (MSH-07)."""

import random
from collections.abc import Iterator, Sequence
from fractions import Fraction

import pytest

from alerts.referrals import hiding

# by place: no action, early help, assessment, strategy discussion, section 47 enquiry, not decided
ENDS = {2: 2, 3: 3, 4: 4}
FREE = (0, 1, 5)
Vector = tuple[int, ...]


class Printed:
    """A week as whoever has the page could reckon with it: how many stopped where, by source, and what was decided."""

    def __init__(self, stopped: Sequence[Sequence[int]], free: Sequence[int]) -> None:
        self.rows = [[sum(row[stage:]) for stage in range(5)] for row in stopped]
        ends = [sum(row[stage] for row in stopped) for stage in range(5)]
        self.outcomes = [free[0], free[1], *ends[2:], free[2]]
        self.values = [*(number for row in stopped for number in row), *free]
        self.sources = len(stopped)
        self.words = hiding.words(self.rows, self.outcomes, ENDS)

    def unknown(self, *places: int) -> Vector:
        return tuple(int(at in places) for at in range(len(self.values)))

    def stopped(self, stages: Sequence[int], sources: Sequence[int]) -> Vector:
        return self.unknown(*(row * 5 + stage for row in sources for stage in stages))

    def printed(self) -> Iterator[tuple[str, Vector]]:
        everybody = range(self.sources)
        free = self.sources * 5
        for row, words in enumerate(self.words.stages):
            for stage, word in enumerate(words):
                yield word, self.stopped(range(stage, 5), everybody if row == self.sources else [row])
        decided = [self.unknown(free + FREE.index(n)) if n in FREE else self.stopped([n], everybody) for n in range(6)]
        decided.append(tuple(map(sum, zip(*decided, strict=True))))
        yield from zip(self.words.outcomes, decided, strict=True)

    def secrets(self) -> Iterator[tuple[str, Vector]]:
        """What is small: a stage, how many stopped there, an outcome, the notifications and those not taken up."""
        for row in range(self.sources + 1):
            sources = range(self.sources) if row == self.sources else [row]
            for stage in range(5):
                yield f"at least {stage} of {row}", self.stopped(range(stage, 5), sources)
                yield f"stopped at {stage} of {row}", self.stopped([stage], sources)
        *_, all_referrals = (vector for _, vector in self.printed())
        for name, stages in (("notifications", range(5)), ("not taken up", [0, 2, 3, 4])):
            contacts = self.stopped(stages, range(self.sources))
            yield name, tuple(a - b for a, b in zip(contacts, all_referrals, strict=True))
        free = self.sources * 5
        yield from ((f"decided {n}", self.unknown(free + n)) for n in range(3))

    def given_away(self) -> list[str]:
        known = _reduced([vector for word, vector in self.printed() if word[0].isdecimal()])
        found = []
        for name, vector in self.secrets():
            number = sum(a * b for a, b in zip(vector, self.values, strict=True))
            if 0 < number < 5 and not any(_rest(list(map(Fraction, vector)), known)):
                found.append(f"{name}: {number}")
        return found


def _rest(vector: list[Fraction], known: dict[int, list[Fraction]]) -> list[Fraction]:
    for pivot, row in known.items():
        if vector[pivot]:
            factor = vector[pivot]
            vector = [a - factor * b for a, b in zip(vector, row, strict=True)]
    return vector


def _reduced(vectors: Sequence[Vector]) -> dict[int, list[Fraction]]:
    known: dict[int, list[Fraction]] = {}
    for vector in vectors:
        rest = _rest(list(map(Fraction, vector)), known)
        pivot = next((at for at, value in enumerate(rest) if value), None)
        if pivot is not None:
            known[pivot] = [value / rest[pivot] for value in rest]
    return known


@pytest.mark.req("MSH-07")
def test_the_stages_do_not_give_an_outcome_away() -> None:
    """All that came to an assessment less all that came to a strategy discussion is the number of assessments."""
    week = Printed([[30, 0, 2, 6, 7]], [20, 10, 0])
    assert week.words.outcomes[2] == "under 5"
    assert week.given_away() == []


@pytest.mark.req("MSH-07")
@pytest.mark.parametrize("seed", range(120))
def test_nothing_small_can_be_worked_out_of_both_tables(seed: int) -> None:
    chance = random.Random(seed)
    numbers = [0, 0, 0, 1, 2, 3, 5, 6, 8, 12, 30]
    police = [chance.choice([0, 2, 9, 40]), chance.choice([0, 1, 3, 7, 20]), 0, 0, 0]
    others = [[0, 0, *chance.choices(numbers, k=3)] for _ in range(chance.randint(1, 4))]
    free = chance.choices(numbers, k=3)
    others[0][0] = sum(free)
    week = Printed([police, *others], free)
    assert week.given_away() == [], (week.rows, week.outcomes, week.words)


@pytest.mark.req("MSH-07")
def test_no_more_is_hidden_than_has_to_be() -> None:
    week = Printed([[30, 12, 0, 0, 0], [20, 0, 6, 7, 8], [15, 0, 9, 9, 9]], [20, 15, 0])
    assert not [word for word, _ in week.printed() if not word[0].isdecimal()]
