"""What the state of a notification allows at intake."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied

from alerts.intake.content import PoliceNotification
from alerts.intake.enums import ChildState, NotificationStatus
from alerts.intake.models import Notification, NotificationChild
from alerts.screening import policies as screening
from safeguarding.agencies.enums import AgencyKind
from safeguarding.agencies.models import Agency, Partnership
from safeguarding.errors import Conflict, HubError, Refused

# So many children, and so many adults, the form holds; the API takes more.
MOST_OF_A_KIND = 20
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


def check_can_amend(notification: Notification) -> None:
    """What the police took back stays taken back."""
    if notification.withdrawn_at is not None:
        raise Conflict(
            "This notification was withdrawn. Nothing was changed. If it counts after all, send it under a new reference."
        )


def can_amend(notification: Notification) -> bool:
    return notification.withdrawn_at is None


def check_can_correct(notification: Notification, content: PoliceNotification) -> None:
    """A correction speaks of the same incident: its reference and kind stay (ALR-01)."""
    check_can_amend(notification)
    if content.reference != notification.reference or content.kind != notification.kind:
        raise Refused(
            "A correction keeps the police reference and says whether it is about domestic abuse or a missing episode as "
            "before. Nothing was changed. Withdraw this notification and send another if those were wrong."
        )


def check_is_still(notification: Notification, generation: str) -> None:
    """What was typed corrects what stood in the form; another correction in between may have named other people."""
    if generation != str(notification.generation):
        raise Conflict(
            "This notification was corrected in the meantime. Nothing of yours was saved. Open it again, then correct what it "
            "says now."
        )


def check_can_type_again(children: int, adults: int) -> None:
    """Whom the form cannot hold it would leave out, and who is left out counts as not involved (ALR-01, SHR-14)."""
    if max(children, adults) > MOST_OF_A_KIND:
        raise Refused(
            f"This notification names more than {MOST_OF_A_KIND} children or adults, and the form holds no more. "
            "Nothing was changed. Correct it from the police system, which sends all of them."
        )


def check_can_change_settings(child: NotificationChild) -> None:
    """Before anything has left; afterwards the alert itself is sent to another setting (ALR-03)."""
    if child.state not in (ChildState.SETTLED, ChildState.NOBODY):
        raise Refused("Decide first who this child is. Nothing was changed.")
    if child.notification.status != NotificationStatus.RECEIVED:
        raise Conflict(
            "This notification was decided in the meantime. Nothing was changed. Open the alert to send it to another setting."
        )


def can_change_settings(child: NotificationChild) -> bool:
    try:
        check_can_change_settings(child)
    except HubError:
        return False
    return True


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
