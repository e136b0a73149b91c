"""How alike a child in a notification is to a child on record (ALR-03). Pure: no database, no clock."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from rapidfuzz.distance import OSA

from safeguarding.children import names
from safeguarding.children.identifiers import is_nhs_number, is_upn
from safeguarding.children.names import Kinship


@dataclass(frozen=True)
class Details:
    """What a child is known by."""

    given_name: str
    family_name: str
    date_of_birth: dt.date | None = None
    upn: str | None = None
    nhs_number: str | None = None


class Verdict(StrEnum):
    """Sure: goes on without a person. Possible: a person decides. New: nobody alike is on record."""

    SURE = "matched"
    POSSIBLE = "possible"
    NEW = "new"


@dataclass(frozen=True)
class Likeness:
    """A child on record (by `key`), how alike from 0 to 100, and why in words that a person can weigh."""

    key: int
    score: int
    reasons: tuple[str, ...]
    sure: bool = False


@dataclass(frozen=True)
class Judgement:
    verdict: Verdict
    alike: tuple[Likeness, ...] = ()

    @property
    def best(self) -> Likeness | None:
        return self.alike[0] if self.alike else None


def judge(sought: Details, known: Iterable[tuple[int, Details]]) -> Judgement:
    """Sure when exactly one child on record is; two sure ones contradict each other and a person decides (ALR-03).

    A key may come several times: once for each record that was joined into one child.
    """
    found = alike(sought, known)
    sure = [likeness for likeness in found if likeness.sure]
    if len(sure) == 1:
        return Judgement(Verdict.SURE, (sure[0],))
    if found:
        return Judgement(Verdict.POSSIBLE, found)
    return Judgement(Verdict.NEW)


def alike(sought: Details, known: Iterable[tuple[int, Details]]) -> tuple[Likeness, ...]:
    """Everybody who may be the child, the surest first, each once with the best evidence of any of its records."""
    best: dict[int, Likeness] = {}
    for key, details in known:
        likeness = compare(sought, key, details)
        if likeness and (key not in best or _rank(likeness) < _rank(best[key])):
            best[key] = likeness
    return tuple(sorted(best.values(), key=_rank))


def _rank(likeness: Likeness) -> tuple[bool, int, int]:
    return not likeness.sure, -likeness.score, likeness.key


def compare(sought: Details, key: int, known: Details) -> Likeness | None:
    """Why the two may be one child; None when they are not alike, as twins with different names are not (ALR-03)."""
    same_number = _same_numbers(sought, known)
    different_number = _different_numbers(sought, known)
    name = name_evidence(sought, known)
    birth = birth_evidence(sought.date_of_birth, known.date_of_birth)
    reasons = common_ground(sought, known)

    trusted = any(_is_valid(kind, getattr(sought, kind)) for kind in same_number)
    if trusted and not different_number:
        return Likeness(key, 100, reasons, sure=True)
    if name.grade is birth.grade is Grade.EXACT and not different_number:
        return Likeness(key, 98, reasons, sure=True)
    if same_number or _may_be_one(name.grade, birth.grade):
        score = 40 * bool(same_number) + 55 * name.weight + 40 * birth.weight - 10 * len(different_number)
        return Likeness(key, max(1, min(95, round(score))), reasons)
    return None


def common_ground(one: Details, other: Details) -> tuple[str, ...]:
    """What two records have in common and what not, in words, whether they are alike or not (ALR-03)."""
    birth, name = birth_evidence(one.date_of_birth, other.date_of_birth), name_evidence(one, other)
    return (*_same_numbers(one, other).values(), *birth.words, *name.words, *_different_numbers(one, other))


class Grade(IntEnum):
    """How far one kind of evidence goes; `LOOSE` counts only beside an exact one."""

    DIFFERENT = 0
    NOT_KNOWN = 1
    LOOSE = 2
    NEAR = 3
    EXACT = 4


@dataclass(frozen=True)
class Evidence:
    grade: Grade
    weight: float
    words: tuple[str, ...]


def _may_be_one(name: Grade, birth: Grade) -> bool:
    if birth >= Grade.NEAR:
        return name >= Grade.NEAR
    return birth in (Grade.LOOSE, Grade.NOT_KNOWN) and name is Grade.EXACT


_NUMBERS = {"upn": "UPN", "nhs_number": "NHS number"}


def _same_numbers(sought: Details, known: Details) -> dict[str, str]:
    return {
        kind: f"Same {label}"
        if _is_valid(kind, getattr(sought, kind))
        else f"Same {label}, but its check digit is wrong"
        for kind, label in _NUMBERS.items()
        if getattr(sought, kind) and getattr(sought, kind) == getattr(known, kind)
    }


def _different_numbers(sought: Details, known: Details) -> tuple[str, ...]:
    """Two valid numbers that differ say that these are two children, whatever the names say."""
    return tuple(
        f"Different {label}s"
        for kind, label in _NUMBERS.items()
        if (one := getattr(sought, kind)) != (other := getattr(known, kind))
        and _is_valid(kind, one)
        and _is_valid(kind, other)
    )


def _is_valid(kind: str, value: str | None) -> bool:
    return bool(value) and (is_upn(value or "") if kind == "upn" else is_nhs_number(value or ""))


_WEIGHT_OF = {
    Kinship.SAME: 1.0,
    Kinship.FORM: 0.9,
    Kinship.SOUND: 0.9,
    Kinship.SPELLING: 0.8,
    Kinship.PART: 0.75,
    Kinship.START: 0.7,
    Kinship.NONE: 0.0,
}
_WORDS_FOR = {
    Kinship.SAME: "Same {}",
    Kinship.FORM: "Similar {}: another form of it",
    Kinship.SOUND: "Similar {}: sounds alike",
    Kinship.SPELLING: "Similar {}: a few letters differ",
    Kinship.PART: "Similar {}: one part is the same",
    Kinship.START: "Similar {}: begins alike",
    Kinship.NONE: "Different {}",
}


def name_evidence(sought: Details, known: Details) -> Evidence:
    """How alike the names are, also when given and family name changed places (ALR-03)."""
    given = names.kinship(sought.given_name, known.given_name)
    family = names.kinship(sought.family_name, known.family_name)
    if given is family is Kinship.SAME:
        return Evidence(Grade.EXACT, 1.0, ("Same name",))
    crossed = (
        names.kinship(sought.given_name, known.family_name),
        names.kinship(sought.family_name, known.given_name),
    )
    if crossed == (Kinship.SAME, Kinship.SAME):
        return Evidence(Grade.NEAR, 0.95, ("Same names, the other way round",))
    words = (_WORDS_FOR[given].format("given name"), _WORDS_FOR[family].format("family name"))
    if Kinship.NONE not in (given, family):
        return Evidence(Grade.NEAR, (_WEIGHT_OF[given] + _WEIGHT_OF[family]) / 2, words)
    if Kinship.NONE not in crossed:
        return Evidence(Grade.NEAR, 0.7, ("Similar names, the other way round",))
    return Evidence(Grade.DIFFERENT, (_WEIGHT_OF[given] + _WEIGHT_OF[family]) / 2, words)


def evidence_of(kin: Kinship, what: str) -> Evidence:
    """What one name alone says."""
    grade = Grade.EXACT if kin is Kinship.SAME else Grade.DIFFERENT if kin is Kinship.NONE else Grade.NEAR
    return Evidence(grade, _WEIGHT_OF[kin], (_WORDS_FOR[kin].format(what),))


def birth_evidence(sought: dt.date | None, known: dt.date | None) -> Evidence:
    """How alike two dates of birth are: slips of the pen are near, another day or month is loose (ALR-03)."""
    if sought is None or known is None:
        return Evidence(Grade.NOT_KNOWN, 0.4, ("Date of birth not known on both sides",))
    if sought == known:
        return Evidence(Grade.EXACT, 1.0, ("Same date of birth",))
    grade, weight, words = _slip(sought, known)
    return Evidence(grade, weight, (words,))


def _slip(sought: dt.date, known: dt.date) -> tuple[Grade, float, str]:
    if (sought.year, sought.month, sought.day) == (known.year, known.day, known.month):
        return Grade.NEAR, 0.8, "Day and month of birth the other way round"
    one, other = f"{sought:%Y%m%d}", f"{known:%Y%m%d}"
    if sum(a != b for a, b in zip(one, other, strict=True)) == 1:
        return Grade.NEAR, 0.8, "Dates of birth differ in one digit"
    if OSA.distance(one, other) == 1:
        return Grade.NEAR, 0.8, "Two digits of the date of birth changed places"
    if (sought.year, sought.month) == (known.year, known.month):
        return Grade.LOOSE, 0.6, "Same month and year of birth, another day"
    if (sought.year, sought.day) == (known.year, known.day):
        return Grade.LOOSE, 0.6, "Same day and year of birth, another month"
    if (sought.day, sought.month) == (known.day, known.month) and abs(sought.year - known.year) == 1:
        return Grade.LOOSE, 0.6, "Same day and month of birth, one year apart"
    return Grade.DIFFERENT, 0.0, "Different dates of birth"
