"""The memory of the installation: entries are added and never changed."""

from auditlog.models import AbstractLogEntry
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from safeguarding.audit.configuration import AuditManager
from safeguarding.audit.enums import WayIn


class AuditEntry(AbstractLogEntry):
    """One thing that happened: who, what, when, for which purpose, from where; never the content (AUD-01, AUD-02).

    Sealing (AUD-03) adds its columns in their own table; this one stays append-only for the app role.
    `agency` controls the record that the entry is about. `actor_agency`, `actor_roles` and `way_in` say as whom the person
    acted at that moment: the database fills them in (access/hats.py), so that no caller can say otherwise.
    """

    # The library indexes what nobody here asks for; every index is paid for by each opening of a record.
    object_pk = models.CharField(max_length=255)
    action = models.PositiveSmallIntegerField(choices=AbstractLogEntry.Action.choices)
    cid = models.CharField(max_length=255, null=True)
    content_type = models.ForeignKey(
        "contenttypes.ContentType", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    actor = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    event = models.CharField(max_length=40)
    purpose = models.CharField(max_length=120, blank=True)
    service = models.CharField(max_length=30, blank=True)
    outcome = models.CharField(max_length=10, default="done")
    partnership = models.ForeignKey(
        "agencies.Partnership", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    alert = models.ForeignKey("alerts.Alert", on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    notification = models.ForeignKey(
        "alerts.Notification", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    actor_agency = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, null=True, related_name="+", db_index=False, editable=False
    )
    actor_roles = models.CharField(max_length=160, blank=True, editable=False)
    way_in = models.CharField(max_length=12, choices=WayIn, blank=True, editable=False)
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
            models.Index(fields=["agency", "-timestamp", "-id"], name="audit_by_agency"),
            models.Index(fields=["actor_agency", "-timestamp", "-id"], name="audit_by_actor_agency"),
            models.Index(fields=["actor", "-timestamp", "-id"], name="audit_by_actor"),
            models.Index(fields=["event", "-timestamp"], name="audit_by_event"),
            models.Index(
                fields=["object_repr", "-timestamp"],
                name="audit_by_reference",
                condition=~models.Q(object_repr=""),
            ),
            models.Index(fields=["cid"], name="audit_by_request", condition=models.Q(cid__isnull=False)),
            # asked by app.entries_showing alone: behind the wall this operator would bar the index
            GinIndex(
                fields=["objects_shown"],
                opclasses=["jsonb_path_ops"],
                name="audit_by_shown",
                condition=~models.Q(objects_shown=[]),
            ),
        ]
        verbose_name_plural = "audit entries"
