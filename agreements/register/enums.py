from django.db.models import TextChoices


class AgreementState(TextChoices):
    """Where a version of an agreement stands; what follows from days (review due, lapsed) is computed, not kept."""

    DRAFT = "draft", "Draft"
    OPEN = "open", "Open for signature"
    SUPERSEDED = "superseded", "Superseded"
    ABANDONED = "abandoned", "Abandoned"


class Standing(TextChoices):
    """What the register says of an agreement today (AGR-03, AGR-04, AGR-06)."""

    DRAFT = "draft", "Draft"
    NOT_YET = "not_yet", "Not yet in force"
    IN_FORCE = "in_force", "In force"
    REVIEW_DUE = "review_due", "In force, review due"
    REVIEW_OVERDUE = "review_overdue", "In force, review overdue"
    RUNNING_OUT = "running_out", "In force until the new version takes over"
    LAPSED = "lapsed", "Lapsed"
    SUPERSEDED = "superseded", "Superseded"
    ABANDONED = "abandoned", "Abandoned"


class SignatureState(TextChoices):
    INVITED = "invited", "Not signed"
    SIGNED = "signed", "Signed"
    REFUSED = "refused", "Refused to sign"
    WITHDRAWN = "withdrawn", "Withdrew"


class Capacity(TextChoices):
    """In what capacity a senior officer signs (AGR-02)."""

    CALDICOTT_GUARDIAN = "caldicott_guardian", "Caldicott Guardian"
    SIRO = "siro", "Senior Information Risk Owner"
    CHIEF_OFFICER = "chief_officer", "Chief officer or chief executive"
    HEAD = "head", "Head teacher or manager of the setting"
    DIRECTOR = "director", "Director, or trustee of a voluntary body"


class Gateway(TextChoices):
    """By which right an alert may leave (rules.md: two different gateways)."""

    AGREEMENT = "agreement", "Signed agreement"
    STATUTORY_DUTY = "statutory_duty", "Statutory duty"
    SINGLE_CASE = "single_case", "Terms accepted for this one case"
    OVERRIDE = "override", "Reasoned override"


class WithheldReason(TextChoices):
    """Why an alert may not leave, as the record keeps it (ALR-08)."""

    NO_AGREEMENT = "no_agreement", "No agreement for this kind of notification is in force in the partnership."
    NEVER_SIGNED = "never_signed", "The setting has never signed the agreement."
    REFUSED = "refused", "The setting refused to sign the agreement."
    WITHDREW = "withdrew", "The setting withdrew from the agreement."
    NOT_YET = "not_yet", "The setting's signature is not in force yet."
    NO_ITEMS = (
        "no_items",
        "The agreement lists no data item that says which child it is about, so nothing could be told.",
    )
    NOT_RECIPIENT = "not_recipient", "The setting is not a party to the agreement that may be told under it."
    NOT_SOURCE = "not_source", "The hub is not a party to the agreement that may send under it."
    NO_GATEWAY = "no_gateway", "Neither an agreement nor the statutory duty lets this kind of setting be told."
    CLOSED = "closed", "The setting has closed, so nobody there could read it."


class Item(TextChoices):
    """Every data item that can leave the product; what an agreement does not list cannot leave (AGR-01)."""

    CHILD_NAME = "child_name", "Child's name"
    CHILD_BIRTH = "child_date_of_birth", "Child's date of birth"
    ADULTS_NAMES = "adults_names", "Names of the adults"
    INCIDENT_KIND = "incident_kind", "That an incident happened, and of which kind"
    INCIDENT_DATE = "incident_date", "Day of the incident"
    LEVEL_OF_NEED = "level_of_need", "Level of need that the screening found"
    INCIDENT_CONTENT = "incident_content", "What happened"
    ADDRESS = "address", "Address"
    RELATIONSHIPS = "relationships", "Who is who in the family"
    IDENTIFIERS = "identifiers", "UPN, NHS number and other identifying numbers"
    ALLOCATED_WORKER = "allocated_worker", "Allocated worker and team"
    RISK = "risk", "Risk level and risk factors"
    HEALTH = "health", "Health information"
    SCHOOL_CONCERNS = "school_concerns", "What the setting holds about the child"
    SAFETY_PLAN = "safety_plan", "Safety plan and actions"


