"""Wrapping and opening keys (design §4). Nothing here is logged."""

import base64
import hmac

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from safeguarding.crypto import canaries, roots
from safeguarding.crypto.models import KeyDestroyed, KeyEncryptionKey, open_kek, opened
from safeguarding.crypto.sealing import fresh_key, open_sealed, seal

__all__ = ["KeyDestroyed", "blind_token", "body_mac", "current_kek", "open_text", "seal_text"]

# These seal or digest directly, not through data keys: a new version of one would need all that was made under it anew.
BLIND_INDEX, SECOND_FACTOR = "blind-index", "second-factor"
DIRECT = (BLIND_INDEX, SECOND_FACTOR)


def current_kek(partnership_id: int | None, bucket: str) -> KeyEncryptionKey:
    """The newest key-encryption key of a partnership's bucket, made on first use; kept from retirement until this commits."""
    canaries.hold(f"kek|{partnership_id or ''}|{bucket}")
    found = versions_of(partnership_id, bucket).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return make_kek(partnership_id, bucket, version=1)
    except IntegrityError:
        return versions_of(partnership_id, bucket).get(version=1)


def versions_of(partnership_id: int | None, bucket: str) -> QuerySet[KeyEncryptionKey]:
    of_whom = Q(partnership_id=partnership_id)  # none for secrets of the installation itself
    return KeyEncryptionKey.objects.filter(of_whom, bucket=bucket).order_by("-version")


def make_kek(partnership_id: int | None, bucket: str, *, version: int, key: bytes = b"") -> KeyEncryptionKey:
    root_version = canaries.current_root()
    kek = KeyEncryptionKey(
        partnership_id=partnership_id, bucket=bucket, version=version, root_version=root_version, created_at=Now()
    )
    kek.wrapped = roots.provider().wrap(root_version, key or fresh_key(), kek.aad)
    kek.save(force_insert=True)
    return kek


def make_blind_key(partnership_id: int) -> None:
    """Made with the partnership itself, in one transaction: nobody can remember one that was never committed."""
    make_kek(partnership_id, BLIND_INDEX, version=1)


def _blind_key(partnership_id: int) -> bytes:
    return opened.get(
        ("blind", partnership_id), lambda: versions_of(partnership_id, BLIND_INDEX).get(retired_at=None).open()
    )


def blind_token(partnership_id: int, kind: str, value: str) -> bytes:
    """A 16-byte token under which an exact value can be found without being stored; one partnership's only."""
    return hmac.digest(_blind_key(partnership_id), f"{kind}|{value}".encode(), "sha256")[:16]


def body_mac(partnership_id: int, body: bytes) -> bytes:
    """A 32-byte keyed digest that tells whether a body was received before, and nothing else about it."""
    return hmac.digest(_blind_key(partnership_id), b"body|" + body, "sha256")


def seal_text(purpose: str, text: str) -> str:
    """Encrypt a short secret of the installation itself, such as the seed of a second factor; no case data."""
    kek = current_kek(None, purpose)
    return f"k{kek.pk}:{base64.b64encode(seal(kek.open(), text.encode(), _text_aad(purpose, kek.pk))).decode()}"


def open_text(purpose: str, sealed: str) -> str:
    number, _, body = sealed.removeprefix("k").partition(":")
    return open_sealed(open_kek(int(number)), base64.b64decode(body), _text_aad(purpose, int(number))).decode()


def _text_aad(purpose: str, kek_id: int) -> bytes:
    return f"{purpose}|{kek_id}".encode()
