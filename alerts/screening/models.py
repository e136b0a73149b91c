from django.db import models
from django.utils import timezone

from alerts.intake.models import Notification
from alerts.screening.enums import Decision
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.access.records import CaseRecord
from safeguarding.crypto.fields import SealedModel, SealedQuerySet, SealedTextField


class ScreeningQuerySet(VisibleQuerySet, SealedQuerySet):
    pass


class Screening(SealedModel, CaseRecord):
    """One screening of a notification: level of need, decision, reason, who, when (MSH-01); never changed, only followed by another."""

    KEY_BUCKET = "screening"
    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="screenings")
    level = models.PositiveSmallIntegerField()
    level_name = models.CharField(max_length=80)
    decision = models.CharField(max_length=20, choices=Decision)
    reason = SealedTextField()
    decided_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    objects = ScreeningQuerySet.as_manager()

    class Meta:
        ordering = ["decided_at", "id"]
