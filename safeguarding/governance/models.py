"""What an information-governance lead reviews, and what a manager of the hub samples."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.access.records import CaseRecord
from safeguarding.crypto.fields import SealedJSONField, SealedModel, SealedQuerySet, SealedTextField
from safeguarding.governance.enums import ItemResult, ReviewOutcome, ReviewStatus, SampleKind, SampleStatus, Unusual
from safeguarding.refs import RefModel


class SealedVisibleQuerySet(VisibleQuerySet, SealedQuerySet):
    pass


class UnusualAccess(SealedModel, RefModel, CaseRecord):
    """Something about a person's access that somebody should look at; `controller` is the agency whose lead does (AUD-06).

    `occasion` is what makes it one thing: a rule that fires again for it adds its entries to the same row.
    """

    REF_PREFIX = "W"
    KEY_BUCKET = "governance"
    kind = models.CharField(max_length=20, choices=Unusual)
    person = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    occasion = models.CharField(max_length=20)
    entry_ids = models.JSONField(default=list)
    # [moment, event, reference] of each entry: the lead who reviews may lead another agency than the one whose log has them
    evidence = SealedJSONField(null=True)
    times = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    raised_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    status = models.CharField(max_length=8, choices=ReviewStatus, default=ReviewStatus.OPEN)
    reviewed_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=ReviewOutcome, blank=True)
    finding = SealedTextField(null=True)

    objects = SealedVisibleQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "unusual accesses"
        constraints = [
            models.UniqueConstraint(
                fields=["controller", "person", "kind", "occasion"], name="unusual_once_an_occasion"
            ),
            models.CheckConstraint(
                condition=Q(status=ReviewStatus.OPEN)
                | (~Q(outcome="") & Q(reviewed_by__isnull=False, finding__isnull=False)),
                name="reviewed_says_by_whom_and_what",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("person")), name="nobody_reviews_themself"
            ),
        ]
        indexes = [models.Index(fields=["controller", "status", "due_at", "id"], name="unusual_to_review")]


class WatchMark(models.Model):
    """How far the watch has looked; one row."""

    looked_until = models.DateTimeField()


class Sample(SealedModel, RefModel, CaseRecord):
    """A random sample that a manager of the hub works through; `seed` draws the same one again (AUD-05)."""

    REF_PREFIX = "S"
    KEY_BUCKET = "governance"
    kind = models.CharField(max_length=12, choices=SampleKind)
    since = models.DateField()
    until = models.DateField()
    size = models.PositiveSmallIntegerField()
    population = models.PositiveIntegerField()
    seed = models.CharField(max_length=32)
    drawn_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=timezone.now)
    status = models.CharField(max_length=8, choices=SampleStatus, default=SampleStatus.OPEN)
    summary = SealedTextField(null=True)
    closed_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = SealedVisibleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="sample_ends_after_start"),
            models.CheckConstraint(
                condition=Q(status=SampleStatus.OPEN) | Q(closed_at__isnull=False, summary__isnull=False),
                name="closed_sample_has_summary",
            ),
        ]
        indexes = [models.Index(fields=["controller", "-drawn_at", "-id"], name="sample_by_hub")]


class SampleItem(SealedModel, CaseRecord):
    """One drawn record, by reference, and what was found about it (AUD-05)."""

    KEY_BUCKET = "governance"
    sample = models.ForeignKey(Sample, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    ref = models.CharField(max_length=11)
    happened_at = models.DateTimeField()
    entry_id = models.BigIntegerField(null=True, blank=True)
    result = models.CharField(max_length=12, choices=ItemResult, blank=True)
    note = SealedTextField(null=True)
    action = SealedTextField(null=True)
    recorded_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)

    objects = SealedVisibleQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["sample", "position"], name="sample_item_once")]
