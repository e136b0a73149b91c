from django.db.models import TextChoices


class Decision(TextChoices):
    """What the MASH decides on a notification (MSH-01, ALR-11)."""

    SEND = "send", "Send the alert to each child's setting"
    SEND_AND_CONTACT = (
        "send_and_contact",
        "Send the alert; the setting is contacted for a strategy discussion or an assessment",
    )
    NO_ALERT = "no_alert", "Send no alert"
    CHANGED = "changed", "Level of need changed after talking with the setting"


# What can be decided while the police content is there; a change comes later (ALR-13).
AT_SCREENING = (Decision.SEND, Decision.SEND_AND_CONTACT, Decision.NO_ALERT)


class Rag(TextChoices):
    RED = "red", "Red"
    AMBER = "amber", "Amber"
    GREEN = "green", "Green"


class QueueView(TextChoices):
    """The lists of the queue."""

    TO_SCREEN = "to-screen", "To screen"
    MINE = "mine", "Mine"
    WAITING = "waiting", "Waiting for a match"
    ALL = "all", "All open"
