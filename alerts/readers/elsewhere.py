"""What a hub has to know of another area before it lets anybody in (MRC-18)."""

from alerts.files.models import SafeguardingFile
from alerts.intake.models import Notification, NotificationChild
from alerts.moves.models import ChildMove
from alerts.moves.shut_out import came_from
from alerts.readers.selectors import Subject
from safeguarding.children.models import Child


def shut_out_where_it_came_from(subject: Subject) -> list[ChildMove]:
    """For the hub: a child of this record came from an area in which somebody is shut out of them (MRC-18)."""
    record = subject.record
    if not subject.hub or isinstance(record, SafeguardingFile):
        return []
    if isinstance(record, Notification):
        rows = NotificationChild.objects.visible_to(subject.for_user).filter(notification=record).exclude(child=None)
        children = list(rows.values_list("child", flat=True))
    else:
        children = [record.pk if isinstance(record, Child) else record.child_id]
    return came_from(children, for_user=subject.for_user)
