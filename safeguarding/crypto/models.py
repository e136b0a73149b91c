"""Keys: root (environment or file) wraps one key-encryption key per partnership and bucket, which wraps data keys."""

from uuid import uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models
from django.db.models import Q
from django.utils import timezone

from safeguarding.access.querysets import VisibleQuerySet
from safeguarding.crypto import roots
from safeguarding.crypto.remembered import Remembered
from safeguarding.crypto.sealing import fresh_key, open_sealed, seal
from safeguarding.refs import allocate_ids

opened = Remembered()


class KeyDestroyed(Exception):
    """The record was shredded: its content cannot be had back."""


class KeyRetired(Exception):
    """A key-encryption key on which nothing hangs any more; whoever still names it has read an old row."""


class RootKey(models.Model):
    """A root key that was taken into use: what is sealed in `canary` opens under it and under no other."""

    version = models.PositiveSmallIntegerField(unique=True)
    canary = models.BinaryField()
    since = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)


class KeyEncryptionKey(models.Model):
    """Wraps the data keys of one partnership and retention bucket; itself wrapped by the root key `root_version`.

    Without a partnership it seals secrets of the installation itself. A retired one is destroyed: nothing is left of it.
    """

    partnership = models.ForeignKey("agencies.Partnership", on_delete=models.PROTECT, null=True, related_name="+")
    bucket = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField(default=1)
    root_version = models.PositiveSmallIntegerField()
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "bucket", "version"], name="kek_once_per_bucket_version", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(wrapped=None, retired_at__isnull=False) | Q(wrapped__isnull=False, retired_at=None),
                name="kek_retired_is_destroyed",
            ),
        ]

    @property
    def aad(self) -> bytes:
        return f"kek|{self.partnership_id}|{self.bucket}|{self.version}".encode()

    def open(self) -> bytes:
        """The key itself; remembered by what is wrapped, so that no transaction that fails leaves a wrong one behind."""
        if self.wrapped is None:
            raise KeyRetired(self.pk)
        wrapped, version, aad = bytes(self.wrapped), self.root_version, self.aad
        return opened.get((wrapped, version, aad), lambda: roots.unwrap(version, wrapped, aad))

    def rewrapped(self, root_version: int) -> bytes:
        return roots.provider().wrap(root_version, self.open(), self.aad)


def open_kek(kek_id: int) -> bytes:
    return opened.get(kek_id, lambda: KeyEncryptionKey.objects.get(pk=kek_id).open())


class DataKeyQuerySet(models.QuerySet["DataKey"]):
    def make(self, *, partnership_id: int, bucket: str, count: int = 1) -> list["DataKey"]:
        """`count` new data keys, wrapped by the current key of the partnership's bucket."""
        from safeguarding.crypto.keys import current_kek  # it stands on the models

        kek = current_kek(partnership_id, bucket)
        made = []
        for number in allocate_ids(self.model, count):
            key = fresh_key()
            data_key = DataKey(id=number, kek=kek, wrapped=wrap(kek.open(), key, number))
            data_key.remember(key)
            made.append(data_key)
        self.bulk_create(made)  # type: ignore[arg-type]  # the plugin gives the queryset a model variable of its own
        return made


class DataKey(models.Model):
    """One key per child, alert or case; destroying it destroys every copy of what it sealed (RET-07)."""

    kek = models.ForeignKey(KeyEncryptionKey, on_delete=models.PROTECT, related_name="data_keys", db_index=False)
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    objects = DataKeyQuerySet.as_manager()

    class Meta:
        # What a rotation walks along; a destroyed key drops out of it.
        indexes = [models.Index(fields=["kek", "id"], name="data_key_in_use", condition=Q(wrapped__isnull=False))]

    def remember(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @property
    def cipher(self) -> AESGCM:
        """The opened key; raises KeyDestroyed when it has been shredded."""
        if not hasattr(self, "_cipher"):
            try:
                self.remember(self._open())
            except KeyRetired:
                # Read before a rotation ended and opened after it: the row names another key by now.
                self.refresh_from_db(fields=["kek", "wrapped"])
                self.remember(self._open())
        return self._cipher

    def _open(self) -> bytes:
        if self.wrapped is None:
            raise KeyDestroyed("the key of this record has been destroyed")
        return unwrap(open_kek(self.kek_id), bytes(self.wrapped), self.pk)


def wrap(kek: bytes, key: bytes, data_key_id: int) -> bytes:
    return seal(kek, key, f"dek|{data_key_id}".encode())


def unwrap(kek: bytes, wrapped: bytes, data_key_id: int) -> bytes:
    return open_sealed(kek, wrapped, f"dek|{data_key_id}".encode())


class Shredding(models.Model):
    """One line of the ledger: which key was destroyed, of what, under which rule; written with the destruction (RET-07).

    `entry` names the line outside the database too, and (`data_key_number`, `key_made_at`) the key: after a restore numbers
    are given out again. `copied_at` says that the line stands outside.
    """

    entry = models.UUIDField(default=uuid4, unique=True)
    data_key_number = models.BigIntegerField()
    key_made_at = models.DateTimeField()
    partnership = models.ForeignKey(
        "agencies.Partnership", on_delete=models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    bucket = models.CharField(max_length=30)
    what = models.CharField(max_length=40)
    subject = models.CharField(max_length=40, blank=True)
    rule = models.CharField(max_length=120)
    service = models.CharField(max_length=30, blank=True)
    user_number = models.BigIntegerField(null=True)
    at = models.DateTimeField()
    copied_at = models.DateTimeField(null=True)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["id"], name="shredding_to_copy", condition=Q(copied_at=None)),
            models.Index(fields=["partnership", "bucket", "at"], name="shredding_by_bucket"),
        ]


class SigningKey(models.Model):
    """An Ed25519 key of the installation for one purpose; its public half is kept for good, its secret is sealed (AGR-02)."""

    name = models.CharField(max_length=32, unique=True)
    purpose = models.CharField(max_length=30)
    public = models.BinaryField(max_length=32)
    sealed = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)
