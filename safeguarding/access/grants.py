"""A grant by name: guardian's direct-foreign-key permission, with who gave it, why and until when."""

from django.db import models
from django.utils import timezone
from guardian.models import UserObjectPermissionBase


class Grant(UserObjectPermissionBase):
    """A grant names who gave it, why, until when; it can be withdrawn, and ends by itself (NTK-03).

    A model of its own per kind of record adds `content_object`: guardian's generic rows would outlive the record.
    """

    reason = models.CharField(max_length=200)
    granted_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True
