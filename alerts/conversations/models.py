"""What is said about an alert between the setting and the hub, who else was spoken to, and what was disclosed after it."""

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils import timezone

from agreements.decisions.models import SharedItem
from alerts.conversations.enums import (
    EntryKind,
    LiaisonOutcome,
    RecallBecause,
    Service,
    Side,
    TalkState,
    Worry,
)
from alerts.delivery.models import Alert
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.access.records import CaseRecord
from safeguarding.crypto.fields import SealedModel, SealedQuerySet, SealedTextField
from safeguarding.refs import RefModel


class TalkQuerySet(VisibleQuerySet, SealedQuerySet):
    pass


class Conversation(RefModel, CaseRecord):
    """The conversation on one alert, between those it is addressed to at the setting and the hub that sent it (ALR-12, ALR-13).

    `asked_at`: since when the side waits that is waited for.
    """

    REF_PREFIX = "T"
    alert = models.OneToOneField(Alert, on_delete=models.PROTECT, related_name="conversation")
    setting = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=TalkState)
    opened_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    asked_at = models.DateTimeField(null=True, blank=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=TalkState.SETTLED) | Q(asked_at__isnull=False), name="who_is_waited_for_was_asked"
            )
        ]
        indexes = [
            models.Index(fields=["controller", "-changed_at", "-id"], name="talk_at_hub"),
            models.Index(fields=["setting", "-changed_at", "-id"], name="talk_at_setting"),
        ]


class TalkEntry(SealedModel, RefModel, CaseRecord, SharedItem):
    """A message, a piece of what somebody holds, or a note of a phone call (SHR-08, MSH-08); recalled, only its marker is shown.

    What is held is marked as every item is that is shared. `hub` and `told` say who reads it: the hub, and whom that alert
    is addressed to. A note of a call that is one side's own has only one of them.
    """

    REF_PREFIX = "M"
    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="entries")
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="+")
    hub = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    told = models.ForeignKey(Alert, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=8, choices=EntryKind)
    side = models.CharField(max_length=8, choices=Side)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    text = SealedTextField()
    # of a phone call: who phoned whom, and when
    caller = SealedTextField(null=True)
    called = SealedTextField(null=True)
    phoned_at = models.DateTimeField(null=True, blank=True)
    recalled_at = models.DateTimeField(null=True, blank=True)
    recalled_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recalled_because = models.CharField(max_length=12, choices=RecallBecause, blank=True)

    objects = TalkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hub__isnull=False) | Q(told__isnull=False), name="entry_has_a_reader"),
            models.CheckConstraint(
                condition=~Q(kind=EntryKind.ITEM)
                | (~Q(nature="") & ~Q(currency="") & ~Q(originator="") & Q(originated_on__isnull=False)),
                name="what_is_held_is_marked",
            ),
            models.CheckConstraint(
                condition=~Q(kind=EntryKind.PHONE)
                | Q(caller__isnull=False, called__isnull=False, phoned_at__isnull=False),
                name="a_call_says_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(recalled_at=None) | (Q(recalled_by__isnull=False) & ~Q(recalled_because="")),
                name="recalled_by_somebody_with_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["conversation", "written_at", "id"], name="talk_in_order")]


class FourQuestions(SealedModel, CaseRecord):
    """One professional's own answers: worries, what works, what must happen, and a number; asked again, a new row follows (MSH-06)."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="answers")
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=8, choices=Side)
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    professional = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    worries = SealedTextField()
    works_well = SealedTextField()
    must_happen = SealedTextField()
    worry = models.PositiveSmallIntegerField(choices=Worry)

    objects = TalkQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(worry__lte=10), name="worry_from_0_to_10")]
        indexes = [models.Index(fields=["conversation", "given_at", "id"], name="answers_in_order")]


class Liaison(SealedModel, CaseRecord):
    """The child has an allocated worker already, and the setting spoke to that worker: who, when, what came of it (ALR-12)."""

    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="liaisons")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    service = models.CharField(max_length=12, choices=Service)
    worker = SealedTextField()
    team = SealedTextField()
    phone = SealedTextField(null=True)
    spoke_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=LiaisonOutcome)
    note = SealedTextField()
    recorded_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    objects = TalkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["alert", "spoke_at", "id"], name="liaison_of_alert")]


class Disclosure(SealedModel, RefModel, CaseRecord, SharedItem):
    """Content that the hub discloses to one named person at the setting, for a time, after a decision to share it (ALR-13, SHR-02).

    Each person has a copy of their own, so that it ends, or is ended, for each by itself.
    """

    REF_PREFIX = "E"
    alert = models.ForeignKey(Alert, on_delete=models.PROTECT, related_name="disclosures")
    user = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    content = SealedTextField()
    # the reference of the decision that this rests on
    decision = models.CharField(max_length=11)
    disclosed_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    disclosed_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = TalkQuerySet.as_manager()

    @property
    def last_day(self) -> dt.date:
        """It ends with this day, at midnight."""
        return timezone.localdate(self.expires_at - dt.timedelta(seconds=1))

    class Meta:
        indexes = [models.Index(fields=["alert", "user", "expires_at"], name="disclosed_on_alert")]
