"""Small numbers in words, for tables on pages and on paper; which of them are hidden is decided in bell/suppression.py."""

from collections.abc import Sequence

from alerts.bell.suppression import hidden_in_line
from safeguarding.web.small_numbers import HIDDEN, SMALLEST_SHOWN, shown

RULE = (
    f"Numbers from 1 to {SMALLEST_SHOWN - 1} are not shown, because they could point to one child. Where a total would give a "
    "hidden number away, the next smallest number is hidden as well."
)
HIDDEN_TOO = "not shown"


def column(numbers: Sequence[int]) -> list[str]:
    """Numbers that stand under each other above their total: none that is hidden can be worked out from the others."""
    hidden = hidden_in_line([*numbers, sum(numbers)])
    words = [shown(number) for number in numbers]
    return [HIDDEN_TOO if place in hidden and word != HIDDEN else word for place, word in enumerate(words)]


def drawn(word: str) -> int:
    """How high the bar of a number stands in a chart: what is hidden has none."""
    digits = word.replace(",", "")
    return int(digits) if digits.isdecimal() else 0
