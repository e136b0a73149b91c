from django.db.models import TextChoices


class AgencyKind(TextChoices):
    """Every kind of body in the agreements; an "education setting" is any of `SETTING_KINDS` (ALR-07)."""

    POLICE = "police", "Police force"
    MASH = "mash", "MASH, front door or notification team"
    COUNCIL = "council", "Local authority"
    HEALTH = "health", "Health body"
    PROBATION = "probation", "Probation"
    HOUSING = "housing", "Housing provider"
    IDVA = "idva", "IDVA service"
    MARAC = "marac", "MARAC team"
    ADULT_CARE = "adult_care", "Adult social care"
    YOUTH_JUSTICE = "youth_justice", "Youth justice team"
    SUBSTANCE_USE = "substance_use", "Drug and alcohol service"
    FIRE = "fire", "Fire and rescue"
    VOLUNTARY = "voluntary", "Voluntary organisation"
    SCHOOL = "school", "Maintained school"
    ACADEMY = "academy", "Academy or free school"
    INDEPENDENT_SCHOOL = "independent_school", "Independent school"
    SPECIAL_SCHOOL = "special_school", "Special school"
    PRU = "pru", "Pupil referral unit"
    COLLEGE = "college", "College"
    NURSERY = "nursery", "Nursery"
    PRE_SCHOOL = "pre_school", "Pre-school"
    CHILDMINDER = "childminder", "Childminder"
    CHILDRENS_CENTRE = "childrens_centre", "Children's centre"


SCHOOL_KINDS = (
    AgencyKind.SCHOOL,
    AgencyKind.ACADEMY,
    AgencyKind.INDEPENDENT_SCHOOL,
    AgencyKind.SPECIAL_SCHOOL,
    AgencyKind.PRU,
)
SETTING_KINDS = (
    *SCHOOL_KINDS,
    AgencyKind.COLLEGE,
    AgencyKind.NURSERY,
    AgencyKind.PRE_SCHOOL,
    AgencyKind.CHILDMINDER,
    AgencyKind.CHILDRENS_CENTRE,
)


class Role(TextChoices):
    """What a member does at an agency, in words that an IG lead can read."""

    DSL = "dsl", "Designated Safeguarding Lead"
    DEPUTY_DSL = "deputy_dsl", "Deputy Designated Safeguarding Lead"
    HEAD = "head", "Head teacher or manager of the setting"
    HOLIDAY_CONTACT = "holiday_contact", "Holiday safeguarding contact"
    SETTING_STAFF = "setting_staff", "Member of staff at a setting"
    EHE_OFFICER = "ehe_officer", "Elective Home Education officer"
    AUTHORITY_CONTACT = "authority_contact", "Safeguarding contact of the local authority"
    LADO = "lado", "Local authority designated officer (LADO)"
    MASH_OFFICER = "mash_officer", "MASH officer"
    MASH_MANAGER = "mash_manager", "MASH manager"
    POLICE_OFFICER = "police_officer", "Police officer who sends notifications"
    INTEGRATION = "integration", "Another system of this agency"
    IG_LEAD = "ig_lead", "Information-governance lead"
    AGENCY_ADMIN = "agency_admin", "Agency administrator"
    SIGNATORY = "signatory", "Senior officer who signs agreements"
    COORDINATOR = "coordinator", "Meeting coordinator"
    CHAIR = "chair", "Meeting chair"
    IDVA = "idva", "Independent domestic violence adviser"
    PRACTITIONER = "practitioner", "Practitioner"
    INFORMATION_DESK = "information_desk", "Answers the hub's requests for information"
    SOCIAL_WORKER = "social_worker", "Social worker"
    SOCIAL_CARE_MANAGER = "social_care_manager", "Social care manager who chairs strategy discussions"


class Scope(TextChoices):
    NOTIFICATIONS_WRITE = "notifications:write", "Send police notifications"
    NOTIFICATIONS_READ = "notifications:read", "Read the status of own notifications"
    ALERTS_READ = "alerts:read", "Read alerts addressed to the person"
    ALERTS_WRITE = "alerts:write", "Acknowledge alerts addressed to the person"


class Digest(TextChoices):
    """How often a person gets what waits for them by e-mail: numbers and links, never a name."""

    NEVER = "never", "Never"
    DAILY = "daily", "Each working day, at 7am"
    WEEKLY = "weekly", "Once a week, on its first working day at 7am"


class PeriodKind(TextChoices):
    TERM = "term", "Term"
    CLOSED = "closed", "Closed (half term, INSET or other closure)"


class ReviewDecision(TextChoices):
    CONFIRMED = "confirmed", "Confirmed"
    ENDED = "ended", "Ended"
    LAPSED = "lapsed", "Ended because nobody confirmed it"
    FLAGGED = "flagged", "Nobody confirmed it; kept, because the agency has no other"
