from django.db.models import TextChoices


class RecordKind(TextChoices):
    """What a setting records of the scheme's own use (ALR-26)."""

    BRIEFING = "briefing", "Staff were trained in the scheme"
    CHECK = "check", "Safe use was looked at"
