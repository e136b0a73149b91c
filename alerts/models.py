from alerts.delivery.models import Alert, AlertGrant
<<<<<<< HEAD
from alerts.files.models import EntryGrant, FileEntry, FileGrant, FileLink, FilePerson, SafeguardingFile
=======
from alerts.documents.models import OwnText, Publication, SettingDetails, SupportService, Wording
>>>>>>> abbf24d (Documents for parents come ready with the setting's details, are confirmed each year, and families' services are listed)
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
<<<<<<< HEAD
    "SafeguardingFile",
=======
    "OwnText",
    "Publication",
>>>>>>> abbf24d (Documents for parents come ready with the setting's details, are confirmed each year, and families' services are listed)
    "Screening",
    "SettingDetails",
    "SupportService",
    "Upload",
    "UploadProblem",
    "Wording",
]
