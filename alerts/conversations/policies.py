"""What the state of a conversation, and the partnership, allow between a setting and the hub."""

import datetime as dt

from django.utils import timezone

from alerts.conversations.enums import EntryKind, Side, TalkState
from alerts.conversations.models import Conversation, Disclosure, TalkEntry
from alerts.delivery.models import Alert
from alerts.states import TALK
from safeguarding.agencies.calendars import after_working_days
from safeguarding.errors import Conflict, HubError, Refused

# Whom a word of one side asks.
ASKS = {Side.SETTING: TalkState.TO_HUB, Side.HUB: TalkState.TO_SETTING}
# Nobody phones tomorrow; a clock may be a little ahead.
_CLOCKS_DIFFER = dt.timedelta(minutes=5)


def answer_due(talk: Conversation) -> dt.datetime | None:
    """An answer is due within a working day of the question."""
    return after_working_days(talk.asked_at, 1) if talk.asked_at else None


def is_late(talk: Conversation) -> bool:
    due = answer_due(talk)
    return due is not None and due <= timezone.now()


def check_can_ask(alert: Alert, side: Side) -> None:
    """Where the hub does not answer what settings ask, their words would wait for nobody (ALR-21)."""
    if side == Side.SETTING and not alert.partnership.hub_answers:
        contact = alert.query_contact.get("name") or "the contact on the alert"
        raise Refused(
            f"Here questions go to {contact}, not to {alert.controller.name}. Nothing was sent. "
            "Phone them, and note the call here."
        )


def check_happened(at: dt.datetime) -> None:
    """What is noted has happened (MSH-08)."""
    if at > timezone.now() + _CLOCKS_DIFFER:
        raise Refused("This lies in the future. Nothing was saved. Enter when it took place.")


def check_can_settle(talk: Conversation) -> None:
    if TalkState.SETTLED not in TALK[TalkState(talk.state)]:
        raise Conflict("Nobody is waited for in this conversation. Nothing was changed.")


def can_settle(talk: Conversation) -> bool:
    return _allows(check_can_settle, talk)


def check_can_recall(entry: TalkEntry, side: Side) -> None:
    """One's own side takes back what it wrote, once; the marker stays."""
    if entry.side != side:
        raise Refused("The other side wrote this. Nothing was changed. Ask them to recall it.")
    if entry.recalled_at is not None:
        raise Conflict("This was recalled already. Nothing was changed.")


def can_recall(entry: TalkEntry, side: Side) -> bool:
    return _allows(check_can_recall, entry, side)


def is_own_note(entry: TalkEntry) -> bool:
    """A note of a call that the other side does not read (MSH-08)."""
    return entry.kind == EntryKind.PHONE and (entry.hub_id is None or entry.told_id is None)


def is_running(disclosure: Disclosure) -> bool:
    return disclosure.withdrawn_at is None and disclosure.expires_at > timezone.now()


def check_can_end(disclosure: Disclosure) -> None:
    if not is_running(disclosure):
        raise Conflict("This disclosure is over already. Nothing was changed.")


def _allows(check: object, *values: object) -> bool:
    try:
        check(*values)  # type: ignore[operator]  # one of the checks above
    except HubError:
        return False
    return True
