"""Children known to a hub, how they are found again, and the settings they attend."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.access.records import CaseRecord
from safeguarding.children.enums import PlacementSource, TokenKind
from safeguarding.crypto.fields import (
    SealedDateField,
    SealedModel,
    SealedQuerySet,
    SealedTextField,
)
from safeguarding.refs import RefModel


class ChildQuerySet(VisibleQuerySet, SealedQuerySet):
    pass


class Child(SealedModel, RefModel, CaseRecord):
    """A child known to a hub (its controller); settings never see this row, only what an alert carries (NTK-02)."""

    REF_PREFIX = "C"
    KEY_BUCKET = "child"
    given_name = SealedTextField()
    family_name = SealedTextField()
    date_of_birth = SealedDateField(null=True)
    upn = SealedTextField(null=True)
    nhs_number = SealedTextField(null=True)
    home_educated = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = ChildQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "children"


class ChildToken(CaseRecord):
    """A keyed token of an identifying value; says nothing by itself (design §4)."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="tokens")
    kind = models.CharField(max_length=12, choices=TokenKind)
    token = models.BinaryField(max_length=16)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["child", "kind", "token"], name="child_token_once")]
        indexes = [models.Index(fields=["partnership", "kind", "token"], name="child_token_lookup")]


class Placement(CaseRecord):
    """A child attends a setting from a day until a day (ALR-03)."""

    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="placements")
    setting = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=12, choices=PlacementSource)
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["child", "setting"], condition=Q(ends_on=None), name="placement_once_while_current"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="placement_ends_after_start"
            ),
        ]
