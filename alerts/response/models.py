"""What a setting does about an alert: its answer, the support, the actions, the review (ALR-12 to ALR-19)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from alerts.response.enums import ActionKind, ActionState, Concerns, Outcome, Support
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.access.records import CaseRecord
from safeguarding.crypto.fields import SealedModel, SealedQuerySet, SealedTextField
from safeguarding.refs import RefModel


class ResponseQuerySet(VisibleQuerySet, SealedQuerySet):
    pass


class Response(SealedModel, CaseRecord):
    """The setting's own record of its response to one alert, as it stands now; how it came to that is in the child's file.

    `version` counts what was saved: who writes over an answer that they have not seen is told so first.
    """

    KEY_BUCKET = "file"
    alert = models.OneToOneField("alerts.Alert", on_delete=models.PROTECT, related_name="response")
    version = models.PositiveIntegerField(default=0)
    concerns = models.CharField(max_length=10, choices=Concerns, blank=True)
    known = SealedTextField(null=True)
    worker = SealedTextField(null=True)
    adult_works = models.BooleanField(null=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    support = models.CharField(max_length=6, choices=Support, blank=True)
    support_note = SealedTextField(null=True)
    review_on = models.DateField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    # as the alert's: what is due is found without asking for the alerts
    recalled_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True)
    outcome_note = SealedTextField(null=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at=None) | (Q(closed_by__isnull=False) & ~Q(outcome="")),
                name="closed_response_has_outcome",
            )
        ]
        indexes = [
            models.Index(
                fields=["review_on", "id"],
                name="response_to_review",
                condition=Q(closed_at=None, review_on__isnull=False),
            ),
            models.Index(
                fields=["controller", "review_on", "id"], name="response_reviews_at", condition=Q(closed_at=None)
            ),
        ]


class Action(SealedModel, RefModel, CaseRecord):
    """One thing that somebody at the setting does for the child, by a day (ALR-17)."""

    REF_PREFIX = "K"
    KEY_BUCKET = "file"
    alert = models.ForeignKey("alerts.Alert", on_delete=models.PROTECT, related_name="actions")
    kind = models.CharField(max_length=16, choices=ActionKind)
    note = SealedTextField(null=True)
    owner = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=ActionState, default=ActionState.OPEN)
    set_at = models.DateTimeField(default=timezone.now)
    set_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    result = SealedTextField(null=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reminded_on = models.DateField(null=True, blank=True)
    # as the alert's: its owner need not see the alert
    recalled_at = models.DateTimeField(null=True, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ActionState.OPEN, ended_at=None)
                | ~Q(state=ActionState.OPEN) & Q(ended_at__isnull=False, ended_by__isnull=False),
                name="ended_action_says_who",
            )
        ]
        # by the moment, not the state: a prepared statement does not know which state it will be asked for
        indexes = [
            models.Index(fields=["due_on", "id"], name="action_due", condition=Q(ended_at=None)),
            models.Index(fields=["controller", "due_on", "id"], name="action_due_at", condition=Q(ended_at=None)),
        ]

    @property
    def is_late(self) -> bool:
        return self.state == ActionState.OPEN and self.due_on < timezone.localdate()
