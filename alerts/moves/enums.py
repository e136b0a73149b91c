from django.db.models import TextChoices


class TransferState(TextChoices):
    """How far a child's safeguarding file has got on its way (ALR-28)."""

    BEGUN = "begun", "To be sent"
    SENT = "sent", "Sent, receipt not given yet"
    RECEIVED = "received", "Received"
    REFUSED = "refused", "Sent back"
    CANCELLED = "cancelled", "Cancelled"


OPEN = (TransferState.BEGUN, TransferState.SENT)


class Destination(TextChoices):
    """Where a child goes, as far as the setting that the child leaves knows (ALR-28)."""

    HUB = "hub", "To a setting that is in the Hub"
    OUTSIDE = "outside", "To a setting that is not in the Hub"
    AUTHORITY = "authority", "Educated at home, or not known yet: the file goes to the local authority"


class MoveReason(TextChoices):
    """Why a child leaves; a code, so that it can stand in the audit."""

    SETTING = "setting", "The child changes to another setting"
    HOME = "home", "The family has moved to another area"
    AT_HOME = "at_home", "The child is educated at home from now on"
    UNKNOWN = "unknown", "Nobody knows yet where the child goes"
    CLOSES = "closes", "The setting closes"
    MERGES = "merges", "The setting merges with another"


# What a person chooses for one child; the others are the setting's own end.
OF_ONE_CHILD = (MoveReason.SETTING, MoveReason.HOME, MoveReason.AT_HOME, MoveReason.UNKNOWN)


class MoveState(TextChoices):
    """What two hubs do about a child who moves from the area of one to that of the other (MSH-09)."""

    TOLD = "told", "A setting says that the child has moved"
    KEPT = "kept", "Not passed on"
    FLAGGED = "flagged", "Passed on to the other hub"
    TAKEN_UP = "taken_up", "Taken up by the other hub"
    NOT_HERE = "not_here", "The child is not in that area"


class EndKind(TextChoices):
    """How a setting ends (ALR-28)."""

    CLOSES = "closes", "It closes"
    MERGES = "merges", "It merges into another setting"
