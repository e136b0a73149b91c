"""The clock of a transfer, and what each state allows (ALR-28, MSH-09)."""

import datetime as dt
from collections.abc import Collection

from django.utils import timezone

from alerts.moves.enums import OPEN, Destination, EndKind, MoveState, TransferState
from alerts.moves.models import ChildMove, SettingEnd, Transfer, TransferLink
from alerts.states import CHILD_MOVE, TRANSFER
from safeguarding.agencies.calendars import SchoolCalendar, is_working_day, nth_working_day
from safeguarding.agencies.models import Agency, Partnership
from safeguarding.errors import Conflict, Refused

# Keeping children safe in education: within five days, or within the first five of the new term.
DAYS = 5
# No holiday is longer; where no school day is in sight, working days count.
_LOOK_AHEAD = 120
# Nobody begins a transfer of a child who left longer ago; an older year is a slip of the pen.
OLDEST = dt.timedelta(days=5 * 365)
# An end is said before it comes, or in the days after; what is longer ago is a mistyped year, and would close a setting.
SAID_LATE = dt.timedelta(days=7)


def due_on(calendar: SchoolCalendar, left_on: dt.date) -> dt.date:
    """The fifth school day of the sending setting after the child left; the day itself does not count."""
    days = (left_on + dt.timedelta(days=n) for n in range(1, _LOOK_AHEAD))
    counted = [day for day in days if calendar.is_school_day(day)]
    return counted[DAYS - 1] if len(counted) >= DAYS else nth_working_day(left_on, DAYS)


def is_late(transfer: Transfer, today: dt.date) -> bool:
    """Receipt should have been given by the end of the day on which it is due."""
    return transfer.state in OPEN and today > transfer.due_on


def check_left_on(day: dt.date) -> None:
    today = timezone.localdate()
    if day > today:
        raise Refused("The day lies ahead. Nothing was saved. Begin the transfer when the child has left.")
    if day < today - OLDEST:
        raise Refused("The day is more than five years ago. Nothing was saved. Check the year.")


def check_can_go_to(destination: Destination, recipient: Agency | None, sender: Agency) -> None:
    """To another body than the one that keeps the file, and one that has not closed."""
    if destination == Destination.OUTSIDE:
        return
    if recipient is None:
        raise Refused(
            "No local authority is a member of this partnership. Nothing was saved. Ask the hub where the file goes."
        )
    if recipient.pk == sender.pk:
        raise Refused("The file is at this setting already. Nothing was saved. Choose where the child goes.")
    if not recipient.is_active:
        raise Refused(f"{recipient.name} has closed. Nothing was saved. Find out where the child goes now.")


def check_can_become(transfer: Transfer, state: TransferState) -> None:
    if state not in TRANSFER[TransferState(transfer.state)]:
        now = TransferState(transfer.state).label.lower()
        raise Conflict(f"This transfer stands at “{now}” by now. Nothing was changed. Open it again to see.")


def check_has_something(entries: Collection[object]) -> None:
    if not entries:
        raise Refused("There is nothing in it yet. Nothing was sent. Cancel the transfer, or write in the file first.")


def check_can_be_supplemented(transfer: Transfer, *, written: int) -> None:
    """Something follows what has arrived, when something was written."""
    if transfer.state != TransferState.RECEIVED:
        raise Conflict(
            "Receipt has not been given yet. Nothing was begun. Wait for it, or cancel and send the file again."
        )
    if not written:
        raise Conflict("Nothing was written since that is not with them already. Nothing was begun.")


def check_move_can_become(move: ChildMove, state: MoveState) -> None:
    if state not in CHILD_MOVE[MoveState(move.state)]:
        now = MoveState(move.state).label.lower()
        raise Conflict(f"Somebody was faster: “{now}”. Nothing was changed. Open it again to see.")


def is_chasing_day(day: dt.date) -> bool:
    """Nobody is chased on a day on which nobody works."""
    return is_working_day(day)


def check_waits_outside(transfer: Transfer) -> None:
    """A link goes only to a setting outside of the Hub, while it has not given receipt."""
    if transfer.destination != Destination.OUTSIDE or transfer.state != TransferState.SENT:
        raise Refused("Nobody outside of the Hub waits for this file. No link was sent. Open the transfer again.")


def check_is_as_sent(*, same: bool) -> None:
    """What is received is what was frozen, to the letter."""
    if not same:
        raise Refused(
            "The file does not agree with the list that was sent with it. Nothing was received and nothing was lost. "
            "Tell the sending setting, and ask it to cancel this transfer and to send the file again."
        )


def check_was_downloaded(link: TransferLink) -> None:
    """Receipt is of something: who has not taken the file yet cannot say that it arrived."""
    if link.downloaded_at is None:
        raise Refused("The file was not downloaded yet. No receipt was given. Download it first, and open it.")


def check_is_elsewhere(to: Partnership, partnership_id: int) -> None:
    if to.pk == partnership_id:
        raise Refused("This is the child's own area. Nothing was saved. Choose the area that the child moves to.")


def check_can_end(agency: Agency, kind: EndKind, ends_on: dt.date, successor: Agency | None) -> None:
    """Once, on a day that is not long over, and where it merges into a setting that goes on (ALR-28)."""
    if not agency.is_active:
        raise Refused("This setting has closed already. Nothing was saved.")
    if ends_on < timezone.localdate() - SAID_LATE:
        raise Refused(
            f"The last day is more than {SAID_LATE.days} days ago. Nothing was saved. Check the year. If the setting has "
            "closed and nobody said so, enter today: its files and alerts can then be handed over at once."
        )
    if kind == EndKind.MERGES and (successor is None or successor.pk == agency.pk or not successor.is_active):
        raise Refused("A setting merges into another one that goes on. Nothing was saved. Choose the other setting.")


def check_can_hand_over(end: SettingEnd, *, files_left: bool) -> None:
    """Not before the day: until then children attend, and alerts are read there. Again for a file that came back (ALR-28)."""
    if end.handed_over_at is not None and not files_left:
        raise Conflict("Everything was handed over already. Nothing was changed.")
    if timezone.localdate() < end.ends_on:
        raise Refused("The day lies ahead. Nothing was sent. Until then the setting works with what it has.")


def check_can_take_back(end: SettingEnd) -> None:
    """Also after the last day: a setting that goes on after all gets alerts again (ALR-28)."""
    if end.handed_over_at is not None:
        raise Conflict("The setting has ended, and its files are on their way. Nothing was changed.")
