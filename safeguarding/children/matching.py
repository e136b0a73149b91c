"""How alike a child in a notification is to a child on record (ALR-03). Pure: no database, no clock."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from safeguarding.children import names
from safeguarding.children.identifiers import is_nhs_number, is_upn


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
    """Sure when exactly one child on record is; two sure ones contradict each other and a person decides (ALR-03)."""
    found = [likeness for key, details in known if (likeness := compare(sought, key, details))]
    found.sort(key=lambda likeness: (-likeness.score, likeness.key))
    sure = [likeness for likeness in found if likeness.sure]
    if len(sure) == 1:
        return Judgement(Verdict.SURE, (sure[0],))
    if found:
        return Judgement(Verdict.POSSIBLE, tuple(found))
    return Judgement(Verdict.NEW)


def compare(sought: Details, key: int, known: Details) -> Likeness | None:
    """Why the two may be one child; None when they are not alike, as twins with different names are not (ALR-03)."""
    same_number = _same_numbers(sought, known)
    different_number = _different_numbers(sought, known)
    name, name_words = _name(sought, known)
    birth, birth_words = _birth(sought.date_of_birth, known.date_of_birth)
    reasons = (*same_number.values(), *name_words, *birth_words, *different_number)

    trusted = any(_is_valid(kind, getattr(sought, kind)) for kind in same_number)
    if trusted and not different_number:
        return Likeness(key, 100, reasons, sure=True)
    if name == _EXACT and birth == _EXACT and not different_number:
        return Likeness(key, 98, reasons, sure=True)
    if same_number or _may_be_one(name, birth):
        score = 40 * bool(same_number) + name * 6 + birth * 4 - 10 * len(different_number)
        return Likeness(key, max(1, min(95, score)), reasons)
    return None


_EXACT, _NEAR, _NOT_KNOWN, _DIFFERENT = 9, 6, 4, 0
_NUMBERS = {"upn": "UPN", "nhs_number": "NHS number"}


def _may_be_one(name: int, birth: int) -> bool:
    if birth == _EXACT:
        return name >= _NEAR
    if birth == _NEAR:
        return name >= _NEAR
    return birth == _NOT_KNOWN and name == _EXACT


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


def _name(sought: Details, known: Details) -> tuple[int, tuple[str, ...]]:
    given = names.key(sought.given_name), names.key(known.given_name)
    family = names.key(sought.family_name), names.key(known.family_name)
    if given[0] == given[1] and family[0] == family[1]:
        return _EXACT, ("Same name",)
    if given[0] == family[1] and family[0] == given[1]:
        return _NEAR, ("Same names, the other way round",)
    words = (
        _likeness_words("given name", given, names.alike(sought.given_name, known.given_name)),
        _likeness_words("family name", family, names.alike(sought.family_name, known.family_name)),
    )
    both_alike = not any(word.startswith("Different") for word in words)
    return (_NEAR if both_alike else _DIFFERENT), words


def _likeness_words(what: str, pair: tuple[str, str], alike: bool) -> str:
    if pair[0] == pair[1]:
        return f"Same {what}"
    return f"Similar {what}" if alike else f"Different {what}"


def _birth(sought: dt.date | None, known: dt.date | None) -> tuple[int, tuple[str, ...]]:
    if sought is None or known is None:
        return _NOT_KNOWN, ("Date of birth not known on both sides",)
    if sought == known:
        return _EXACT, ("Same date of birth",)
    if (sought.year, sought.month, sought.day) == (known.year, known.day, known.month):
        return _NEAR, ("Day and month of birth the other way round",)
    one, other = sought.isoformat(), known.isoformat()
    if sum(a != b for a, b in zip(one, other, strict=True)) == 1:
        return _NEAR, ("Dates of birth differ in one digit",)
    return _DIFFERENT, ("Different dates of birth",)
