"""Wrapping and opening keys (design §4). Nothing here is logged."""

import base64
import hmac
import os
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, transaction

if TYPE_CHECKING:
    from safeguarding.crypto.models import KeyEncryptionKey

_NONCE = 12


class KeyDestroyed(Exception):
    """The record was shredded: its content cannot be had back."""


def _seal(key: bytes, plain: bytes, aad: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, aad)


def _open(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], aad)


def _derived(version: int, purpose: str) -> bytes:
    root = settings.ROOT_KEYS[version]
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode()).derive(root)


def newest_root() -> int:
    return max(settings.ROOT_KEYS)


def current_kek(partnership_id: int, bucket: str) -> "KeyEncryptionKey":
    """The newest key-encryption key of a partnership's bucket; made on first use."""
    model = apps.get_model("crypto", "KeyEncryptionKey")
    found = model.objects.filter(partnership_id=partnership_id, bucket=bucket).order_by("-version").first()
    if found is not None:
        return found
    root_version = newest_root()
    aad = f"kek|{partnership_id}|{bucket}|1".encode()
    wrapped = _seal(_derived(root_version, "kek"), AESGCM.generate_key(256), aad)
    try:
        with transaction.atomic():
            return model.objects.create(
                partnership_id=partnership_id, bucket=bucket, version=1, root_version=root_version, wrapped=wrapped
            )
    except IntegrityError:
        return model.objects.get(partnership_id=partnership_id, bucket=bucket, version=1)


@lru_cache(maxsize=4096)
def _opened_kek(wrapped: bytes, root_version: int, aad: bytes) -> bytes:
    return _open(_derived(root_version, "kek"), wrapped, aad)


@lru_cache(maxsize=4096)
def _kek_by_id(kek_id: int) -> bytes:
    kek = apps.get_model("crypto", "KeyEncryptionKey").objects.get(pk=kek_id)
    return _kek_bytes(kek)


def _kek_bytes(kek: "KeyEncryptionKey") -> bytes:
    aad = f"kek|{kek.partnership_id}|{kek.bucket}|{kek.version}".encode()
    return _opened_kek(bytes(kek.wrapped), kek.root_version, aad)


def wrap(kek: "KeyEncryptionKey", key: bytes, data_key_id: int) -> bytes:
    return _seal(_kek_bytes(kek), key, f"dek|{data_key_id}".encode())


def unwrap(kek_id: int, wrapped: bytes, data_key_id: int) -> bytes:
    return _open(_kek_by_id(kek_id), wrapped, f"dek|{data_key_id}".encode())


@lru_cache(maxsize=1024)
def _blind_key(partnership_id: int) -> bytes:
    # the oldest root, so that tokens outlive a rotation of the wrapping keys
    return _derived(min(settings.ROOT_KEYS), f"blind|{partnership_id}")


def blind_token(partnership_id: int, kind: str, value: str) -> bytes:
    """A 16-byte token under which an exact value can be found without being stored; one partnership's only."""
    return hmac.digest(_blind_key(partnership_id), f"{kind}|{value}".encode(), "sha256")[:16]


def body_mac(scope: int, body: bytes) -> bytes:
    """A 32-byte keyed digest that tells whether a body was received before, and nothing else about it."""
    return hmac.digest(_blind_key(scope), b"body|" + body, "sha256")


def seal_text(purpose: str, text: str) -> str:
    """Encrypt a short secret of the installation itself, such as the seed of a second factor; no case data."""
    version = newest_root()
    sealed = _seal(_derived(version, purpose), text.encode(), purpose.encode())
    return f"{version}:{base64.b64encode(sealed).decode()}"


def open_text(purpose: str, sealed: str) -> str:
    version, _, body = sealed.partition(":")
    return _open(_derived(int(version), purpose), base64.b64decode(body), purpose.encode()).decode()
