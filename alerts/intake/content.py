"""What the police sent: the body of spec v1 as values that do not change (ALR-01, ALR-02)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

from agreements.register.enums import IN_AN_ALERT, Item
from safeguarding.agencies.calendars import LONDON
from safeguarding.children.identifiers import is_nhs_number, is_upn

Kind = Literal["domestic_abuse", "missing_episode"]
Risk = Literal["standard", "medium", "high"]
PersonRole = Literal["victim", "perpetrator", "other_adult", "child", "missing_child"]

CHILD_ROLES = ("child", "missing_child")
# The adults whose names an alert may carry; which of them is which it never says (ALR-04).
NAMED_ADULT_ROLES = ("victim", "perpetrator")
# The first name of a child that has none yet.
UNBORN = "Unborn baby"


# The data items in what the police send, beyond what an alert carries (ALR-01).
IN_A_NOTIFICATION = (*IN_AN_ALERT, Item.ADDRESS, Item.RELATIONSHIPS, Item.INCIDENT_CONTENT, Item.RISK)


@dataclass(frozen=True)
class NamedSetting:
    """The setting as the police named it."""

    urn: str | None = None
    name: str | None = None


@dataclass(frozen=True)
class Relationship:
    """What a person is to another, by their place in the list."""

    to: int
    kind: str


@dataclass(frozen=True)
class Location:
    lines: tuple[str, ...] = ()
    postcode: str | None = None
    uprn: str | None = None


@dataclass(frozen=True)
class Person:
    role: PersonRole
    given_name: str
    family_name: str
    date_of_birth: dt.date | None = None
    # of a child that is not born yet
    expected_on: dt.date | None = None
    works_with_children: bool | None = None
    present: bool | None = None
    upn: str | None = None
    nhs_number: str | None = None
    home_educated: bool | None = None
    setting: NamedSetting | None = None
    relationships: tuple[Relationship, ...] = ()

    @property
    def is_child(self) -> bool:
        return self.role in CHILD_ROLES

    @property
    def role_words(self) -> str:
        return self.role.replace("_", " ").capitalize()

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True)
class PoliceNotification:
    """One incident or episode as the police sent it; stays the property of the police (ALR-10)."""

    reference: str
    kind: Kind
    occurred_at: dt.datetime
    people: tuple[Person, ...]
    returned_at: dt.datetime | None = None
    risk: Risk | None = None
    family_informed: bool | None = None
    victim_consents: bool | None = None
    location: Location | None = None
    narrative: str = ""

    @property
    def children(self) -> Iterator[tuple[int, Person]]:
        """Each child with its place in the list of people."""
        return ((position, person) for position, person in enumerate(self.people) if person.is_child)

    @property
    def named_adults(self) -> list[str]:
        """The parents involved, as an alert names them (ALR-04)."""
        return [person.name for person in self.people if person.role in NAMED_ADULT_ROLES]

    def to_json(self) -> dict[str, Any]:
        """The whole of it as JSON, for the encrypted envelope."""
        value = asdict(self)
        value["occurred_at"] = self.occurred_at.isoformat()
        value["returned_at"] = self.returned_at and self.returned_at.isoformat()
        for person, given in zip(value["people"], self.people, strict=True):
            person["date_of_birth"] = given.date_of_birth and given.date_of_birth.isoformat()
            person["expected_on"] = given.expected_on and given.expected_on.isoformat()
        return value

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Self:
        """The same back from the envelope."""
        location, returned_at = value["location"], value["returned_at"]
        return cls(
            **{
                **value,
                "occurred_at": dt.datetime.fromisoformat(value["occurred_at"]),
                "returned_at": dt.datetime.fromisoformat(returned_at) if returned_at else None,
                "location": Location(**{**location, "lines": tuple(location["lines"])}) if location else None,
                "people": tuple(_person(person) for person in value["people"]),
            }
        )


def _person(value: dict[str, Any]) -> Person:
    born, expected, setting = value["date_of_birth"], value.get("expected_on"), value["setting"]
    return Person(
        **{
            **value,
            "date_of_birth": dt.date.fromisoformat(born) if born else None,
            "expected_on": dt.date.fromisoformat(expected) if expected else None,
            "setting": NamedSetting(**setting) if setting else None,
            "relationships": tuple(Relationship(**each) for each in value["relationships"]),
        }
    )


@dataclass(frozen=True)
class Remark:
    """Something about one field, at its RFC 6901 pointer; the sentence never repeats what was sent."""

    pointer: str
    detail: str


def warnings(content: PoliceNotification) -> list[Remark]:
    """What was kept but is probably mistyped; a wrong check digit never holds a child back (rules.md, identifiers)."""
    found = []
    for position, child in content.children:
        where = f"/people/{position}"
        if child.upn and not is_upn(child.upn):
            found.append(Remark(f"{where}/upn", "The check letter of this UPN is wrong. It was kept as sent."))
        if child.nhs_number and not is_nhs_number(child.nhs_number):
            found.append(
                Remark(f"{where}/nhs_number", "The check digit of this NHS number is wrong. It was kept as sent.")
            )
        if child.date_of_birth and _age(child.date_of_birth, content.occurred_at.astimezone(LONDON).date()) >= 18:
            found.append(Remark(f"{where}/date_of_birth", "This person was 18 or over at the time. Kept as a child."))
    return found


def _age(born: dt.date, on: dt.date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


# What of a notification stands under which part, but for its children, which are matched (SHR-14).
_PARTS: dict[str, tuple[str, ...]] = {
    "risk": ("risk",),
    "time": ("occurred_at", "returned_at"),
    "place": ("location",),
    "narrative": ("narrative",),
    "consent": ("family_informed", "victim_consents"),
}


def differences(before: PoliceNotification, after: PoliceNotification) -> list[str]:
    """Which parts of a notification a correction changed, by their codes."""
    changed = [
        part
        for part, fields in _PARTS.items()
        if any(getattr(before, field) != getattr(after, field) for field in fields)
    ]
    adults = [[person for person in each.people if not person.is_child] for each in (before, after)]
    if adults[0] != adults[1]:
        changed.append("adults")
    named = [{_who(child) for _, child in each.children} for each in (before, after)]
    if named[0] != named[1]:
        changed.append("child_details")
    return changed


def _who(child: Person) -> tuple[object, ...]:
    return (child.given_name, child.family_name, child.date_of_birth, child.expected_on, child.upn, child.nhs_number)
