from django.db.models import TextChoices


class EntryKind(TextChoices):
    """What an entry of a safeguarding file records."""

    ALERT = "alert", "Alert received"
    ANSWER = "answer", "What we decided"
    SHARE = "share", "Told to a colleague"
    ACTION = "action", "Action"
    REVIEW = "review", "Review"
    OUTCOME = "outcome", "Closed"
    CONCERN = "concern", "Concern seen or heard here"
    CHILD = "child", "What the child said"
    FAMILY = "family", "Contact with the family"
    MASH = "mash", "Conversation with the MASH"
    REFERRAL = "referral", "Referral"
    MEETING = "meeting", "Meeting or discussion"
    AGENCY = "agency", "Contact with another agency"
    TRANSFER = "transfer", "Transfer of the file"
    OTHER = "other", "Other note"


# What a person writes down; the others are recorded by what was done.
WRITTEN_BY_HAND = (
    EntryKind.CONCERN,
    EntryKind.CHILD,
    EntryKind.FAMILY,
    EntryKind.AGENCY,
    EntryKind.MEETING,
    EntryKind.OTHER,
)


class ChildsPart(TextChoices):
    """What this child had to do with it: said for each child, so that nobody is stamped a victim by being linked."""

    HARMED = "harmed", "Was harmed, or said to be"
    SAW = "saw", "Saw or heard it"
    ELSEWHERE = "elsewhere", "Lives there, and was not there"
    HARMING = "harming", "Is said to have harmed somebody"
    NONE = "none", "Only linked: nothing happened to this child"
    UNKNOWN = "unknown", "Not known"


class Relation(TextChoices):
    MOTHER = "mother", "Mother"
    FATHER = "father", "Father"
    STEP_PARENT = "step_parent", "Step-parent, or partner of a parent"
    SIBLING = "sibling", "Brother or sister"
    GRANDPARENT = "grandparent", "Grandparent"
    CARER = "carer", "Carer or guardian"
    RELATIVE = "relative", "Other relative"
    PROFESSIONAL = "professional", "Professional who works with the family"
    OTHER = "other", "Somebody else"


class PersonsPart(TextChoices):
    """What the setting knows of a person's part; an alert never says who was harmed and by whom (ALR-04)."""

    SUPPORTS = "supports", "Supports the child"
    HARMED = "harmed", "Was harmed, or said to be"
    HARMING = "harming", "Is said to have caused harm"
    NO_CONTACT = "no_contact", "Must not have contact with the child"
    UNKNOWN = "unknown", "Not known"


class Link(TextChoices):
    """How two children whose files the setting keeps belong together."""

    INCIDENT = "incident", "Named in the same notification"
    SIBLING = "sibling", "Brother or sister"
    HALF_SIBLING = "half_sibling", "Half-brother or half-sister"
    STEP_SIBLING = "step_sibling", "Step-brother or step-sister"
    HOUSEHOLD = "household", "Lives in the same household"
    OTHER = "other", "Linked in another way"


class StaffRole(TextChoices):
    """As whom a colleague at the setting is told (ALR-16)."""

    KEY_WORKER = "key_worker", "Key worker"
    TUTOR = "tutor", "Tutor"
    HEAD_OF_YEAR = "head_of_year", "Head of year or house"
    FAMILY_OUTREACH = "family_outreach", "Family outreach worker"
    SENIOR_LEADER = "senior_leader", "Senior leader"
    PASTORAL = "pastoral", "Pastoral support"
    SENCO = "senco", "SENCO"
    TEACHER = "teacher", "Teacher"
    OTHER = "other", "Other member of staff"


class ShownItem(TextChoices):
    """What of an alert a colleague may be told; the child's name always (ALR-16)."""

    KIND = "kind", "What kind of alert it is"
    DATE = "date", "The date of the incident"
    BIRTH = "birth", "The child's date of birth"
    ADULTS = "adults", "The adults who are named in it"
