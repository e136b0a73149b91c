"""The memory of the installation: entries are added and never changed."""

from auditlog.models import AbstractLogEntry
from django.db import models

from safeguarding.audit.configuration import AuditManager


class AuditEntry(AbstractLogEntry):
    """One thing that happened: who, what, when, for which purpose, from where; never the content (AUD-01, AUD-02).

    Sealing (AUD-03) adds its columns in their own table; this one stays append-only for the app role.
    """

    content_type = models.ForeignKey("contenttypes.ContentType", on_delete=models.PROTECT, null=True, related_name="+")
    actor = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, related_name="+")
    event = models.CharField(max_length=40)
    purpose = models.CharField(max_length=120, blank=True)
    service = models.CharField(max_length=30, blank=True)
    outcome = models.CharField(max_length=10, default="done")
    partnership = models.ForeignKey("agencies.Partnership", on_delete=models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, related_name="+")
    alert = models.ForeignKey("alerts.Alert", on_delete=models.PROTECT, null=True, related_name="+")
    notification = models.ForeignKey("alerts.Notification", on_delete=models.PROTECT, null=True, related_name="+")
    objects_shown = models.JSONField(default=list)

    objects = AuditManager()

    class Meta:
        ordering = ["-timestamp", "-id"]
        indexes = [
            models.Index(fields=["alert", "timestamp"], name="audit_by_alert", condition=models.Q(alert__isnull=False)),
            models.Index(
                fields=["notification", "timestamp"],
                name="audit_by_notification",
                condition=models.Q(notification__isnull=False),
            ),
            models.Index(fields=["agency", "-timestamp"], name="audit_by_agency"),
            models.Index(fields=["event", "-timestamp"], name="audit_by_event"),
        ]
        verbose_name_plural = "audit entries"
