from django.db.models import TextChoices


class InboxView(TextChoices):
    """The lists of the inbox."""

    ALL = "all", "All alerts"
    TO_ANSWER = "answer", "To answer"
    NEW = "new", "New"
    OVERDUE = "overdue", "Overdue"


class Concerns(TextChoices):
    """Where what the setting knows leads to (ALR-12)."""

    NONE = "none", "No other concerns"
    ALLOCATED = "allocated", "The child already has a social worker or early-help worker"
    OTHER = "other", "We have other significant concerns"


class Support(TextChoices):
    """Whether the child knows that support is given because of this (ALR-18)."""

    SILENT = "silent", "Silent: staff keep an eye on the child and say nothing of why"
    OVERT = "overt", "Overt: support that the child is told of and takes part in"


class ActionKind(TextChoices):
    """What a setting can do for a child (ALR-17)."""

    MONITOR = "monitor", "Monitor"
    SOMEONE = "someone", "Emotional or practical support"
    MENTORING = "mentoring", "Mentoring, or someone to talk to"
    QUIET_TIME = "quiet_time", "Quiet time"
    SCHOOL_NURSE = "school_nurse", "School nurse"
    CONTACT = "contact", "Check contact arrangements and injunctions"
    EARLY_HELP = "early_help", "Early Help Assessment"
    AGENCY = "agency", "Referral to an outside agency"
    SPECIALIST = "specialist", "Specialist referral"
    COMPLEX = "complex", "Complex-case meeting"
    SOCIAL_WORKER = "social_worker", "Discussion with the allocated social worker"
    OTHER = "other", "Something else"


class ActionState(TextChoices):
    OPEN = "open", "To do"
    DONE = "done", "Done"
    DROPPED = "dropped", "Not needed any more"


class Outcome(TextChoices):
    """How the setting's response ended (ALR-19)."""

    NO_NEED = "no_need", "No further support is needed"
    SUPPORTED = "supported", "Support was given and has helped"
    GOES_ON = "goes_on", "Support goes on as part of the child's own plan"
    EARLY_HELP = "early_help", "Early help has taken over"
    SOCIAL_CARE = "social_care", "Social care leads now"
    OTHER = "other", "Something else"
