from django.db.models import TextChoices


class AlertStatus(TextChoices):
    QUEUED = "queued", "Being sent"
    WITHHELD = "withheld", "Withheld"
    SENT = "sent", "Sent"
    OPENED = "opened", "Opened"
    ACKNOWLEDGED = "acknowledged", "Acknowledged"
    CLOSED = "closed", "Closed"


AT_THE_SETTING = (AlertStatus.SENT, AlertStatus.OPENED, AlertStatus.ACKNOWLEDGED, AlertStatus.CLOSED)
