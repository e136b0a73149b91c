from django.db.models import TextChoices


class NotificationKind(TextChoices):
    DOMESTIC_ABUSE = "domestic_abuse", "Domestic abuse"
    MISSING_EPISODE = "missing_episode", "Missing episode"


class Risk(TextChoices):
    STANDARD = "standard", "Standard"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


class PersonRole(TextChoices):
    VICTIM = "victim", "Victim"
    PERPETRATOR = "perpetrator", "Perpetrator"
    OTHER_ADULT = "other_adult", "Other adult"
    CHILD = "child", "Child"
    MISSING_CHILD = "missing_child", "Missing child"


class NotificationStatus(TextChoices):
    RECEIVED = "received", "Received"
    SCREENED = "screened", "Screened"
    SENT = "sent", "Sent"
    WITHHELD = "withheld", "Withheld"
    CLOSED = "closed", "Closed"


class Match(TextChoices):
    MATCHED = "matched", "Matched to a known child"
    POSSIBLE = "possible", "Possibly a known child"
    NEW = "new", "New child"


class ChildState(TextChoices):
    WAITING = "waiting", "Waits for a person"
    SETTLED = "settled", "Settled"
    NOBODY = "nobody", "At no setting: nobody is told"
    DROPPED = "dropped", "Replaced by a correction of the police"


class WaitingFor(TextChoices):
    NOTHING = "", "Nothing"
    MATCH = "match", "Somebody alike is on record: a person decides"
    SETTING = "setting", "The setting is not known: a person finds it"


class Route(TextChoices):
    """Who at the setting is told of a child, where an adult who is named may be on its staff (MRC-18, ALR-04)."""

    USUAL = "usual", "As usual: whom the partnership names"
    HEAD = "head", "The head alone"
    AUTHORITY = "authority", "Nobody at the setting: the local authority instead"


class DecisionReason(TextChoices):
    """Why a person is sure; a code, so that it can stand in the audit."""

    DETAILS_AGREE = "details", "The details on both sides tell me"
    SETTING_CONFIRMED = "setting", "The setting confirmed it"
    REGISTER_CONFIRMED = "register", "A register or case system confirmed it"
    POLICE_CONFIRMED = "police", "The police confirmed it"


class Channel(TextChoices):
    API = "api", "Police system"
    FILE = "file", "File upload"
    FORM = "form", "Entered by hand"


class UploadStatus(TextChoices):
    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Being read"
    DONE = "done", "Done"
    REFUSED = "refused", "Refused"


class AmendmentKind(TextChoices):
    """What the police said after they had sent a notification."""

    CORRECTION = "correction", "Corrected"
    WITHDRAWAL = "withdrawal", "Withdrawn"


class WithdrawnBecause(TextChoices):
    """Why the police take a notification back; a code, so that nothing of the incident is kept with it (ALR-09)."""

    NO_INCIDENT = "no_incident", "Enquiries showed that it did not happen"
    WRONG_PEOPLE = "wrong_people", "The people named had nothing to do with it"
    SENT_TWICE = "sent_twice", "The same incident was sent twice"
    MISTAKE = "mistake", "It was sent by mistake"


class Part(TextChoices):
    """What of a notification a correction changed; said without a word of its content."""

    CHILDREN = "children", "which children are named"
    CHILD_DETAILS = "child_details", "a child's details"
    SETTINGS = "settings", "where a child goes to school"
    ADULTS = "adults", "the adults"
    RISK = "risk", "the risk"
    TIME = "time", "when it happened"
    PLACE = "place", "where it happened"
    NARRATIVE = "narrative", "what happened"
    CONSENT = "consent", "who was told and who consents"
