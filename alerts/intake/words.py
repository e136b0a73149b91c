"""What the police said later, in a sentence, without a word of its content."""

from dataclasses import dataclass

from alerts.intake.enums import AmendmentKind, Part, WithdrawnBecause
from alerts.intake.models import Amendment


@dataclass(frozen=True)
class Said:
    """One correction or withdrawal as a person reads it."""

    amendment: Amendment
    what: str
    told: str


def said(amendment: Amendment) -> Said:
    if amendment.kind == AmendmentKind.WITHDRAWAL:
        what = f"{WithdrawnBecause(amendment.because).label}."
    elif amendment.parts:
        what = f"Changed: {', '.join(Part(part).label for part in amendment.parts)}."
    else:
        what = "Nothing that a setting was told has changed; the report before it had been deleted."
    number = amendment.settings_told
    told = {0: "No setting had to be told", 1: "1 setting was told"}.get(number, f"{number} settings were told")
    return Said(amendment, what, f"{told}.")
