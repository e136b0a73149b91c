"""Agreements and who signed them; versions, items and life come with the agreements issue."""

from django.db import models
from django.db.models import F, Q

from agreements.register.enums import SignatureState


class Agreement(models.Model):
    """An information-sharing agreement of a partnership, for some kinds of notification (AGR-03)."""

    partnership = models.ForeignKey("agencies.Partnership", on_delete=models.PROTECT, related_name="agreements")
    title = models.CharField(max_length=160)
    version = models.CharField(max_length=20, default="1")
    kinds = models.JSONField(default=list)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "title", "version"], name="agreement_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"


class Signature(models.Model):
    """What one agency did with an agreement; sharing follows it from the day of signing (AGR-03, AGR-06)."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="signatures")
    state = models.CharField(max_length=10, choices=SignatureState, default=SignatureState.INVITED)
    signed_on = models.DateField(null=True, blank=True)
    leaves_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "agency"], name="signature_once_per_agreement"),
            models.CheckConstraint(
                condition=~Q(state=SignatureState.SIGNED) | Q(signed_on__isnull=False), name="signed_has_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(state=SignatureState.WITHDRAWN) | Q(leaves_on__isnull=False), name="withdrawn_has_a_day"
            ),
            models.CheckConstraint(
                condition=Q(leaves_on=None) | Q(signed_on=None) | Q(leaves_on__gte=F("signed_on")),
                name="leaves_after_signing",
            ),
        ]
