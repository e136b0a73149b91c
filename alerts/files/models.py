"""A child's safeguarding file at a setting: controlled by the setting, sealed under one key of its own (ALR-15)."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from alerts.files.enums import ChildsPart, EntryKind, Link, PersonsPart, Relation, StaffRole
from safeguarding.access.grants import Grant
from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.access.records import CaseRecord
from safeguarding.crypto.fields import SealedDateField, SealedJSONField, SealedModel, SealedQuerySet, SealedTextField
from safeguarding.refs import RefModel, ref_for


class FilesQuerySet(VisibleQuerySet, SealedQuerySet):
    pass


class SafeguardingFile(SealedModel, RefModel, CaseRecord):
    """What one setting (its controller) keeps about one child; opened by itself with the first alert (ALR-15).

    Its entries and people are sealed under this record's key: when that goes, the whole file is gone. `changed_at` is
    when something was last recorded.
    """

    REF_PREFIX = "F"
    KEY_BUCKET = "file"
    child = models.ForeignKey("children.Child", on_delete=models.PROTECT, related_name="+")
    child_given_name = SealedTextField()
    child_family_name = SealedTextField()
    child_date_of_birth = SealedDateField(null=True)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_for = models.CharField(max_length=11)
    changed_at = models.DateTimeField(default=timezone.now)
    # where it came from, and where a copy of it went with the child (ALR-28)
    came_from = SealedTextField(null=True)
    moved_to = SealedTextField(null=True)
    moved_on = models.DateField(null=True, blank=True)

    objects = FilesQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["controller", "child"], name="one_file_per_child_and_setting")]
        indexes = [models.Index(fields=["controller", "-changed_at", "-id"], name="file_list")]


class FileEntry(SealedModel, RefModel, CaseRecord):
    """One line of the chronology: added, never changed and never deleted; what was wrong gets an addendum.

    `happened_on` is the day that it speaks of, `recorded_at` when it was written. `shown`: what a colleague was told by it.
    """

    REF_PREFIX = "E"
    KEY_BUCKET = "file"
    file = models.ForeignKey(SafeguardingFile, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(max_length=10, choices=EntryKind)
    happened_on = models.DateField()
    recorded_at = models.DateTimeField(default=timezone.now)
    recorded_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source_ref = models.CharField(max_length=11, blank=True)
    alert = models.ForeignKey("alerts.Alert", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    part = models.CharField(max_length=10, choices=ChildsPart, blank=True)
    text = SealedTextField()
    shown = SealedJSONField(null=True)
    # who wrote it, at which setting, where it came with a transfer: they have no account here (ALR-28)
    came_from = SealedTextField(null=True)
    addendum_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="addenda")

    objects = FilesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "file entries"
        constraints = [
            models.CheckConstraint(
                condition=Q(addendum_to=None) | ~Q(addendum_to=F("id")), name="entry_is_no_addendum_to_itself"
            )
        ]
        indexes = [models.Index(fields=["file", "-happened_on", "-id"], name="file_chronology")]


class FilePerson(SealedModel, CaseRecord):
    """Somebody in this child's life: who they are to this child, and what is known of their part."""

    KEY_BUCKET = "file"
    file = models.ForeignKey(SafeguardingFile, on_delete=models.PROTECT, related_name="people")
    name = SealedTextField()
    relation = models.CharField(max_length=12, choices=Relation)
    part = models.CharField(max_length=10, choices=PersonsPart, default=PersonsPart.UNKNOWN)
    note = SealedTextField(null=True)
    came_from = SealedTextField(null=True)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = FilesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "file people"

    @property
    def code(self) -> str:
        """How an address names it: database ids never leave."""
        return ref_for("H", self.pk)


class FileLink(CaseRecord):
    """Two children whose files one setting keeps belong together; who is shut out of one does not see the link."""

    first = models.ForeignKey(SafeguardingFile, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(SafeguardingFile, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Link)
    linked_at = models.DateTimeField(default=timezone.now)
    linked_by = models.ForeignKey("agencies.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = VisibleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="files_linked_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="linked_files_in_order"),
        ]


class FileGrant(Grant):
    """A colleague is let read one whole safeguarding file: who gave it, why, until when (NTK-03)."""

    content_object = models.ForeignKey(SafeguardingFile, on_delete=models.PROTECT, related_name="grants")

    class Meta(Grant.Meta):
        abstract = False
        indexes = [models.Index(fields=["user", "expires_at"], name="file_grant_by_user")]


class EntryGrant(Grant):
    """A colleague is let read what one entry of a file tells them, and nothing else of it (ALR-16)."""

    content_object = models.ForeignKey(FileEntry, on_delete=models.PROTECT, related_name="grants")
    as_role = models.CharField(max_length=16, choices=StaffRole)

    class Meta(Grant.Meta):
        abstract = False
        indexes = [models.Index(fields=["user", "expires_at"], name="entry_grant_by_user")]
