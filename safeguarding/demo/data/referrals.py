"""What professionals have referred of late, and what they know of places; all invented, relative to the day of loading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from alerts.patterns.enums import Currency, Nature, PatternKind
from alerts.referrals.enums import Outcome
from alerts.screening.enums import Rag


@dataclass(frozen=True)
class Referred:
    """One referral and how far it has come; `who` is the local part and the agency, or a guest's name and organisation."""

    partnership: str
    who: tuple[str, str]
    hours_ago: float
    children: Sequence[Mapping[str, str]]
    worries: str
    score: int = 6
    consent: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    guest: bool = False
    draft: bool = False
    rag: Rag | None = None
    outcome: Outcome | None = None
    told: bool = True
    closed: bool = False


def born(given: str, family: str, day: str, setting: str = "") -> dict[str, str]:
    year, month, of_month = day.split("-")
    return {
        "born": "yes", "given_name": given, "family_name": family, "setting": setting,
        "date_of_birth_0": of_month, "date_of_birth_1": month, "date_of_birth_2": year,
    }  # fmt: skip


def undated(given: str, family: str, age: int) -> dict[str, str]:
    return {"born": "yes", "given_name": given, "family_name": family, "estimated_age": str(age)}


def unborn(family: str, due: str) -> dict[str, str]:
    year, month, day = due.split("-")
    return {"born": "no", "family_name": family, "due_on_0": day, "due_on_1": month, "due_on_2": year}


GIVEN = {
    "consent": {"consent": "given"},
    "given": {"by_whom": "The mother", "given_on_0": "2", "given_on_1": "11", "given_on_2": "2026",
              "limits": "Nothing to the grandparents"},
}  # fmt: skip
AT_RISK = {
    "consent": {"consent": "not_sought"},
    "without": {"because": "risk", "explain": "The mother has asked us not to phone the house", "family_knows": "no"},
}
REFUSED = {
    "consent": {"consent": "refused"},
    "without": {"because": "delay", "explain": "We could not wait for another appointment", "family_knows": "yes"},
}

REFERRED = (
    Referred(
        "wexbourne",
        ("dsl", "meadow"),
        1.5,
        (born("Saoirse", "Bellweather-Nwosu", "2017-03-19", "Meadow Primary School"),),
        "She has come without a coat since Monday and says that nobody is at home in the evening.",
        7,
        AT_RISK,
    ),
    Referred(
        "wexbourne",
        ("practitioner", "health"),
        3,
        (unborn("Quistgaard", "2027-02-14"), undated("Lorcan", "Quistgaard", 12)),
        "At the second appointment she had bruises on both arms and was not left alone with us.",
        9,
        AT_RISK,
    ),
    Referred(
        "wexbourne",
        ("Wren Oakley", "Harbour Lights Nursery"),
        6,
        (undated("Pippin", "Arkadi-Stowe", 3),),
        "Two afternoons this week nobody came to collect him, and the telephone was off.",
        5,
        GIVEN,
        guest=True,
    ),
    Referred(
        "wexbourne",
        ("officer", "police"),
        20,
        (born("Zoltan", "Ferreby", "2012-11-30", "Harbour Academy"),),
        "Found at the arcade at one in the morning with two adults whom he would not name.",
        8,
        REFUSED,
        rag=Rag.RED,
    ),
    Referred(
        "wexbourne",
        ("dsl", "harbour"),
        28,
        (born("Aminata", "Ferreby", "2010-02-14", "Harbour Academy"),),
        "She has told a friend that she does not want to go home on Friday.",
        6,
        GIVEN,
        rag=Rag.AMBER,
        outcome=Outcome.ASSESSMENT,
        told=False,
    ),
    Referred(
        "wexbourne",
        ("practitioner", "housing"),
        70,
        (born("Idunn", "Castellane-Roy", "2018-09-02"), born("Tobiah", "Castellane-Roy", "2018-09-02")),
        "The flat has had no heating for a month, and both children cough.",
        4,
        GIVEN,
        rag=Rag.GREEN,
        outcome=Outcome.EARLY_HELP,
        closed=True,
    ),
    Referred(
        "wexbourne",
        ("Heron Marsh", "Saltings Boxing Club"),
        50,
        (undated("Caspian", "Lowther-Bain", 14),),
        "He comes with new shoes each week and a man waits for him outside.",
        8,
        AT_RISK,
        guest=True,
        rag=Rag.RED,
        outcome=Outcome.STRATEGY,
    ),
    Referred(
        "wexbourne",
        ("dsl", "meadow"),
        0,
        (born("Idunn", "Castellane-Roy", "2018-09-02", "Meadow Primary School"),),
        "",
        3,
        draft=True,
    ),
    Referred(
        "calderwick",
        ("dsl", "meadow"),
        30,
        (born("Jehona", "Ashgrove-Dlamini", "2015-08-23"),),
        "Her drawings show somebody shut in a cupboard.",
        6,
        GIVEN,
        rag=Rag.AMBER,
        outcome=Outcome.NO_ACTION,
    ),
)


@dataclass(frozen=True)
class Seen:
    """Several notes of one kind about one place: how many in each of the last months, this one first."""

    who: tuple[str, str]
    kind: PatternKind
    place: str
    area: str
    what: str
    months: Sequence[int]
    nature: Nature = Nature.FACT
    currency: Currency = Currency.CURRENT


PATTERNS = (
    Seen(
        ("officer", "police"),
        PatternKind.PLACE,
        "The arcade at the end of the pier",
        "WX4",
        "Older men buy food for young people after dark and ask them to carry bags.",
        (6, 3, 7),
    ),
    Seen(
        ("practitioner", "housing"),
        PatternKind.PLACE,
        "The empty flats above the launderette",
        "WX2",
        "Neighbours see people come and go at night with school bags.",
        (2, 5, 0),
        Nature.BOTH,
    ),
    Seen(
        ("dsl", "harbour"),
        PatternKind.ONLINE,
        "A group in a messaging app that pupils speak of",
        "",
        "Somebody who says that he is 16 asks for pictures and offers vouchers.",
        (1, 0, 0),
        Nature.OPINION,
    ),
    Seen(
        ("officer", "police"),
        PatternKind.TRAVEL,
        "The rank behind the bus station",
        "WX1",
        "Fares for young people are paid by others in cash.",
        (0, 4, 6),
    ),
)
