from alerts.delivery.models import Alert, AlertGrant
from alerts.intake.models import MatchCandidate, Notification, NotificationChild, Upload, UploadProblem
from alerts.readers.models import BreakGlass, Exclusion, NotificationGrant
from alerts.screening.models import Screening

__all__ = [
    "Alert",
    "AlertGrant",
    "BreakGlass",
    "Exclusion",
    "MatchCandidate",
    "Notification",
    "NotificationChild",
    "NotificationGrant",
    "Screening",
    "Upload",
    "UploadProblem",
]
