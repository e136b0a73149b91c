"""What the state of a notification allows at intake."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied

from alerts.intake.enums import ChildState, NotificationStatus
from alerts.intake.models import NotificationChild
from alerts.screening import policies as screening
from safeguarding.agencies.enums import AgencyKind
from safeguarding.agencies.models import Agency, Partnership
from safeguarding.errors import Conflict

SOURCES = (AgencyKind.POLICE, AgencyKind.MASH)


def check_can_send(source: Agency) -> None:
    """Notifications come from the police, or from the hub that types in what the police phoned through (ALR-01)."""
    if source.kind not in SOURCES:
        raise PermissionDenied("Only the police and the hub can send notifications. Nothing was kept.")


def check_can_decide_match(child: NotificationChild) -> None:
    """A person decides once, and while the police content is there to decide by (ALR-03, ALR-09)."""
    if child.state != ChildState.WAITING:
        raise Conflict("Somebody has already decided who this child is. Nothing was changed. See the notification.")
    if child.notification.status == NotificationStatus.CLOSED or child.notification.purged_at:
        raise Conflict("This notification is closed. Nothing was changed.")


def can_decide_match(child: NotificationChild) -> bool:
    try:
        check_can_decide_match(child)
    except Conflict:
        return False
    return True


def due_at(
    partnership: Partnership, risk: str | None, received_at: dt.datetime, bells: Iterable[dt.datetime]
) -> dt.datetime:
    """By the risk's clock, and before the bell of a named setting's next school day (ALR-23; rules.md, clocks)."""
    return min([screening.due_at(partnership, risk, received_at), *bells])
