from django.db.models import TextChoices

from agreements.register.enums import Article6, Article9, Item, Part3, Schedule1


class Outcome(TextChoices):
    SHARE = "share", "Share"
    NOT_SHARE = "not_share", "Do not share"
    ADVICE = "advice", "Ask for advice first"


class Purpose(TextChoices):
    """For what the information is passed on; anything else is not a purpose of safeguarding (SHR-01)."""

    PROTECT = "protect", "To protect a child from harm"
    SUPPORT = "support", "To support a child at their setting"
    ASSESS = "assess", "To assess need or risk"
    ADULT = "adult", "To protect an adult at risk"
    CRIME = "crime", "To prevent or detect crime, or prosecute offenders"
    COURT = "court", "Because a court has ordered it"


class Basis(TextChoices):
    """By which right something may be passed on (SHR-02, SHR-03)."""

    AGREEMENT = "agreement", "A signed agreement lists it"
    DUTY = "duty", "A duty in law tells us to share it"
    CONSENT = "consent", "Consent"
    PUBLIC_INTEREST = "public_interest", "The public interest outweighs confidence"
    VITAL = "vital", "Somebody's life is at risk"
    COURT = "court", "A court has ordered it"
    LAW_ENFORCEMENT = "law_enforcement", "Law enforcement (Part 3)"


class Duty(TextChoices):
    """Which duty in law; what dates stands in docs/adr with its day."""

    DOMESTIC_ABUSE = "da_s49a", "Domestic Abuse Act 2021, section 49A: telling a child's setting"
    WELFARE = "ca04_s16la", "Children Act 2004, section 16LA: information relevant to a child's welfare"
    ENQUIRIES = "ca89_s47", "Children Act 1989, section 47: enquiries into significant harm"
    NEED = "ca89_s17", "Children Act 1989, section 17: a child in need"
    ARRANGEMENTS = "ca04_s11", "Children Act 2004, section 11: safeguarding arrangements"
    ADULT_ENQUIRY = "care_s42", "Care Act 2014, section 42: enquiry about an adult at risk"


class ConsentState(TextChoices):
    GIVEN = "given", "Yes, it was given"
    REFUSED = "refused", "No, it was refused"
    NOT_SOUGHT = "not_sought", "No, and asking would do harm"
    NOT_RELIED_ON = "not_relied_on", "Sharing does not rest on consent"


class NotSought(TextChoices):
    """When consent is not to be asked for (SHR-04)."""

    RISK = "risk", "Asking would put somebody at risk"
    PREJUDICE = "prejudice", "Asking would prejudice an investigation"
    DELAY = "delay", "Asking would delay what cannot wait"


class ConsentBy(TextChoices):
    SELF = "self", "The adult whom it is about"
    YOUNG_PERSON = "young_person", "The young person, who is 16 or 17"
    CHILD = "child", "The child, who is under 16 and was found able to decide this"
    PARENT = "parent", "Somebody with parental responsibility"
    ATTORNEY = "attorney", "An attorney or deputy for health and welfare"


class CapacityState(TextChoices):
    """Where sharing without an adult's consent rests on it (SHR-06)."""

    NO_ADULT = "no_adult", "No adult's consent is in question"
    HAS = "has", "Assessed: able to decide this"
    LACKS = "lacks", "Assessed: not able to decide this"
    NOT_ASSESSED = "not_assessed", "Not assessed"


class GillickFactor(TextChoices):
    """What whoever assessed looked at (SHR-07)."""

    UNDERSTANDS = "understands", "Understands what would be shared, with whom and why"
    WEIGHS = "weighs", "Weighs what may follow, now and later"
    FREE = "free", "Decides freely, not under anybody's pressure"
    STEADY = "steady", "Says the same when asked again"
    PARENTS = "parents", "Was asked to involve a parent, and why not is understood"
    SAFETY = "safety", "Their welfare does not speak against it"


class WhyNot(TextChoices):
    """Why something is not shared; the first is the only one in which the law's duty to share gives way (s16LA)."""

    DETRIMENT = "detriment", "Sharing would be more detrimental to the child than not sharing"
    NOT_RELEVANT = "not_relevant", "It is not relevant to the child's welfare"
    NO_PURPOSE = "no_purpose", "There is no clear and legitimate purpose"
    NO_REASON = "no_reason", "There is neither consent nor another lawful reason"


class Told(TextChoices):
    """Whether the person is told that information about them was shared (SHR-13)."""

    TOLD = "told", "They know already"
    TO_BE_TOLD = "to_be_told", "They will be told"
    RISK = "risk", "Not told: telling them would put somebody at risk"
    PREJUDICE = "prejudice", "Not told: it would prejudice an investigation"
    UNREACHABLE = "unreachable", "Not told: there is no safe way to reach them"


NOT_TOLD = (Told.RISK, Told.PREJUDICE, Told.UNREACHABLE)


class Nation(TextChoices):
    """Information stays in the United Kingdom (SHR-12)."""

    ENGLAND = "england", "England"
    WALES = "wales", "Wales"
    SCOTLAND = "scotland", "Scotland"
    NORTHERN_IRELAND = "northern_ireland", "Northern Ireland"
    ELSEWHERE = "elsewhere", "Outside the United Kingdom"


UNITED_KINGDOM = tuple(nation for nation in Nation if nation != Nation.ELSEWHERE)


class Ended(TextChoices):
    CONSENT_WITHDRAWN = "consent_withdrawn", "Consent was withdrawn"
    NOT_NEEDED = "not_needed", "It is no longer needed"
    MISTAKE = "mistake", "It was decided in error"


class Nature(TextChoices):
    """What an item of information is (SHR-08)."""

    FACT = "fact", "Fact"
    OPINION = "opinion", "Professional opinion"
    BOTH = "both", "Fact and opinion"


class Currency(TextChoices):
    CURRENT = "current", "Current"
    HISTORICAL = "historical", "Historical"


# Items by which somebody could be told apart from others (SHR-01).
IDENTIFYING = frozenset(
    {Item.CHILD_NAME, Item.CHILD_BIRTH, Item.ADULTS_NAMES, Item.ADDRESS, Item.IDENTIFIERS, Item.RELATIONSHIPS}
)
# Items of the special categories of Article 9.
SPECIAL = frozenset({Item.HEALTH})

# What each right rests on in data-protection law, unless the agreement says otherwise (SHR-03).
RESTS_ON: dict[Basis, tuple[str, str, str, str]] = {
    Basis.AGREEMENT: (Article6.PUBLIC_TASK, Article9.PUBLIC_INTEREST, Schedule1.SAFEGUARDING, ""),
    Basis.DUTY: (Article6.LEGAL_OBLIGATION, Article9.PUBLIC_INTEREST, Schedule1.SAFEGUARDING, ""),
    Basis.CONSENT: (Article6.CONSENT, Article9.CONSENT, "", ""),
    Basis.PUBLIC_INTEREST: (Article6.PUBLIC_TASK, Article9.PUBLIC_INTEREST, Schedule1.SAFEGUARDING, ""),
    Basis.VITAL: (Article6.VITAL_INTERESTS, Article9.VITAL_INTERESTS, "", ""),
    Basis.COURT: (Article6.LEGAL_OBLIGATION, Article9.LEGAL_CLAIMS, "", ""),
    Basis.LAW_ENFORCEMENT: ("", "", "", Part3.TASK),
}
# The conditions of Schedule 1, Part 2 that safeguarding partners rest on with Article 9(2)(g) (SHR-03).
SCHEDULE_1 = (Schedule1.UNLAWFUL_ACTS, Schedule1.DISHONESTY, Schedule1.SAFEGUARDING)
