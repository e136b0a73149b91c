"""What a referrer wrote: as steps while it is a draft, as sections once it was sent (MSH-05, MSH-06)."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from safeguarding.children.matching import Details

Raw = Mapping[str, str]


@dataclass(frozen=True)
class ReferredChild:
    """A child as the referrer knows it; not born yet, or of unknown date of birth, is as good as any other."""

    given_name: str
    family_name: str
    date_of_birth: dt.date | None = None
    estimated_age: int | None = None
    unborn: bool = False
    due_on: dt.date | None = None
    setting: str = ""
    upn: str | None = None
    nhs_number: str | None = None

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def details(self) -> Details:
        """By what the hub looks for the child on record; an estimated age is too little to tell anybody by."""
        return Details(self.given_name, self.family_name, self.date_of_birth, self.upn, self.nhs_number)

    @property
    def age(self) -> str:
        if self.unborn:
            return f"Not born yet, expected on {_day(self.due_on)}" if self.due_on else "Not born yet"
        if self.date_of_birth:
            return f"Born on {_day(self.date_of_birth)}"
        return f"Date of birth not known, about {self.estimated_age}" if self.estimated_age is not None else "Not known"

    def to_json(self) -> dict[str, Any]:
        value = asdict(self)
        for name in ("date_of_birth", "due_on"):
            value[name] = value[name] and value[name].isoformat()
        return value

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Self:
        days = {name: value[name] and dt.date.fromisoformat(value[name]) for name in ("date_of_birth", "due_on")}
        return cls(**{**value, **days})


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


@dataclass(frozen=True)
class Section:
    """One step as it was answered: what stood at each field, in words."""

    step: str
    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sent:
    """The whole referral as it was sent: read by people as the sections that its referrer checked, by the hub as children."""

    sections: tuple[Section, ...]
    children: tuple[ReferredChild, ...]
    consent: str
    worry: int

    def to_json(self) -> dict[str, Any]:
        return {
            "sections": [asdict(section) for section in self.sections],
            "children": [child.to_json() for child in self.children],
        }


def sections_of(content: Mapping[str, Any]) -> list[Section]:
    return [
        Section(each["step"], each["title"], tuple((key, value) for key, value in each["rows"]))
        for each in content["sections"]
    ]


def children_of(content: Mapping[str, Any]) -> list[ReferredChild]:
    return [ReferredChild.from_json(each) for each in content["children"]]


def numbered(content: Mapping[str, Any], kind: str) -> Iterator[str]:
    """The steps of this kind that a draft has, in the order in which they were added: child-1, child-2."""
    found = [name for name in content if name.rpartition("-")[0] == kind]
    yield from sorted(found, key=lambda name: int(name.rpartition("-")[2]))
