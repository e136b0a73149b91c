"""What a reader at a setting is told before anything else (ALR-20, ALR-11, ALR-22): our own words."""

from typing import Any

from agreements.register.enums import Item
from alerts.delivery.enums import RecalledBecause
from alerts.delivery.messages import spoken
from alerts.delivery.models import Alert
from alerts.intake.enums import NotificationKind


def warnings_for(alert: Alert) -> list[str]:
    """What must never happen with what is read here (ALR-20)."""
    return [
        "Do not discuss this with the child or the family, unless they raise it with you themselves "
        f"or {alert.controller.name} advises you to.",
        "Never let a person who is said to have caused harm learn that you know, or that anyone told you.",
    ]


# For a colleague who was told: the DSL is whom they ask (ALR-16, ALR-20).
WARNINGS_FOR_STAFF = (
    "Do not discuss this with the child, the family or other staff, unless the child or the family raise it with you "
    "themselves, or your Designated Safeguarding Lead advises you to.",
    "Never let a person who is said to have caused harm learn that you know, or that anyone told you.",
)


def cautions_for(alert: Alert) -> list[str]:
    return [
        *cautions_about(alert.kind),
        f"If the child also goes to another setting, or has brothers or sisters at one, {alert.controller.name} tells that "
        "setting itself. Do not pass this on to it.",
    ]


def cautions_about(kind: str) -> list[str]:
    """What the reader cannot know and might take for granted (ALR-20)."""
    contact = "An adult who is named here may no longer be in contact with the child."
    if kind == NotificationKind.MISSING_EPISODE:
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


def changed_words(alert: Alert) -> str:
    """What the police or the hub said after it was sent, and what to do about it; nothing where nothing changed (ALR-20)."""
    if alert.recalled_at is not None:
        return _RECALLED[RecalledBecause(alert.recalled_because)].format(
            when=spoken(alert.recalled_at), police=alert.origin, hub=alert.controller.name
        )
    if alert.corrected_at is None:
        return ""
    what = ", ".join(_READS_NOW[Item(item)] for item in alert.corrected)
    if not what and alert.instead_of_id:
        what = "which setting the child attends"
    when = spoken(alert.corrected_at)
    said = (
        f"Corrected by {alert.origin} at {when}: {what}. "
        if what
        else f"Recalled before; it counts after all since {when}. "
    )
    return said + (
        "What you read here is right. Put right what you wrote down from it, tell those you shared it with, "
        "and acknowledge it again."
    )


_READS_NOW = {
    Item.CHILD_NAME: "the child's name",
    Item.CHILD_BIRTH: "the child's date of birth",
    Item.ADULTS_NAMES: "the adults named",
    Item.INCIDENT_DATE: "the day it happened",
}
_RECALLED = {
    RecalledBecause.WITHDRAWN: (
        "Withdrawn by {police} at {when}: treat this as if it had not been sent. Take no further action because of it, and "
        "note in the child's file that it was withdrawn. Tell those you shared it with. If you are worried about the child "
        "for another reason, act on that as you always would."
    ),
    RecalledBecause.NOT_NAMED: (
        "Corrected by {police} at {when}: this child was not involved. Treat this as if it had not been sent. Take no further "
        "action because of it, and note in the child's file that it was an error. Tell those you shared it with."
    ),
    RecalledBecause.WRONG_SETTING: (
        "Sent to you in error; recalled at {when}. Do not act on it. What you may have seen is confidential: do not keep it, "
        "use it or pass it on, and tell {hub} if anybody has copied it. The names are no longer shown here."
    ),
}
