"""A child moves: the file's way to where the child goes, and what the next hub has to know (ALR-28, MSH-09)."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from alerts.files.models import SafeguardingFile
from alerts.moves.enums import Destination, EndKind, MoveReason, MoveState, TransferState
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.access.records import CaseRecord
from safeguarding.crypto.fields import SealedDateField, SealedJSONField, SealedModel, SealedQuerySet, SealedTextField
from safeguarding.guests.models import GuestLink
from safeguarding.refs import RefModel


class MovesQuerySet(VisibleQuerySet, SealedQuerySet):
    pass


def _person() -> models.ForeignKey:
    return models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")


class Transfer(SealedModel, RefModel, CaseRecord):
    """One safeguarding file on its way from a setting (`controller`) to where the child goes (ALR-28).

    `recipient` is a body in the Hub, `outside` ({"setting", "name", "email"}) one that is not. The receiver sees who the
    child is, and nothing of the file until they have confirmed that the child is theirs. `manifest` and `digest` are
    frozen when it is sent; `receipt` ({"name", "post"}) is of somebody without an account.
    """

    REF_PREFIX = "V"
    KEY_BUCKET = "file"
    file = models.ForeignKey(SafeguardingFile, on_delete=models.PROTECT, related_name="transfers")
    child_given_name = SealedTextField()
    child_family_name = SealedTextField()
    child_date_of_birth = SealedDateField(null=True)
    destination = models.CharField(max_length=10, choices=Destination)
    recipient = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outside = SealedJSONField(null=True)
    reason = models.CharField(max_length=8, choices=MoveReason)
    left_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=TransferState, default=TransferState.BEGUN)
    begun_at = models.DateTimeField(default=timezone.now)
    begun_by = _person()
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = _person()
    manifest = SealedJSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = _person()
    receipt = SealedJSONField(null=True)
    answer = SealedTextField(null=True)
    received_file = models.ForeignKey(
        SafeguardingFile, on_delete=models.PROTECT, null=True, blank=True, related_name="came_by"
    )
    chased_on = models.DateField(null=True, blank=True)

    objects = MovesQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["file"], condition=Q(state__in=["begun", "sent"]), name="one_open_transfer_a_file"
            ),
            models.CheckConstraint(
                condition=Q(destination="outside", recipient=None, outside__isnull=False)
                | ~Q(destination="outside") & Q(recipient__isnull=False, outside__isnull=True),
                name="transfer_goes_somewhere",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["sent", "received", "refused"]) | ~Q(digest="") & Q(manifest__isnull=False),
                name="sent_transfer_has_manifest",
            ),
        ]
        indexes = [
            models.Index(fields=["controller", "-begun_at", "-id"], name="transfer_from"),
            models.Index(fields=["recipient", "-begun_at", "-id"], name="transfer_to"),
            models.Index(fields=["due_on"], name="transfer_due", condition=Q(state__in=["begun", "sent"])),
        ]


class TransferLink(GuestLink):
    """The way to one transfer for a setting that is not in the Hub; credentials as hashes, and no child is named."""

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="links")
    downloaded_at = models.DateTimeField(null=True, blank=True)


class ChildMove(SealedModel, RefModel, CaseRecord):
    """A child of one hub (`controller`) lives or learns in another's area from now on (MSH-09).

    A person of the first hub decides whether the other is told (`to_hub`, empty until then); the other takes the child up
    as a record of its own (`taken_as`).
    """

    REF_PREFIX = "P"
    KEY_BUCKET = "child"
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+")
    child_given_name = SealedTextField()
    child_family_name = SealedTextField()
    child_date_of_birth = SealedDateField(null=True)
    told_by = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source_ref = models.CharField(max_length=11, blank=True)
    reason = models.CharField(max_length=8, choices=MoveReason)
    left_on = models.DateField()
    to_partnership = models.ForeignKey(
        "agencies.Partnership", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    to_hub = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=MoveState, default=MoveState.TOLD)
    told_at = models.DateTimeField(default=timezone.now)
    note = SealedTextField(null=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = _person()
    taken_as = models.ForeignKey("children.Child", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = SealedTextField(null=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = _person()

    objects = MovesQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["told", "kept"]) | Q(to_hub__isnull=False, decided_by__isnull=False),
                name="flagged_move_says_to_whom",
            )
        ]
        indexes = [
            models.Index(fields=["controller", "-told_at", "-id"], name="move_from"),
            models.Index(fields=["to_hub", "-told_at", "-id"], name="move_to"),
        ]


class SettingEnd(models.Model):
    """A setting closes on a day, or merges into another: said by its administrator or the hub's manager; names no child."""

    agency = models.OneToOneField("agencies.Agency", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=EndKind)
    ends_on = models.DateField()
    successor = models.ForeignKey("agencies.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)
    # files, alerts and places have gone where they belong
    handed_over_at = models.DateTimeField(null=True, blank=True)
    handed_over_by = _person()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="closes", successor=None) | Q(kind="merges", successor__isnull=False),
                name="merging_setting_has_successor",
            ),
            models.CheckConstraint(condition=~Q(successor=F("agency")), name="setting_does_not_follow_itself"),
        ]
