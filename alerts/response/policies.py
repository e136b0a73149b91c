"""What the state of an alert, and of the setting's response to it, allows."""

import datetime as dt

from django.utils import timezone

from alerts.delivery.enums import AlertStatus
from alerts.delivery.models import Alert
from alerts.response.enums import ActionState
from alerts.response.models import Action, Response
from alerts.states import ACTION, ALERT
from safeguarding.errors import Conflict, HubError, Refused

ANSWERED = (AlertStatus.ACKNOWLEDGED, AlertStatus.CLOSED)
# A review, or an action, further off than a school year is one that nobody will remember.
FURTHEST = dt.timedelta(days=366)
# Who is late is reminded again after so many days, until it is done.
REMIND_AGAIN = dt.timedelta(days=7)


def check_can_acknowledge(alert: Alert) -> None:
    """Once it was opened; an alert that nobody may open cannot be acknowledged (ALR-23)."""
    if AlertStatus.ACKNOWLEDGED not in ALERT[AlertStatus(alert.status)]:
        raise Refused("This alert cannot be acknowledged now. Nothing was changed.")


def can_acknowledge(alert: Alert) -> bool:
    try:
        check_can_acknowledge(alert)
    except HubError:
        return False
    return True


def is_first_opening(alert: Alert) -> bool:
    return AlertStatus.OPENED in ALERT[AlertStatus(alert.status)]


def check_counts(alert: Alert) -> None:
    """Nothing more is done because of what was recalled, until it counts again (ALR-17, ALR-19)."""
    if alert.recalled_at is not None:
        raise Conflict(
            "This alert counts no longer. Nothing was saved. Its page says why; a worry of your own about the child "
            "goes as a note into the child's file."
        )


def check_is_open(response: Response) -> None:
    """What is closed is history; the child's file takes what comes after (ALR-19)."""
    if response.closed_at is not None:
        raise Conflict(
            "The response to this alert is closed. Nothing was changed. Write what is new as a note in the child's file."
        )


def check_can_close(alert: Alert, response: Response, open_actions: int) -> None:
    """Closed with an outcome, once it was answered and nothing is left to do (ALR-19)."""
    check_is_open(response)
    if AlertStatus.CLOSED not in ALERT[AlertStatus(alert.status)]:
        raise Refused("Nobody has acknowledged this alert yet. Nothing was changed. Acknowledge it first.")
    if not response.concerns:
        raise Refused("It was not said yet what else you know. Nothing was changed. Say that first, then close.")
    if open_actions:
        raise Refused(
            f"{open_actions} {'action is' if open_actions == 1 else 'actions are'} still to do. Nothing was changed. "
            "Mark each as done, or as not needed any more, then close."
        )


def check_can_send_back(alert: Alert, response: Response | None) -> None:
    """Before it is answered: what the setting acts on is the setting's (ALR-28)."""
    if alert.status in ANSWERED or (response is not None and response.concerns):
        raise Refused(
            "Your setting has answered this alert already. Nothing was sent back. If the child has left since, phone the hub."
        )
    if alert.sent_back_at is not None:
        raise Conflict("Somebody has sent this alert back already. Nothing was changed. Its page says who and why.")


def check_can_end(action: Action, state: ActionState) -> None:
    if state not in ACTION[ActionState(action.state)]:
        raise Conflict("Somebody has ended this action already. Nothing was changed. Its line says who and how.")


def check_day_ahead(day: dt.date, what: str) -> None:
    """Today or later, within a year."""
    today = timezone.localdate()
    if not today <= day <= today + FURTHEST:
        raise Refused(f"The {what} must be today or later, within a year. Nothing was saved. Choose another day.")


def is_to_review(response: Response) -> bool:
    """The day of the review has come, or is past (ALR-19)."""
    return response.closed_at is None and response.review_on is not None and response.review_on <= timezone.localdate()
