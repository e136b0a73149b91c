from django.db.models import TextChoices


class PatternKind(TextChoices):
    PLACE = "place", "A place where children are at risk"
    PERSON = "person", "An adult, or a group, who puts children at risk"
    GROUP = "group", "Young people harmed or drawn in together"
    ONLINE = "online", "Something online"
    TRAVEL = "travel", "Travel, taxis, hotels or short lets"
    OTHER = "other", "Something else"


class Nature(TextChoices):
    """What was seen, and what somebody makes of it, are kept apart (SHR-08)."""

    FACT = "fact", "Fact: seen or known"
    OPINION = "opinion", "Opinion: what I make of it"
    BOTH = "both", "Both: the text says which is which"


class Currency(TextChoices):
    CURRENT = "current", "Current"
    HISTORICAL = "historical", "Historical"
