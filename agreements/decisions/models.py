"""Decisions to share or not to share, the consent that some rest on, and what somebody has begun to decide."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agreements.decisions.enums import Basis, ConsentBy, ConsentState, Currency, Ended, Nature, Outcome, Told, WhyNot
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.access.records import CaseRecord
from safeguarding.crypto.fields import SealedDateField, SealedJSONField, SealedModel, SealedQuerySet, SealedTextField
from safeguarding.refs import RefModel


class DecisionQuerySet(VisibleQuerySet, SealedQuerySet):
    def live(self) -> "DecisionQuerySet":
        """Decisions to share that still let something leave (SHR-02, SHR-04)."""
        return self.filter(outcome=Outcome.SHARE, ended_at=None, expires_at__gt=timezone.now())


class AboutCase(models.Model):
    """Of which case it speaks: its reference, and whom an exclusion from the case shuts out of this row too (MRC-18)."""

    about = models.CharField(max_length=11)
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    alert = models.ForeignKey("alerts.Alert", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    notification = models.ForeignKey(
        "alerts.Notification", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True


class Consent(SealedModel, CaseRecord, AboutCase):
    """Consent that was given: explicit, informed, by whom, how far; it can be withdrawn at any time (SHR-04)."""

    KEY_BUCKET = "case"
    by = models.CharField(max_length=12, choices=ConsentBy)
    name = SealedTextField()
    given_on = SealedDateField()
    limits = SealedTextField(null=True)
    recorded_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_words = SealedTextField(null=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["about"], name="consent_in_force", condition=Q(withdrawn_at=None))]


class Decision(SealedModel, RefModel, CaseRecord, AboutCase):
    """One decision about one disclosure: the path, the reason, the extent, to whom, by whom, by which right (SHR-01, SHR-02).

    `controller` decided; `answers` is the whole of answers.Answers; the columns beside it are what a register filters by.
    `items`: codes of register.enums.Item; `path`: [[question, answer], …] in the order of the questions.
    """

    REF_PREFIX = "D"
    KEY_BUCKET = "case"
    recipient = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Outcome)
    path = models.JSONField(default=list)
    items = models.JSONField(default=list)
    basis = models.CharField(max_length=16, choices=Basis, blank=True)
    agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    consent_state = models.CharField(max_length=14, choices=ConsentState)
    consent = models.ForeignKey(Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions")
    why_not = models.CharField(max_length=14, choices=WhyNot, blank=True)
    marking = models.CharField(max_length=40)
    answers = SealedJSONField()
    decided_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    # the decision to ask for advice that this one came of
    follows = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by")
    told = models.CharField(max_length=12, choices=Told, blank=True)
    told_due_on = models.DateField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    told_words = SealedTextField(null=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_because = models.CharField(max_length=18, choices=Ended, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.NOT_SHARE) | ~Q(why_not=""), name="not_sharing_says_why"
            ),
            models.CheckConstraint(condition=~Q(outcome=Outcome.SHARE) | ~Q(told=""), name="sharing_says_who_is_told"),
            models.CheckConstraint(
                condition=~Q(basis=Basis.CONSENT) | Q(consent__isnull=False), name="consent_stands_behind_it"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | (Q(ended_by__isnull=False) & ~Q(ended_because="")),
                name="ended_decision_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["about", "-decided_at", "-id"], name="decision_about"),
            models.Index(fields=["controller", "-decided_at", "-id"], name="decision_by_agency"),
            models.Index(
                fields=["controller", "told_due_on"], name="decision_to_tell", condition=Q(told=Told.TO_BE_TOLD)
            ),
        ]


class Draft(SealedModel, CaseRecord, AboutCase):
    """What somebody has answered so far; it waits for them, whatever comes between (SHR-01).

    `decided` by it in the end; then `answers` is empty. One for each person, agency, case and recipient.
    """

    KEY_BUCKET = "case"
    writer = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    to = models.CharField(max_length=50, blank=True)
    answers = SealedJSONField(null=True)
    begun_at = models.DateTimeField(default=timezone.now)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["writer", "controller", "about", "to"], name="draft_once")]


class SharedItem(models.Model):
    """What every item of information carries that is passed on: what it is, whose, and from when (SHR-08, SHR-09).

    The base of each room's own items; shown by the tag `provenance`, asked for by forms.ProvenanceForm.
    """

    nature = models.CharField(max_length=8, choices=Nature)
    currency = models.CharField(max_length=10, choices=Currency)
    originator = models.CharField(max_length=160)
    originated_on = models.DateField(null=True, blank=True)
    marking = models.CharField(max_length=40)

    class Meta:
        abstract = True
