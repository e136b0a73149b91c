from django.db.models import TextChoices

from alerts.delivery.enums import LateReason


class Outcome(TextChoices):
    """What became of an alert that had to beat a bell, beside the reasons for which it did not."""

    IN_TIME = "in_time", "Opened before the bell"
    WAITING = "waiting", "The bell has not rung yet"


# What the Hub sees by itself; the others a person of the hub chooses.
SEEN_BY_ITSELF = (LateReason.ARRIVED, LateReason.SCREENED, LateReason.UNOPENED, LateReason.WITHHELD)


class Show(TextChoices):
    """What the list behind the board shows."""

    ALL = "all", "All alerts"
    LATE = "late", "Not known before the bell"
    WAITING = "waiting", "Not opened yet, the bell still to come"
    IN_TIME = "in_time", "Opened before the bell"
