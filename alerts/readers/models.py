"""Ways in by name, and the way out: grants of a notification, exclusions, and broken glass (NTK-03 to NTK-05)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from alerts.intake.models import Notification
from alerts.readers.enums import EmergencyBecause, Finding, ShutBecause
from safeguarding.access.grants import Grant
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.access.records import CaseRecord
from safeguarding.crypto.fields import SealedModel, SealedQuerySet, SealedTextField
from safeguarding.refs import RefModel


class NotificationGrant(Grant):
    """A person is let read what the police sent, while it is there: who gave it, why, until when (NTK-03)."""

    content_object = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="grants")

    class Meta:
        indexes = [models.Index(fields=["user", "expires_at"], name="notification_grant_by_user")]


class ReadersQuerySet(VisibleQuerySet, SealedQuerySet):
    pass


class Exclusion(SealedModel, RefModel, CaseRecord):
    """A named person is shut out of a child's records, of one alert or of one notification, whatever their role (MRC-18).

    `agency` made it: the hub, or the setting for one of its own staff. It beats every way in (NTK-04).
    """

    REF_PREFIX = "X"
    KEY_BUCKET = "case"
    user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    alert = models.ForeignKey("alerts.Alert", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    because = models.CharField(max_length=8, choices=ShutBecause)
    note = SealedTextField()
    made_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    review_on = models.DateField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lifted_because = SealedTextField(null=True)

    objects = ReadersQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(child__isnull=False, alert=None, notification=None)
                | Q(child=None, alert__isnull=False, notification=None)
                | Q(child=None, alert=None, notification__isnull=False),
                name="exclusion_of_one_thing",
            )
        ]
        indexes = [models.Index(fields=["user"], name="exclusion_in_force", condition=Q(lifted_at=None))]


class BreakGlass(SealedModel, RefModel, CaseRecord):
    """Somebody opened a record in an emergency: why, until when, and what the review found (NTK-05).

    `agency` and `role`: by which the partnership let them. `review_agency`: whose information-governance leads review it.
    """

    REF_PREFIX = "B"
    KEY_BUCKET = "case"
    user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    alert = models.ForeignKey("alerts.Alert", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    because = models.CharField(max_length=8, choices=EmergencyBecause)
    reason = SealedTextField()
    opened_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    review_agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    review_due_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    finding = models.CharField(max_length=10, choices=Finding, blank=True)
    finding_note = SealedTextField(null=True)

    objects = ReadersQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(alert__isnull=False, notification=None) | Q(alert=None, notification__isnull=False),
                name="glass_of_one_record",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None) | (Q(reviewed_by__isnull=False) & ~Q(finding="")),
                name="reviewed_glass_has_finding",
            ),
        ]
        indexes = [
            models.Index(
                fields=["review_agency", "review_due_at"], name="glass_to_review", condition=Q(reviewed_at=None)
            ),
        ]
