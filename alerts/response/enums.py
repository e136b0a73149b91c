from django.db.models import TextChoices


class InboxView(TextChoices):
    """The lists of the inbox."""

    ALL = "all", "All alerts"
    NEW = "new", "New"
    OVERDUE = "overdue", "Overdue"
