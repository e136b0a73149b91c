"""Who may see what: the one file that says it; which roles handle which kind of record stands in handlers.py.

Every table of the installation stands here, or in a room's own file that is taken in here. A walled table lists who may
read, add and change its rows; both walls are made from these lines: `visible_to` (the query, access/querysets.py) and
row-level security (the database, access/walls.py).

A clause is one way in; several clauses are alternatives. Nothing else opens anything: no superuser, no rank (NTK-01).
"""

from safeguarding.access.libraries import LIBRARIES
from safeguarding.access.rules_moves import MOVES
from safeguarding.access.rules_strategy import STRATEGY
from safeguarding.access.talk_rules import TALK_WALLS
from safeguarding.access.vocabulary import (
    AboutMe,
    Addressed,
    AnswersAlert,
    BreaksGlass,
    Colleague,
    Granted,
    Handles,
    LetsIn,
    MayLetIn,
    Mine,
    MineAt,
    OfGuest,
    Open,
    Reviews,
    SeesAlert,
    Service,
    Shut,
    ShutsOut,
    ShutSubject,
    Walled,
    WorksOn,
)

# Named services: dispatch sends and chases, matching finds the child, setup loads and joins, relay carries, door signs in,
# sealing seals the audit and checks it.
DISPATCH, MATCHING, SETUP, RELAY, DOOR, SEALING = "dispatch", "matching", "setup", "relay", "door", "sealing"
# Keeps the keys: rotates, retires, and copies the ledger of what was shredded.
KEYS = "keys"
# Watch looks for unusual access: it reads the log and compares family names in memory, and writes what it raises (AUD-06).
WATCH = "watch"
# A guest: sees by `OfGuest` what is theirs, and is named in no `Service` clause.
GUEST = "guest"
_MASH_CASE = (Handles("notification"), Service((MATCHING, DISPATCH)))
_CHILD = (Handles("child"), Service((MATCHING, DISPATCH)))
_OF_CHILD = (Shut("children", "child_id"),)
_OF_NOTIFICATION = (Shut("notifications", "notification_id"),)
# a safeguarding file and what stands in it
_FILE, _WHOLE_FILE = Handles("file"), Granted("alerts.FileGrant", "file_id")
_OF_FILE = (Shut("files", "file_id"),)

# A decision about a case is shut to whoever is shut out of the case (MRC-18).
_OF_CASE = (Shut("children", "child_id"), Shut("alerts", "alert_id"), Shut("notifications", "notification_id"))

