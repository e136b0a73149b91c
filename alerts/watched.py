"""Which family names stand in which record, for the watch: opened in memory by its service, and kept nowhere (AUD-06)."""

from collections.abc import Mapping, Sequence

from alerts.files.enums import Relation
from alerts.files.models import FilePerson, SafeguardingFile
from alerts.intake.content import PoliceNotification
from alerts.models import Alert, Notification
from safeguarding.governance.rules import family_names


def names_in(refs: Sequence[str]) -> Mapping[str, set[str]]:
    """By reference; a notification whose content is deleted has none any more. In a file, the child and who is no professional."""
    found: dict[str, set[str]] = {}
    for alert in Alert.objects.filter(ref__in=refs).select_related("crypto_key"):
        people = [alert.child_family_name, *alert.adults]
        found[alert.ref] = {name for person in people for name in family_names(person)}
    for notification in Notification.objects.filter(ref__in=refs, content__isnull=False).select_related("crypto_key"):
        content = PoliceNotification.from_json(notification.content or {})
        people = [person.family_name or "" for person in content.people]
        found[notification.ref] = {name for person in people for name in family_names(person)}
    of_files = SafeguardingFile.objects.filter(ref__in=refs).select_related("crypto_key")
    files = {file.pk: file for file in of_files}
    for file in files.values():
        found[file.ref] = family_names(file.child_family_name)
    relatives = FilePerson.objects.filter(file__in=files).exclude(relation=Relation.PROFESSIONAL)
    for person in relatives.select_related("crypto_key"):
        found[files[person.file_id].ref] |= family_names(person.name)
    return found
