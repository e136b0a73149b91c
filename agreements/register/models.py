"""Agreements, a row for each version; their items, their parties and what each party did with them."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from agreements.register.enums import (
    AgreementState,
    Capacity,
    Controllership,
    Gateway,
    Item,
    Part3,
    PartyRole,
    ReturnState,
    SignatureState,
)
from safeguarding.guests.models import GuestLink
from safeguarding.refs import RefModel


class Agreement(RefModel):
    """One version of an information-sharing agreement, with every field of the template (AGR-01, AGR-03).

    Shapes of the JSON columns: `kinds` of notification that it lets leave; `purposes` sentences; `article_6`, `article_9`,
    `schedule_1`, `transfer_methods` codes of enums.py; `legislation` names of Acts with their sections.
    """

    REF_PREFIX = "G"
    partnership = models.ForeignKey("agencies.Partnership", on_delete=models.PROTECT, related_name="agreements")
    # other partnerships in whose register it stands as well
    joined_by = models.ManyToManyField("agencies.Partnership", related_name="joined_agreements", blank=True)
    title = models.CharField(max_length=160)
    version = models.CharField(max_length=20, default="1")
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="superseded_by"
    )
    state = models.CharField(max_length=12, choices=AgreementState, default=AgreementState.OPEN)
    owner = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    kinds = models.JSONField(default=list, blank=True)
    purposes = models.JSONField(default=list, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    identifies_people = models.BooleanField(default=True)
    dpia_reference = models.CharField(max_length=60, blank=True)
    no_dpia_because = models.CharField(max_length=300, blank=True)
    privacy_notice_given = models.BooleanField(default=False)
    people_are_aware = models.BooleanField(default=False)
    privacy_words = models.CharField(max_length=300, blank=True)

    article_6 = models.JSONField(default=list, blank=True)
    article_9 = models.JSONField(default=list, blank=True)
    schedule_1 = models.JSONField(default=list, blank=True)
    part_3 = models.CharField(max_length=10, choices=Part3, blank=True, default="")
    article_10_identified = models.BooleanField(default=False)
    legislation = models.JSONField(default=list, blank=True)

    marking = models.CharField(max_length=40, blank=True)
    transfer_methods = models.JSONField(default=list, blank=True)
    transfer_frequency = models.CharField(max_length=160, blank=True)
    transfer_measures = models.TextField(blank=True)
    transfer_risks = models.TextField(blank=True)
    transfer_assessed_on = models.DateField(null=True, blank=True)
    retention = models.TextField(blank=True)
    disposal = models.TextField(blank=True)
    incidents_to = models.CharField(max_length=160, blank=True)
    access_requests_to = models.CharField(max_length=160, blank=True)

    # what each member at the parties says before first access; empty: the agreement asks nothing of single people (AGR-08)
    undertaking = models.TextField(blank=True)

    notice_months = models.PositiveSmallIntegerField(default=0)
    notice_weeks = models.PositiveSmallIntegerField(default=0)
    first_review_months = models.PositiveSmallIntegerField(default=12)
    review_months = models.PositiveSmallIntegerField(default=12)
    review_due_on = models.DateField(null=True, blank=True)
    reviewed_on = models.DateField(null=True, blank=True)

    # what is signed: written when it is opened for signature, and never again
    text = models.TextField(blank=True)
    digest = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    # the old version holds so long for those who have not signed this one
    old_holds_until = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "title", "version"], name="agreement_version_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="agreement_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(notice_months=0) | Q(notice_weeks=0), name="notice_in_months_or_in_weeks"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"


class AgreementItem(models.Model):
    """A data item that may leave under an agreement, and why it is needed for the purpose (AGR-01)."""

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="items")
    key = models.CharField(max_length=24, choices=Item)
    justification = models.CharField(max_length=300)
    special_category = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "key"], name="item_once_per_agreement")]


class Signature(models.Model):
    """A party to one version, and what it did with it; sharing follows from the day of signing (AGR-02, AGR-03, AGR-06).

    `seal` is an Ed25519 signature by the key `seal_key` over the signed statement, which names the digest of the text.
    """

    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="signatures")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="signatures")
    role = models.CharField(max_length=10, choices=PartyRole, default=PartyRole.RECIPIENT)
    controllership = models.CharField(max_length=16, choices=Controllership, default=Controllership.CONTROLLER)
    responsible = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=10, choices=SignatureState, default=SignatureState.INVITED)

    signed_on = models.DateField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signatory = models.CharField(max_length=120, blank=True)
    post = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    capacity = models.CharField(max_length=20, choices=Capacity, blank=True)
    ico_registration = models.CharField(max_length=20, blank=True)
    as_guest = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, blank=True)
    seal = models.BinaryField(null=True)
    seal_key = models.CharField(max_length=32, blank=True)

    refused_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    notice_given_on = models.DateField(null=True, blank=True)
    leaves_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agreement", "agency"], name="signature_once_per_agreement"),
            models.CheckConstraint(
                condition=~Q(state=SignatureState.SIGNED) | Q(signed_on__isnull=False), name="signed_has_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(state=SignatureState.WITHDRAWN) | Q(leaves_on__isnull=False), name="withdrawn_has_a_day"
            ),
            models.CheckConstraint(
                condition=Q(leaves_on=None) | Q(signed_on=None) | Q(leaves_on__gte=F("signed_on")),
                name="leaves_after_signing",
            ),
        ]


class GuestInvitation(GuestLink):
    """A link for a signatory without an account (AGR-02)."""

    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, related_name="invitations")
    invited_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")


class ReturnTask(models.Model):
    """After a withdrawal: what one party still holds of the other's is returned or destroyed, and confirmed (AGR-05).

    Who signs again and leaves again owes it again: `leaves_on` says after which withdrawal.
    """

    signature = models.ForeignKey(Signature, on_delete=models.PROTECT, related_name="return_tasks")
    holder = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    leaves_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=ReturnState, default=ReturnState.OPEN)
    confirmed_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["signature", "holder", "leaves_on"], name="return_task_once_per_withdrawal"
            ),
            models.CheckConstraint(
                condition=Q(state=ReturnState.OPEN) | Q(confirmed_at__isnull=False), name="confirmed_has_a_time"
            ),
        ]


class SingleCase(models.Model):
    """One record may leave to one agency without its signature: terms accepted for the case, or a reasoned override (AGR-07).

    `ref` is the reference of what leaves; an override is reported to the partnership's board.
    """

    partnership = models.ForeignKey("agencies.Partnership", on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    ref = models.CharField(max_length=11)
    gateway = models.CharField(
        max_length=16, choices=[(each.value, each.label) for each in (Gateway.SINGLE_CASE, Gateway.OVERRIDE)]
    )
    accepted_by = models.CharField(max_length=120, blank=True)
    post = models.CharField(max_length=120, blank=True)
    reason = models.CharField(max_length=300)
    # the data items that the decision to share covers (SHR-02); none: all that the duty would let leave
    items = models.JSONField(default=list, blank=True)
    recorded_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "ref"], name="single_case_once")]
