"""Children known to a hub, how they are found again, and the settings they attend."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.access.records import CaseRecord
from safeguarding.children.enums import PairState, PlacementSource, TokenKind
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
    # which generation of tokens the child has (children.tokens.GENERATION)
    tokens_made = models.PositiveSmallIntegerField(default=0)
    # a person said that this record and that one are one child; both stay, and it can be undone
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="joined"
    )

    objects = ChildQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "children"
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="child_is_not_joined_to_itself"
            )
        ]


class ChildToken(CaseRecord):
    """A keyed token of an identifying value; says nothing by itself (design §4)."""

    # a dozen rows a child: the columns that no query starts from have no index of their own
    partnership = models.ForeignKey("agencies.Partnership", on_delete=models.PROTECT, related_name="+", db_index=False)
    controller = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+", db_index=False)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="tokens")
    kind = models.CharField(max_length=12, choices=TokenKind)
    token = models.BinaryField(max_length=16)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        # both the rule and the way to a child: newest first under each token
        constraints = [
            models.UniqueConstraint(fields=["partnership", "kind", "token", "child"], name="child_token_once")
        ]


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


class PossibleDuplicate(CaseRecord):
    """Two records of a hub that may be one child: why, and what a person said; it is asked once (ALR-03)."""

    first = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    state = models.CharField(max_length=9, choices=PairState, default=PairState.OPEN)
    found_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="pair_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="pair_in_order"),
            models.CheckConstraint(
                condition=Q(state=PairState.OPEN) | Q(decided_at__isnull=False), name="decided_pair_says_when"
            ),
        ]
        indexes = [
            models.Index(fields=["controller", "found_at", "id"], name="pair_open", condition=Q(state=PairState.OPEN))
        ]
