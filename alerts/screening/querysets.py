from typing import TYPE_CHECKING, Self

from django.db.models import Exists, F, OuterRef, Q

from alerts.intake.enums import ChildState, NotificationStatus
from alerts.intake.models import Notification, NotificationChild, NotificationQuerySet
from safeguarding.access.posts import agencies_where

if TYPE_CHECKING:
    from safeguarding.agencies.models import User


class QueueQuerySet(NotificationQuerySet):
    """Notifications as the hub's work; what the police may see of their own is not work for them."""

    def handled_by(self, user: "User") -> Self:
        """Notifications of the hubs at which a role of `user` handles them (NTK-02)."""
        return self.visible_to(user).filter(controller_id__in=agencies_where(user, "notification"))

    def waiting(self) -> Self:
        """A child of it waits for a person: is it the one on record, or where does it go to school (ALR-03)."""
        return self.filter(_a_child_waits(), status__in=_UNSETTLED)

    def to_screen(self) -> Self:
        """Not yet decided, where the partnership screens (MSH-01)."""
        return self.filter(status=NotificationStatus.RECEIVED, partnership__screens=True)

    def open(self) -> Self:
        """Needs a person, to screen it or to settle a child."""
        return self.filter(
            Q(status=NotificationStatus.RECEIVED, partnership__screens=True)
            | Q(_a_child_waits(), status__in=_UNSETTLED)
        )

    def with_reasons(self) -> Self:
        """Which of `to_screen` and `waiting` an open notification is in, and whose it is: to count them all at once."""
        return self.annotate(
            screens=F("partnership__screens"), holder=F("claimed_by"), waits=_a_child_waits(), now=F("status")
        )

    def claimed_by(self, user: "User") -> Self:
        return self.open().filter(claimed_by=user)


_UNSETTLED = (NotificationStatus.RECEIVED, NotificationStatus.SCREENED)


def _a_child_waits() -> Exists:
    return Exists(NotificationChild.objects.filter(notification=OuterRef("pk"), state=ChildState.WAITING))


def queue() -> QueueQuerySet:
    return QueueQuerySet(Notification)