WALLS: dict[str, Walled | Open] = {
    # people and agencies
    "agencies.Partnership": Open("configuration"),
    "agencies.Agency": Open("public register of bodies"),
    "agencies.PartnershipAgency": Open("public register of bodies"),
    "agencies.CalendarPeriod": Open("school terms are public", delete=True),
    "agencies.HolidayCover": Open("who answers for a setting in a holiday, and on which number at work"),
    "agencies.User": Open("identity, needed to sign in"),
    "agencies.ApiToken": Open("credentials, kept as hashes, needed to sign in"),
    "agencies.Invitation": Open("credentials, kept as hashes, needed to sign up"),
    "agencies.Membership": Walled(
        read=(Mine("user_id"), Handles("colleagues", "agency_id"), Service((SETUP, DISPATCH, WATCH))),
        add=(Handles("members", "agency_id"), Service((SETUP,))),
        change=(Handles("members", "agency_id"), Service((SETUP,))),
    ),
    # conditions for content: training and acknowledgement
    "agencies.Course": Open("configuration"),
    "agencies.CourseRequirement": Open("configuration", delete=True),
    "agencies.Terms": Open("configuration"),
    "agencies.TrainingRecord": Walled(
        read=(Mine("user_id"), Colleague("colleagues"), Service((SETUP, DISPATCH))),
        add=(Colleague("members"), Service((SETUP,))),
        change=(Colleague("members"), Service((SETUP,))),
    ),
    "agencies.Acknowledgement": Walled(
        read=(Mine("user_id"), Colleague("colleagues"), Service((SETUP, DISPATCH))),
        add=(Mine("user_id"), Service((SETUP,))),
    ),
    # suspension and review are of who administers the agency, and of its information-governance lead
    "agencies.Suspension": Walled(
        read=(Handles("colleagues", "agency_id"), Service((SETUP, DISPATCH))),
        add=(Handles("colleagues", "agency_id"),),
        change=(Handles("colleagues", "agency_id"),),
    ),
    "agencies.AccessReview": Open("when an agency's review is due; who was confirmed stands in its items"),
    "agencies.ReviewItem": Walled(
        read=(Handles("colleagues", "agency_id"), Service((SETUP, DISPATCH))),
        add=(Service((SETUP,)),),
        change=(Handles("colleagues", "agency_id"), Service((SETUP,))),
    ),
    # keys: wrapped, and worth nothing without the root key and the walled ciphertext
    "crypto.RootKey": Open("which root keys are in use, and a sealed proof of each", change=False),
    "crypto.KeyEncryptionKey": Open("wrapped keys; access/key_walls.py says what may be done to one", change=False),
    "crypto.DataKey": Open("wrapped keys; access/key_walls.py says what may be done to one", change=False),
    "crypto.Shredding": Walled(read=(Service((KEYS,)),)),
    "crypto.SigningKey": Open("public halves for whoever checks a seal; the secret half is sealed", change=False),
    # children known to a hub
    "children.Child": Walled(read=_CHILD, add=_CHILD, change=_CHILD, shut=(Shut("children", "id"),)),
    "children.ChildToken": Walled(read=_CHILD, add=_CHILD, change=(), shut=_OF_CHILD),
    "children.Placement": Walled(read=_CHILD, add=_CHILD, change=_CHILD, shut=_OF_CHILD),
    "children.PossibleDuplicate": Walled(
        read=_CHILD, add=_CHILD, change=_CHILD, shut=(Shut("children", "first_id"), Shut("children", "second_id"))
    ),
    # intake and screening
    "alerts.Notification": Walled(
        read=(
            *_MASH_CASE,
            Handles("own_notification", "source_id"),
            Granted("alerts.NotificationGrant"),
            Service((WATCH,)),
        ),
        add=(*_MASH_CASE, Handles("own_notification", "source_id")),
        change=_MASH_CASE,
        shut=(Shut("notifications", "id"),),
    ),
    "alerts.NotificationChild": Walled(
        read=_MASH_CASE, add=_MASH_CASE, change=_MASH_CASE, shut=(*_OF_NOTIFICATION, *_OF_CHILD)
    ),
    "alerts.MatchCandidate": Walled(
        read=_MASH_CASE,
        add=_MASH_CASE,
        change=(),
        shut=(Shut("notification_children", "notification_child_id"), *_OF_CHILD),
    ),
    "alerts.Upload": Walled(
        read=(*_MASH_CASE, Handles("own_notification", "source_id")),
        add=(*_MASH_CASE, Handles("own_notification", "source_id")),
        change=(*_MASH_CASE, Handles("own_notification", "source_id")),
    ),
    "alerts.UploadProblem": Walled(
        read=(*_MASH_CASE, Handles("own_notification", "source_id")),
        add=(*_MASH_CASE, Handles("own_notification", "source_id")),
    ),
    # what the police said later: their own officers see that it was taken in; the hub says that it has looked
    "alerts.Amendment": Walled(
        read=(*_MASH_CASE, Handles("own_notification", "source_id")),
        add=_MASH_CASE,
        change=_MASH_CASE,
        shut=_OF_NOTIFICATION,
        columns=("parts", "settings_told", "needs_a_look", "looked_at", "looked_by_id"),
    ),
    "alerts.Screening": Walled(read=_MASH_CASE, add=_MASH_CASE, shut=_OF_NOTIFICATION),
    # alerts
    "alerts.Alert": Walled(
        read=(Handles("sent_alert"), Addressed(), Granted(), Service((DISPATCH, WATCH))),
        add=(Handles("sent_alert"), Service((DISPATCH,))),
        change=(Handles("sent_alert"), Addressed(), Service((DISPATCH,))),
        shut=(Shut("alerts", "id"),),
    ),
    # ways in by name, and the way out; what was given or made is history, only its end is written later
    "alerts.AlertGrant": Walled(
        read=(Mine("user_id"), SeesAlert("content_object_id")),
        add=(LetsIn("alert"),),
        change=(MayLetIn("alert"), Service((DISPATCH,))),
        shut=(Shut("alerts", "content_object_id"),),
        columns=("withdrawn_at", "withdrawn_by_id"),
    ),
    "alerts.NotificationGrant": Walled(
        read=(Mine("user_id"), WorksOn("content_object_id"), Service((DISPATCH,))),
        add=(LetsIn("notification"),),
        change=(MayLetIn("notification"), Service((DISPATCH,))),
        shut=(Shut("notifications", "content_object_id"),),
        columns=("withdrawn_at", "withdrawn_by_id"),
    ),
    "alerts.Exclusion": Walled(
        read=(Handles("exclude"), Handles("share", "agency_id"), Service((DISPATCH,))),
        add=(ShutsOut(),),
        change=(Handles("exclude"), Handles("share", "agency_id")),
        shut=(
            AboutMe(),
            *_OF_CHILD,
            Shut("alerts", "alert_id"),
            Shut("notifications", "notification_id"),
        ),
        columns=("lifted_at", "lifted_by_id", "lifted_because"),
    ),
    "alerts.BreakGlass": Walled(
        read=(Mine("user_id"), Handles("audit", "review_agency_id"), Service((DISPATCH,))),
        add=(BreaksGlass(),),
        change=(Reviews("audit", "review_agency_id"),),
        shut=(Shut("alerts", "alert_id"), Shut("notifications", "notification_id")),
        columns=("ended_at", "ended_by_id", "reviewed_at", "reviewed_by_id", "finding", "finding_note"),
    ),
    # a child's safeguarding file: the setting's own, opened by dispatch with the first alert; entries are never changed
    "alerts.SafeguardingFile": Walled(
        read=(_FILE, Granted("alerts.FileGrant"), Service((DISPATCH, WATCH))),
        add=(Service((DISPATCH,)),),
        change=(_FILE, Service((DISPATCH,))),
        shut=(Shut("files", "id"),),
    ),
    "alerts.FileEntry": Walled(
        read=(_FILE, _WHOLE_FILE, Granted("alerts.EntryGrant"), Service((DISPATCH,))),
        add=(_FILE, Service((DISPATCH,))),
        shut=_OF_FILE,
    ),
    "alerts.FilePerson": Walled(
        read=(_FILE, _WHOLE_FILE, Service((DISPATCH, WATCH))),
        add=(_FILE,),
        change=(_FILE,),
        shut=_OF_FILE,
        columns=("ended_at", "ended_by_id"),
    ),
    "alerts.FileLink": Walled(
        read=(_FILE, Service((DISPATCH,))),
        add=(_FILE, Service((DISPATCH,))),
        change=(_FILE,),
        shut=(Shut("files", "first_id"), Shut("files", "second_id")),
        columns=("kind", "linked_at", "linked_by_id"),
    ),
    "alerts.FileGrant": Walled(
        read=(Mine("user_id"), Handles("file", "agency_id"), Service((DISPATCH,))),
        add=(LetsIn("file"),),
        change=(MayLetIn("file"), Service((DISPATCH,))),
        shut=(Shut("files", "content_object_id"),),
        columns=("withdrawn_at", "withdrawn_by_id"),
    ),
    "alerts.EntryGrant": Walled(
        read=(Mine("user_id"), Handles("file", "agency_id"), Service((DISPATCH,))),
        add=(LetsIn("entry"),),
        change=(MayLetIn("entry"), Service((DISPATCH,))),
        shut=(Shut("file_entries", "content_object_id"),),
        columns=("withdrawn_at", "withdrawn_by_id"),
    ),
    **MOVES,
    **TALK_WALLS,
    # what partners are asked and hold: the question is the hub's and the asked agency's, what is held its originator's (MSH-02, MSH-03)
    "alerts.InformationRequest": Walled(
        read=(Handles("notification"), Service((DISPATCH,))),
        add=(Handles("notification"),),
        change=(Handles("notification"),),
        shut=_OF_CHILD,
        columns=("state", "asked_at", "closed_at"),
    ),
    "alerts.Ask": Walled(
        read=(Handles("notification"), Handles("asked", "agency_id"), Service((DISPATCH,))),
        add=(Handles("notification"),),
        change=(Handles("notification"), Handles("asked", "agency_id"), Service((DISPATCH,))),
        shut=_OF_CHILD,
        columns=("state", "answered_at", "answered_by_id", "words", "chased_at"),
    ),
    "alerts.HeldItem": Walled(
        read=(Handles("asked"), Handles("notification", "hub_id")),
        add=(Handles("asked"),),
        change=(Handles("asked"), Handles("notification", "hub_id")),
        shut=_OF_CHILD,
        columns=("hub_id", "onward", "onward_limits", "onward_by_id", "onward_at"),
    ),
    # an intelligence package: the hub's, and once it is sent the team's (MSH-04)
    "alerts.Package": Walled(
        read=(Handles("notification"), Handles("asked", "sent_to_id")),
        add=(Handles("package"),),
        change=(Handles("package"),),
        shut=_OF_CHILD,
    ),
    "alerts.PackageItem": Walled(
        read=(Handles("notification"), Handles("asked", "sent_to_id")),
        add=(Handles("package"),),
        change=(Handles("package"),),
        shut=_OF_CHILD,
    ),
    # what a setting does about an alert: of those whom it is addressed to; an action is its owner's as well
    "alerts.Response": Walled(
        read=(AnswersAlert("alert_id"), Service((DISPATCH,))),
        add=(AnswersAlert("alert_id"),),
        change=(AnswersAlert("alert_id"), Service((DISPATCH,))),
        shut=(Shut("alerts", "alert_id"),),
    ),
    "alerts.Action": Walled(
        read=(AnswersAlert("alert_id"), MineAt("member", "owner_id"), Service((DISPATCH,))),
        add=(AnswersAlert("alert_id"),),
        change=(AnswersAlert("alert_id"), MineAt("member", "owner_id"), Service((DISPATCH,))),
        shut=(Shut("alerts", "alert_id"),),
        columns=("state", "result", "ended_at", "ended_by_id", "reminded_on", "recalled_at"),
    ),
    **STRATEGY,
    # getting out
    "notifications.OutboxMessage": Walled(
        read=(Mine("created_by_id"), Service((RELAY, DISPATCH, MATCHING, SETUP, WATCH))),
        add=(Mine("created_by_id"), Service((DISPATCH, MATCHING, SETUP, WATCH))),
        change=(Service((RELAY, DISPATCH, MATCHING)),),
    ),
    "notifications.Email": Walled(
        read=(Mine("created_by_id"), Service((DISPATCH, MATCHING, SETUP, WATCH))),
        add=(Mine("created_by_id"), Service((DISPATCH, MATCHING, SETUP, WATCH))),
        change=(Service((DISPATCH,)),),
    ),
    "notifications.MailDomain": Open("which mail domains are secure and which are dead"),
    # memory: anybody adds, nobody changes
    "audit.AuditEntry": Walled(
        read=(
            # first, for the sealer reads every row and need not be asked about its alert
            Service((SETUP, DISPATCH, MATCHING, RELAY, DOOR, SEALING, KEYS, WATCH)),
            Mine("actor_id"),
            Handles("audit", "agency_id"),
            Handles("audit", "actor_agency_id"),
            SeesAlert("alert_id"),
            WorksOn("notification_id"),
        ),
        add=(Mine("actor_id"), Service((SETUP, DISPATCH, MATCHING, RELAY, DOOR, KEYS, WATCH))),
        shut=(Shut("alerts", "alert_id"), *_OF_NOTIFICATION, ShutSubject()),
        own="actor_id",
    ),
    "audit.Seal": Walled(read=(Service((SEALING,)),), add=(Service((SEALING,)),)),
    # information governance: what was unusual, and what a manager of the hub samples
    "governance.UnusualAccess": Walled(
        read=(Handles("audit"), Service((WATCH, DISPATCH))),
        add=(Service((WATCH,)),),
        change=(Handles("audit"), Service((WATCH,))),
        shut=(AboutMe("person_id"),),
    ),
    "governance.Sample": Walled(
        read=(Handles("sampling"), Handles("audit")), add=(Handles("sampling"),), change=(Handles("sampling"),)
    ),
    "governance.SampleItem": Walled(
        read=(Handles("sampling"), Handles("audit")), add=(Handles("sampling"),), change=(Handles("sampling"),)
    ),
    "governance.WatchMark": Open("how far the watch has looked"),
    # agreements are open to partners (AGR-09)
    # what settings tell parents about the scheme, and where families find help
    "alerts.Wording": Open("the partnership's words for letters and statements"),
    "alerts.SettingDetails": Open("how a setting names itself in letters to parents"),
    "alerts.OwnText": Open("a setting's words for letters and statements"),
    "alerts.Publication": Open("what a setting has published, and where"),
    "alerts.SupportService": Open("public list of support services"),
    "agreements.Agreement": Open("register of agreements, open to partners"),
    "agreements.Agreement_joined_by": Open("register of agreements, open to partners"),
    "agreements.AgreementItem": Open("register of agreements, open to partners", delete=True),
    "agreements.Signature": Open("register of agreements, open to partners"),
    "agreements.GuestInvitation": Open("credentials, kept as hashes, needed to sign as a guest"),
    "agreements.ReturnTask": Open("who confirmed what after a withdrawal; names no child"),
    "agreements.SingleCase": Open("a reference, a reason in general words, no name of a child; reported to the board"),
    # decisions to share: the agency's own, by who works with content there and who answers for it (SHR-02)
    "agreements.Decision": Walled(
        read=(MineAt("decide", "decided_by_id"), Handles("decision"), Service((DISPATCH,))),
        add=(MineAt("decide", "decided_by_id"),),
        change=(MineAt("decide", "decided_by_id"), Handles("decision")),
        shut=_OF_CASE,
        columns=("ended_at", "ended_by_id", "ended_because", "told", "told_at", "told_words"),
    ),
    "agreements.Consent": Walled(
        read=(MineAt("decide", "recorded_by_id"), Handles("decision")),
        add=(MineAt("decide", "recorded_by_id"),),
        change=(MineAt("decide", "recorded_by_id"), Handles("decision")),
        shut=_OF_CASE,
        columns=("withdrawn_at", "withdrawn_by_id", "withdrawn_words"),
    ),
    "agreements.Draft": Walled(
        read=(MineAt("decide", "writer_id"),),
        add=(MineAt("decide", "writer_id"),),
        change=(MineAt("decide", "writer_id"),),
        shut=_OF_CASE,
    ),
    # corrections: of an alert, for whoever may see the alert; the answer is told to every recipient by dispatch (SHR-14)
    "agreements.Correction": Walled(
        read=(
            SeesAlert("alert_id"),
            Handles("correction", "originator_id"),
            Handles("correction", "open_to_id"),
            Service((DISPATCH,)),
        ),
        add=(AnswersAlert("alert_id"), Handles("correction", "open_to_id")),
        change=(Handles("correction", "originator_id"),),
        shut=(Shut("alerts", "alert_id"),),
        columns=("state", "answer", "answered_by_id", "answered_at"),
    ),
    "agreements.CorrectionNotice": Walled(
        read=(SeesAlert("alert_id"), Handles("correction", "open_to_id"), Service((DISPATCH,))),
        add=(Service((DISPATCH,)),),
        shut=(Shut("alerts", "alert_id"),),
    ),
    "alerts.SchemeRecord": Open("when a setting trained its staff and how many; no person, no child", change=False),
    # the record of processing counts; the register of controllers is public
    "agreements.Flow": Open("counts by month, kind of body and right; no person"),
    "agreements.PrivacyNotice": Open("register of controllers, open to partners", change=False),
    # the machine room
    "runtime.DemoMark": Open("says that this is a demo world; production refuses it"),
    **LIBRARIES,
}

