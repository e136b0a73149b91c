from django.db.models import TextChoices


class WayIn(TextChoices):
    """By which way a person came to a record, as it was at that moment (NTK-08)."""

    ROLE = "role", "By role"
    NAME = "name", "By name: access was given to this person"
    BREAK_GLASS = "break_glass", "Break-glass"
