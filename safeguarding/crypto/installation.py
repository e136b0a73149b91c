"""Seals of the installation, for what others must be able to check without its keys (AGR-02)."""

import os

from safeguarding.crypto.keys import open_text, seal_text
from safeguarding.crypto.models import KeyDestroyed, KeyRetired, SigningKey
from safeguarding.crypto.signing import fingerprint, public_key
from safeguarding.crypto.signing import is_signed as fits
from safeguarding.crypto.signing import sign as sign_with


def sign(purpose: str, message: bytes) -> tuple[str, bytes]:
    """The name of the key and an Ed25519 signature of 64 bytes; the public key is kept for whoever checks later."""
    key = SigningKey.objects.filter(purpose=purpose).order_by("-pk").first() or _new(purpose)
    try:
        secret = open_text(purpose, key.sealed)
    except (KeyDestroyed, KeyRetired):
        # The key that sealed the secret was rotated away: a new pair signs from now on, the old public half still checks.
        key = _new(purpose)
        secret = open_text(purpose, key.sealed)
    return key.name, sign_with(bytes.fromhex(secret), message)


def is_signed(purpose: str, name: str, message: bytes, signature: bytes) -> bool:
    """Also when the secret half is long gone; a public key that was put in another's place does not fit its name."""
    kept = SigningKey.objects.filter(name=name, purpose=purpose).first()
    if kept is None or fingerprint(bytes(kept.public)) != name:
        return False
    return fits(bytes(kept.public), message, signature)


def _new(purpose: str) -> SigningKey:
    secret = os.urandom(32)
    public = public_key(secret)
    return SigningKey.objects.create(
        name=fingerprint(public),
        purpose=purpose,
        public=public,
        sealed=seal_text(purpose, secret.hex()),
    )
