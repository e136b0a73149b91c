from alerts.delivery.models import Alert, AlertGrant
from alerts.documents.models import OwnText, Publication, SettingDetails, SupportService, Wording
from alerts.files.models import EntryGrant, FileEntry, FileGrant, FileLink, FilePerson, SafeguardingFile
from alerts.intake.models import MatchCandidate, Notification, NotificationChild, Upload, UploadProblem
from alerts.readers.models import BreakGlass, Exclusion, NotificationGrant
from alerts.screening.models import Screening

__all__ = [
    "Alert",
    "AlertGrant",
    "BreakGlass",
    "EntryGrant",
    "Exclusion",
    "FileEntry",
    "FileGrant",
    "FileLink",
    "FilePerson",
    "MatchCandidate",
    "Notification",
    "NotificationChild",
    "NotificationGrant",
    "OwnText",
    "Publication",
    "SafeguardingFile",
    "Screening",
    "SettingDetails",
    "SupportService",
    "Upload",
    "UploadProblem",
    "Wording",
]
