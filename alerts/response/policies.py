"""What the state of an alert allows at the setting."""

from alerts.delivery.enums import AlertStatus
from alerts.delivery.models import Alert
from alerts.states import ALERT
from safeguarding.errors import HubError, Refused

ANSWERED = (AlertStatus.ACKNOWLEDGED, AlertStatus.CLOSED)


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
