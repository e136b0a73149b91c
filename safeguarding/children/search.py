"""Looking for a child by what a person happens to know: which tokens to ask for, and how well a record fits (ALR-03)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone

from safeguarding.children import matching, names, tokens
from safeguarding.children.enums import TokenKind
from safeguarding.children.matching import Details, Evidence, Grade, Likeness
from safeguarding.children.names import Kinship

# A child on record is at most so old, and a day is mistaken within so many years.
YEARS_BACK, YEARS_OFF = 25, 2


@dataclass(frozen=True)
class Criteria:
    """What was typed; any of it may be missing."""

    given_name: str = ""
    family_name: str = ""
    day: int | None = None
    month: int | None = None
    year: int | None = None
    upn: str = ""
    nhs_number: str = ""
    ref: str = ""

    @property
    def born(self) -> dt.date | None:
        if self.day and self.month and self.year:
            return dt.date(self.year, self.month, self.day)
        return None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in (self.given_name, self.family_name) if name)

    @property
    def has_number(self) -> bool:
        return bool(self.upn or self.nhs_number or self.ref)

    @property
    def kinds(self) -> list[str]:
        """Which kinds of field were used; this is remembered, and no value is (AUD-01, AUD-02)."""
        used = [name for name in ("given_name", "family_name", "upn", "nhs_number", "ref") if getattr(self, name)]
        if self.born:
            return [*used, "date_of_birth"]
        return [*used, *(f"{part}_of_birth" for part in ("day", "month", "year") if getattr(self, part))]

    @property
    def details(self) -> Details:
        return Details(self.given_name, self.family_name, self.born, self.upn or None, self.nhs_number or None)


def values_for(criteria: Criteria, *, widen: bool) -> Iterator[tokens.Value]:
    """By which tokens to look; `widen` also asks for other dates of birth, and is slower (design §4)."""
    if criteria.upn:
        yield TokenKind.UPN, criteria.upn
    if criteria.nhs_number:
        yield TokenKind.NHS, criteria.nhs_number
    born = criteria.born
    if born:
        yield TokenKind.BIRTH, born.isoformat()
        if criteria.names:
            yield from tokens.values_of(criteria.details)
        for other in _dates_near(born) if widen else ():
            yield TokenKind.BIRTH, other.isoformat()
    if criteria.given_name and criteria.family_name:
        yield from tokens.name_alone(names.key(criteria.given_name), names.key(criteria.family_name))
    if criteria.names and (widen or not born):
        for year in _years(criteria):
            yield from tokens.sounds_and_year(criteria.given_name, criteria.family_name, year)


def _years(criteria: Criteria) -> list[str]:
    this = timezone.localdate().year
    if criteria.year:
        years = [criteria.year + off for off in range(-YEARS_OFF, YEARS_OFF + 1)] if criteria.born else [criteria.year]
    else:
        years = list(range(this - YEARS_BACK, this + 1))
    return [*map(str, years), tokens.NO_YEAR]


def _dates_near(born: dt.date) -> set[dt.date]:
    """Every date that a slip of the pen makes of this one."""
    wanted = [(born.year, born.day, born.month)]
    wanted += [(born.year, born.month, day) for day in range(1, 32)]
    wanted += [(born.year, month, born.day) for month in range(1, 13)]
    wanted += [(born.year + off, born.month, born.day) for off in range(-YEARS_OFF, YEARS_OFF + 1)]
    found = set()
    for year, month, day in wanted:
        try:
            found.add(dt.date(year, month, day))
        except ValueError:
            continue
    return found - {born}


def fit(criteria: Criteria, key: int, known: Details, *, widen: bool) -> Likeness | None:
    """How well a record fits all that was typed, and why; None when something speaks against it (ALR-03)."""
    numbers = _numbers(criteria, known)
    evidence = [*_names(criteria, known), *_birth(criteria, known)]
    if numbers is None:
        return None
    against = sum(each.grade is Grade.DIFFERENT for each in evidence)
    allowed = 1 if numbers or (widen and len(evidence) > 1) else 0
    if against > allowed:
        return None
    weight = sum(each.weight for each in evidence) / len(evidence) if evidence else 1.0
    words = tuple(word for each in evidence for word in each.words)
    return Likeness(key, min(100, round(95 * weight) + 40 * len(numbers)), (*numbers, *words))


def _numbers(criteria: Criteria, known: Details) -> tuple[str, ...] | None:
    same = []
    for typed, stored, label in (
        (criteria.upn, known.upn, "UPN"),
        (criteria.nhs_number, known.nhs_number, "NHS number"),
    ):
        if typed and stored == typed:
            same.append(f"Same {label}")
        elif typed and stored:
            return None
    return tuple(same)


def _names(criteria: Criteria, known: Details) -> Iterator[Evidence]:
    if criteria.given_name and criteria.family_name:
        yield matching.name_evidence(criteria.details, known)
        return
    for typed, what, other_way in (
        (criteria.given_name, "given name", known.family_name),
        (criteria.family_name, "family name", known.given_name),
    ):
        if typed:
            here = known.given_name if what == "given name" else known.family_name
            kin = names.kinship(typed, here)
            if kin is Kinship.NONE and names.kinship(typed, other_way) is not Kinship.NONE:
                yield Evidence(Grade.NEAR, 0.6, (f"The {what} stands as the other name",))
            else:
                yield matching.evidence_of(kin, what)


def _birth(criteria: Criteria, known: Details) -> Iterator[Evidence]:
    if criteria.born:
        yield matching.birth_evidence(criteria.born, known.date_of_birth)
        return
    typed = {part: getattr(criteria, part) for part in ("day", "month", "year") if getattr(criteria, part)}
    if not typed:
        return
    born = known.date_of_birth
    what = " and ".join(typed)
    if born is None:
        yield Evidence(Grade.NOT_KNOWN, 0.4, ("Date of birth not known on record",))
    elif all(getattr(born, part) == value for part, value in typed.items()):
        yield Evidence(Grade.EXACT, 0.9, (f"Same {what} of birth",))
    else:
        yield Evidence(Grade.DIFFERENT, 0.0, (f"Different {what} of birth",))
