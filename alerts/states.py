"""Every state of the app and what may follow it, in one table (docs/states.md is made from it)."""

from alerts.conversations.enums import TalkState
from alerts.delivery.enums import AlertStatus
from alerts.intake.enums import ChildState, NotificationStatus, UploadStatus
from alerts.lado.enums import ConcernState
from alerts.missing.enums import EpisodeState
from alerts.moves.enums import MoveState, TransferState
from alerts.referrals.enums import ReferralState
from alerts.requests.enums import AskState, PackageState, RequestState
from alerts.response.enums import ActionState
from alerts.strategy.enums import ActionState as DiscussionActionState
from alerts.strategy.enums import DiscussionState, DissentState, InquiryState, InvitationState

NOTIFICATION = {
    NotificationStatus.RECEIVED: {NotificationStatus.SCREENED, NotificationStatus.CLOSED},
    NotificationStatus.SCREENED: {NotificationStatus.SENT, NotificationStatus.WITHHELD, NotificationStatus.CLOSED},
    # the police correct or withdraw what they sent, whenever that is
    NotificationStatus.SENT: {NotificationStatus.SCREENED, NotificationStatus.CLOSED},
    NotificationStatus.WITHHELD: {NotificationStatus.SENT, NotificationStatus.SCREENED, NotificationStatus.CLOSED},
    NotificationStatus.CLOSED: {NotificationStatus.RECEIVED},
}

CHILD = {
    ChildState.WAITING: {ChildState.SETTLED, ChildState.NOBODY, ChildState.DROPPED},
    ChildState.SETTLED: {ChildState.NOBODY, ChildState.DROPPED},
    ChildState.NOBODY: {ChildState.SETTLED, ChildState.DROPPED},
    ChildState.DROPPED: set(),
}

UPLOAD = {
    UploadStatus.WAITING: {UploadStatus.RUNNING, UploadStatus.REFUSED},
    UploadStatus.RUNNING: {UploadStatus.DONE, UploadStatus.REFUSED},
    UploadStatus.DONE: set(),
    UploadStatus.REFUSED: set(),
}

ALERT = {
    AlertStatus.QUEUED: {AlertStatus.SENT, AlertStatus.WITHHELD, AlertStatus.CANCELLED},
    AlertStatus.WITHHELD: {AlertStatus.SENT, AlertStatus.CANCELLED},
    AlertStatus.SENT: {AlertStatus.OPENED},
    # corrected or recalled, it is to be read and acknowledged again
    AlertStatus.OPENED: {AlertStatus.ACKNOWLEDGED, AlertStatus.SENT},
    AlertStatus.ACKNOWLEDGED: {AlertStatus.CLOSED, AlertStatus.SENT},
    AlertStatus.CLOSED: {AlertStatus.SENT},
    AlertStatus.CANCELLED: {AlertStatus.QUEUED},
}

# for whose word a conversation about an alert waits
TALK = {
    TalkState.TO_HUB: {TalkState.TO_SETTING, TalkState.SETTLED},
    TalkState.TO_SETTING: {TalkState.TO_HUB, TalkState.SETTLED},
    TalkState.SETTLED: {TalkState.TO_HUB, TalkState.TO_SETTING},
}

# an adult who works with children
CONCERN = {
    ConcernState.TOLD: {ConcernState.JUDGED},
    ConcernState.JUDGED: set(),
}

REFERRAL = {
    ReferralState.RECEIVED: {ReferralState.TRIAGED},
    ReferralState.TRIAGED: {ReferralState.DECIDED},
    ReferralState.DECIDED: {ReferralState.TOLD, ReferralState.DECIDED},
    # what was decided may turn into something else; a closed one is referred again
    ReferralState.TOLD: {ReferralState.DECIDED, ReferralState.CLOSED},
    ReferralState.CLOSED: set(),
}

REQUEST = {
    RequestState.DRAFT: {RequestState.ASKED, RequestState.CLOSED},
    RequestState.ASKED: {RequestState.CLOSED},
    RequestState.CLOSED: set(),
}