_REFERRAL = (Handles("referral"), Service((MATCHING, DISPATCH)))
_REFERRER = (MineAt("refer", "made_by_id", "source_id"), OfGuest())
_DRAFT = (MineAt("refer", "user_id", "source_id"), OfGuest())
WALLS |= {
    # referrals: a draft is its writer's alone; a referral is the hub's and, without what the hub adds, its referrer's
    "alerts.GuestReferrer": Open("credentials, kept as hashes, needed to refer as a guest; names no child"),
    "alerts.ReferralDraft": Walled(
        read=(*_DRAFT, Service((DISPATCH,))), add=_DRAFT, change=(*_DRAFT, Service((DISPATCH,)))
    ),
    "alerts.Referral": Walled(
        read=(*_REFERRAL, *_REFERRER),
        add=(Service((MATCHING,)),),
        change=_REFERRAL,
        shut=(Shut("referrals", "id"),),
    ),
    "alerts.ReferralChild": Walled(
        read=_REFERRAL, add=(Service((MATCHING,)),), change=_REFERRAL,
        shut=(Shut("referrals", "referral_id"), *_OF_CHILD),
    ),
    "alerts.ReferralDecision": Walled(
        read=(Handles("referral"),), add=(Handles("referral"),), shut=(Shut("referrals", "referral_id"),)
    ),
    "alerts.WeeklyReview": Walled(read=(Handles("referral"),), add=(Handles("weekly_review"),)),
    # context intelligence: the hub's, and its recorder's
    "alerts.Pattern": Walled(
        read=(Handles("pattern"), MineAt("refer", "made_by_id", "source_id")),
        add=(MineAt("refer", "made_by_id", "source_id"),),
    ),
}  # fmt: skip
