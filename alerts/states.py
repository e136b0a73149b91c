"""Every state of the app and what may follow it, in one table (docs/states.md is made from it)."""

from alerts.conversations.enums import TalkState
from alerts.delivery.enums import AlertStatus
from alerts.intake.enums import ChildState, NotificationStatus, UploadStatus
from alerts.lado.enums import ConcernState

NOTIFICATION = {
    NotificationStatus.RECEIVED: {NotificationStatus.SCREENED, NotificationStatus.CLOSED},
    NotificationStatus.SCREENED: {NotificationStatus.SENT, NotificationStatus.WITHHELD},
    NotificationStatus.SENT: set(),
    NotificationStatus.WITHHELD: {NotificationStatus.SENT},
    NotificationStatus.CLOSED: set(),
}

CHILD = {
    ChildState.WAITING: {ChildState.SETTLED},
    ChildState.SETTLED: set(),
}

UPLOAD = {
    UploadStatus.WAITING: {UploadStatus.RUNNING, UploadStatus.REFUSED},
    UploadStatus.RUNNING: {UploadStatus.DONE, UploadStatus.REFUSED},
    UploadStatus.DONE: set(),
    UploadStatus.REFUSED: set(),
}

ALERT = {
    AlertStatus.QUEUED: {AlertStatus.SENT, AlertStatus.WITHHELD},
    AlertStatus.WITHHELD: {AlertStatus.SENT},
    AlertStatus.SENT: {AlertStatus.OPENED},
    AlertStatus.OPENED: {AlertStatus.ACKNOWLEDGED},
    AlertStatus.ACKNOWLEDGED: {AlertStatus.CLOSED},
    AlertStatus.CLOSED: set(),
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