ASK = {
    AskState.ASKED: {AskState.ANSWERED, AskState.NOTHING, AskState.DECLINED, AskState.WITHDRAWN},
    AskState.ANSWERED: set(),
    AskState.NOTHING: set(),
    AskState.DECLINED: set(),
    AskState.WITHDRAWN: set(),
}

PACKAGE = {
    PackageState.DRAFT: {PackageState.SETTLED, PackageState.DROPPED},
    PackageState.SETTLED: {PackageState.SENT, PackageState.DROPPED},
    PackageState.SENT: set(),
    PackageState.DROPPED: set(),
}

# what somebody at a setting does for a child
ACTION = {
    ActionState.OPEN: {ActionState.DONE, ActionState.DROPPED},
    ActionState.DONE: set(),
    ActionState.DROPPED: set(),
}

DISCUSSION = {
    DiscussionState.ASKED: {DiscussionState.ARRANGED, DiscussionState.HELD, DiscussionState.NOT_HELD},
    DiscussionState.ARRANGED: {DiscussionState.ARRANGED, DiscussionState.HELD, DiscussionState.NOT_HELD},
    DiscussionState.HELD: {DiscussionState.SENT},
    DiscussionState.SENT: set(),
    DiscussionState.NOT_HELD: set(),
}

INQUIRY = {
    InquiryState.NOT_STARTED: set(),
    InquiryState.RUNNING: {InquiryState.NOT_SUBSTANTIATED, InquiryState.NO_LONGER_LIKELY, InquiryState.LIKELY},
    InquiryState.NOT_SUBSTANTIATED: set(),
    InquiryState.NO_LONGER_LIKELY: set(),
    InquiryState.LIKELY: set(),
}

DISCUSSION_INVITATION = {
    InvitationState.INVITED: {InvitationState.ACCEPTED, InvitationState.DECLINED, InvitationState.DEPUTY},
    InvitationState.ACCEPTED: {InvitationState.DECLINED, InvitationState.DEPUTY},
    InvitationState.DECLINED: {InvitationState.ACCEPTED, InvitationState.DEPUTY},
    InvitationState.DEPUTY: set(),
}

DISCUSSION_ACTION = {
    DiscussionActionState.OPEN: {DiscussionActionState.DONE, DiscussionActionState.NOT_DONE},
    DiscussionActionState.DONE: set(),
    DiscussionActionState.NOT_DONE: {DiscussionActionState.DONE},
}

DISSENT = {
    DissentState.RAISED: {DissentState.ANSWERED, DissentState.TAKEN_BACK},
    DissentState.ANSWERED: set(),
    DissentState.TAKEN_BACK: set(),
}

EPISODE = {
    EpisodeState.MISSING: {EpisodeState.RETURNED, EpisodeState.DROPPED},
    EpisodeState.RETURNED: {EpisodeState.OFFERED, EpisodeState.CLOSED, EpisodeState.DROPPED},
    EpisodeState.OFFERED: {EpisodeState.CLOSED, EpisodeState.DROPPED},
    EpisodeState.CLOSED: {EpisodeState.DROPPED},
    # the police name the child after all; from there it is at once as far as it had come
    EpisodeState.DROPPED: {EpisodeState.MISSING},
}

# a child's safeguarding file on its way to where the child goes
TRANSFER = {
    TransferState.BEGUN: {TransferState.SENT, TransferState.CANCELLED},
    TransferState.SENT: {TransferState.RECEIVED, TransferState.REFUSED, TransferState.CANCELLED},
    TransferState.RECEIVED: set(),
    # not their child: another transfer is begun
    TransferState.REFUSED: set(),
    TransferState.CANCELLED: set(),
}

# between two hubs
CHILD_MOVE = {
    MoveState.TOLD: {MoveState.FLAGGED, MoveState.KEPT},
    MoveState.KEPT: {MoveState.FLAGGED},
    MoveState.FLAGGED: {MoveState.TAKEN_UP, MoveState.NOT_HERE},
    MoveState.TAKEN_UP: set(),
    MoveState.NOT_HERE: {MoveState.FLAGGED, MoveState.KEPT},
}
