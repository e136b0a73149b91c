"""Who may see, add and change what, said a second time.

Written from the requirements (NTK, ALR, MSH, AUD) and the design's section 3, in plain Python over plain rows. It reads
neither access/rules.py nor a line of SQL: where the two differ, one of them is wrong.
"""

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from safeguarding.agencies.models import User
from tests.access.plan import GLASS, House

# ALR-04, ALR-06, ALR-07, ALR-23: the bits by which an alert names the roles that it is addressed to.
BITS = {"dsl": 1, "deputy_dsl": 2, "head": 4, "holiday_contact": 8, "ehe_officer": 16, "authority_contact": 32}
HUB = {"mash_officer", "mash_manager"}
SENDER = {"police_officer", "integration"}
# STR-01, STR-02: strategy discussions are the local authority's, and a manager of it records them.
CARE = {"social_worker", "social_care_manager"}
CARE_MANAGER = {"social_care_manager"}

CHILDREN = {"children.Child", "children.ChildToken", "children.Placement", "children.PossibleDuplicate"}
HUBS_OWN = {"alerts.NotificationChild", "alerts.MatchCandidate", "alerts.Screening"}
SENT_IN = {"alerts.Notification", "alerts.Upload", "alerts.UploadProblem", "alerts.Amendment"}
QUEUES = {"notifications.OutboxMessage", "notifications.Email"}
MEMORY = {"audit.AuditEntry"}
SEALED = {"audit.Seal"}
CONDITIONS = {"agencies.TrainingRecord", "agencies.Acknowledgement"}
# RET-07: what was shredded is for who keeps the keys; no person reads it, nobody writes it.
LEDGER = {"crypto.Shredding"}
REVIEWS = {"governance.UnusualAccess"}
SAMPLES = {"governance.Sample", "governance.SampleItem"}
GRANTS = {"alerts.AlertGrant": "alerts.Alert", "alerts.NotificationGrant": "alerts.Notification"}
# ALR-15, ALR-16: a child's file at a setting, what stands in it, and who was let read it or one entry of it
IN_A_FILE = {"alerts.FileEntry", "alerts.FilePerson", "alerts.FileLink"}
LENT = {"alerts.FileGrant": "alerts.SafeguardingFile", "alerts.EntryGrant": "alerts.FileEntry"}
FILES = {"alerts.SafeguardingFile"} | IN_A_FILE | set(LENT)
KEEP_FILES = {"dsl", "deputy_dsl", "head", "ehe_officer", "authority_contact"}
# ALR-28, MSH-09: a file on its way, of both ends; a child who moves, of the first hub, and of the next once it was told
MOVES = {"alerts.Transfer", "alerts.ChildMove"}
# ALR-12, ALR-17: what a setting does about an alert
RESPONSES = {"alerts.Response", "alerts.Action"}
WAYS_IN = set(GRANTS) | {"alerts.Exclusion", "alerts.BreakGlass"}
# SHR-02: what an agency decided, the consent that it rests on, and what somebody there has begun to decide
DECISIONS = {"agreements.Decision", "agreements.Consent", "agreements.Draft"}
DECIDER = {
    "agreements.Decision": "decided_by_id",
    "agreements.Consent": "recorded_by_id",
    "agreements.Draft": "writer_id",
}
DECIDES = {
    *HUB, "police_officer", "ig_lead", "coordinator", "chair", "idva",
    "dsl", "deputy_dsl", "head", "holiday_contact", "ehe_officer", "practitioner", "social_worker", "social_care_manager",
}  # fmt: skip
# MSH-02 to MSH-04: what partners are asked, what they hold, and the package that is made of it
ASKED = {"alerts.InformationRequest", "alerts.Ask"}
PACKAGES = {"alerts.Package", "alerts.PackageItem"}
REQUESTS = ASKED | PACKAGES | {"alerts.HeldItem"}
DESK = {"information_desk", "dsl", "deputy_dsl"}
WATCH = {"agencies.Suspension", "agencies.ReviewItem"}
# ALR-12 to ALR-14: between whom an alert is addressed to and the hub; what is disclosed by name; an adult who works with children
TALK = {"alerts.Conversation", "alerts.FourQuestions", "alerts.Liaison"}
SAID = {"alerts.TalkEntry"}
DISCLOSED = {"alerts.Disclosure"}
LADO = {"alerts.AdultConcern", "alerts.LadoReferral"}
ROOMS_OF_TALK = TALK | SAID | DISCLOSED | LADO
# SHR-14: a question about an item, and what each recipient was told of the answer
CORRECTIONS = {"agreements.Correction", "agreements.CorrectionNotice"}
STRATEGY = {
    "alerts.StrategyDiscussion",
    "alerts.ConcernedChild",
    "alerts.DiscussionInvitation",
    "alerts.DiscussionRecord",
    "alerts.DiscussionAction",
    "alerts.Dissent",
}
MISSING = {"alerts.MissingEpisode"}
CASES = (
    CHILDREN
    | HUBS_OWN
    | SENT_IN
    | QUEUES
    | MEMORY
    | CONDITIONS
    | REVIEWS
    | SAMPLES
    | WATCH
    | WAYS_IN
    | DECISIONS
    | FILES
    | MOVES
    | ROOMS_OF_TALK
    | CORRECTIONS
    | REQUESTS
    | RESPONSES
    | STRATEGY
    | MISSING
    | {"agencies.Membership", "alerts.Alert"}
)
EVERYTHING = CASES | SEALED | LEDGER

