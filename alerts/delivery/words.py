"""What the hub's board says, in sentences; from states and codes only."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from agreements.register.enums import Item, WithheldReason
from alerts.delivery import policies
from alerts.delivery.enums import AlertStatus, RecalledBecause, RedirectedBecause
from alerts.delivery.models import Alert
from safeguarding.agencies.enums import Role
from safeguarding.audit.events import EVENTS
from safeguarding.audit.models import AuditEntry
from safeguarding.audit.selectors import BY_ITSELF
from safeguarding.notifications.enums import EmailFailure


@dataclass(frozen=True)
class State:
    """A word and the colour beside it."""

    words: str
    colour: str


def state_of(alert: Alert, now: dt.datetime) -> State:
    if alert.recalled_at is not None:
        seen = "read" if alert.opened_at else "not read yet"
        return State(f"Recalled, {seen}", "grey" if alert.opened_at else "yellow")
    if alert.sent_back_at is not None:
        return State("Sent back", "red")
    match alert.status:
        case AlertStatus.CANCELLED:
            return State("Cancelled", "grey")
        case AlertStatus.QUEUED:
            return State("Sending failed", "red") if alert.failed_at else State("Being sent", "blue")
        case AlertStatus.WITHHELD:
            return State("Withheld", "orange")
        case AlertStatus.SENT if policies.is_overdue(alert, now):
            return State("Overdue", "red")
        case AlertStatus.SENT:
            return State("Not opened yet", "yellow")
        case AlertStatus.OPENED:
            return State("Opened", "green")
    return State(AlertStatus(alert.status).label, "green")


def why_withheld(alert: Alert) -> str:
    return WithheldReason(alert.withheld_reason).label if alert.withheld_reason else ""


def addressed_to(alert: Alert) -> str:
    return ", ".join(role.label for role in policies.roles_of(alert.audience))


@dataclass(frozen=True)
class Line:
    title: str
    by: str
    when: dt.datetime
    text: str


def line_of(entry: AuditEntry) -> Line:
    facts = entry.additional_data or {}
    to_the_hub = entry.event == "alert.escalated" and facts.get("to") == policies.TO_THE_HUB
    return Line(
        title="Left to the hub to phone" if to_the_hub else EVENTS.get(entry.event, entry.event),
        by=entry.actor.name if entry.actor else BY_ITSELF,
        when=entry.timestamp,
        text=_text(entry.event, facts),
    )


def _text(event: str, facts: dict[str, Any]) -> str:
    match event:
        case "alert.sent":
            return f"To {_roles(facts['roles'])}. {_people(facts['people'])}."
        case "alert.withheld":
            return str(WithheldReason(facts["reason"]).label)
        case "alert.recalled" | "alert.cancelled":
            return f"{RecalledBecause(facts['because']).label}."
        case "alert.redirected":
            return f"{RedirectedBecause(facts['because']).label}. {facts['to']}."
        case "alert.told_again":
            return f"{_people(facts['people'])}."
        case "alert.corrected":
            return ", ".join(Item(item).label for item in facts["items"])
        case "alert.chased" | "alert.escalated" if "people" in facts:
            return f"To {_roles([facts['to']])}. {_people(facts['people'])}."
        case "email.sent":
            return f"To {_roles([facts['role']])}." if facts.get("role") else ""
        case "email.failed":
            return str(EmailFailure(facts["failure"]).label)
    return ""


def _roles(roles: list[str]) -> str:
    return ", ".join(Role(role).label for role in roles)


def _people(count: int) -> str:
    return {0: "Nobody held this role", 1: "1 person was told"}.get(count, f"{count} people were told")
