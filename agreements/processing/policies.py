"""When a privacy notice is to be looked at again (IGV-07)."""

import datetime as dt

NOTICE_WARNING = dt.timedelta(days=30)


def notice_standing(review_due_on: dt.date | None, today: dt.date) -> tuple[str, str]:
    """In words, and the colour beside it."""
    if review_due_on is None:
        return "Not known", "red"
    if review_due_on < today:
        return "Review overdue", "red"
    return ("Review due", "yellow") if review_due_on - NOTICE_WARNING <= today else ("Up to date", "green")