# What each named service needs for the one thing that it does; the rest is none of its business (NTK-01).
SERVICE_READS = {
    "keys": LEDGER | MEMORY,
    "dispatch": CASES
    - SAMPLES
    - PACKAGES
    - {"alerts.HeldItem"}
    - {"agreements.Consent", "agreements.Draft"},  # who carries an alert may know who else may see it
    "matching": CHILDREN | HUBS_OWN | SENT_IN | MISSING | QUEUES | MEMORY,
    "setup": {"agencies.Membership"} | CONDITIONS | WATCH | QUEUES | MEMORY,
    "relay": {"notifications.OutboxMessage"} | MEMORY,
    "door": set(MEMORY),
    "sealing": MEMORY | SEALED,
    # AUD-06: what happened, whose name stands in a record (and with an alert, who else may see it), who is whose IG lead
    "watch": {"agencies.Membership", "alerts.Alert", "alerts.AlertGrant", "alerts.Notification"}
    | CORRECTIONS
    | QUEUES
    | MEMORY
    | REVIEWS,
}
SERVICE_ADDS = {
    "keys": set(MEMORY),
    # who belongs to a child, and who is lent a file, people say
    "dispatch": CASES
    - CONDITIONS
    - WATCH
    - REVIEWS
    - SAMPLES
    - WAYS_IN
    - DECISIONS
    - STRATEGY
    - set(LENT)
    - ROOMS_OF_TALK
    - REQUESTS
    - RESPONSES
    - {"agencies.Membership", "alerts.FilePerson", "agreements.Correction"},
    "matching": CHILDREN | HUBS_OWN | SENT_IN | MISSING | QUEUES | MEMORY,
    "setup": {"agencies.Membership", "agencies.ReviewItem"} | CONDITIONS | QUEUES | MEMORY,
    "relay": set(MEMORY),
    "door": set(MEMORY),
    "sealing": set(SEALED),
    "watch": QUEUES | MEMORY | REVIEWS,
}
SERVICE_CHANGES = {
    "dispatch": {
        "children.Child", "children.Placement", "children.PossibleDuplicate",
        "alerts.Notification", "alerts.NotificationChild", "alerts.Upload", "alerts.Amendment",
        "alerts.Alert", "notifications.OutboxMessage", "notifications.Email", "alerts.AlertGrant", "alerts.NotificationGrant",
        "alerts.SafeguardingFile", "alerts.FileGrant", "alerts.EntryGrant", "alerts.Ask", "alerts.Transfer",
        "alerts.Response", "alerts.Action",
        "alerts.StrategyDiscussion", "alerts.DiscussionInvitation", "alerts.MissingEpisode",
    },
    "matching": {
        "children.Child", "children.Placement", "children.PossibleDuplicate",
        "alerts.Notification", "alerts.NotificationChild", "alerts.Upload", "alerts.Amendment",
        "notifications.OutboxMessage",
        "alerts.MissingEpisode",
    },
    "setup": {"agencies.Membership", "agencies.TrainingRecord", "agencies.ReviewItem"},
    "relay": {"notifications.OutboxMessage"},
    "door": set(),
    "sealing": set(),
    "keys": set(),
    "watch": set(REVIEWS),
}  # fmt: skip

