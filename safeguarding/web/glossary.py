"""The words of the field, each in one sentence: a page of them, and in place where they occur first."""

# by the key that a page asks for: the word, and what it means
GLOSSARY: dict[str, tuple[str, str]] = {
    "acknowledge": ("Acknowledge", "To say that you have read an alert."),
    "bell": (
        "The bell",
        "The start of a setting’s school day. An alert should be read before the first bell after the incident.",
    ),
    "cpp": ("Child protection plan", "What agencies do for a child who is likely to suffer significant harm."),
    "dash": (
        "DASH",
        "A list of questions about domestic abuse, stalking, harassment and so-called honour-based abuse, by which risk is judged.",
    ),
    "dramm": ("DRAMM", "A daily meeting of agencies about the domestic abuse that was reported since the last one."),
    "dsl": (
        "DSL",
        "Designated Safeguarding Lead: the person at a school who answers for the safety of its children. The deputy stands in.",
    ),
    "setting": (
        "Education setting",
        "A school, nursery, pre-school, childminder, children’s centre, college or pupil referral unit.",
    ),
    "ehe": ("EHE", "Elective Home Education: a child learns at home. The council’s officer for it gets the alert."),
    "front_door": ("Front door", "Where worries about a child in an area come in first; often the MASH."),
    "idva": ("IDVA", "Independent domestic violence adviser: stands by an adult at high risk."),
    "inset": ("INSET day", "A day in term on which staff are trained and children have no school."),
    "lado": (
        "LADO",
        "The council’s officer who is told when an adult who works with children may have harmed or endangered one.",
    ),
    "level": ("Level of need", "How much help a child needs, by the area’s own scale."),
    "marac": ("MARAC", "A meeting of agencies about adults at high risk of domestic abuse."),
    "mash": (
        "MASH",
        "Multi-agency safeguarding hub: police, social care, health and others who look at worries about children together.",
    ),
    "ppn": (
        "PPN",
        "Police protection or public protection notice: the form on which an officer reports a worry about somebody. "
        "The Hub says “notification”.",
    ),
    "s17": (
        "Section 17 (s17)",
        "The part of the Children Act 1989 about help for a child in need, with the family’s consent.",
    ),
    "s47": (
        "Section 47 (s47)",
        "The part of the Children Act 1989 by which a council must enquire when a child may be suffering significant harm.",
    ),
    "s49a": (
        "Section 49A (s49A)",
        "The part of the Domestic Abuse Act 2021 by which a child’s school is told of an incident as soon as is practicable.",
    ),
    "strategy": (
        "Strategy discussion",
        "Council, police, health and others decide together whether section 47 enquiries start.",
    ),
    "upn": ("UPN", "Unique pupil number: a child’s number at school."),
    "urn": ("URN", "Unique reference number of a school: six digits."),
    "withheld": (
        "Withheld",
        "Not sent, because no agreement or duty allows it. The reason is kept, and the hub sees it.",
    ),
}


def words_for(keys: tuple[str, ...]) -> list[tuple[str, str]]:
    """A key that stands in no glossary is a mistake of the page, and says so at once."""
    return [GLOSSARY[key] for key in keys]
