from django.db.models import TextChoices


class DiscussionState(TextChoices):
    """How far a strategy discussion has got (STR-01, STR-02)."""

    ASKED = "asked", "Asked for"
    ARRANGED = "arranged", "Being arranged"
    HELD = "held", "Held, record being written"
    SENT = "sent", "Record sent"
    NOT_HELD = "not_held", "Not held"


class InquiryState(TextChoices):
    """The section 47 enquiry that a discussion started, or did not; the three outcomes of STR-06."""

    NOT_STARTED = "not_started", "No section 47 enquiry"
    RUNNING = "running", "Section 47 enquiry under way"
    NOT_SUBSTANTIATED = "not_substantiated", "Concerns not substantiated"
    NO_LONGER_LIKELY = "not_likely", "Substantiated, not likely to suffer significant harm"
    LIKELY = "likely", "Substantiated, likely to suffer significant harm: conference"


OUTCOMES = (InquiryState.NOT_SUBSTANTIATED, InquiryState.NO_LONGER_LIKELY, InquiryState.LIKELY)


class Origin(TextChoices):
    NOTIFICATION = "notification", "A screened notification"
    REFERRAL = "referral", "A referral"
    BY_HAND = "by_hand", "Asked for by hand"


class Capacity(TextChoices):
    """For whom somebody takes part; authority, police and health are the minimum (STR-01)."""

    AUTHORITY = "authority", "Local authority"
    POLICE = "police", "Police"
    HEALTH = "health", "Health"
    HOSPITAL = "hospital", "Hospital where the child is"
    SETTING = "setting", "The child's school or setting"
    REFERRER = "referrer", "Who referred"
    OTHER = "other", "Another agency that knows the child"


class InvitationState(TextChoices):
    INVITED = "invited", "No answer yet"
    ACCEPTED = "accepted", "Will take part"
    DECLINED = "declined", "Cannot take part"
    DEPUTY = "deputy", "Sends a deputy"


class Means(TextChoices):
    """How it is held."""

    MEETING = "meeting", "In one place"
    VIDEO = "video", "By video"
    TELEPHONE = "telephone", "By telephone"


class ActionState(TextChoices):
    OPEN = "open", "To do"
    DONE = "done", "Done"
    NOT_DONE = "not_done", "Could not be done"


class DissentKind(TextChoices):
    DISAGREES = "disagrees", "I disagree with a decision"
    CONFERENCE = "conference", "I ask for a child-protection conference"


class DissentState(TextChoices):
    RAISED = "raised", "Raised"
    ANSWERED = "answered", "Answered by the chair"
    TAKEN_BACK = "taken_back", "Taken back"
