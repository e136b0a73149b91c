"""What the oracle says of the rooms: decisions, talk, referrals, requests, responses, corrections (oracle.py)."""

from typing import Any

from django.utils import timezone

from safeguarding.agencies.models import User
from tests.access.oracle_words import ASKED, CARE, DECIDER, DECIDES, DESK, HUB, PACKAGES, REFERRERS


class Rooms:
    def _own_decision(self, person: User, label: str, row: Any) -> bool:
        """SHR-02, NTK-07: in their own name, while they work with content where they decided."""
        mine = getattr(row, DECIDER[label]) == person.pk
        return mine and bool(self._for_content(person, row.controller_id) & DECIDES)

    def _answers_for(self, person: User, label: str, row: Any) -> bool:
        """The hub's people, a setting's DSL and an agency's IG lead know what it decided; a draft is its writer's."""
        roles = HUB | CARE | {"ig_lead", "dsl"}
        return label != "agreements.Draft" and bool(self._for_content(person, row.controller_id) & roles)

    def _was_told(self, person: User, alert_id: int | None) -> bool:
        """ALR-12: the alert is addressed to a role of theirs; being let see it is not enough."""
        return bool(alert_id) and self._addressed(person, self._row("alerts.Alert", alert_id))

    def _reads_entry(self, person: User, entry: Any) -> bool:
        """MSH-08: what is one side's own, the other does not read."""
        of_the_hub = bool(entry.hub_id) and bool(self._for_content(person, entry.hub_id) & HUB)
        return of_the_hub or self._was_told(person, entry.told_id)

    def _disclosed_to(self, person: User, row: Any) -> bool:
        """ALR-13: to a named person, for a time, while they work there."""
        runs = row.withdrawn_at is None and row.expires_at > timezone.now()
        return row.user_id == person.pk and runs and bool(self._for_content(person, row.agency_id))

    def _is_lado(self, person: User, row: Any) -> bool:
        return bool(row.lado_agency_id) and "lado" in self._for_content(person, row.lado_agency_id)

    def _may_refer(self, person: User, agency_id: int | None) -> bool:
        """MSH-05: any professional; a worry waits for no course."""
        return agency_id is not None and bool(self._roles_at(person, agency_id) & REFERRERS)

    def _sees_referred(self, person: User, label: str, row: Any) -> bool:
        if label == "alerts.ReferralDraft":
            return row.user_id == person.pk and self._may_refer(person, row.source_id)
        if label in {"alerts.Referral", "alerts.Pattern"} and row.made_by_id == person.pk:
            return self._may_refer(person, row.source_id) or self._is_hubs(person, row)
        return self._is_hubs(person, row)

    def _shut_from_referral(self, person: User, referral_id: int) -> bool:
        return any(
            c.referral_id == referral_id and self._shut_from_child(person, c.child_id)
            for c in self.house.rows["alerts.ReferralChild"]
        )

    # -- MSH-02 to MSH-04: the hub its requests and packages, an asked agency its question, an originator what it holds

    def _reads_of_a_request(self, person: User, label: str, row: Any) -> bool:
        if label == "alerts.HeldItem":
            given = row.hub_id is not None and bool(self._for_content(person, row.hub_id) & HUB)
            return given or self._answers_at(person, row.controller_id)
        reached = {"alerts.Ask": "agency_id", "alerts.Package": "sent_to_id", "alerts.PackageItem": "sent_to_id"}
        return self._is_hubs(person, row) or (
            label in reached and self._answers_at(person, getattr(row, reached[label]))
        )

    def _answers_at(self, person: User, agency_id: int | None) -> bool:
        return agency_id is not None and bool(self._for_content(person, agency_id) & DESK)

    def _adds_to_a_request(self, who: User, label: str, row: Any) -> bool:
        if label in PACKAGES:
            return "mash_manager" in self._for_content(who, row.controller_id)
        return self._is_hubs(who, row) if label in ASKED else self._answers_at(who, row.controller_id)

    def _changes_a_request(self, who: User, label: str, row: Any) -> bool:
        if label in PACKAGES:
            return self._adds_to_a_request(who, label, row)
        return self._reads_of_a_request(who, label, row)

    # -- ALR-12, ALR-17: those whom the alert is addressed to answer it; an action is also its owner's while they work there

    def _answers_alert_of(self, person: User, row: Any) -> bool:
        return self._addressed(person, self._row("alerts.Alert", row.alert_id))

    def _does(self, person: User, label: str, row: Any) -> bool:
        mine = label == "alerts.Action" and row.owner_id == person.pk
        return mine and bool(self._for_content(person, row.controller_id) - {"integration"})

    def _may_say(self, who: User, label: str, row: Any) -> bool:
        match label:
            case "alerts.TalkEntry":
                return self._reads_entry(who, row)
            case "alerts.Liaison":
                return self._was_told(who, row.alert_id)
            case "alerts.Disclosure":
                return self._is_hubs(who, row)
            case "alerts.LadoReferral":
                return "mash_manager" in self._for_content(who, row.controller_id)
        return self._is_hubs(who, row) or self._was_told(who, row.alert_id)

    def _adds_referred(self, who: User, label: str, row: Any) -> bool:
        """Referrals come in by the matching service; a week is closed by a manager."""
        match label:
            case "alerts.ReferralDraft":
                return self._sees_referred(who, label, row)
            case "alerts.Pattern":
                return row.made_by_id == who.pk and self._may_refer(who, row.source_id)
            case "alerts.ReferralDecision":
                return self._is_hubs(who, row)
            case "alerts.WeeklyReview":
                return "mash_manager" in self._for_content(who, row.controller_id)
        return False

    def _answers(self, person: User, agency_id: int | None) -> bool:
        """SHR-14: who may speak for an agency about an item that it sent."""
        speakers = {"police_officer", "mash_officer", "mash_manager", "dsl", "head"}
        return agency_id is not None and bool(self._for_content(person, agency_id) & speakers)

    def _sees_correction(self, person: User, label: str, row: Any) -> bool:
        """Whoever may see the alert that it is about; of another record, who speaks there; and the originator a question."""
        if row.alert_id and self.sees(person, "alerts.Alert", self._row("alerts.Alert", row.alert_id)):
            return True
        own = label == "agreements.Correction" and self._answers(person, row.originator_id)
        return own or self._answers(person, row.open_to_id)
