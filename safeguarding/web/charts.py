"""How we are doing: rooms say it in numbers, the home page draws bars and puts the table beside them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from safeguarding.agencies.models import User
from safeguarding.errors import NotVisible

# The chart is drawn in these units; the style sheet gives it its size.
WIDTH, HEIGHT, FLOOR, HEAD = 560, 140, 120, 10


@dataclass(frozen=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    late: bool


@dataclass(frozen=True)
class Chart:
    """Two numbers side by side for each label, the second of them the one to worry about.

    `rows`: the label ("24 November 2026"), then the two numbers. `more`: where the rows behind them are.
    `words`: what the table prints in their stead, where a number is too small to be shown (web.small_numbers).
    """

    key: str
    title: str
    first: str
    second: str
    rows: tuple[tuple[str, int, int], ...]
    column: str = "Day"
    empty: str = "Nothing happened in these days."
    more: str = ""
    words: tuple[tuple[str, str, str], ...] = ()
    width: int = WIDTH
    height: int = HEIGHT
    floor: int = FLOOR

    @property
    def is_empty(self) -> bool:
        return not self.words and not any(good or late for _, good, late in self.rows)

    @property
    def printed(self) -> tuple[tuple[str, str, str], ...]:
        return self.words or tuple((label, f"{good:,}", f"{late:,}") for label, good, late in self.rows)

    @property
    def bars(self) -> Iterator[Bar]:
        """A pair of bars for each label, all against the highest of them."""
        top = max((max(good, late) for _, good, late in self.rows), default=0) or 1
        step = WIDTH / max(len(self.rows), 1)
        wide = round(step / 2 - 5, 1)
        for number, (_, *pair) in enumerate(self.rows):
            for place, value in enumerate(pair):
                high = round((FLOOR - HEAD) * value / top, 1)
                x = round(number * step + 4 + place * wide, 1)
                yield Bar(x, round(FLOOR - high, 1), wide, high, late=place == 1)


Provider = Callable[[User], Iterable[Chart]]

_providers: dict[str, tuple[frozenset[str], Provider]] = {}


def register(name: str, provider: Provider, *, roles: tuple[str, ...]) -> None:
    """Called when a room's app is ready; one query each, and only about what the reader may see (NTK-02)."""
    _providers[name] = (frozenset(roles), provider)


def charts_of(user: User, roles: set[str]) -> list[Chart]:
    found: list[Chart] = []
    for _, (asked, draw) in sorted(_providers.items()):
        if asked & roles:
            with suppress(NotVisible):  # whose training has lapsed has the role, and sees nothing (NTK-06)
                found += draw(user)
    return found
