from django.db.models import TextChoices


class ReferralState(TextChoices):
    RECEIVED = "received", "Received"
    TRIAGED = "triaged", "Triaged"
    DECIDED = "decided", "Decided, referrer not told yet"
    TOLD = "told", "Decided, and the referrer was told"
    CLOSED = "closed", "Closed"


class Outcome(TextChoices):
    """What the hub decides, from the least to the most (MSH-07)."""

    NO_ACTION = "no_action", "No further action"
    EARLY_HELP = "early_help", "Early help"
    ASSESSMENT = "assessment", "Single assessment"
    STRATEGY = "strategy", "Strategy discussion"
    ENQUIRY = "enquiry", "Section 47 enquiry"


class Consent(TextChoices):
    """Asked for and given, asked for and refused, or not asked for (MSH-05)."""

    GIVEN = "given", "Yes, consent was given"
    REFUSED = "refused", "It was asked for and refused"
    NOT_SOUGHT = "not_sought", "No, it was not asked for"


class WithoutConsent(TextChoices):
    """Why a referral goes without consent; the sources know three reasons, and one may have to be put into words (MSH-05)."""

    RISK = "risk", "Asking would put a child or somebody else at more risk"
    CRIME = "crime", "Asking might harm the investigation of a serious crime"
    DELAY = "delay", "Waiting for an answer might put the child at risk"
    NOBODY = "nobody", "Nobody who could consent can be reached"
    OTHER = "other", "Another reason, explained below"


class QueueView(TextChoices):
    OPEN = "open", "Open"
    NEW = "new", "To triage"
    LATE = "late", "Late"
    TOLD = "told", "Told"
    CLOSED = "closed", "Closed"


class Stage(TextChoices):
    """How far a contact has come, each stage a part of the one before (MSH-07)."""

    CONTACT = "contact", "Contacts"
    REFERRAL = "referral", "Accepted as referrals"
    ASSESSMENT = "assessment", "Single assessments or more"
    STRATEGY = "strategy", "Strategy discussions or more"
    ENQUIRY = "enquiry", "Section 47 enquiries"
