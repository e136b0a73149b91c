from django.db.models import TextChoices


class CorrectionState(TextChoices):
    """What became of a question about an item (SHR-14)."""

    ASKED = "asked", "Waits for the originator"
    CORRECTED = "corrected", "Corrected"
    DECLINED = "declined", "Not changed"


OUTCOMES = [(each.value, each.label) for each in (CorrectionState.CORRECTED, CorrectionState.DECLINED)]
