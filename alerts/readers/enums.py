from django.db.models import TextChoices


class Scope(TextChoices):
    """How far an exclusion reaches."""

    CHILD = "child", "Everything about the child"
    RECORD = "record", "This record only"


class ShutBecause(TextChoices):
    """Why somebody is shut out (MRC-18)."""

    FAMILY = "family", "Parent, relative or partner of somebody named in it"
    ACQUAINTANCE = "friend", "Friend, neighbour or close acquaintance"
    NAMED = "named", "Is named in it"
    CONCERN = "concern", "There is a concern about this person"
    OTHER = "other", "Another conflict of interest"


class EmergencyBecause(TextChoices):
    """Why the glass is broken (NTK-05)."""

    DANGER = "danger", "A child may be in danger now"
    MISSING = "missing", "A child is missing"
    NOBODY = "nobody", "Nobody who can open the record can be reached"
    OTHER = "other", "Another emergency"


class Finding(TextChoices):
    """What the review of a break-glass found."""

    JUSTIFIED = "justified", "It was right to open the record"
    AVOIDABLE = "avoidable", "Understandable, but there was another way"
    WRONG = "wrong", "It was wrong, and is being taken further"
