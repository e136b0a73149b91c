from django.db.models import TextChoices


class EpisodeState(TextChoices):
    MISSING = "missing", "Missing"
    RETURNED = "returned", "Returned, interview to be offered"
    OFFERED = "offered", "Return interview offered"
    CLOSED = "closed", "Closed"
    DROPPED = "dropped", "Taken back by the police"


class ToldBy(TextChoices):
    """Who said that the child is back."""

    POLICE = "police", "The police"
    FAMILY = "family", "Family or carer"
    SETTING = "setting", "The child's school or setting"
    OTHER = "other", "Somebody else"


class InterviewOutcome(TextChoices):
    """What came of the return interview; what the child said stays with the authority."""

    NO_CONCERN = "no_concern", "Held, no new concern"
    CONCERN = "concern", "Held, new concern: passed to social care"
    REFUSED = "refused", "The child or carer did not want it"
    NOT_POSSIBLE = "impossible", "It could not be held"
