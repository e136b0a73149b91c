"""An item that a recipient holds to be wrong, what its originator answered, and whom that was told (SHR-14)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agreements.corrections.enums import OUTCOMES, CorrectionState
from agreements.register.enums import Item
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.access.records import CaseRecord
from safeguarding.crypto.fields import SealedModel, SealedQuerySet, SealedTextField
from safeguarding.refs import RefModel


class CorrectionQuerySet(VisibleQuerySet, SealedQuerySet):
    pass


class Correction(SealedModel, RefModel, CaseRecord):
    """A recipient's question about one item of a record; the record itself is never changed by it (SHR-14).

    `known_as` is the reference by which the originator knows what it sent. `open_to`: whose handlers may read this where it
    is not about an alert; of an alert, whoever may see the alert.
    """

    REF_PREFIX = "K"
    KEY_BUCKET = "case"
    subject_ref = models.CharField(max_length=11)
    known_as = models.CharField(max_length=60, blank=True)
    alert = models.ForeignKey("alerts.Alert", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    open_to = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    item = models.CharField(max_length=24, choices=Item)
    question = SealedTextField()
    asked_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    asked_at_agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    originator = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=CorrectionState, default=CorrectionState.ASKED)
    answer = SealedTextField(null=True)
    answered_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_ref", "item"],
                condition=Q(state=CorrectionState.ASKED),
                name="one_open_question_about_an_item",
            ),
            models.CheckConstraint(
                condition=Q(state=CorrectionState.ASKED, answered_at=None)
                | (~Q(state=CorrectionState.ASKED) & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="answered_correction_says_by_whom",
            ),
        ]
        indexes = [
            models.Index(fields=["originator", "-asked_at"], name="correction_of_originator"),
            models.Index(fields=["alert"], name="correction_of_alert"),
        ]


class CorrectionNotice(SealedModel, CaseRecord):
    """What one recipient of the item is told of the answer, on its own record (SHR-14); `words` are the originator's."""

    KEY_BUCKET = "case"
    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="notices")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    subject_ref = models.CharField(max_length=11)
    alert = models.ForeignKey("alerts.Alert", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    open_to = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    item = models.CharField(max_length=24, choices=Item)
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    words = SealedTextField()
    originator = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField(default=timezone.now)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["correction", "subject_ref"], name="told_once_of_a_correction"),
        ]
        indexes = [models.Index(fields=["alert"], name="correction_notice_of_alert")]
