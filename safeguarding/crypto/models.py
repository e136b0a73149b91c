"""Keys: root (environment or file) wraps one key-encryption key per partnership and bucket, which wraps data keys."""

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models
from django.utils import timezone

from safeguarding.crypto import keys
from safeguarding.refs import allocate_ids


class KeyEncryptionKey(models.Model):
    """Wraps the data keys of one partnership and retention bucket; itself wrapped by the root key `root_version`."""

    partnership = models.ForeignKey("agencies.Partnership", on_delete=models.PROTECT, related_name="+")
    bucket = models.CharField(max_length=30)
    version = models.PositiveSmallIntegerField(default=1)
    root_version = models.PositiveSmallIntegerField()
    wrapped = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partnership", "bucket", "version"], name="kek_once_per_bucket_version")
        ]


class DataKeyQuerySet(models.QuerySet["DataKey"]):
    def make(self, *, partnership_id: int, bucket: str, count: int = 1) -> list["DataKey"]:
        """`count` new data keys, wrapped by the current key of the partnership's bucket."""
        kek = keys.current_kek(partnership_id, bucket)
        made = []
        for number in allocate_ids(self.model, count):
            key = AESGCM.generate_key(256)
            data_key = DataKey(id=number, kek=kek, wrapped=keys.wrap(kek, key, number))
            data_key.remember(key)
            made.append(data_key)
        self.bulk_create(made)  # type: ignore[arg-type]  # the plugin gives the queryset a model variable of its own
        return made


class DataKey(models.Model):
    """One key per child, alert or case; destroying it destroys every copy of what it sealed (RET-07)."""

    kek = models.ForeignKey(KeyEncryptionKey, on_delete=models.PROTECT, related_name="data_keys")
    wrapped = models.BinaryField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    objects = DataKeyQuerySet.as_manager()

    def remember(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    @property
    def cipher(self) -> AESGCM:
        """The opened key; raises KeyDestroyed when it has been shredded."""
        if not hasattr(self, "_cipher"):
            if self.wrapped is None:
                raise keys.KeyDestroyed("the key of this record has been destroyed")
            self.remember(keys.unwrap(self.kek_id, bytes(self.wrapped), self.pk))
        return self._cipher
