"""The words of the oracle: which roles do what, and which tables belong together, once more and from the requirements (oracle.py)."""

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
    | {"alerts.SafeguardingFile", "alerts.FilePerson"}
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
        "alerts.ChildMove",
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
