"""Strategy discussions under section 47: who was asked, who took part, what was decided, who does what by when (STR)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agreements.decisions.enums import Told
from alerts.strategy.enums import (
    ActionState,
    Capacity,
    DiscussionState,
    DissentKind,
    DissentState,
    InquiryState,
    InvitationState,
    Means,
    Origin,
)
from safeguarding.access.grants import Grant
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.access.records import CaseRecord
from safeguarding.crypto.fields import SealedDateField, SealedJSONField, SealedModel, SealedQuerySet, SealedTextField
from safeguarding.refs import RefModel, ref_for


class StrategyQuerySet(VisibleQuerySet, SealedQuerySet):
    pass


class StrategyDiscussion(SealedModel, RefModel, CaseRecord):
    """One discussion, from the request to the outcome of the enquiry that it started (STR-01 to STR-06).

    `controller` is the local authority; `asked_at` the agency whose person asked, the hub or the authority itself.
    `emergency`: held on what is known, without police or health, with the reason and the day of the follow-up (STR-03).
    """

    REF_PREFIX = "Y"
    KEY_BUCKET = "strategy"
    asked_at = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    requested_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(default=timezone.now)
    origin = models.CharField(max_length=12, choices=Origin)
    origin_ref = models.CharField(max_length=11, blank=True)
    notification = models.ForeignKey(
        "alerts.Notification", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=8, choices=DiscussionState, default=DiscussionState.ASKED)
    reason = SealedTextField()
    referred_on = models.DateField()
    in_hospital = models.BooleanField(default=False)
    # whether the family knows that information is shared, for every decision to share of this discussion (SHR-13)
    told = models.CharField(max_length=12, choices=Told)
    told_words = SealedTextField(null=True)
    told_by = models.DateField(null=True, blank=True)
    # arranged
    chair = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField(null=True, blank=True)
    means = models.CharField(max_length=9, choices=Means, blank=True)
    where = SealedTextField(null=True)
    arranged_times = models.PositiveSmallIntegerField(default=0)
    # held
    held_at = models.DateTimeField(null=True, blank=True)
    out_of_hours = models.BooleanField(default=False)
    emergency = models.BooleanField(default=False)
    emergency_because = SealedTextField(null=True)
    follow_up_on = models.DateField(null=True, blank=True)
    # the record: written by, and out by
    record_due_at = models.DateTimeField(null=True, blank=True)
    record_sent_at = models.DateTimeField(null=True, blank=True)
    not_held_because = SealedTextField(null=True)
    # the enquiry under section 47, and its clocks
    inquiry = models.CharField(max_length=18, choices=InquiryState, blank=True)
    assessment_due_on = models.DateField(null=True, blank=True)
    conference_due_on = models.DateField(null=True, blank=True)
    conference_at = models.DateTimeField(null=True, blank=True)
    outcome_at = models.DateTimeField(null=True, blank=True)
    feedback = SealedTextField(null=True)
    next_chase_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = StrategyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "arranged", "not_held"])
                | Q(held_at__isnull=False, record_due_at__isnull=False, chair__isnull=False),
                name="held_discussion_has_chair_and_clock",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | (Q(record_sent_at__isnull=False) & ~Q(inquiry="")),
                name="sent_record_says_when_and_whether_inquiry",
            ),
            models.CheckConstraint(
                condition=Q(emergency=False) | Q(follow_up_on__isnull=False), name="emergency_has_follow_up"
            ),
        ]
        indexes = [
            models.Index(fields=["controller", "state", "-requested_at", "-id"], name="discussion_of_authority"),
            models.Index(fields=["asked_at", "-requested_at", "-id"], name="discussion_asked"),
            models.Index(
                fields=["next_chase_at"], name="discussion_to_chase", condition=Q(next_chase_at__isnull=False)
            ),
        ]

    @property
    def has_inquiry(self) -> bool:
        return self.inquiry not in ("", InquiryState.NOT_STARTED)


class ConcernedChild(SealedModel, CaseRecord):
    """A child whom the discussion is about, by the hub's record, with the name as it was when it was asked for (STR-01)."""

    KEY_BUCKET = "strategy"
    discussion = models.ForeignKey(StrategyDiscussion, on_delete=models.PROTECT, related_name="children")
    asked_at = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    given_name = SealedTextField()
    family_name = SealedTextField()
    date_of_birth = SealedDateField(null=True)

    objects = StrategyQuerySet.as_manager()

    class Meta:
        ordering = ["discussion_id", "position"]
        constraints = [models.UniqueConstraint(fields=["discussion", "child"], name="concerned_once")]


class DiscussionInvitation(Grant):
    """A named person is invited for their agency, can decide for it, and sees the discussion from then on (STR-01, NTK-03).

    `can_decide`: who invited them has made sure of it; nobody is invited otherwise.
    The record is theirs from `record_sent_at`; `record_opened_at` is its receipt (STR-02).
    """

    content_object = models.ForeignKey(StrategyDiscussion, on_delete=models.PROTECT, related_name="invitations")
    capacity = models.CharField(max_length=9, choices=Capacity)
    can_decide = models.BooleanField()
    deputy_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="deputies")
    state = models.CharField(max_length=8, choices=InvitationState, default=InvitationState.INVITED)
    answered_at = models.DateTimeField(null=True, blank=True)
    attended = models.BooleanField(null=True)
    record_sent_at = models.DateTimeField(null=True, blank=True)
    record_opened_at = models.DateTimeField(null=True, blank=True)
    chased_at = models.DateTimeField(null=True, blank=True)

    class Meta(Grant.Meta):
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["content_object", "user"], condition=Q(withdrawn_at=None), name="invited_once"
            ),
            models.CheckConstraint(condition=Q(can_decide=True), name="invited_can_decide"),
        ]
        indexes = [models.Index(fields=["user", "expires_at"], name="discussion_invited")]


class DiscussionRecord(SealedModel, CaseRecord):
    """What was decided, as the chair recorded it (STR-04); seen by who took part once it is sent (STR-02)."""

    KEY_BUCKET = "strategy"
    discussion = models.OneToOneField(StrategyDiscussion, on_delete=models.PROTECT, related_name="record")
    inquiry_starts = models.BooleanField()
    investigation = models.BooleanField()
    decisions = SealedJSONField()
    minutes = SealedTextField()
    written_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)

    objects = StrategyQuerySet.as_manager()


class DiscussionAction(SealedModel, CaseRecord):
    """Who does what by when (STR-04); answered for by the agency that took it on."""

    KEY_BUCKET = "strategy"
    discussion = models.ForeignKey(StrategyDiscussion, on_delete=models.PROTECT, related_name="actions")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    what = SealedTextField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, choices=ActionState, default=ActionState.OPEN)
    note = SealedTextField(null=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = StrategyQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [models.Index(fields=["agency", "due_on"], name="action_open", condition=Q(state="open"))]

    @property
    def code(self) -> str:
        """How an address names it: database ids never leave."""
        return ref_for("K", self.pk)


class Dissent(SealedModel, RefModel, CaseRecord):
    """Somebody who took part disagrees, or asks for a conference; what an escalation starts from (STR-07)."""

    REF_PREFIX = "Z"
    KEY_BUCKET = "strategy"
    discussion = models.ForeignKey(StrategyDiscussion, on_delete=models.PROTECT, related_name="dissents")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    raised_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=10, choices=DissentKind)
    reason = SealedTextField()
    state = models.CharField(max_length=10, choices=DissentState, default=DissentState.RAISED)
    answer = SealedTextField(null=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = StrategyQuerySet.as_manager()

    class Meta:
        ordering = ["raised_at", "id"]
