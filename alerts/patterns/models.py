"""Context intelligence: places, people who harm, patterns; never a child (MSH-10)."""

from django.db import models
from django.utils import timezone

from alerts.patterns.enums import Currency, Nature, PatternKind
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.access.records import CaseRecord
from safeguarding.crypto.fields import SealedModel, SealedQuerySet, SealedTextField
from safeguarding.refs import RefModel


class PatternQuerySet(VisibleQuerySet, SealedQuerySet):
    pass


class Pattern(SealedModel, RefModel, CaseRecord):
    """Something that a partner knows about a place or a pattern; with its originator, date and marking (MSH-10, SHR-08).

    `area` is the first half of a postcode: coarse enough to count by, and no address.
    """

    REF_PREFIX = "K"
    KEY_BUCKET = "pattern"
    source = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=PatternKind)
    area = models.CharField(max_length=4, blank=True)
    place = SealedTextField()
    what = SealedTextField()
    seen_on = models.DateField()
    nature = models.CharField(max_length=8, choices=Nature)
    currency = models.CharField(max_length=10, choices=Currency)
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = PatternQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["controller", "-recorded_at", "-id"], name="pattern_by_hub"),
            models.Index(fields=["controller", "seen_on"], name="pattern_by_month"),
            models.Index(fields=["made_by", "-recorded_at", "-id"], name="pattern_by_recorder"),
        ]
