"""Who may see, add and change what, said a second time.

Written from the requirements (NTK, ALR, MSH, AUD) and the design's section 3, in plain Python over plain rows. It reads
neither access/rules.py nor a line of SQL: where the two differ, one of them is wrong.
"""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from safeguarding.agencies.models import User
from tests.access.house import House

# ALR-04, ALR-06, ALR-07, ALR-23: the bits by which an alert names the roles that it is addressed to.
BITS = {"dsl": 1, "deputy_dsl": 2, "head": 4, "holiday_contact": 8, "ehe_officer": 16}
HUB = {"mash_officer", "mash_manager"}
SENDER = {"police_officer", "integration"}

CHILDREN = {"children.Child", "children.ChildToken", "children.Placement"}
HUBS_OWN = {"alerts.NotificationChild", "alerts.MatchCandidate", "alerts.Screening"}
SENT_IN = {"alerts.Notification", "alerts.Upload", "alerts.UploadProblem"}
QUEUES = {"notifications.OutboxMessage", "notifications.Email"}
MEMORY = {"audit.AuditEntry"}
EVERYTHING = (
    CHILDREN | HUBS_OWN | SENT_IN | QUEUES | MEMORY | {"agencies.Membership", "alerts.Alert", "alerts.AlertGrant"}
)

# What each named service needs for the one thing that it does; the rest is none of its business (NTK-01).
SERVICE_READS = {
    "dispatch": EVERYTHING,  # who carries an alert may know who else may see it
    "matching": CHILDREN | HUBS_OWN | SENT_IN | QUEUES | MEMORY,
    "setup": {"agencies.Membership"} | QUEUES | MEMORY,
    "relay": {"notifications.OutboxMessage"} | MEMORY,
    "door": set(MEMORY),
}
SERVICE_ADDS = {
    "dispatch": EVERYTHING - {"alerts.AlertGrant", "agencies.Membership"},
    "matching": CHILDREN | HUBS_OWN | SENT_IN | QUEUES | MEMORY,
    "setup": {"agencies.Membership"} | QUEUES | MEMORY,
    "relay": set(MEMORY),
    "door": set(MEMORY),
}
SERVICE_CHANGES = {
    "dispatch": {
        "children.Child", "children.Placement", "alerts.Notification", "alerts.NotificationChild", "alerts.Upload",
        "alerts.Alert", "notifications.OutboxMessage", "notifications.Email",
    },
    "matching": {
        "children.Child", "children.Placement", "alerts.Notification", "alerts.NotificationChild", "alerts.Upload",
        "notifications.OutboxMessage",
    },
    "setup": {"agencies.Membership"},
    "relay": {"notifications.OutboxMessage"},
    "door": set(),
}  # fmt: skip


@dataclass
class Oracle:
    house: House

    def _roles_at(self, person: User, agency_id: int) -> set[str]:
        """NTK-07: an account that is closed has no role, and a membership that ended is none."""
        return {
            m.role
            for m in self.house.rows["agencies.Membership"]
            if m.user_id == person.pk and m.agency_id == agency_id and m.ended_at is None and person.is_active
        }

    def _row(self, label: str, pk: int) -> Any:
        return next(row for row in self.house.rows[label] if row.pk == pk)

    # -- reading

    def sees(self, person: User, label: str, row: Any) -> bool:
        if not person.is_active:
            return False
        if label in CHILDREN | HUBS_OWN:
            return bool(self._roles_at(person, row.controller_id) & HUB)
        if label in SENT_IN:
            return self._is_hubs(person, row) or bool(self._roles_at(person, row.source_id) & SENDER)
        if label in QUEUES:
            return row.created_by_id == person.pk
        match label:
            case "agencies.Membership":
                return row.user_id == person.pk or "agency_admin" in self._roles_at(person, row.agency_id)
            case "alerts.Alert":
                return self._sees_alert(person, row)
            case "alerts.AlertGrant":
                alert = self._row("alerts.Alert", row.content_object_id)
                return row.user_id == person.pk or self._sees_alert(person, alert)
            case "audit.AuditEntry":
                return self._sees_entry(person, row)
        raise AssertionError(f"{label} is walled, and the oracle knows nothing of it: say who may see it")

    def _is_hubs(self, person: User, row: Any) -> bool:
        return bool(self._roles_at(person, row.controller_id) & HUB)

    def _addressed(self, person: User, alert: Any) -> bool:
        return any(alert.audience & BITS.get(role, 0) for role in self._roles_at(person, alert.setting_id))

    def _sees_alert(self, person: User, alert: Any) -> bool:
        now = timezone.now()
        granted = any(
            g.content_object_id == alert.pk and g.user_id == person.pk and not g.withdrawn_at and g.expires_at > now
            for g in self.house.rows["alerts.AlertGrant"]
        )
        return self._is_hubs(person, alert) or self._addressed(person, alert) or (granted and person.is_active)

    def _sees_entry(self, person: User, entry: Any) -> bool:
        if entry.actor_id == person.pk:
            return True
        # AUD-04: what is about the agency's own records, and what its own people did
        for agency_id in (entry.agency_id, entry.actor_agency_id):
            if agency_id and "ig_lead" in self._roles_at(person, agency_id):
                return True
        if entry.notification_id:
            return self._is_hubs(person, self._row("alerts.Notification", entry.notification_id))
        return bool(entry.alert_id) and self._sees_alert(person, self._row("alerts.Alert", entry.alert_id))

    def visible(self, who: User | str, label: str) -> set[int]:
        """The ids that a person, or the named service, may see."""
        rows = self.house.rows[label]
        if isinstance(who, str):
            return {row.pk for row in rows if label in SERVICE_READS.get(who, ())}
        return {row.pk for row in rows if self.sees(who, label, row)}

    # -- writing

    def adds(self, who: User | str, label: str, row: Any) -> bool:
        """Whether this very row could have been added by them."""
        if isinstance(who, str):
            return label in SERVICE_ADDS.get(who, ())
        if not who.is_active or label == "alerts.AlertGrant":
            return False
        if label in CHILDREN | HUBS_OWN | {"alerts.Alert"}:
            return self._is_hubs(who, row)
        if label in SENT_IN:
            return self.sees(who, label, row)
        if label in QUEUES:
            return row.created_by_id == who.pk
        if label in MEMORY:
            return row.actor_id == who.pk
        return "agency_admin" in self._roles_at(who, row.agency_id)

    def changes(self, who: User | str, label: str) -> set[int]:
        """The ids of the rows that they may change; history, tokens, candidates and screenings nobody changes."""
        rows = self.house.rows[label]
        if isinstance(who, str):
            return {row.pk for row in rows if label in SERVICE_CHANGES.get(who, ())}
        return {row.pk for row in rows if who.is_active and self._may_change(who, label, row)}

    def _may_change(self, who: User, label: str, row: Any) -> bool:
        match label:
            case "children.Child" | "children.Placement" | "alerts.Notification" | "alerts.NotificationChild":
                return self._is_hubs(who, row)
            case "alerts.Upload":
                return self.sees(who, label, row)
            case "alerts.Alert":
                return self._is_hubs(who, row) or self._addressed(who, row)
            case "agencies.Membership":
                return "agency_admin" in self._roles_at(who, row.agency_id)
        return False
