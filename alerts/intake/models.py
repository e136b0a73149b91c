"""What the police sent: an envelope that is destroyed once the alerts are out, and the tombstone that stays."""

from django.db import models
from django.utils import timezone

from alerts.intake.enums import (
    AmendmentKind,
    Channel,
    ChildState,
    DecisionReason,
    Match,
    NotificationKind,
    NotificationStatus,
    Risk,
    Route,
    UploadStatus,
    WaitingFor,
    WithdrawnBecause,
)
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.access.records import CaseRecord
from safeguarding.crypto.fields import SealedJSONField, SealedModel, SealedQuerySet, SealedTextField
from safeguarding.refs import RefModel


class NotificationQuerySet(VisibleQuerySet, SealedQuerySet):
    pass


class Notification(SealedModel, RefModel, CaseRecord):
    """A police notification; `content` is the police's own and stays their property (ALR-01, ALR-09, ALR-10).

    `source` sent it, `controller` is the hub that screens it. `body_mac` tells a repeated body from a changed one.
    """

    REF_PREFIX = "N"
    KEY_BUCKET = "police"
    source = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=64)
    kind = models.CharField(max_length=20, choices=NotificationKind)
    channel = models.CharField(max_length=4, choices=Channel)
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField(default=timezone.now)
    risk = models.CharField(max_length=8, choices=Risk, blank=True)
    status = models.CharField(max_length=10, choices=NotificationStatus, default=NotificationStatus.RECEIVED)
    content = SealedJSONField(null=True)
    body_mac = models.BinaryField(max_length=32)
    warnings = models.JSONField(default=list)
    due_at = models.DateTimeField()
    claimed_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    screened_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    withheld_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)
    # the deletion of the content was tried so often that a person has to look; cleared when it is tried again
    settle_failed_at = models.DateTimeField(null=True, blank=True)
    # the police took it back; then it stays closed
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    # counts the corrections that were taken in: which children are the ones named now
    generation = models.PositiveSmallIntegerField(default=0)
    # notifications of one incident share it, by a person's word; alerts copy it (ALR-10)
    incident = models.BigIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "reference"], name="notification_reference_once_per_source"),
            models.CheckConstraint(
                condition=models.Q(purged_at=None) | models.Q(content__isnull=True), name="purged_has_no_content"
            ),
        ]
        indexes = [
            models.Index(fields=["controller", "status", "due_at", "id"], name="notification_queue"),
            models.Index(fields=["source", "-received_at", "-id"], name="notification_by_source"),
            models.Index(
                fields=["controller", "id"],
                name="notification_unsettled",
                condition=models.Q(settle_failed_at__isnull=False),
            ),
        ]


class NotificationChild(CaseRecord):
    """One child of a notification: who the hub takes it to be, and where it goes to school (ALR-03).

    `second_setting`: the child is registered at two. `generation`: the correction that named it; 0 is what was first sent.
    """

    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="children")
    position = models.PositiveSmallIntegerField()
    match = models.CharField(max_length=8, choices=Match)
    state = models.CharField(max_length=8, choices=ChildState)
    waiting_for = models.CharField(max_length=8, choices=WaitingFor, blank=True)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    setting = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    second_setting = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    generation = models.PositiveSmallIntegerField(default=0)
    # what the sender was told on receipt: a repeat gets the same answer, whatever a person decided since
    answered_setting = models.ForeignKey(
        "agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    home_educated = models.BooleanField(default=False)
    present = models.BooleanField(null=True)
    route = models.CharField(max_length=10, choices=Route, default=Route.USUAL)
    decided_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_because = models.CharField(max_length=10, choices=DecisionReason, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["notification_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["notification", "generation", "position"], name="notification_child_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=[ChildState.WAITING, ChildState.NOBODY, ChildState.DROPPED])
                | models.Q(child__isnull=False, setting__isnull=False, waiting_for=""),
                name="settled_child_has_child_and_setting",
            ),
            models.CheckConstraint(
                condition=models.Q(second_setting=None) | ~models.Q(second_setting=models.F("setting")),
                name="second_setting_is_another",
            ),
        ]


class MatchCandidate(CaseRecord):
    """A child on record who is alike, with how alike (0 to 100) and why; deleted with the police content."""

    notification_child = models.ForeignKey(NotificationChild, on_delete=models.PROTECT, related_name="candidates")
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "id"]
        constraints = [models.UniqueConstraint(fields=["notification_child", "child"], name="candidate_once")]


class Amendment(CaseRecord):
    """The police corrected a notification or took it back: who, when, which parts; the content is not kept here (ALR-09).

    `looked_at`: somebody at the hub has looked whether the decision still stands.
    """

    notification = models.ForeignKey(Notification, on_delete=models.PROTECT, related_name="amendments")
    source = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=AmendmentKind)
    because = models.CharField(max_length=12, choices=WithdrawnBecause, blank=True)
    parts = models.JSONField(default=list)
    channel = models.CharField(max_length=4, choices=Channel)
    body_mac = models.BinaryField(max_length=32, null=True)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    settings_told = models.PositiveSmallIntegerField(default=0)
    needs_a_look = models.BooleanField(default=False)
    looked_at = models.DateTimeField(null=True, blank=True)
    looked_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind=AmendmentKind.WITHDRAWAL) | ~models.Q(because=""),
                name="withdrawal_says_why",
            )
        ]
        indexes = [
            models.Index(
                fields=["controller", "made_at", "id"],
                name="amendment_to_look_at",
                condition=models.Q(needs_a_look=True, looked_at=None),
            )
        ]


class UploadQuerySet(VisibleQuerySet, SealedQuerySet):
    pass


class Upload(SealedModel, RefModel, CaseRecord):
    """A CSV file of notifications; its bytes are kept sealed until every row was read, then deleted (ALR-01)."""

    REF_PREFIX = "U"
    KEY_BUCKET = "police"
    source = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(default=timezone.now)
    file_name = SealedTextField()
    body = SealedTextField(null=True)
    digest = models.BinaryField(max_length=32)
    status = models.CharField(max_length=8, choices=UploadStatus, default=UploadStatus.WAITING)
    refusal = models.CharField(max_length=300, blank=True)
    rows_total = models.PositiveIntegerField(default=0)
    rows_read = models.PositiveIntegerField(default=0)
    notifications_new = models.PositiveIntegerField(default=0)
    notifications_known = models.PositiveIntegerField(default=0)
    rows_bad = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["source", "-uploaded_at", "-id"], name="upload_by_source")]


class UploadProblem(CaseRecord):
    """A row that did not go in, and why, without a word of its content."""

    upload = models.ForeignKey(Upload, on_delete=models.PROTECT, related_name="problems")
    source = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    row_number = models.PositiveIntegerField()
    column = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300)
    is_warning = models.BooleanField(default=False)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["row_number", "id"]
        constraints = [
            models.UniqueConstraint(fields=["upload", "row_number", "column", "reason"], name="upload_problem_once")
        ]
