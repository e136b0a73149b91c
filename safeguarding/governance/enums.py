from django.db.models import TextChoices


class Unusual(TextChoices):
    """What was unusual, as a code: never whose name or address it was about (AUD-06)."""

    OUT_OF_HOURS = "out_of_hours", "Opened records outside the hours of the agency"
    BURST = "burst", "Opened many different records in a short time"
    OWN_NAME = "own_name", "Opened a record of somebody with the same family name"
    NEVER_ASSIGNED = "never_assigned", "Opened records without ever working on them"
    AFTER_LEAVING = "after_leaving", "Tried to come in, or acted, after leaving"
    REFUSALS = "refusals", "Was refused again and again"
    EXPORTS = "exports", "Took many rows out of the Hub"


class ReviewStatus(TextChoices):
    OPEN = "open", "To be reviewed"
    CLOSED = "closed", "Reviewed"


class ReviewOutcome(TextChoices):
    EXPLAINED = "explained", "Explained: it belonged to the person's work"
    REMINDED = "reminded", "No harm done, and the person was reminded of the rules"
    MISUSE = "misuse", "Misuse: it goes on as an incident"
    STOLEN = "stolen", "It was somebody else with this person's sign-in"


class SampleKind(TextChoices):
    """What a sampling audit draws from (AUD-05)."""

    SCREENINGS = "screenings", "Screenings"
    ALERTS = "alerts", "Alerts sent"
    ACCESSES = "accesses", "Openings of records"


class SampleStatus(TextChoices):
    OPEN = "open", "Being worked through"
    CLOSED = "closed", "Closed"


class ItemResult(TextChoices):
    COMPLIANT = "compliant", "As it should be"
    FINDING = "finding", "Something was found"
    NOT_ASSESSED = "not_assessed", "Could not be assessed"