# MSH-05 to MSH-07, MSH-10: a referral is the hub's and, without what the hub adds to it, its referrer's; a draft its writer's.
HUB_ALONE = {"alerts.ReferralDecision", "alerts.WeeklyReview"}
REFERRALS = {"alerts.Referral", "alerts.ReferralChild"}
REFERRED = REFERRALS | HUB_ALONE | {"alerts.ReferralDraft", "alerts.Pattern"}
REFERRERS = SENDER | HUB | set(BITS) | {"setting_staff", "practitioner", "coordinator", "chair", "idva", "lado"}
REFERRERS.discard("integration")
GUESTS_OWN = {"alerts.Referral", "alerts.ReferralDraft"}
EVERYTHING |= REFERRED
SERVICE_READS["matching"] |= REFERRALS
SERVICE_READS["dispatch"] |= REFERRALS | {"alerts.ReferralDraft"}
SERVICE_ADDS["matching"] |= REFERRALS
SERVICE_CHANGES["matching"] |= REFERRALS
SERVICE_CHANGES["dispatch"] |= REFERRALS | {"alerts.ReferralDraft"}


def guest_of(who: str) -> int | None:
    """A guest is "guest:" and the number of the link; a service has a name."""
    name, _, number = who.partition(":")
    return int(number) if name == "guest" and number else None


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
class Oracle:
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

    def _is_hubs(self, person: User, row: Any) -> bool:
        return bool(self._for_content(person, row.controller_id) & HUB)

    def _addressed(self, person: User, alert: Any) -> bool:
        return any(alert.audience & BITS.get(role, 0) for role in self._for_content(person, alert.setting_id))

    def waits_for(self, person: User, alert: Any) -> bool:
        """NTK-06: unopened, and addressed to a role that they have, whether or not their training is current."""
        roles = self._roles_at(person, alert.setting_id)
        return alert.status == "sent" and any(alert.audience & BITS.get(role, 0) for role in roles)

    def _named(self, person: User, label: str, record: Any) -> bool:
        """NTK-03: a grant names them, runs, was not withdrawn, and they still work where it found them."""
        return person.is_active and any(
            g.content_object_id == record.pk
            and g.user_id == person.pk
            and not g.withdrawn_at
            and g.expires_at > timezone.now()
            and bool(self._for_content(person, g.agency_id))
            for g in self.house.rows[label]
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

    # -- ALR-15, ALR-16: DSL, deputy and head keep the files of their setting, others read by name, one file or one entry

    def _keeps_files_at(self, person: User, agency_id: int) -> bool:
        return bool(self._for_content(person, agency_id) & KEEP_FILES)

    def _reads_of_a_file(self, person: User, label: str, row: Any) -> bool:
        if label in LENT:
            return row.user_id == person.pk or self._keeps_files_at(person, row.agency_id)
        if self._keeps_files_at(person, row.controller_id):
            return True
        if label == "alerts.FileEntry" and self._named(person, "alerts.EntryGrant", row):
            return True
        if label == "alerts.FileLink":
            return False  # a brother's file is none of a colleague's business who was let read one
        whole = row if label == "alerts.SafeguardingFile" else self._row("alerts.SafeguardingFile", row.file_id)
        return self._named(person, "alerts.FileGrant", whole)

    def _shut_from_file(self, person: User, file_id: int) -> bool:
        """NTK-04: shut out of the child, or of an alert about it to this setting, whatever the exclusion names."""
        file = self._row("alerts.SafeguardingFile", file_id)
        joined = {child.pk: child.merged_into_id or child.pk for child in self.house.rows["children.Child"]}
        about = [
            alert
            for alert in self.house.rows["alerts.Alert"]
            if alert.setting_id == file.controller_id and joined[alert.child_id] == joined[file.child_id]
        ]
        return self._shut_from_child(person, file.child_id) or any(
            self._shut_from_alert(person, alert.pk) for alert in about
        )

    def _shut_from_files_of(self, person: User, label: str, row: Any) -> bool:
        match label:
            case "alerts.SafeguardingFile":
                return self._shut_from_file(person, row.pk)
            case "alerts.FileLink":
                return self._shut_from_file(person, row.first_id) or self._shut_from_file(person, row.second_id)
            case "alerts.FileGrant":
                return self._shut_from_file(person, row.content_object_id)
            case "alerts.EntryGrant":
                entry = self._row("alerts.FileEntry", row.content_object_id)
                return self._shut_from_file(person, entry.file_id)
        return self._shut_from_file(person, row.file_id)

    def _adds_to_a_file(self, who: User, label: str, row: Any) -> bool:
        if label in LENT:
            return row.granted_by_id == who.pk and self._may_lend(who, label, row)
        return label in IN_A_FILE and self._keeps_files_at(who, row.controller_id)

    def _may_lend(self, who: User, label: str, row: Any, new: bool = True) -> bool:
        """DSL and head, to somebody who works at the setting and is not shut out themselves; nobody to themselves."""
        bearer = next(person for person in self.house.people.values() if person.pk == row.user_id)
        of = self._row(LENT[label], row.content_object_id)
        mine = of.controller_id == row.agency_id and bool(self._for_content(who, row.agency_id) & {"dsl", "head"})
        if not new:
            return mine
        lent = self._works_at(bearer, row.agency_id) and self._ends_in_time(row, of) and row.break_glass_id is None
        return mine and lent and bearer.pk != who.pk and not self._shut_from_files_of(bearer, label, row)

    def _works_at(self, person: User, agency_id: int) -> bool:
        """NTK-03: a person, no system of the agency's."""
        return bool(self._roles_at(person, agency_id)) and not person.is_integration

    def _ends_in_time(self, grant: Any, of: Any) -> bool:
        """NTK-03: no way in by name lasts longer than the partnership says."""
        return grant.expires_at <= timezone.now() + dt.timedelta(days=of.partnership.grant_days)

    def _is_of(self, agency_id: int, partnership_id: int) -> bool:
        return any(each.agency_id == agency_id for each in self.house.bodies[partnership_id])

    def _changes_a_file(self, who: User, label: str, row: Any) -> bool:
        if label in LENT:
            return self._may_lend(who, label, row, new=False)
        return label != "alerts.FileEntry" and self._keeps_files_at(who, row.controller_id)

    # -- ALR-28, MSH-09: both ends of a transfer, and both hubs of a child who moves

    def _is_at_an_end(self, person: User, label: str, row: Any) -> bool:
        if label == "alerts.Transfer":
            ends = (row.controller_id, row.recipient_id)
            return any(end is not None and self._keeps_files_at(person, end) for end in ends)
        return any(
            hub is not None and bool(self._for_content(person, hub) & HUB) for hub in (row.controller_id, row.to_hub_id)
        )

    def _begins_a_move(self, person: User, label: str, row: Any) -> bool:
        return (
            self._keeps_files_at(person, row.controller_id)
            if label == "alerts.Transfer"
            else self._is_hubs(person, row)
        )

    def _shut_from_move(self, person: User, label: str, row: Any) -> bool:
        """By the child, on either side (NTK-04)."""
        if label == "alerts.Transfer":
            files = (row.file_id, row.received_file_id)
            return any(self._shut_from_file(person, file) for file in files if file is not None)
        return self._shut_from_child(person, row.child_id) or self._shut_from_child(person, row.taken_as_id)

    def _sees_alert(self, person: User, alert: Any) -> bool:
        return (
            self._is_hubs(person, alert)
            or self._addressed(person, alert)
            or self._named(person, "alerts.AlertGrant", alert)
        )

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

    # -- strategy discussions: STR-01, STR-02, STR-07

    def _is_authoritys(self, person: User, row: Any, roles: set[str] = CARE) -> bool:
        return bool(self._for_content(person, row.controller_id) & roles)

    def _invitations(self, person: User, discussion_id: int) -> list[Any]:
        """NTK-03: they name the person, run, were not withdrawn, and the person still works where they found them."""
        return [
            i
            for i in self.house.rows["alerts.DiscussionInvitation"]
            if i.content_object_id == discussion_id
            and i.user_id == person.pk
            and i.withdrawn_at is None
            and i.expires_at > timezone.now()
            and person.is_active
            and self._for_content(person, i.agency_id)
        ]

    def _has_record(self, person: User, row: Any) -> set[int]:
        """For which agencies the record of this discussion was sent to the person."""
        return {i.agency_id for i in self._invitations(person, row.discussion_id) if i.record_sent_at}

    def _sees_strategy(self, person: User, label: str, row: Any) -> bool:
        match label:
            case "alerts.StrategyDiscussion":
                return (
                    self._is_authoritys(person, row)
                    or bool(self._for_content(person, row.asked_at_id) & HUB)
                    or bool(self._invitations(person, row.pk))
                )
            case "alerts.ConcernedChild":
                return self.sees(person, "alerts.StrategyDiscussion", self._discussion(row.discussion_id))
            case "alerts.DiscussionInvitation":
                return row.user_id == person.pk or self.sees(
                    person, "alerts.StrategyDiscussion", self._discussion(row.content_object_id)
                )
            case "alerts.Dissent":
                mine = {i.agency_id for i in self._invitations(person, row.discussion_id)}
                return self._is_authoritys(person, row) or row.agency_id in mine
        return self._is_authoritys(person, row) or bool(self._has_record(person, row))

    def _discussion(self, pk: int) -> Any:
        return self._row("alerts.StrategyDiscussion", pk)

    def _adds_strategy(self, who: User, label: str, row: Any) -> bool:
        match label:
            case "alerts.StrategyDiscussion":
                at_home = row.asked_at_id == row.controller_id and self._is_authoritys(who, row)
                hub = bool(self._for_content(who, row.asked_at_id) & HUB)
                asks = at_home or (hub and self._is_of(row.asked_at_id, row.partnership_id))
                council = any(
                    each.agency_id == row.controller_id and each.agency.kind == "council"
                    for each in self.house.bodies[row.partnership_id]
                )
                return row.requested_by_id == who.pk and asks and council
            case "alerts.ConcernedChild":
                return self._is_authoritys(who, row) or bool(self._for_content(who, row.asked_at_id) & HUB)
            case "alerts.DiscussionInvitation":
                return self._may_invite(who, row)
            case "alerts.Dissent":
                mine = {i.agency_id for i in self._invitations(who, row.discussion_id)}
                return row.raised_by_id == who.pk and row.agency_id in mine
        return self._is_authoritys(who, row, CARE_MANAGER)

    def _may_invite(self, who: User, row: Any) -> bool:
        """The authority invites whom it needs; who sends a deputy, a colleague. Nobody who is shut out (MRC-18)."""
        bearer = next(person for person in self.house.people.values() if person.pk == row.user_id)
        discussion = self._discussion(row.content_object_id)
        sends = [
            i for i in self._invitations(who, discussion.pk) if i.state == "deputy" and i.agency_id == row.agency_id
        ]
        convenes = self._is_authoritys(who, discussion) and self._is_of(row.agency_id, discussion.partnership_id)
        return (
            row.granted_by_id == who.pk != row.user_id
            and row.break_glass_id is None
            and row.expires_at <= timezone.now() + dt.timedelta(days=366)
            and self._works_at(bearer, row.agency_id)
            and not self._shut_from_discussion(bearer, discussion.pk)
            and not self._shut_from_discussion(who, discussion.pk)
            and (convenes or bool(sends))
        )

    def _changes_strategy(self, who: User, label: str, row: Any) -> bool:
        match label:
            case "alerts.StrategyDiscussion":
                return self._is_authoritys(who, row)
            case "alerts.DiscussionInvitation":
                return self._is_authoritys(who, self._discussion(row.content_object_id))
            case "alerts.DiscussionRecord":
                return self._is_authoritys(who, row, CARE_MANAGER)
            case "alerts.DiscussionAction":
                return self._is_authoritys(who, row) or row.agency_id in self._has_record(who, row)
            case "alerts.Dissent":
                mine = {i.agency_id for i in self._invitations(who, row.discussion_id)}
                return self._is_authoritys(who, row, CARE_MANAGER) or (
                    row.raised_by_id == who.pk and row.agency_id in mine
                )
        return False

    def _shut_from_discussion(self, person: User, discussion_id: int) -> bool:
        """By a child whom it is about, or by the notification that it came from."""
        about = [c for c in self.house.rows["alerts.ConcernedChild"] if c.discussion_id == discussion_id]
        return self._shut_from_notification(person, self._discussion(discussion_id).notification_id) or any(
            self._shut_from_child(person, c.child_id) for c in about
        )

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
            case "audit.AuditEntry":
                return row.actor_id != person.pk and (self._record_shut(person, row) or self._subject_shut(person, row))
        return False

    def _record_shut(self, person: User, row: Any) -> bool:
        return self._shut_from_alert(person, row.alert_id) or self._shut_from_notification(person, row.notification_id)

    def _subject_shut(self, person: User, entry: Any) -> bool:
        """Also after they were let in again: that there was an exclusion is none of their business."""
        if entry.object_id is None:
            return False
        if entry.content_type.model == "child":
            return self._shut_from_child(person, entry.object_id)
        if entry.content_type.model == "safeguardingfile":
            return self._shut_from_file(person, entry.object_id)
        if entry.content_type.model == "fileentry":
            return self._shut_from_file(person, self._row("alerts.FileEntry", entry.object_id).file_id)
        for label in MOVES:
            if label.lower() == f"alerts.{entry.content_type.model}":
                return self._shut_from_move(person, label, self._row(label, entry.object_id))
        if entry.content_type.model == "referral":
            return self._shut_from_referral(person, entry.object_id)
        if entry.content_type.model == "strategydiscussion":
            return self._shut_from_discussion(person, entry.object_id)
        if entry.content_type.model == "missingepisode":
            return self._shut_out(person, "alerts.MissingEpisode", self._row("alerts.MissingEpisode", entry.object_id))
        return entry.content_type.model == "exclusion" and any(
            e.pk == entry.object_id and e.user_id == person.pk for e in self.house.rows["alerts.Exclusion"]
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
        if label in SENT_IN:
            return self.sees(who, label, row)
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

    def records_of_child(self, person: User, child: Any) -> set[tuple[str, int]]:
        """AUD-04: of the agencies whose log the person looks after: the child under each number, and what is about it."""
        if not self.leads_at(person, child.controller_id) or self._shut_from_child(person, child.pk):
            return set()
        rows = self.house.rows
        one = child.merged_into_id or child.pk
        same = {each.pk for each in rows["children.Child"] if one in (each.pk, each.merged_into_id)}
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
