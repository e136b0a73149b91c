"""A grant by name: guardian's direct-foreign-key permission, with who gave it, why and until when."""

from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone
from guardian.models import UserObjectPermissionBase

from safeguarding.access.posts import agencies_where
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.refs import ref_for

if TYPE_CHECKING:
    from safeguarding.agencies.models import User


class GrantQuerySet(VisibleQuerySet):
    def live(self) -> Any:
        """Given, not yet over, not withdrawn (NTK-03)."""
        return self.filter(withdrawn_at=None, expires_at__gt=timezone.now())

    def live_for(self, user: "User") -> Any:
        """What names this person now, while they work where the grant found them (NTK-03, NTK-07)."""
        return self.live().filter(user_id=user.pk, agency_id__in=agencies_where(user, "member"))


class Grant(UserObjectPermissionBase):
    """A grant names who gave it, why, until when; it can be withdrawn, and ends by itself (NTK-03).

    A model of its own per kind of record adds `content_object`: guardian's generic rows would outlive the record.
    `agency` is where the person works to whom it was given; `break_glass` is set where they let themselves in (NTK-05).
    """

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    granted_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    break_glass = models.ForeignKey(
        "alerts.BreakGlass", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects: Any = GrantQuerySet.as_manager()  # type: ignore[misc,assignment]  # guardian's own manager opens by default

    class Meta:
        abstract = True

    @property
    def code(self) -> str:
        """How an address names it: database ids never leave."""
        return ref_for("G", self.pk)
