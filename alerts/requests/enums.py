from django.db.models import TextChoices


class RequestState(TextChoices):
    """Where a request to partners stands."""

    DRAFT = "draft", "Being prepared"
    ASKED = "asked", "Asked"
    CLOSED = "closed", "Closed"


class AskState(TextChoices):
    """What one agency has done with it (MSH-02)."""

    ASKED = "asked", "Waiting for an answer"
    ANSWERED = "answered", "Answered"
    NOTHING = "nothing", "Holds nothing"
    DECLINED = "declined", "Declined"
    WITHDRAWN = "withdrawn", "No longer needed"


class Onward(TextChoices):
    """What the originator says about passing its information on; nobody else can say it (MSH-03)."""

    HUB_ONLY = "hub_only", "For the hub only"
    ASKED = "asked", "Permission asked for"
    PERMITTED = "permitted", "May be passed on"
    REFUSED = "refused", "Must not be passed on"


class PackageState(TextChoices):
    """An intelligence package: composed, settled by a senior officer, sent (MSH-04)."""

    DRAFT = "draft", "Being composed"
    SETTLED = "settled", "Settled"
    SENT = "sent", "Sent"
    DROPPED = "dropped", "Dropped"
