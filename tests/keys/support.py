"""What the tests of keys do often: shred, look at rows, go back in time, and try every key on a ciphertext."""

from typing import Any

from django.db import connection, transaction

from alerts.models import Notification
from safeguarding.crypto.drill import opens
from safeguarding.crypto.models import DataKey, KeyEncryptionKey, Shredding, opened
from tests.support.db import as_service, fixtures

NEW_ROOT = bytes(reversed(range(32)))


def purge(notification: Notification) -> None:
    with as_service("dispatch"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT app.purge_notification(%s)", [notification.pk])


def ledger_rows() -> list[Shredding]:
    with as_service("keys"), transaction.atomic():
        return list(Shredding.objects.order_by("id"))


def sql(statement: str, *values: Any) -> None:
    with fixtures(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def content_of(notification: Notification) -> Any:
    with as_service("dispatch"), transaction.atomic():
        return Notification.objects.select_related("crypto_key").get(pk=notification.pk).content


class Backup:
    """The rows that a full back-up of this moment holds: key tables, and one notification."""

    def __init__(self, notification: Notification) -> None:
        with fixtures():
            self.keks = list(KeyEncryptionKey.objects.all())
            self.keys = list(DataKey.objects.exclude(wrapped=None))
            row = Notification.objects.get(pk=notification.pk)
            self.notification, self.key_id = row, row.crypto_key_id
            self.sealed = bytes(row.__dict__["content"].data)
            self.key_row = next(key for key in self.keys if key.pk == self.key_id)

    def restore(self) -> None:
        """As if the database had been restored from it: the key is back, the ledger's line and the tombstone are not."""
        sql("DELETE FROM crypto_shredding")
        sql(
            "UPDATE crypto_datakey SET wrapped = %s, destroyed_at = NULL, kek_id = %s WHERE id = %s",
            bytes(self.key_row.wrapped), self.key_row.kek_id, self.key_id,
        )  # fmt: skip
        sql(
            "UPDATE alerts_notification SET content = %s, purged_at = NULL WHERE id = %s",
            self.sealed,
            self.notification.pk,
        )

    def opens_with_what_is_left(self) -> bool:
        """A thief's way: every root key held now, on every wrapped key of the back-up and of today, on the ciphertext."""
        opened.clear()
        with fixtures():
            keks = [*self.keks, *KeyEncryptionKey.objects.exclude(wrapped=None)]
            keys = [*self.keys, *DataKey.objects.exclude(wrapped=None)]
        return opens(keks, keys, self.sealed, f"alerts_notification|{self.notification.pk}|content|1".encode())
