"""Missing episodes: from the police's report to the return and the interview after it (ALR-02, rules.md)."""

from django.db import models
from django.db.models import Q

from alerts.missing.enums import EpisodeState, InterviewOutcome, ToldBy
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.access.records import CaseRecord
from safeguarding.crypto.fields import SealedDateField, SealedModel, SealedQuerySet, SealedTextField
from safeguarding.refs import RefModel


class EpisodeQuerySet(VisibleQuerySet, SealedQuerySet):
    pass


class MissingEpisode(SealedModel, RefModel, CaseRecord):
    """One child, one report that it was missing; outlives the police content, and holds no word of it (ALR-02, ALR-09).

    `source` reported it, `controller` is the hub, `council` offers the return interview.
    """

    REF_PREFIX = "M"
    KEY_BUCKET = "case"
    notification = models.ForeignKey("alerts.Notification", on_delete=models.PROTECT, related_name="episodes")
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    council = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    setting = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # whom the authority interviews; what the police wrote stays in their notification, and goes with it
    given_name = SealedTextField()
    family_name = SealedTextField()
    date_of_birth = SealedDateField(null=True)
    state = models.CharField(max_length=8, choices=EpisodeState, default=EpisodeState.MISSING)
    missing_since = models.DateTimeField()
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_told_by = models.CharField(max_length=8, choices=ToldBy, blank=True)
    return_recorded_at = models.DateTimeField(null=True, blank=True)
    return_recorded_by = models.ForeignKey(
        "agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    interview_due_at = models.DateTimeField(null=True, blank=True)
    interview_offered_at = models.DateTimeField(null=True, blank=True)
    interview_at = models.DateTimeField(null=True, blank=True)
    interview_outcome = models.CharField(max_length=10, choices=InterviewOutcome, blank=True)
    interview_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    chased_at = models.DateTimeField(null=True, blank=True)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notification", "child"], name="episode_once"),
            models.CheckConstraint(
                condition=Q(state__in=["missing", "dropped"])
                | Q(returned_at__isnull=False, interview_due_at__isnull=False),
                name="returned_episode_has_interview_clock",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(interview_outcome=""), name="closed_episode_says_outcome"
            ),
        ]
        indexes = [
            models.Index(fields=["controller", "-missing_since", "-id"], name="episode_of_hub"),
            models.Index(fields=["source", "-missing_since", "-id"], name="episode_of_police"),
            models.Index(fields=["council", "-missing_since", "-id"], name="episode_of_council"),
            models.Index(fields=["child", "missing_since"], name="episode_of_child"),
            models.Index(
                fields=["interview_due_at"], name="episode_to_interview", condition=Q(state__in=["returned", "offered"])
            ),
        ]
