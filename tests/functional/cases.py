"""Notifications as a police system posts them: spec v1's example body, each time about another invented family."""

import datetime as dt
import itertools
import re
from dataclasses import dataclass
from typing import Any

# As the hub's page says when an alert was opened: on the hour without minutes, "9am", "midday".
OPENED_AT = re.compile(r"Opened.{0,40}(\d{1,2}(:\d\d)?[ap]m|midday|midnight)", re.DOTALL)

_GIVEN = (
    "Quenby",
    "Thelonious",
    "Araminta",
    "Bozidar",
    "Xanthippe",
    "Fitzwilliam",
    "Yolande",
    "Hrothgar",
    "Ndidi",
    "Ulric",
)
_FAMILY = ("Pomfrey-Azul", "Zanzotto", "Wigglesby", "Kirchenbauer", "Ottokar", "Dunmaurice", "Velasquin", "Brightmoor")
_numbers = itertools.count()


@dataclass(frozen=True)
class Family:
    """A child and two adults whom no other case is about."""

    number: int
    given_name: str
    family_name: str
    born: dt.date

    @classmethod
    def another(cls) -> "Family":
        number = next(_numbers)
        family = f"{_FAMILY[number % len(_FAMILY)]}-{_GIVEN[(number * 3 + 1) % len(_GIVEN)]}"
        return cls(
            number, _GIVEN[number % len(_GIVEN)], family, dt.date(2012, 1, 9) + dt.timedelta(days=number * 61 % 4000)
        )

    @property
    def child(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def adults(self) -> tuple[str, str]:
        return f"Perdita {self.family_name}", f"Leopold Grimshaw-{self.number}"

    @property
    def narrative(self) -> str:
        return f"Canary {self.number}: what the police alone may know of flat {self.number}."

    @property
    def secrets(self) -> tuple[str, ...]:
        """What stands in no table, log or e-mail in readable form."""
        return (self.narrative, self.given_name + " ", self.family_name, *self.adults)


def body(family: Family, urn: str | None, **changes: Any) -> dict[str, Any]:
    """The example body of spec v1 with its names filled in."""
    victim, perpetrator = (name.split(" ", 1) for name in family.adults)
    child = {
        "role": "child",
        "given_name": family.given_name,
        "family_name": family.family_name,
        "date_of_birth": family.born.isoformat(),
        "present": True,
        "upn": None,
        "nhs_number": None,
        "home_educated": False,
        "setting": {"urn": urn, "name": "As the police wrote it"} if urn else None,
        "relationships": [{"to": 0, "kind": "child"}, {"to": 1, "kind": "step-child"}],
        **changes.pop("child", {}),
    }
    return {
        "reference": f"55/2026/{7_000_000 + family.number}",
        "kind": "domestic_abuse",
        "occurred_at": (dt.datetime.now(dt.UTC) - dt.timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "risk": "medium",
        "family_informed": True,
        "victim_consents": None,
        "location": {"lines": [f"{family.number} Example Road"], "postcode": "BH1 1AA", "uprn": None},
        "narrative": family.narrative,
        "people": [
            {
                "role": "victim",
                "given_name": victim[0],
                "family_name": victim[1],
                "date_of_birth": "1990-02-03",
                "works_with_children": None,
            },
            {
                "role": "perpetrator",
                "given_name": perpetrator[0],
                "family_name": perpetrator[1],
                "date_of_birth": None,
            },
            child,
        ],
        **changes,
    }


def missing_episode(family: Family, urn: str) -> dict[str, Any]:
    """A child who went missing and came back."""
    whole = body(family, urn, kind="missing_episode", returned_at=None)
    child = {**whole["people"][2], "role": "missing_child", "relationships": []}
    return {**whole, "people": [child]}
