"""Root keys: the only keys that do not lie in the database. Where they are kept is the provider's business."""

from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from safeguarding.crypto.sealing import open_sealed, seal

NOTHING_CHANGED = "Nothing was changed in the database."


class RootKeys(Protocol):
    """What the hierarchy asks of a keeper of root keys; a key management service would be another one."""

    def versions(self) -> list[int]: ...
    def where(self, version: int) -> str: ...
    def wrap(self, version: int, plain: bytes, aad: bytes) -> bytes: ...
    def unwrap(self, version: int, wrapped: bytes, aad: bytes) -> bytes: ...


class HeldKeys:
    """Keys that this process holds itself: they came from the environment or from files (`settings.ROOT_KEYS`)."""

    def versions(self) -> list[int]:
        return sorted(settings.ROOT_KEYS)

    def where(self, version: int) -> str:
        return settings.ROOT_KEY_PLACE.format(version="" if version == 1 else f"_V{version}", number=version)

    def wrap(self, version: int, plain: bytes, aad: bytes) -> bytes:
        return seal(self._derived(version), plain, aad)

    def unwrap(self, version: int, wrapped: bytes, aad: bytes) -> bytes:
        return open_sealed(self._derived(version), wrapped, aad)

    def _derived(self, version: int) -> bytes:
        if version not in settings.ROOT_KEYS:
            raise ImproperlyConfigured(missing(version))
        return derive(settings.ROOT_KEYS[version], "kek")


def provider() -> RootKeys:
    return HeldKeys()


def derive(root: bytes, purpose: str) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode()).derive(root)


def unwrap(version: int, wrapped: bytes, aad: bytes) -> bytes:
    """As the provider, but a key that does not fit is said in a sentence."""
    try:
        return provider().unwrap(version, wrapped, aad)
    except InvalidTag:
        raise ImproperlyConfigured(wrong(version)) from None


def missing(version: int) -> str:
    return (
        f"The root key of version {version} is missing: records here are sealed under it. It is expected in "
        f"{provider().where(version)}. {NOTHING_CHANGED} Put the copy from the safe there and start again; "
        "do not make a new key under this version, it would open nothing."
    )


def wrong(version: int) -> str:
    return (
        f"The root key of version {version} is not the one that the records here are sealed under. It was read from "
        f"{provider().where(version)}. {NOTHING_CHANGED} Put the copy from the safe there and start again; "
        "if this key belongs to another installation, look at DATABASE_URL instead."
    )
