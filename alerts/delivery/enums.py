from django.db.models import TextChoices


class AlertStatus(TextChoices):
    QUEUED = "queued", "Being sent"
    WITHHELD = "withheld", "Withheld"
    SENT = "sent", "Sent"
    OPENED = "opened", "Opened"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    CLOSED = "closed", "Closed"


AT_THE_SETTING = (AlertStatus.SENT, AlertStatus.OPENED, AlertStatus.ACKNOWLEDGED, AlertStatus.CLOSED)


class BoardView(TextChoices):
    """The lists of the hub's board."""

    ALL = "all", "All"
    OVERDUE = "overdue", "Overdue"
    WITHHELD = "withheld", "Withheld"
    SENDING = "sending", "Being sent"
