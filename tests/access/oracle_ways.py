"""What the oracle says of grants, of who is shut out whatever lets them in, and of emergencies: NTK-03 to NTK-05, MRC-18 (oracle.py)."""

from typing import Any

from django.utils import timezone

from safeguarding.agencies.models import User
from tests.access.oracle_words import FILES, GRANTS, HUB, MOVES, REQUESTS, RESPONSES, STRATEGY
from tests.access.plan import GLASS


class WaysIn:
    # -- shut out: NTK-04 and MRC-18, whatever lets them in

    def _keeps(self, person: User, exclusion: Any) -> bool:
        """Hub managers, and who leads the setting that made it."""
        return "mash_manager" in self._for_content(person, exclusion.controller_id) or bool(
            self._for_content(person, exclusion.agency_id) & {"dsl", "head"}
        )

    def _shut(self, person: User) -> list[Any]:
        return [e for e in self.house.rows["alerts.Exclusion"] if e.user_id == person.pk and e.lifted_at is None]

    def _shut_from_child(self, person: User, child_id: int | None) -> bool:
        """Also by the record that it was joined to, or that was joined to it: they are one child (ALR-03)."""
        if child_id is None:
            return False
        joined = {child.pk: child.merged_into_id or child.pk for child in self.house.rows["children.Child"]}
        return any(joined[e.child_id] == joined[child_id] for e in self._shut(person) if e.child_id)

    def _shut_from_alert(self, person: User, alert_id: int | None) -> bool:
        if alert_id is None:
            return False
        alert = self._row("alerts.Alert", alert_id)
        return self._shut_from_child(person, alert.child_id) or any(
            e.alert_id == alert.pk or e.notification_id == alert.notification_id for e in self._shut(person)
        )

    def _shut_from_notification(self, person: User, notification_id: int | None) -> bool:
        """Also by an alert that came of it, and by a child that it names or may name."""
        if notification_id is None:
            return False
        named = [c for c in self.house.rows["alerts.NotificationChild"] if c.notification_id == notification_id]
        here = {c.pk for c in named}
        alike = [m for m in self.house.rows["alerts.MatchCandidate"] if m.notification_child_id in here]
        alerts = [a for a in self.house.rows["alerts.Alert"] if a.notification_id == notification_id]
        return (
            any(e.notification_id == notification_id for e in self._shut(person))
            or any(self._shut_from_child(person, row.child_id) for row in (*named, *alike, *alerts))
            or any(e.alert_id == a.pk for e in self._shut(person) for a in alerts)
        )

    def _shut_out(self, person: User, label: str, row: Any) -> bool:
        if label in FILES:
            return self._shut_from_files_of(person, label, row)
        if label in MOVES:
            return self._shut_from_move(person, label, row)
        if label in REQUESTS:
            return self._shut_from_child(person, row.child_id)
        if label in RESPONSES:
            return self._shut_from_alert(person, row.alert_id)
        match label:
            case "children.Child":
                return self._shut_from_child(person, row.pk)
            case "children.ChildToken" | "children.Placement":
                return self._shut_from_child(person, row.child_id)
            case "children.PossibleDuplicate":
                return self._shut_from_child(person, row.first_id) or self._shut_from_child(person, row.second_id)
            case "alerts.Alert":
                return self._shut_from_alert(person, row.pk)
            case "alerts.Notification":
                return self._shut_from_notification(person, row.pk)
            case "alerts.NotificationChild":
                return self._shut_from_child(person, row.child_id) or self._shut_from_notification(
                    person, row.notification_id
                )
            case "alerts.MatchCandidate":
                of = self._row("alerts.NotificationChild", row.notification_child_id).notification_id
                return self._shut_from_child(person, row.child_id) or self._shut_from_notification(person, of)
            case "alerts.Screening" | "alerts.Amendment":
                return self._shut_from_notification(person, row.notification_id)
            case "alerts.Referral":
                return self._shut_from_referral(person, row.pk)
            case "alerts.ReferralDecision":
                return self._shut_from_referral(person, row.referral_id)
            case "alerts.ReferralChild":
                return self._shut_from_child(person, row.child_id) or self._shut_from_referral(person, row.referral_id)
            case "alerts.AlertGrant":
                return self._shut_from_alert(person, row.content_object_id)
            case "alerts.NotificationGrant":
                return self._shut_from_notification(person, row.content_object_id)
            case "alerts.Exclusion":
                return (
                    row.user_id == person.pk
                    or self._shut_from_child(person, row.child_id)
                    or self._record_shut(person, row)
                )
            case "alerts.BreakGlass" | "alerts.AdultConcern" | "alerts.LadoReferral":
                return self._record_shut(person, row)
            case "agreements.Decision" | "agreements.Consent" | "agreements.Draft":
                return self._shut_from_child(person, row.child_id) or self._record_shut(person, row)
            case (
                "alerts.Conversation"
                | "alerts.TalkEntry"
                | "alerts.FourQuestions"
                | "alerts.Liaison"
                | "alerts.Disclosure"
                | "agreements.Correction"
                | "agreements.CorrectionNotice"
            ):
                return self._shut_from_alert(person, row.alert_id)
            case "alerts.StrategyDiscussion":
                return self._shut_from_discussion(person, row.pk)
            case "alerts.DiscussionInvitation":
                return self._shut_from_discussion(person, row.content_object_id)
            case "alerts.MissingEpisode":
                return self._shut_from_child(person, row.child_id) or self._shut_from_notification(
                    person, row.notification_id
                )
            case _ if label in STRATEGY:
                return self._shut_from_discussion(person, row.discussion_id)
            case "governance.UnusualAccess":
                return row.person_id == person.pk
            case "audit.AuditEntry":
                return row.actor_id != person.pk and (self._record_shut(person, row) or self._subject_shut(person, row))
        return False

    def _record_shut(self, person: User, row: Any) -> bool:
        return self._shut_from_alert(person, row.alert_id) or self._shut_from_notification(person, row.notification_id)

    def _subject_shut(self, person: User, entry: Any) -> bool:
        """Also after they were let in again: that there was an exclusion is none of their business."""
        if entry.object_id is None:
            return False
        label = entry.content_type.model_class()._meta.label
        return self._shut_out(person, label, self._row(label, entry.object_id))

    def ref_shut(self, person: User, ref: str) -> bool:
        """A reference that a colleague was shown is kept from who is shut out of what it names, as the record is."""
        named = (
            (label, row) for label, rows in self.house.rows.items() for row in rows if getattr(row, "ref", "") == ref
        )
        return any(self._shut_out(person, label, row) for label, row in named)

    def _may_share(self, who: User, record: Any, agency_id: int) -> bool:
        """NTK-03: the hub with the partnership's bodies; a DSL or head whom the alert reached, within the setting."""
        if self._is_hubs(who, record):
            return any(p.agency_id == agency_id for p in self.house.bodies[record.partnership_id])
        leads = bool(self._for_content(who, agency_id) & {"dsl", "head"})
        is_alert = record._meta.label == "alerts.Alert"
        return is_alert and record.setting_id == agency_id and leads and self._addressed(who, record)

    def _may_shut_out(self, who: User, row: Any) -> bool:
        """NTK-04: a manager of the hub of what it controls; a setting's lead a colleague, of what the setting was told."""
        named = {
            "children.Child": row.child_id,
            "alerts.Alert": row.alert_id,
            "alerts.Notification": row.notification_id,
        }
        if sum(pk is not None for pk in named.values()) != 1:
            return False
        if row.agency_id == row.controller_id and "mash_manager" in self._for_content(who, row.controller_id):
            return any(pk and self._row(label, pk).controller_id == row.controller_id for label, pk in named.items())
        bearer = next(person for person in self.house.people.values() if person.pk == row.user_id)
        return self._works_at(bearer, row.agency_id) and any(
            alert.pk == row.alert_id or alert.child_id == row.child_id
            for alert in self.house.rows["alerts.Alert"]
            if alert.setting_id == row.agency_id
            and alert.controller_id == row.controller_id
            and not self._shut_from_alert(who, alert.pk)
            and self._may_share(who, alert, row.agency_id)
        )

    def glass_reach(self, person: User, label: str, record: Any) -> set[tuple[int, str]]:
        """NTK-05: as what, and where, the person may open this record in an emergency, as the partnership says; never who is shut out."""
        if self._shut_out(person, label, record) or (label == "alerts.Alert" and record.sent_at is None):
            return set()
        setting = record.setting_id if label == "alerts.Alert" else None
        bodies = {each.agency_id for each in self.house.bodies[record.partnership_id]}
        return {
            (agency, role)
            for agency in bodies
            for role in self._for_content(person, agency) & set(self.house.glass_roles[record.partnership_id])
            if (role in {"dsl", "deputy_dsl", "head"} and agency == setting) or role in HUB
        }

    def _glass_reviewers(self, who: User, record: Any) -> int:
        """NTK-05: the hub that controls the record, if somebody else there looks after the log; else a council; else the hub."""
        led = {
            m.agency_id
            for m in self.house.rows["agencies.Membership"]
            if m.role == "ig_lead" and m.ended_at is None and m.user.is_active and m.user_id != who.pk
        }
        bodies = self.house.bodies[record.partnership_id]
        councils = sorted(each.agency_id for each in bodies if each.agency.kind == "council" and each.agency_id in led)
        return record.controller_id if record.controller_id in led or not councils else councils[0]

    def _may_open(self, who: User, label: str, row: Any) -> bool:
        """In one's own name, for another who works there and is not shut out, or for oneself behind a broken glass."""
        now = timezone.now()
        if label == "alerts.Exclusion":
            return row.made_by_id == who.pk and row.user_id != who.pk and self._may_shut_out(who, row)
        if label == "alerts.BreakGlass":
            label = "alerts.Alert" if row.alert_id else "alerts.Notification"
            if (row.alert_id is None) == (row.notification_id is None):
                return False
            of = self._row(label, row.alert_id or row.notification_id)
            reached = (row.agency_id, row.role) in self.glass_reach(who, label, of)
            in_time = row.expires_at <= now + GLASS and row.review_agency_id == self._glass_reviewers(who, of)
            return row.user_id == who.pk and reached and in_time
        record = self._row(GRANTS[label], row.content_object_id)
        bearer = next(person for person in self.house.people.values() if person.pk == row.user_id)
        if row.granted_by_id != who.pk:
            return False
        if row.break_glass_id:
            glass = self._row("alerts.BreakGlass", row.break_glass_id)
            opened = glass.alert_id if label == "alerts.AlertGrant" else glass.notification_id
            same = (glass.user_id, glass.agency_id, opened) == (row.user_id, row.agency_id, record.pk)
            return same and row.user_id == who.pk and now < glass.expires_at and row.expires_at <= glass.expires_at
        return (
            bearer.pk != who.pk
            and self._may_share(who, record, row.agency_id)
            and not self._shut_out(who, GRANTS[label], record)
            and self._works_at(bearer, row.agency_id)
            and self._ends_in_time(row, record)
            and not self._shut_out(bearer, GRANTS[label], record)
        )

    def records_of_child(self, person: User, child: Any) -> set[tuple[str, int]]:
        """AUD-04: of the agencies whose log the person looks after: the child under each number there, and what is about it."""
        if not self.leads_at(person, child.controller_id) or self._shut_from_child(person, child.pk):
            return set()
        rows = self.house.rows
        one = child.merged_into_id or child.pk
        joined = [each for each in rows["children.Child"] if one in (each.pk, each.merged_into_id)]
        same = {each.pk for each in joined if self.leads_at(person, each.controller_id)}
        alerts = [each for each in rows["alerts.Alert"] if each.child_id in same]
        named = {each.notification_id for each in rows["alerts.NotificationChild"] if each.child_id in same}
        notifications = [each for each in rows["alerts.Notification"] if each.pk in named]
        return (
            {("child", pk) for pk in same}
            | {("alert", each.pk) for each in alerts if self._is_open(person, "alerts.Alert", each)}
            | {
                ("notification", each.pk)
                for each in notifications
                if self._is_open(person, "alerts.Notification", each)
            }
        )

    def _is_open(self, person: User, label: str, row: Any) -> bool:
        return self.leads_at(person, row.controller_id) and not self._shut_out(person, label, row)

    def not_to_be_told(self, label: str, row: Any) -> set[int]:
        """NTK-04: everybody who is shut out of it."""
        return {person.pk for person in self.house.people.values() if self._shut_out(person, label, row)}
