from typing import TYPE_CHECKING, Self

from django.db.models import Exists, OuterRef, Q

from alerts.intake.enums import ChildState, NotificationStatus
from alerts.intake.models import Notification, NotificationChild, NotificationQuerySet
from safeguarding.access.querysets import agencies_where

if TYPE_CHECKING:
    from safeguarding.agencies.models import User


class QueueQuerySet(NotificationQuerySet):
    """Notifications as the hub's work; what the police may see of their own is not work for them."""

    def handled_by(self, user: "User") -> Self:
        """Notifications of the hubs at which a role of `user` handles them (NTK-02)."""
        return self.visible_to(user).filter(controller_id__in=agencies_where(user, "notification"))

    def waiting(self) -> Self:
        """A child of it waits for a person: is it the one on record, or where does it go to school (ALR-03)."""
        waiting = NotificationChild.objects.filter(notification=OuterRef("pk"), state=ChildState.WAITING)
        return self.filter(Exists(waiting), status__in=(NotificationStatus.RECEIVED, NotificationStatus.SCREENED))

    def to_screen(self) -> Self:
        """Not yet decided, where the partnership screens (MSH-01)."""
        return self.filter(status=NotificationStatus.RECEIVED, partnership__screens=True)

    def open(self) -> Self:
        """Needs a person, to screen it or to settle a child."""
        waiting = NotificationChild.objects.filter(notification=OuterRef("pk"), state=ChildState.WAITING)
        return self.filter(
            Q(status=NotificationStatus.RECEIVED, partnership__screens=True)
            | Q(Exists(waiting), status__in=(NotificationStatus.RECEIVED, NotificationStatus.SCREENED))
        )

    def claimed_by(self, user: "User") -> Self:
        return self.open().filter(claimed_by=user)


def queue() -> QueueQuerySet:
    return QueueQuerySet(Notification)
