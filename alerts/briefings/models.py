"""What a setting keeps of how its own staff know and use the scheme; no case content (ALR-26)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from alerts.briefings.enums import RecordKind


class SchemeRecord(models.Model):
    """Staff were trained, or safe use was looked at: when, how many, what came of it. It names no child and nobody trained."""

    partnership = models.ForeignKey("agencies.Partnership", on_delete=models.PROTECT, related_name="+")
    setting = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="scheme_records")
    kind = models.CharField(max_length=8, choices=RecordKind)
    held_on = models.DateField()
    staff = models.PositiveSmallIntegerField(null=True)
    words = models.CharField(max_length=300)
    recorded_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=RecordKind.BRIEFING) | Q(staff__gt=0), name="briefing_says_how_many"
            )
        ]
        indexes = [models.Index(fields=["setting", "kind", "-held_on"], name="scheme_record_newest")]
