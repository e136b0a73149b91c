"""What a reader at a setting is told before anything else (ALR-20, ALR-11, ALR-22): our own words."""

from typing import Any

from alerts.delivery.models import Alert
from alerts.intake.enums import NotificationKind


def warnings_for(alert: Alert) -> list[str]:
    """What must never happen with what is read here (ALR-20)."""
    return [
        "Do not discuss this with the child or the family, unless they raise it with you themselves "
        f"or {alert.controller.name} advises you to.",
        "Never let a person who is said to have caused harm learn that you know, or that anyone told you.",
    ]


def cautions_for(alert: Alert) -> list[str]:
    """What the reader cannot know and might take for granted (ALR-20)."""
    contact = "An adult who is named here may no longer be in contact with the child."
    if alert.kind == NotificationKind.MISSING_EPISODE:
        return [contact, "Why the child was missing is not known here."]
    return ["The child may not have been there when it happened.", contact]


def level_words(alert: Alert) -> str:
    """What it means that social care has not been in touch (ALR-11)."""
    partnership = alert.partnership
    without = [level for level in partnership.continuum if not level["contact"]]
    contact = [level for level in partnership.continuum if level["contact"]]
    if not partnership.screens or not without or not contact:
        return ""
    return (
        f"If social care has not contacted you, this was screened at {_levels(without)}. "
        f"At {_levels(contact)} they contact you themselves, for a strategy discussion or an assessment."
    )


def _levels(levels: list[dict[str, Any]]) -> str:
    """ "level 1, 2 or 3 (Universal, Early help or Targeted)" """
    return (
        f"level {_one_of([str(level['level']) for level in levels])} ({_one_of([level['name'] for level in levels])})"
    )


def _one_of(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
