"""What a text may hold, when a confirmation is due again, and when a listed service needs another look."""

import datetime as dt
from string import Formatter

from dateutil.relativedelta import relativedelta

from alerts.documents.enums import Standing
from alerts.documents.models import Publication
from alerts.documents.texts import FIELDS
from safeguarding.errors import Refused

# A confirmation holds for a year; the setting hears a month before.
CONFIRMED_FOR = relativedelta(years=1)
REMINDED_BEFORE = relativedelta(months=1)
# A telephone number that nobody has tried for a year is a guess.
SERVICE_CHECKED_FOR = relativedelta(years=1)


def check_text(text: str) -> None:
    """Every name in braces is one that can be filled in (ALR-25)."""
    try:
        parts = [part for part in Formatter().parse(text) if part[1] is not None]
    except ValueError:
        raise Refused(
            "The text has a brace without its partner. Nothing was saved. Write {setting}, for example."
        ) from None
    unknown = [name or "" for _, name, spec, conversion in parts if name not in FIELDS or spec or conversion]
    if unknown:
        raise Refused(
            f"Nothing can be filled in for {{{unknown[0]}}}. Nothing was saved. Use one of the names in the list."
        )


def standing(newest: Publication | None, text: str, day: dt.date) -> Standing:
    """Confirmed for a year from the day of publication, unless the words have changed since (ALR-25)."""
    if newest is None:
        return Standing.NEVER
    if newest.published_on + CONFIRMED_FOR <= day:
        return Standing.DUE
    return Standing.CONFIRMED if newest.text == text else Standing.CHANGED


def due_on(newest: Publication) -> dt.date:
    return newest.published_on + CONFIRMED_FOR


def is_stale(checked_on: dt.date, day: dt.date) -> bool:
    """Nobody has looked for a year whether the number still answers (ALR-27)."""
    return checked_on + SERVICE_CHECKED_FOR <= day


def check_published_on(day: dt.date, today: dt.date) -> None:
    if day > today:
        raise Refused("The day of publication must not be in the future. Confirm it once it is out.")
    if day + CONFIRMED_FOR <= today:
        raise Refused("That is more than a year ago. Look at it once more, then give the day on which you looked.")
