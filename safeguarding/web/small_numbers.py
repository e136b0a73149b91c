"""Small numbers are not printed: where few children stand behind a number, it may name one of them (MSH-07, ALR-23)."""

from collections.abc import Sequence

LEAST = 5
RULE = (
    f"Numbers from 1 to {LEAST - 1} are not shown, because they could point to one child. Where a total would give a hidden "
    "number away, the next smallest number is hidden as well."
)
HIDDEN = f"under {LEAST}"
HIDDEN_TOO = "not shown"


def shown(number: int) -> str:
    return HIDDEN if 0 < number < LEAST else f"{number:,}"


def column(numbers: Sequence[int]) -> list[str]:
    """Numbers that stand under each other above their total: none that is hidden can be worked out from the others."""
    words = [shown(number) for number in numbers]
    hidden = [place for place, word in enumerate(words) if word == HIDDEN]
    others = [place for place, number in enumerate(numbers) if number >= LEAST]
    if len(hidden) == 1 and others:
        words[min(others, key=lambda place: numbers[place])] = HIDDEN_TOO
    return words


def drawn(word: str) -> int:
    """How high the bar of a number stands in a chart: what is hidden has none."""
    digits = word.replace(",", "")
    return int(digits) if digits.isdecimal() else 0
