"""What the record of processing and the register of controllers keep beside the agreements (IGV-07, IGV-08)."""

from django.db import models
from django.utils import timezone

from agreements.register.enums import Gateway


class Flow(models.Model):
    """How much really left in one month, by which right and to what kind of body: a count, and no person (IGV-08)."""

    partnership = models.ForeignKey("agencies.Partnership", on_delete=models.PROTECT, related_name="+")
    controller = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, null=True, blank=True, related_name="flows"
    )
    what = models.CharField(max_length=20)
    gateway = models.CharField(max_length=16, choices=Gateway)
    recipient_kind = models.CharField(max_length=24)
    month = models.DateField()
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["controller", "partnership", "month", "what", "gateway", "recipient_kind", "agreement"],
                nulls_distinct=False,
                name="flow_once_a_month",
            )
        ]


class PrivacyNotice(models.Model):
    """A controller's privacy notice as it stood: where it is published, since when, and when it is looked at again (IGV-07)."""

    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="privacy_notices")
    address = models.URLField(max_length=200)
    published_on = models.DateField()
    review_due_on = models.DateField()
    recorded_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+", null=True)
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["agency", "-recorded_at"], name="notice_of_agency")]
