"""What the state of a notification, and the partnership's continuum, allow at screening."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from alerts.intake.enums import NotificationStatus, Risk
from alerts.intake.models import Notification
from alerts.screening.enums import Decision, Rag
from safeguarding.agencies.models import Partnership, User
from safeguarding.errors import Conflict, HubError, Refused

# The state that each decision leads to.
LEADS_TO = {
    Decision.SEND: NotificationStatus.SCREENED,
    Decision.SEND_AND_CONTACT: NotificationStatus.SCREENED,
    Decision.NO_ALERT: NotificationStatus.CLOSED,
}
_RAG_OF_RISK = {Risk.HIGH: Rag.RED, Risk.STANDARD: Rag.GREEN}
# Hours when a partnership has set none of its own.
_CLOCKS = {Rag.RED: 4, Rag.AMBER: 24, Rag.GREEN: 72}

Level = Mapping[str, Any]


def rag_of(risk: str | None) -> Rag:
    """High is red, standard green; medium is amber, and so is a risk that nobody gave."""
    return _RAG_OF_RISK.get(Risk(risk), Rag.AMBER) if risk else Rag.AMBER


def hours_for(partnership: Partnership, rag: Rag) -> int:
    return partnership.clocks.get(rag.value, _CLOCKS[rag])


def due_at(partnership: Partnership, risk: str | None, received_at: dt.datetime) -> dt.datetime:
    """By when the hub decides: the partnership's clock for this risk, from receipt (rules.md, MASH RAG)."""
    return received_at + dt.timedelta(hours=hours_for(partnership, rag_of(risk)))


def level_of(partnership: Partnership, number: int) -> Level:
    """One level of the partnership's own continuum (MSH-01)."""
    for level in partnership.continuum:
        if level["level"] == number:
            return level
    raise Refused(
        "This level is not in the partnership's continuum of need. Nothing was saved. Choose one of its levels."
    )


def decisions_at(level: Level) -> tuple[Decision, ...]:
    """At a level where social care contacts the setting, an alert never goes alone; below it, it always does (ALR-11)."""
    if level["contact"]:
        return (Decision.SEND_AND_CONTACT, Decision.NO_ALERT)
    return (Decision.SEND, Decision.NO_ALERT)


def check_can_decide(partnership: Partnership, number: int, decision: Decision) -> None:
    """The decision fits the level of need (ALR-11)."""
    level = level_of(partnership, number)
    if decision in decisions_at(level):
        return
    if level["contact"]:
        raise Refused(
            f"At {level['name']} the setting is contacted for a strategy discussion or an assessment. "
            "Nothing was saved. Send the alert with contact, or send none."
        )
    raise Refused(
        f"At {level['name']} the alert goes without contact from social care. "
        "Nothing was saved. Send the alert, send none, or choose a level with contact."
    )


def can_decide(partnership: Partnership, number: int, decision: Decision) -> bool:
    return _allows(check_can_decide, partnership, number, decision)


def is_decided(notification: Notification) -> bool:
    """Decided once; what the police correct afterwards opens it again by itself, not by a second decision (MSH-01)."""
    return notification.status != NotificationStatus.RECEIVED


def _check_open(notification: Notification) -> None:
    if is_decided(notification):
        raise Conflict("This notification has been decided already. Your change was not saved.")


def _check_not_held_by_another(notification: Notification, by: User) -> None:
    holder = notification.claimed_by
    if holder is not None and holder.pk != by.pk:
        raise Conflict(f"{holder.name} has claimed this notification. Your change was not saved.")


def check_can_screen(notification: Notification, *, by: User) -> None:
    """Once, while it is open, where the partnership screens, and not past a colleague who works on it (MSH-01)."""
    if not notification.partnership.screens:
        raise Refused("This partnership sends notifications without screening. Nothing was saved.")
    _check_open(notification)
    _check_not_held_by_another(notification, by)


def check_can_route(notification: Notification, *, by: User) -> None:
    """While it is open, and not past a colleague who works on it (MRC-18)."""
    _check_open(notification)
    _check_not_held_by_another(notification, by)


def can_route(notification: Notification, *, by: User) -> bool:
    return _allows(check_can_route, notification, by=by)


def can_screen(notification: Notification, *, by: User) -> bool:
    return _allows(check_can_screen, notification, by=by)


def check_can_rescreen(notification: Notification, *, seen: int, there: int) -> None:
    """After it was decided, where the partnership screens; needs nothing of what the police sent (ALR-09, ALR-13).

    `seen`: how many screenings the officer was shown; `there`: how many there are.
    """
    if not notification.partnership.screens:
        raise Refused("This partnership sends notifications without screening. Nothing was saved.")
    if not is_decided(notification):
        raise Refused("This notification has not been decided yet. Nothing was saved. Screen it first.")
    if seen != there:
        raise Conflict(
            "A colleague has screened again after you opened this. Your decision was not saved. Read theirs, then decide."
        )


def check_can_claim(notification: Notification, *, by: User, held_since: dt.datetime | None = None) -> None:
    """A colleague's claim is taken over only by somebody who was shown it: `held_since` names the claim she saw."""
    _check_open(notification)
    if held_since is None or held_since != notification.claimed_at:
        _check_not_held_by_another(notification, by)


def can_claim(notification: Notification, *, by: User, held_since: dt.datetime | None = None) -> bool:
    return _allows(check_can_claim, notification, by=by, held_since=held_since)


def check_can_release(notification: Notification, *, by: User) -> None:
    """One's own claim only; a colleague's is taken over, not undone."""
    _check_open(notification)
    _check_not_held_by_another(notification, by)
    if notification.claimed_by is None:
        raise Refused("Nobody has claimed this notification. Nothing was changed.")


def can_release(notification: Notification, *, by: User) -> bool:
    return _allows(check_can_release, notification, by=by)


def check_can_go_unscreened(notification: Notification) -> None:
    """Only where the partnership does not screen, and never after a person closed it (ALR-02, ALR-23)."""
    if notification.partnership.screens:
        raise Refused("This partnership screens every notification. Nothing was sent.")
    _check_open(notification)


def check_version(notification: Notification, version: int) -> None:
    """A decision rests on the record as it was shown; a changed record is read again first."""
    if notification.version != version:
        raise Conflict("This notification changed after you opened it. Your decision was not saved.")


def _allows(check: Any, *args: Any, **kwargs: Any) -> bool:
    try:
        check(*args, **kwargs)
    except HubError:
        return False
    return True
