from django.db.models import TextChoices


class ConcernState(TextChoices):
    """Where the question about an adult is that works with children (ALR-14)."""

    TOLD = "told", "The hub was told"
    JUDGED = "judged", "The hub has judged it"


class Threshold(TextChoices):
    """What the hub decides (ALR-14)."""

    REFER = "refer", "The threshold is met: refer to the LADO"
    BELOW = "below", "The threshold is not met"
