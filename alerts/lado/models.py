"""An adult named in a record works with children or vulnerable adults: the hub is told, judges, and refers to the LADO (ALR-14)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from alerts.delivery.models import Alert
from alerts.intake.models import Notification
from alerts.lado.enums import ConcernState, Threshold
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.access.records import CaseRecord
from safeguarding.crypto.fields import SealedModel, SealedQuerySet, SealedTextField
from safeguarding.refs import RefModel


class LadoQuerySet(VisibleQuerySet, SealedQuerySet):
    pass


class AdultConcern(SealedModel, RefModel, CaseRecord):
    """What the hub was told of an adult's work, by the setting or by the police's own words; leads nowhere but to the hub (ALR-14).

    `lado_agency` is empty until the hub refers; whom the alert is addressed to see that it was judged, not what was decided.
    """

    REF_PREFIX = "L"
    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="+")
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, null=True, blank=True, related_name="concerns")
    state = models.CharField(max_length=8, choices=ConcernState, default=ConcernState.TOLD)
    adult = SealedTextField()
    work = SealedTextField()
    told_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    judged_at = models.DateTimeField(null=True, blank=True)
    lado_agency = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = LadoQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=ConcernState.JUDGED) | Q(judged_at__isnull=False), name="judged_concern_says_when"
            )
        ]
        indexes = [
            models.Index(fields=["controller", "-told_at", "-id"], name="concern_at_hub"),
            models.Index(
                fields=["controller", "due_at"], name="concern_to_judge", condition=Q(state=ConcernState.TOLD)
            ),
        ]


class LadoReferral(SealedModel, CaseRecord):
    """The hub's decision on the threshold with its reasons, and the LADO's receipt where it referred (ALR-14)."""

    concern = models.OneToOneField(AdultConcern, on_delete=models.PROTECT, related_name="referral")
    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="+")
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    threshold = models.CharField(max_length=8, choices=Threshold)
    reasons = SealedTextField()
    # the reference of the decision to share that the referral rests on
    decision = models.CharField(max_length=11, blank=True)
    decided_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    lado_agency = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    received_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField(null=True, blank=True)
    answer = SealedTextField(null=True)

    objects = LadoQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(threshold=Threshold.BELOW, lado_agency=None)
                | Q(threshold=Threshold.REFER, lado_agency__isnull=False),
                name="referred_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(received_at=None) | Q(received_by__isnull=False, lado_agency__isnull=False),
                name="receipt_by_the_lado",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lado_agency", "-decided_at"], name="referral_to_lado", condition=Q(lado_agency__isnull=False)
            )
        ]
