"""Encrypted columns: AES-256-GCM under the record's own data key, bound to table, row and column."""

import datetime as dt
import json
import os
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.exceptions import FieldError
from django.db import models

from safeguarding.crypto.models import DataKey, DataKeyQuerySet
from safeguarding.refs import allocate_ids

# The first byte of every ciphertext: which version of format and data key it was sealed under; bound in with the rest.
VERSION = 1
_NONCE = 12


class Ciphertext(bytes):
    """What `seal` made; nothing else may be written into a sealed column."""


class Sealed:
    """A ciphertext as it came from the database, opened at the first look.

    `text` is what was sealed: a list or mapping that was changed in place since is sealed anew when the record is saved.
    """

    __slots__ = ("data", "plain", "text")
    data: Ciphertext
    plain: Any
    text: str

    def __init__(self, data: bytes):
        self.data = Ciphertext(data)


class _SealedAttribute:
    def __init__(self, field: "SealedField"):
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type | None = None) -> Any:
        if instance is None:
            return self
        if self.field.attname not in instance.__dict__:
            instance.refresh_from_db(fields=[self.field.attname])
        value = instance.__dict__[self.field.attname]
        return self.field.unseal(instance, value) if isinstance(value, Sealed) else value

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class SealedField(models.Field):
    """Base of the encrypted fields: cannot be searched or updated in bulk, so that no clear value reaches the database."""

    def get_internal_type(self) -> str:
        return "BinaryField"

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _SealedAttribute(self))

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted and cannot be searched")
        return super().get_lookup(lookup_name)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, Ciphertext):
            raise FieldError(f"{self.name} is encrypted: save the record, do not update it in bulk")
        return None if value is None else connection.Database.Binary(value)

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes | None:
        value = model_instance.__dict__.get(self.attname)
        if value is None:
            return None
        if not isinstance(value, Sealed) or self._changed_in_place(value):
            plain = value.plain if isinstance(value, Sealed) else value
            value = self.seal(model_instance, plain)
            model_instance.__dict__[self.attname] = value
        return value.data

    def _changed_in_place(self, sealed: Sealed) -> bool:
        return hasattr(sealed, "plain") and self.to_text(sealed.plain) != sealed.text

    def _aad(self, instance: models.Model, version: int) -> bytes:
        return f"{instance._meta.db_table}|{instance.pk}|{self.column}|{version}".encode()

    def seal(self, instance: models.Model, plain: Any) -> Sealed:
        nonce = os.urandom(_NONCE)
        text = self.to_text(plain)
        cipher = instance.crypto_key.cipher  # type: ignore[attr-defined]  # every SealedModel has one
        body = cipher.encrypt(nonce, text.encode(), self._aad(instance, VERSION))
        sealed = Sealed(bytes([VERSION]) + nonce + body)
        sealed.plain, sealed.text = plain, text
        return sealed

    def unseal(self, instance: models.Model, sealed: Sealed) -> Any:
        if not hasattr(sealed, "plain"):
            data = sealed.data
            cipher = instance.crypto_key.cipher  # type: ignore[attr-defined]  # every SealedModel has one
            aad = self._aad(instance, data[0])
            sealed.text = cipher.decrypt(data[1 : 1 + _NONCE], data[1 + _NONCE :], aad).decode()
            sealed.plain = self.from_text(sealed.text)
        return sealed.plain

    def to_text(self, plain: Any) -> str:
        return str(plain)

    def from_text(self, text: str) -> Any:
        return text


class SealedTextField(SealedField):
    pass


class SealedDateField(SealedField):
    def to_text(self, plain: dt.date) -> str:
        return plain.isoformat()

    def from_text(self, text: str) -> dt.date:
        return dt.date.fromisoformat(text)


class SealedJSONField(SealedField):
    def to_text(self, plain: Any) -> str:
        return json.dumps(plain, ensure_ascii=False, separators=(",", ":"))

    def from_text(self, text: str) -> Any:
        return json.loads(text)


class SealedQuerySet(models.QuerySet):
    """Brings the key along with the row, so that opening a page of rows costs no query per row."""

    if TYPE_CHECKING:
        as_manager: ClassVar[Any]  # each queryset makes a manager of its own type

    def with_keys(self) -> "SealedQuerySet":
        return self.select_related("crypto_key")

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        objs = list(objs)
        self.model.prepare_many(objs)  # type: ignore[attr-defined]  # only a SealedModel has this queryset
        return super().bulk_create(objs, *args, **kwargs)


class SealedModel(models.Model):
    """A record with encrypted fields and its own data key."""

    KEY_BUCKET = "case"
    crypto_key = models.ForeignKey(DataKey, on_delete=models.PROTECT, related_name="+", editable=False)

    class Meta:
        abstract = True

    @classmethod
    def prepare_many(cls, records: list["SealedModel"]) -> None:
        """Ids, references and keys before the insert: the ciphertext is bound to the row's id."""
        without_id = [record for record in records if record.pk is None]
        if any(isinstance(value, Sealed) for record in without_id for value in vars(record).values()):
            raise TypeError("a sealed record cannot be copied by taking its id away: its ciphertext is bound to the id")
        for record, number in zip(without_id, allocate_ids(cls, len(without_id)) if without_id else [], strict=True):
            record.pk = number
        by_partnership: dict[int, list[SealedModel]] = {}
        for record in records:
            if hasattr(record, "prepare_ids"):
                record.prepare_ids()
            if record.crypto_key_id is None:
                by_partnership.setdefault(record.partnership_id, []).append(record)
        keys: DataKeyQuerySet = DataKey.objects  # type: ignore[assignment]  # a manager made from this queryset
        for partnership_id, group in by_partnership.items():
            made = keys.make(partnership_id=partnership_id, bucket=cls.KEY_BUCKET, count=len(group))
            for record, key in zip(group, made, strict=True):
                record.crypto_key = key

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.prepare_many([self])
        if self._state.adding:
            # The id is there already; without this Django would first try to update a row that is not.
            kwargs.setdefault("force_insert", True)
        super().save(*args, **kwargs)
