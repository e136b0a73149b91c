from alerts.briefings.models import SchemeRecord
from alerts.conversations.models import Conversation, Disclosure, FourQuestions, Liaison, TalkEntry
from alerts.delivery.models import Alert, AlertGrant
from alerts.documents.models import OwnText, Publication, SettingDetails, SupportService, Wording
from alerts.files.models import EntryGrant, FileEntry, FileGrant, FileLink, FilePerson, SafeguardingFile
from alerts.intake.models import Amendment, MatchCandidate, Notification, NotificationChild, Upload, UploadProblem
from alerts.lado.models import AdultConcern, LadoReferral
from alerts.missing.models import MissingEpisode
from alerts.moves.models import ChildMove, SettingEnd, Transfer, TransferLink
from alerts.patterns.models import Pattern
from alerts.readers.models import BreakGlass, Exclusion, NotificationGrant
from alerts.referrals.models import (
    GuestReferrer,
    Referral,
    ReferralChild,
    ReferralDecision,
    ReferralDraft,
    WeeklyReview,
)
from alerts.requests.models import Ask, HeldItem, InformationRequest, Package, PackageItem
from alerts.response.models import Action, Response
from alerts.screening.models import Screening
from alerts.strategy.models import (
    ConcernedChild,
    DiscussionAction,
    DiscussionInvitation,
    DiscussionRecord,
    Dissent,
    StrategyDiscussion,
)

__all__ = [
    "Action",
    "AdultConcern",
    "Alert",
    "AlertGrant",
    "Amendment",
    "Ask",
    "BreakGlass",
    "ChildMove",
    "ConcernedChild",
    "Conversation",
    "Disclosure",
    "DiscussionAction",
    "DiscussionInvitation",
    "DiscussionRecord",
    "Dissent",
    "EntryGrant",
    "Exclusion",
    "FileEntry",
    "FileGrant",
    "FileLink",
    "FilePerson",
    "FourQuestions",
    "GuestReferrer",
    "HeldItem",
    "InformationRequest",
    "LadoReferral",
    "Liaison",
    "MatchCandidate",
    "MissingEpisode",
    "Notification",
    "NotificationChild",
    "NotificationGrant",
    "OwnText",
    "Package",
    "PackageItem",
    "Pattern",
    "Publication",
    "Referral",
    "ReferralChild",
    "ReferralDecision",
    "ReferralDraft",
    "Response",
    "SafeguardingFile",
    "SchemeRecord",
    "Screening",
    "SettingDetails",
    "SettingEnd",
    "StrategyDiscussion",
    "SupportService",
    "TalkEntry",
    "Transfer",
    "TransferLink",
    "Upload",
    "UploadProblem",
    "WeeklyReview",
    "Wording",
]
