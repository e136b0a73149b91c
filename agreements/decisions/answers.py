"""What somebody answered on the way to a decision: kept whole, sealed, with the decision (SHR-01, SHR-02)."""

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Any

from agreements.decisions.enums import (
    Basis,
    CapacityState,
    ConsentBy,
    ConsentState,
    Duty,
    Nation,
    NotSought,
    Outcome,
    Purpose,
    Told,
    WhyNot,
)
from agreements.register.enums import Article6, Article9, Item, Part3, Schedule1, TransferMethod


@dataclass(frozen=True, kw_only=True)
class ConsentSaid:
    """Who gave consent, when, and how far it goes (SHR-04)."""

    by: ConsentBy
    name: str
    on: dt.date
    explicit: bool
    informed: bool
    limits: str = ""


@dataclass(frozen=True, kw_only=True)
class PublicInterest:
    """The five questions where confidence is overridden, each in words (SHR-05)."""

    proportionate: str
    vulnerability: str
    impact: str
    other_means: str
    necessary: str


@dataclass(frozen=True, kw_only=True)
class Gillick:
    """Whether a child under 16 can decide this alone: who assessed, on which factors, for which decision (SHR-07)."""

    assessed_by: str
    factors: tuple[str, ...]
    able: bool
    decision: str


@dataclass(frozen=True, kw_only=True)
class Outside:
    """A body that has no account here: who, and where it is (SHR-12)."""

    name: str
    nation: Nation
    address: str = ""
    address_override: str = ""


@dataclass(frozen=True, kw_only=True)
class Answers:
    """`to` is the slug of the agency, or `outside` is filled in; empty strings are questions that were not asked."""

    outcome: Outcome
    to: str = ""
    outside: Outside | None = None
    items: tuple[Item, ...] = ()
    purpose: Purpose
    legitimate: bool = True
    identifies: bool = True
    consent: ConsentState = ConsentState.NOT_RELIED_ON
    consent_said: ConsentSaid | None = None
    not_sought: NotSought | str = ""
    gillick: Gillick | None = None
    basis: Basis | str = ""
    duty: Duty | str = ""
    article_6: Article6 | str = ""
    article_9: Article9 | str = ""
    schedule_1: Schedule1 | str = ""
    part_3: Part3 | str = ""
    reason: str = ""
    use: str = ""
    method: TransferMethod | str = TransferMethod.HUB
    authorised_by: str = ""
    authorised_because: str = ""
    public_interest: PublicInterest | None = None
    capacity: CapacityState | str = ""
    capacity_words: str = ""
    why_not: WhyNot | str = ""
    advice_from: str = ""
    advice_question: str = ""
    advice_given: str = ""
    told: Told | str = ""
    told_words: str = ""
    told_by: dt.date | None = None

    def to_json(self) -> dict[str, Any]:
        return {name: _plain(value) for name, value in dataclasses.asdict(self).items() if value not in ("", None, ())}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Answers":
        """The same answers again; a code that is not known any more is refused loudly."""
        values = {name: _READ[name](value) if name in _READ else value for name, value in data.items()}
        return cls(**values)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def _consent(value: dict[str, Any]) -> ConsentSaid:
    return ConsentSaid(**{**value, "by": ConsentBy(value["by"]), "on": dt.date.fromisoformat(value["on"])})


_READ: dict[str, Any] = {
    "outcome": Outcome,
    "outside": lambda value: Outside(**{**value, "nation": Nation(value["nation"])}),
    "items": lambda value: tuple(Item(each) for each in value),
    "purpose": Purpose,
    "consent": ConsentState,
    "consent_said": _consent,
    "not_sought": NotSought,
    "gillick": lambda value: Gillick(**{**value, "factors": tuple(value["factors"])}),
    "basis": Basis,
    "duty": Duty,
    "article_6": Article6,
    "article_9": Article9,
    "schedule_1": Schedule1,
    "part_3": Part3,
    "method": TransferMethod,
    "public_interest": lambda value: PublicInterest(**value),
    "capacity": CapacityState,
    "why_not": WhyNot,
    "told": Told,
    "told_by": dt.date.fromisoformat,
}
