"""To whom an alert is addressed, when it is chased, and when it may be tried again."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from agreements.register.enums import IN_AN_ALERT, Item, WithheldReason
from agreements.register.selectors import GatewayDecision
from alerts.delivery.enums import AlertStatus
from alerts.delivery.models import Alert
from alerts.intake.enums import Route
from safeguarding.access.handlers import AUDIENCE_BITS
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, Partnership
from safeguarding.errors import Refused

# The word in a partnership's chasing steps for "the hub phones".
TO_THE_HUB = "mash"
# Who stands in, one after the other, when nobody holds a role that the alert is addressed to (ALR-23).
_STAND_INS = (Role.DEPUTY_DSL, Role.HEAD)


def roles_addressed(
    partnership: Partnership, setting: Agency, *, on_holiday: bool, route: str = Route.USUAL
) -> set[str]:
    """The roles that the partnership names for this kind of setting; at home, the council's officer (ALR-04, ALR-06, ALR-07).

    Where somebody at the setting may not be told, the head alone or the authority's contact is (MRC-18).
    """
    if route == Route.AUTHORITY:
        return authority_roles(partnership)
    if not setting.is_setting:
        return {Role.EHE_OFFICER}
    if route == Route.HEAD:
        return {Role.HEAD}
    named = partnership.recipients.get(setting.kind, partnership.recipients.get("*", [Role.DSL]))
    return {*named, Role.HOLIDAY_CONTACT} if on_holiday else set(named)


def authority_roles(partnership: Partnership) -> set[str]:
    """Who at the council is told instead of a setting: the partnership's data (MRC-18)."""
    return set(partnership.recipients.get("authority", [Role.AUTHORITY_CONTACT]))


def roles_that_can_read(
    roles: set[str], setting: Agency, held: Collection[str], *, route: str = Route.USUAL, has_dsl: bool = True
) -> set[str]:
    """Deputy and then head stand in while nobody who can open it holds a role addressed (ALR-23, NTK-06).

    Without a DSL on record the head does first, who answers for there being none. An alert for the head alone is for nobody else.
    """
    addressed = set(roles)
    stand_ins = _STAND_INS if has_dsl else _STAND_INS[::-1]
    for stand_in in stand_ins if setting.is_setting and route == Route.USUAL else ():
        if addressed & set(held):
            break
        addressed.add(stand_in)
    return addressed


def audience_of(roles: Collection[str]) -> int:
    return sum(AUDIENCE_BITS[role] for role in set(roles))


def roles_of(audience: int) -> list[Role]:
    return [Role(role) for role, bit in AUDIENCE_BITS.items() if audience & bit]


# What of an alert falls away when the gateway does not list the item that it is (AGR-01).
_ITEM_FIELDS: dict[str, dict[str, Any]] = {
    Item.CHILD_BIRTH: {"child_date_of_birth": None, "child_expected_on": None},
    Item.ADULTS_NAMES: {"adults": []},
    Item.INCIDENT_DATE: {"incident_on": None},
}
# What of an alert the police can correct, by the item that it is (ALR-04).
FIELDS_OF: dict[str, tuple[str, ...]] = {
    Item.CHILD_NAME: ("child_given_name", "child_family_name"),
    **{item: tuple(fields) for item, fields in _ITEM_FIELDS.items()},
}


def keep_only(alert: Alert, items: Collection[str]) -> None:
    """Fields that the gateway does not list cannot leave, whatever the template says: they leave the record first (ALR-04)."""
    for item, fields in _ITEM_FIELDS.items():
        for field, nothing in fields.items() if item not in items else ():
            setattr(alert, field, nothing)
    if Item.INCIDENT_DATE not in items:
        # the bell after the incident would tell the day of it: such an alert has to beat the bell after it was prepared
        alert.bell_at = alert.due_at
    alert.items = sorted(item for item in IN_AN_ALERT if item in items)


@dataclass(frozen=True)
class Step:
    """One step of chasing: when, and to whom it turns."""

    at: dt.datetime
    to: str


