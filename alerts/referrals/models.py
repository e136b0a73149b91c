"""A professional's worry about a child, from a draft to what the hub decided (MSH-05 to MSH-07)."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from alerts.intake.enums import ChildState, DecisionReason, Match
from alerts.referrals.enums import Consent, Outcome, ReferralState
from alerts.screening.enums import Rag
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.access.records import CaseRecord
from safeguarding.agencies.enums import AgencyKind
from safeguarding.crypto.fields import SealedJSONField, SealedModel, SealedQuerySet, SealedTextField
from safeguarding.guests.models import GuestLink
from safeguarding.refs import RefModel


class GuestReferrer(GuestLink):
    """A professional without an account, who asked for a link to refer a child (MSH-05). Says nothing of any child."""

    partnership = models.ForeignKey("agencies.Partnership", on_delete=models.PROTECT, related_name="+")
    organisation = models.CharField(max_length=160)
    kind = models.CharField(max_length=24, choices=AgencyKind)


class ReferralQuerySet(VisibleQuerySet, SealedQuerySet):
    pass


class ReferralDraft(SealedModel, RefModel, CaseRecord):
    """What a referrer has typed so far, one entry a step; theirs alone until it is sent, and gone from here then (MSH-05)."""

    REF_PREFIX = "E"
    KEY_BUCKET = "referral"
    user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    guest = models.ForeignKey(GuestReferrer, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts")
    content = SealedJSONField(null=True)
    started_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    # sent, thrown away by its writer, or cleared because nobody came back to it
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, source__isnull=False, guest=None)
                | Q(user=None, source=None, guest__isnull=False),
                name="draft_of_one_person",
            ),
            models.CheckConstraint(condition=Q(ended_at=None) | Q(content__isnull=True), name="ended_draft_is_empty"),
        ]
        indexes = [
            models.Index(fields=["user", "-saved_at", "id"], name="referral_draft_of", condition=Q(ended_at=None)),
            models.Index(fields=["saved_at"], name="referral_draft_age", condition=Q(ended_at=None)),
        ]


class Referral(SealedModel, RefModel, CaseRecord):
    """A referral to the hub, by a member of a partner or by a guest (MSH-05).

    Nothing in this row is kept from its referrer: reasons that are the hub's own stand in `ReferralDecision`.
    """

    REF_PREFIX = "R"
    KEY_BUCKET = "referral"
    made_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    guest = models.ForeignKey(GuestReferrer, on_delete=models.PROTECT, null=True, blank=True, related_name="referrals")
    source_kind = models.CharField(max_length=24, choices=AgencyKind)
    content = SealedJSONField()
    consent = models.CharField(max_length=10, choices=Consent)
    worry = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=ReferralState, default=ReferralState.RECEIVED)
    received_at = models.DateTimeField(default=timezone.now)
    rag = models.CharField(max_length=5, choices=Rag, blank=True)
    triaged_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    # what the referrer is told, in words meant for them
    feedback = SealedTextField(null=True)
    told_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # by when the referrer knows the decision; and the next thing that the hub owes, nothing once they were told
    tell_by = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    chased_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(made_by__isnull=False, source__isnull=False, guest=None)
                | Q(made_by=None, source=None, guest__isnull=False),
                name="referral_of_one_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ReferralState.TOLD, ReferralState.CLOSED]) | Q(due_at__isnull=False),
                name="open_referral_has_its_clock",
            ),
            models.CheckConstraint(condition=Q(worry__gte=1, worry__lte=10), name="worry_from_one_to_ten"),
            models.CheckConstraint(
                condition=Q(told_at=None) | Q(feedback__isnull=False), name="who_was_told_was_told_something"
            ),
        ]
        indexes = [
            models.Index(fields=["controller", "state", "received_at", "id"], name="referral_queue"),
            models.Index(fields=["controller", "due_at", "id"], name="referral_due", condition=Q(due_at__isnull=False)),
            models.Index(fields=["controller", "received_at"], name="referral_by_week"),
            models.Index(fields=["made_by", "-received_at", "-id"], name="referral_by_referrer"),
        ]


class ReferralChild(CaseRecord):
    """One child of a referral: who the hub takes it to be (ALR-03); its details stand in the referral, by position."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="children")
    position = models.PositiveSmallIntegerField()
    match = models.CharField(max_length=8, choices=Match)
    state = models.CharField(max_length=8, choices=ChildState)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_because = models.CharField(max_length=10, choices=DecisionReason, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        ordering = ["referral_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "position"], name="referral_child_once"),
            models.CheckConstraint(
                condition=Q(state=ChildState.WAITING) | Q(child__isnull=False), name="settled_referral_child_is_known"
            ),
        ]


class ReferralDecision(SealedModel, CaseRecord):
    """One decision with its reasons, who and when; never changed, only followed by another (MSH-07)."""

    KEY_BUCKET = "referral"
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="decisions")
    rag = models.CharField(max_length=5, choices=Rag)
    # empty while it is triage alone
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    reason = SealedTextField()
    decided_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        ordering = ["decided_at", "id"]


class WeeklyReview(SealedModel, CaseRecord):
    """A week's contacts and referrals were looked at together: by whom, when, what was found, and the numbers of then (MSH-07)."""

    KEY_BUCKET = "referral"
    week = models.DateField()
    found = SealedTextField()
    figures = models.JSONField()
    reviewed_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(default=timezone.now)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["controller", "week"], name="week_reviewed_once")]
