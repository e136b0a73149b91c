"""Small numbers in words: below this a count of people could tell somebody who they are (rules.md)."""

SMALLEST_SHOWN = 5
HIDDEN = f"under {SMALLEST_SHOWN}"


def shown(number: int) -> str:
    """A count of records about people, for somebody who may not open them; none gives nobody away."""
    return HIDDEN if 0 < number < SMALLEST_SHOWN else f"{number:,}"
