"""Who may see, add and change what, said a second time.

Written from the requirements (NTK, ALR, MSH, AUD) and the design's section 3, in plain Python over plain rows. It reads
neither access/rules.py nor a line of SQL: where the two differ, one of them is wrong.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from safeguarding.agencies.models import User
from tests.access.oracle_files import Files
from tests.access.oracle_rooms import Rooms
from tests.access.oracle_strategy import Strategy
from tests.access.oracle_ways import WaysIn
from tests.access.oracle_words import (
    BITS,
    CARE,
    CHILDREN,
    CONDITIONS,
    CORRECTIONS,
    DECISIONS,
    FILES,
    GRANTS,
    GUESTS_OWN,
    HUB,
    HUBS_OWN,
    LEDGER,
    MEMORY,
    MISSING,
    MOVES,
    QUEUES,
    REFERRED,
    REQUESTS,
    RESPONSES,
    REVIEWS,
    ROOMS_OF_TALK,
    SAMPLES,
    SEALED,
    SENDER,
    SENT_IN,
    SERVICE_ADDS,
    SERVICE_CHANGES,
    SERVICE_READS,
    STRATEGY,
    WATCH,
    WAYS_IN,
    guest_of,
)
from tests.access.plan import House


def once(answer: Callable[..., Any]) -> Callable[..., Any]:
    """The rows of a house do not change, so each question is worked out once."""

    @functools.wraps(answer)
    def remembered(self: "Oracle", *asked: Any) -> Any:
        key = (answer.__name__, *(getattr(each, "pk", each) for each in asked))
        if key not in self.answers:
            self.answers[key] = answer(self, *asked)
        return self.answers[key]

    return remembered


@dataclass
class Oracle(Rooms, Files, Strategy, WaysIn):
    house: House
    answers: dict[tuple, Any] = field(default_factory=dict)

    @once
    def _roles_at(self, person: User, agency_id: int) -> set[str]:
        """NTK-07: an account that is closed has no role, and a membership that ended is none."""
        return {
            m.role
            for m in self.house.rows["agencies.Membership"]
            if m.user_id == person.pk and m.agency_id == agency_id and m.ended_at is None and person.is_active
        }

    @once
    def _for_content(self, person: User, agency_id: int) -> set[str]:
        """NTK-06: of those roles, the ones whose holder has current training and has acknowledged the newest terms."""
        roles = self._roles_at(person, agency_id)
        joined = self.house.joined.get(agency_id, set())
        return {
            role
            for role in roles
            if role == "integration" or all(self._is_current(person, partnership, role) for partnership in joined)
        }

    def cleared(self, membership: Any) -> bool:
        """NTK-06: of this one membership, whether or not it has ended."""
        joined = self.house.joined.get(membership.agency_id, set())
        return membership.role == "integration" or all(
            self._is_current(membership.user, partnership, membership.role) for partnership in joined
        )

    @once
    def _is_current(self, person: User, partnership_id: int, role: str) -> bool:
        now = timezone.now()
        newest = max(
            (t.version for t in self.house.terms if t.partnership_id == partnership_id and t.required_from <= now),
            default=0,
        )
        read = max(
            (
                a.terms.version
                for a in self.house.rows["agencies.Acknowledgement"]
                if a.user_id == person.pk and a.terms.partnership_id == partnership_id
            ),
            default=0,
        )
        needed = {
            each.course_id
            for each in self.house.requirements
            if each.course.partnership_id == partnership_id and each.role in ("", role)
        }
        done = {
            t.course_id
            for t in self.house.rows["agencies.TrainingRecord"]
            if t.user_id == person.pk and t.withdrawn_at is None and t.expires_at > now
        }
        return read >= newest and needed <= done

    def leads_at(self, person: User, agency_id: int) -> bool:
        """AUD-04: the person looks after the log of this agency."""
        return "ig_lead" in self._roles_at(person, agency_id)

    def _looks_after(self, person: User, other_id: int, roles: set[str]) -> bool:
        """NTK-06, NTK-07, IGV-03: somebody at an agency where the person holds one of `roles`."""
        return any(
            m.user_id == other_id and m.ended_at is None and self._roles_at(person, m.agency_id) & roles
            for m in self.house.rows["agencies.Membership"]
        )

    def _row(self, label: str, pk: int) -> Any:
        return next(row for row in self.house.rows[label] if row.pk == pk)

    # -- reading

    def sees(self, person: User, label: str, row: Any) -> bool:
        return self._lets_in(person, label, row) and not self._shut_out(person, label, row)

    def _lets_in(self, person: User, label: str, row: Any) -> bool:
        if not person.is_active:
            return False
        if label == "alerts.Notification" and self._named(person, "alerts.NotificationGrant", row):
            return True
        if label in REFERRED:
            return self._sees_referred(person, label, row)
        if label in CHILDREN | HUBS_OWN:
            return bool(self._for_content(person, row.controller_id) & HUB)
        if label in SENT_IN:
            return self._is_hubs(person, row) or bool(self._for_content(person, row.source_id) & SENDER)
        if label in FILES:
            return self._reads_of_a_file(person, label, row)
        if label in MOVES:
            return self._is_at_an_end(person, label, row)
        if label in REQUESTS:
            return self._reads_of_a_request(person, label, row)
        if label in RESPONSES:
            return self._answers_alert_of(person, row) or self._does(person, label, row)
        if label in STRATEGY:
            return self._sees_strategy(person, label, row)
        if label in MISSING:
            return (
                self._is_hubs(person, row)
                or bool(self._for_content(person, row.source_id) & SENDER)
                or bool(self._for_content(person, row.council_id) & CARE)
            )
        if label in WATCH:
            return bool(self._roles_at(person, row.agency_id) & {"agency_admin", "ig_lead"})
        if label in CONDITIONS:
            return row.user_id == person.pk or self._looks_after(person, row.user_id, {"agency_admin", "ig_lead"})
        if label in QUEUES:
            return row.created_by_id == person.pk
        if label in SEALED:
            return False  # AUD-03: a person gets seals with an export, whose service reads them
        if label in LEDGER:
            return False
        if label in REVIEWS | SAMPLES:
            leads = "ig_lead" in self._roles_at(person, row.controller_id)
            return leads or (label in SAMPLES and "mash_manager" in self._for_content(person, row.controller_id))
        if label in DECISIONS:
            return self._own_decision(person, label, row) or self._answers_for(person, label, row)
        match label:
            case "agencies.Membership":
                return row.user_id == person.pk or bool(
                    self._roles_at(person, row.agency_id) & {"agency_admin", "ig_lead"}
                )
            case "alerts.Alert":
                return self._sees_alert(person, row)
            case "alerts.AlertGrant" | "alerts.NotificationGrant":
                record = self._row(GRANTS[label], row.content_object_id)
                if label == "alerts.NotificationGrant":
                    return row.user_id == person.pk or self._is_hubs(person, record)
                return row.user_id == person.pk or self.sees(person, GRANTS[label], record)
            case "alerts.Exclusion":
                return self._keeps(person, row)
            case "alerts.BreakGlass":
                return row.user_id == person.pk or "ig_lead" in self._roles_at(person, row.review_agency_id)
            case "agreements.Correction" | "agreements.CorrectionNotice":
                return self._sees_correction(person, label, row)
            case "audit.AuditEntry":
                return self._sees_entry(person, row)
            case "alerts.Conversation" | "alerts.FourQuestions" | "alerts.Liaison":
                return self._is_hubs(person, row) or self._was_told(person, row.alert_id)
            case "alerts.TalkEntry":
                return self._reads_entry(person, row)
            case "alerts.Disclosure":
                return self._is_hubs(person, row) or self._disclosed_to(person, row)
            case "alerts.AdultConcern":
                told = self._was_told(person, row.alert_id)
                return self._is_hubs(person, row) or told or self._is_lado(person, row)
            case "alerts.LadoReferral":
                return self._is_hubs(person, row) or self._is_lado(person, row)
        raise AssertionError(f"{label} is walled, and the oracle knows nothing of it: say who may see it")

    def _is_hubs(self, person: User, row: Any) -> bool:
        return bool(self._for_content(person, row.controller_id) & HUB)

    def _addressed(self, person: User, alert: Any) -> bool:
        return any(alert.audience & BITS.get(role, 0) for role in self._for_content(person, alert.setting_id))

    def waits_for(self, person: User, alert: Any) -> bool:
        """NTK-06: unopened, and addressed to a role that they have, whether or not their training is current."""
        roles = self._roles_at(person, alert.setting_id)
        return alert.status == "sent" and any(alert.audience & BITS.get(role, 0) for role in roles)

    def _named(self, person: User, label: str, record: Any) -> bool:
        """NTK-03: a grant names them, no system, runs, was not withdrawn, and they still work where it found them."""
        return person.is_active and any(
            g.content_object_id == record.pk
            and g.user_id == person.pk
            and not g.withdrawn_at
            and g.expires_at > timezone.now()
            and bool(self._for_content(person, g.agency_id) - {"integration"})
            for g in self.house.rows[label]
        )

    def _sees_alert(self, person: User, alert: Any) -> bool:
        return (
            self._is_hubs(person, alert)
            or self._addressed(person, alert)
            or self._named(person, "alerts.AlertGrant", alert)
        )

    def _sees_entry(self, person: User, entry: Any) -> bool:
        if entry.actor_id == person.pk:
            return True
        # AUD-04: what is about the agency's own records, and what its own people did
        for agency_id in (entry.agency_id, entry.actor_agency_id):
            if agency_id and "ig_lead" in self._roles_at(person, agency_id):
                return True
        if entry.notification_id:
            return self._is_hubs(person, self._row("alerts.Notification", entry.notification_id))
        return bool(entry.alert_id) and self.sees(person, "alerts.Alert", self._row("alerts.Alert", entry.alert_id))

    @once
    def visible(self, who: User | str, label: str) -> set[int]:
        """The ids that a person, or the named service, may see."""
        rows = self.house.rows[label]
        if isinstance(who, str) and (guest := guest_of(who)) is not None:
            return {row.pk for row in rows if label in GUESTS_OWN and row.guest_id == guest}
        if who == "watch" and label in CORRECTIONS:
            rows = [row for row in rows if row.alert_id]  # what stands on an alert is seen with it
        if isinstance(who, str):
            return {row.pk for row in rows if label in SERVICE_READS.get(who, ())}
        return {row.pk for row in rows if self.sees(who, label, row)}

    # -- writing

    def adds(self, who: User | str, label: str, row: Any) -> bool:
        """Whether this very row could have been added by them."""
        if isinstance(who, str) and (guest := guest_of(who)) is not None:
            return label == "alerts.ReferralDraft" and row.guest_id == guest
        if isinstance(who, str):
            return label in SERVICE_ADDS.get(who, ())
        if not who.is_active or label in SEALED | LEDGER:
            return False
        return self._may_add(who, label, row) and (label in MEMORY or not self._shut_out(who, label, row))

    def adds_another(self, who: User | str, label: str, row: Any) -> bool:
        """Whether they could add a row like this one, with a number from which nobody is shut out, and read it again."""
        if isinstance(who, str):
            return row.pk in self.visible(who, label) and self.adds(who, label, row)
        return who.is_active and self._lets_in(who, label, row) and self._may_add(who, label, row)

    def _may_add(self, who: User, label: str, row: Any) -> bool:
        if label in WAYS_IN:
            return self._may_open(who, label, row)
        if label in FILES:
            return self._adds_to_a_file(who, label, row)
        if label in MOVES:
            return self._begins_a_move(who, label, row)
        if label in REFERRED:
            return self._adds_referred(who, label, row)
        if label in REQUESTS:
            return self._adds_to_a_request(who, label, row)
        if label in RESPONSES:
            return self._answers_alert_of(who, row)
        if label in CHILDREN | HUBS_OWN | {"alerts.Alert"}:
            return self._is_hubs(who, row)
        if label == "alerts.Amendment":
            return self._is_hubs(who, row)  # of the police's own, the matching service writes down that they said it
        if label in SENT_IN:  # being let see it is not enough
            return self._is_hubs(who, row) or bool(self._for_content(who, row.source_id) & SENDER)
        if label in ROOMS_OF_TALK:
            return self._may_say(who, label, row)
        if label in STRATEGY:
            return self._adds_strategy(who, label, row)
        if label in MISSING:
            return self._is_hubs(who, row)
        if label in QUEUES:
            return row.created_by_id == who.pk
        if label in DECISIONS:
            return self._own_decision(who, label, row)
        if label in MEMORY:
            return row.actor_id == who.pk
        if label in {"agencies.ReviewItem", "agreements.CorrectionNotice"}:
            return False
        if label == "agreements.Correction":
            told = row.alert_id and self._addressed(who, self._row("alerts.Alert", row.alert_id))
            return bool(told) or self._answers(who, row.open_to_id)
        if label == "agencies.Suspension":
            return self.sees(who, label, row)
        if label == "agencies.TrainingRecord":
            return self._looks_after(who, row.user_id, {"agency_admin"})
        if label == "agencies.Acknowledgement":
            return row.user_id == who.pk
        if label in REVIEWS | SAMPLES:
            return label in SAMPLES and "mash_manager" in self._for_content(who, row.controller_id)
        return "agency_admin" in self._roles_at(who, row.agency_id)

    @once
    def changes(self, who: User | str, label: str) -> set[int]:
        """The ids of the rows that they may change; history, tokens, candidates and screenings nobody changes."""
        rows = self.house.rows[label]
        if isinstance(who, str) and (guest := guest_of(who)) is not None:
            return {row.pk for row in rows if label == "alerts.ReferralDraft" and row.guest_id == guest}
        if isinstance(who, str):
            return {row.pk for row in rows if label in SERVICE_CHANGES.get(who, ())}
        return {
            row.pk
            for row in rows
            if who.is_active and self._may_change(who, label, row) and not self._shut_out(who, label, row)
        }

    def _may_change(self, who: User, label: str, row: Any) -> bool:
        if label in FILES:
            return self._changes_a_file(who, label, row)
        if label in MOVES:
            return self._is_at_an_end(who, label, row)
        if label in REQUESTS:
            return self._changes_a_request(who, label, row)
        if label in RESPONSES:
            return self._answers_alert_of(who, row) or self._does(who, label, row)
        if label in STRATEGY:
            return self._changes_strategy(who, label, row)
        match label:
            case "alerts.MissingEpisode":
                return self.sees(who, label, row)
            case "children.Child" | "children.Placement" | "children.PossibleDuplicate":
                return self._is_hubs(who, row)
            case "alerts.Notification" | "alerts.NotificationChild" | "alerts.Amendment":
                return self._is_hubs(who, row)
            case "alerts.Upload":
                return self.sees(who, label, row)
            case "alerts.Referral" | "alerts.ReferralChild":
                return self._is_hubs(who, row)
            case "alerts.ReferralDraft":
                return self._sees_referred(who, label, row)
            case "alerts.Alert":
                return self._is_hubs(who, row) or self._addressed(who, row)
            case "agencies.Membership":
                return "agency_admin" in self._roles_at(who, row.agency_id)
            case "agencies.Suspension" | "agencies.ReviewItem":
                return self.sees(who, label, row)
            case "agencies.TrainingRecord":
                return self._looks_after(who, row.user_id, {"agency_admin"})
            case "governance.UnusualAccess":
                return "ig_lead" in self._roles_at(who, row.controller_id)
            case "governance.Sample" | "governance.SampleItem":
                return "mash_manager" in self._for_content(who, row.controller_id)
            case "alerts.AlertGrant" | "alerts.NotificationGrant":
                record = self._row(GRANTS[label], row.content_object_id)
                return not self._shut_out(who, GRANTS[label], record) and self._may_share(who, record, row.agency_id)
            case "agreements.Decision" | "agreements.Consent" | "agreements.Draft":
                return self.sees(who, label, row)
            case "alerts.Conversation" | "alerts.TalkEntry":
                return self._lets_in(who, label, row)
            case "alerts.Disclosure":
                return self._is_hubs(who, row)
            case "alerts.AdultConcern":
                return "mash_manager" in self._for_content(who, row.controller_id)
            case "alerts.LadoReferral":
                return self._is_lado(who, row)
            case "alerts.Exclusion":
                return self._keeps(who, row)
            case "agreements.Correction":
                return self._answers(who, row.originator_id)
            case "alerts.BreakGlass":
                return row.user_id != who.pk and "ig_lead" in self._roles_at(who, row.review_agency_id)
        return False
