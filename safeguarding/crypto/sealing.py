"""AES-256-GCM with a fresh nonce in front: the one way in which a key or a short secret is sealed here."""

import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


def fresh_key() -> bytes:
    return AESGCM.generate_key(256)


def seal(key: bytes, plain: bytes, aad: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, aad)


def open_sealed(key: bytes, sealed: bytes, aad: bytes) -> bytes:
    return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], aad)
