"""Small numbers, and when a notice is to be looked at again (IGV-07, AGR-10)."""

import datetime as dt

# Below this, a count of people could tell somebody who they are (rules.md).
SMALLEST_SHOWN = 5
NOTICE_WARNING = dt.timedelta(days=30)


def shown(count: int) -> str:
    """A count of records about people, as it may be read by somebody who may not open them; none gives nobody away."""
    return f"fewer than {SMALLEST_SHOWN}" if 0 < count < SMALLEST_SHOWN else f"{count:,}"


def notice_standing(review_due_on: dt.date | None, today: dt.date) -> tuple[str, str]:
    """In words, and the colour beside it."""
    if review_due_on is None:
        return "Not known", "red"
    if review_due_on < today:
        return "Review overdue", "red"
    return ("Review due", "yellow") if review_due_on - NOTICE_WARNING <= today else ("Up to date", "green")