# Without these nobody could tell whom an alert is about, or that it is one.
NEEDED_FOR_AN_ALERT = (Item.CHILD_NAME, Item.INCIDENT_KIND)
# All that an alert ever carries (ALR-04).
IN_AN_ALERT = (*NEEDED_FOR_AN_ALERT, Item.CHILD_BIRTH, Item.ADULTS_NAMES, Item.INCIDENT_DATE)


class PartyRole(TextChoices):
    SOURCE = "source", "Source"
    RECIPIENT = "recipient", "Recipient"
    BOTH = "both", "Source and recipient"


class Controllership(TextChoices):
    """Who answers for what is shared; it differs between agreements (rules.md, traps in the sources)."""

    CONTROLLER = "controller", "Controller of its own copy"
    SUPPLIER_KEEPS = "supplier_keeps", "The supplying agency stays the controller"
    JOINT = "joint", "Joint controller"
    PROCESSOR = "processor", "Processor"


class Article6(TextChoices):
    CONSENT = "6_1_a", "Article 6(1)(a): consent"
    CONTRACT = "6_1_b", "Article 6(1)(b): contract"
    LEGAL_OBLIGATION = "6_1_c", "Article 6(1)(c): legal obligation"
    VITAL_INTERESTS = "6_1_d", "Article 6(1)(d): vital interests"
    PUBLIC_TASK = "6_1_e", "Article 6(1)(e): public task"
    RECOGNISED_INTEREST = "6_1_ea", "Article 6(1)(ea): recognised legitimate interest, safeguarding"
    LEGITIMATE_INTERESTS = "6_1_f", "Article 6(1)(f): legitimate interests"


class Article9(TextChoices):
    CONSENT = "9_2_a", "Article 9(2)(a): explicit consent"
    EMPLOYMENT = "9_2_b", "Article 9(2)(b): employment, social security and social protection"
    VITAL_INTERESTS = "9_2_c", "Article 9(2)(c): vital interests"
    LEGAL_CLAIMS = "9_2_f", "Article 9(2)(f): legal claims"
    PUBLIC_INTEREST = "9_2_g", "Article 9(2)(g): substantial public interest"
    HEALTH_CARE = "9_2_h", "Article 9(2)(h): health or social care"


class Schedule1(TextChoices):
    """Part 2 conditions of the Data Protection Act 2018; needed with Article 9(2)(g) (SHR-03)."""

    STATUTORY = "s1_6", "Condition 6: statutory and government purposes"
    UNLAWFUL_ACTS = "s1_10", "Condition 10: preventing or detecting unlawful acts"
    DISHONESTY = "s1_11", "Condition 11: protecting the public against dishonesty or misconduct"
    SAFEGUARDING = "s1_18", "Condition 18: safeguarding of children and of individuals at risk"


class Part3(TextChoices):
    """Processing by a competent authority for law enforcement is a route of its own (SHR-03)."""

    NOT_USED = "", "Not used"
    TASK = "task", "Necessary for a law-enforcement task"
    SENSITIVE = "sensitive", "Sensitive processing with a Schedule 8 condition"


class TransferMethod(TextChoices):
    HUB = "hub", "Through this Hub, after sign-in"
    API = "api", "Between systems, through the Hub's API"
    SECURE_EMAIL = "secure_email", "Secure e-mail"
    MEETING = "meeting", "In a meeting"
    TELEPHONE = "telephone", "By telephone"
    POST = "post", "Secure post or courier"
    MEDIA = "media", "Encrypted removable media"


class ReturnState(TextChoices):
    OPEN = "open", "To be returned or destroyed"
    RETURNED = "returned", "Returned"
    DESTROYED = "destroyed", "Destroyed"
    KEPT = "kept", "Kept by duty of law"
