"""The memory of the installation: entries are added and never changed."""

from auditlog.models import AbstractLogEntry
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.audit.configuration import AuditManager
from safeguarding.audit.enums import WayIn
from safeguarding.audit.statements import Signed

LEAF_BYTES = 8 + 32


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
            # refusals and crashes are few among many: without these the log would be read from end to end for them
            *(
                models.Index(fields=[column, "-timestamp", "-id"], name=name, condition=~models.Q(outcome="done"))
                for column, name in (("agency", "audit_trouble_at"), ("actor_agency", "audit_trouble_by"))
            ),
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
        constraints = [models.CheckConstraint(condition=models.Q(id__gt=0), name="audit_id_was_given_out")]
        verbose_name_plural = "audit entries"


class Seal(models.Model):
    """What the sealer found new in one go, signed and chained to the seal before; added and never changed (AUD-03).

    `leaves`: of each entry its id (8 bytes) and its leaf hash (32). Kept when an entry is purged by rule, so that the
    rest still adds up. `secret` salts the leaves. The id is the seal's number, without a gap.
    """

    id = models.BigIntegerField(primary_key=True)
    statement = models.TextField()
    signature = models.BinaryField()
    secret = models.BinaryField()
    leaves = models.BinaryField()

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    @property
    def signed(self) -> Signed:
        return Signed(self.statement, bytes(self.signature).hex())

    @property
    def listed(self) -> list[tuple[int, bytes]]:
        """Id and leaf hash of every entry under this seal."""
        packed = bytes(self.leaves)
        return [
            (int.from_bytes(packed[at : at + 8], "big"), packed[at + 8 : at + LEAF_BYTES])
            for at in range(0, len(packed), LEAF_BYTES)
        ]
