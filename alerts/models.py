from alerts.delivery.models import Alert, AlertGrant
from alerts.intake.models import MatchCandidate, Notification, NotificationChild, Upload, UploadProblem
from alerts.screening.models import Screening

__all__ = [
    "Alert",
    "AlertGrant",
    "MatchCandidate",
    "Notification",
    "NotificationChild",
    "Screening",
    "Upload",
    "UploadProblem",
]
