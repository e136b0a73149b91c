"""What may be recorded in a safeguarding file, and what counts as late."""

import datetime as dt

from django.utils import timezone

from alerts.files.enums import WRITTEN_BY_HAND, EntryKind
from alerts.files.models import FileEntry
from safeguarding.errors import Refused

# Written down on the day or the day after is in time; anything later is shown as a late entry, with both days.
IN_TIME = dt.timedelta(days=1)
# Nobody at a setting today wrote about more than a child's whole time there; an older year is a slip of the pen.
OLDEST = dt.timedelta(days=30 * 365)


def is_late(entry: FileEntry) -> bool:
    """Recorded after the day that follows the event; a reader must know that it was written from memory."""
    return timezone.localdate(entry.recorded_at) - entry.happened_on > IN_TIME


def check_can_have_happened(day: dt.date) -> None:
    """A chronology is of what was, not of what is planned."""
    today = timezone.localdate()
    if day > today:
        raise Refused("The day lies ahead. Nothing was saved. Enter the day on which it happened.")
    if day < today - OLDEST:
        raise Refused("The day is more than 30 years ago. Nothing was saved. Check the year.")


def check_is_written_by_hand(kind: EntryKind) -> None:
    """What was decided, shared or done is recorded by doing it, never by a note that says so."""
    if kind not in WRITTEN_BY_HAND:
        raise Refused(
            "This kind of entry is made by what you do, and not by hand. Nothing was saved. Choose another kind."
        )


def check_can_be_added_to(entry: FileEntry) -> None:
    """An addendum stands under what it corrects: one level, so that it is read where it belongs."""
    if entry.addendum_to_id is not None:
        raise Refused("This is an addendum itself. Nothing was saved. Add to the entry that it belongs to.")