def steps_of(alert: Alert) -> list[Step]:
    """The partnership's steps, counted from the bell; in the holidays first those for whoever is there then (ALR-23)."""
    steps = _counted(alert.due_at, alert.partnership.chasing)
    if alert.holiday_due_at is None:
        return steps
    sooner = _counted(alert.holiday_due_at, alert.partnership.holiday_chasing)
    return [step for step in sooner if step.at < alert.due_at] + steps


def _counted(start: dt.datetime, steps: list[dict[str, Any]]) -> list[Step]:
    return [Step(start.astimezone(dt.UTC) + dt.timedelta(minutes=step["minutes"]), step["to"]) for step in steps]


def chase_time(alert: Alert) -> dt.datetime | None:
    """When the next step is due; None after the last (ALR-23)."""
    steps = steps_of(alert)
    return steps[alert.chased].at if alert.chased < len(steps) else None


def role_chased(step: Step, alert: Alert) -> str:
    """Whom a step turns to; a council has its one officer for every step before the hub, and what is for the head alone
    is passed on to nobody else at the setting (ALR-06, ALR-23, MRC-18)."""
    if step.to == TO_THE_HUB or (alert.setting.is_setting and alert.route == Route.USUAL):
        return step.to
    return sorted(roles_addressed(alert.partnership, alert.setting, on_holiday=False, route=alert.route))[0]


def is_overdue(alert: Alert, at: dt.datetime) -> bool:
    """Nobody has opened it, and the bell has rung (ALR-23)."""
    return alert.status == AlertStatus.SENT and alert.due_at <= at


def has_come_to_the_hub(alert: Alert) -> bool:
    """Every step up to the hub's own was taken in vain: somebody phones the setting (ALR-23)."""
    return alert.status == AlertStatus.SENT and any(step.to == TO_THE_HUB for step in steps_of(alert)[: alert.chased])


def check_can_redirect(alert: Alert) -> None:
    """Only an alert that is still meant (ALR-03, ALR-28)."""
    if not can_redirect(alert):
        raise Refused("This alert was recalled already. Nothing was changed. Its page says where it went instead.")


def check_can_go_to(setting: Agency, has_one: Collection[int]) -> None:
    """To a setting that has no alert of this child and notification that still counts (ALR-04)."""
    if setting.pk in has_one:
        raise Refused(f"{setting.name} has an alert about this already. Nothing was changed.")
    if not setting.is_active:
        raise Refused(f"{setting.name} has closed. Nothing was changed. Find out where the child goes now.")


def check_can_be_told_again(alert: Alert, decision: GatewayDecision) -> None:
    """A setting from which it was recalled passes the gate like any (ALR-08)."""
    if not decision.allowed:
        why = WithheldReason(decision.withheld_reason or WithheldReason.NO_GATEWAY).label
        raise Refused(
            f"{alert.setting.name} may not be told now. Nothing was changed; the alert stays where it is. {why} Phone the "
            "setting, and send it there when it may be told."
        )


def can_redirect(alert: Alert) -> bool:
    return alert.recalled_at is None and alert.status != AlertStatus.CANCELLED


def can_try_again(alert: Alert) -> bool:
    return alert.status == AlertStatus.WITHHELD or (alert.status == AlertStatus.QUEUED and alert.failed_at is not None)


def check_can_try_again(alert: Alert) -> None:
    """A withheld alert, or one whose sending failed, may be tried again at any time; the gate is asked again (ALR-08)."""
    if not can_try_again(alert):
        raise Refused("This alert is neither withheld nor stuck. Nothing was changed. Its page says where it is now.")


def check_can_let_leave(alert: Alert) -> None:
    """Only what was withheld for want of a signature; a closed setting has nobody to read it (AGR-07, ALR-08)."""
    if alert.status != AlertStatus.WITHHELD:
        raise Refused("This alert is not withheld. Nothing was changed. Its page says where it is now.")
    if alert.withheld_reason == WithheldReason.CLOSED:
        raise Refused("The setting has closed. Nothing was sent. Find out where the child goes now.")
