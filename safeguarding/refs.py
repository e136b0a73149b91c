"""References that people read out on the phone: Crockford base32 with a check character."""

import hashlib
import hmac
import secrets
from functools import cache
from typing import Any

from django.conf import settings
from django.db import connections, models, router

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_HALF_BITS = 18
_HALF_MASK = (1 << _HALF_BITS) - 1
_SPACE = 1 << 35


def random_token(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def check_character(body: str) -> str:
    """Luhn mod 32: finds every single wrong character and nearly every swap of neighbours."""
    total, factor = 0, 2
    for character in reversed(body):
        addend = ALPHABET.index(character) * factor
        total += addend // 32 + addend % 32
        factor = 3 - factor
    return ALPHABET[-total % 32]


@cache
def _round_keys(prefix: str, secret: str) -> tuple[bytes, ...]:
    # of its own for each prefix: an alert and a notification with the same characters would be mixed up on the phone
    return tuple(hashlib.sha256(f"ref-round|{prefix}|{n}|{secret}".encode()).digest() for n in range(4))


def _shuffle(prefix: str, number: int) -> int:
    left, right = number >> _HALF_BITS, number & _HALF_MASK
    for key in _round_keys(prefix, settings.SECRET_KEY):
        digest = hmac.digest(key, right.to_bytes(4, "big"), "sha256")
        left, right = right, left ^ (int.from_bytes(digest[:4], "big") & _HALF_MASK)
    return (left << _HALF_BITS) | right


def ref_for(prefix: str, number: int) -> str:
    """The reference of row `number`: a keyed shuffle, so that it tells nothing of how many there are.

    Cycle-walks a 36-bit Feistel network down to the 35 bits that seven characters hold.
    """
    if not 0 <= number < _SPACE:
        raise ValueError("row number outside the space of references")
    shuffled = _shuffle(prefix, number)
    while shuffled >= _SPACE:
        shuffled = _shuffle(prefix, shuffled)
    body = "".join(ALPHABET[(shuffled >> shift) & 31] for shift in range(30, -1, -5))
    body += check_character(body)
    return f"{prefix}-{body[:4]}-{body[4:]}"


def number_of(prefix: str, ref: str) -> int | None:
    """The row behind a reference: the shuffle walked backwards; None when it was made up."""
    known = normalise_ref(ref)
    if known is None or not known.startswith(f"{prefix}-"):
        return None
    number = 0
    for character in known[2:].replace("-", "")[:-1]:
        number = number * 32 + ALPHABET.index(character)
    number = _unshuffle(prefix, number)
    while number >= _SPACE:
        number = _unshuffle(prefix, number)
    return number


def _unshuffle(prefix: str, shuffled: int) -> int:
    left, right = shuffled >> _HALF_BITS, shuffled & _HALF_MASK
    for key in reversed(_round_keys(prefix, settings.SECRET_KEY)):
        digest = hmac.digest(key, left.to_bytes(4, "big"), "sha256")
        left, right = right ^ (int.from_bytes(digest[:4], "big") & _HALF_MASK), left
    return (left << _HALF_BITS) | right


def normalise_ref(text: str) -> str | None:
    """What a person typed or read out, as a reference; None when its check character is wrong."""
    characters = text.strip().upper().replace("-", "").replace(" ", "")
    if len(characters) != 9:
        return None
    prefix, body = characters[0], characters[1:].translate(_LOOKALIKES)
    if any(character not in ALPHABET for character in body) or check_character(body[:-1]) != body[-1]:
        return None
    return f"{prefix}-{body[:4]}-{body[4:]}"


def allocate_ids(model: type[models.Model], count: int) -> list[int]:
    """`count` ids from the table's own sequence: refs and sealed fields need them before the insert."""
    with connections[router.db_for_write(model)].cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


class RefModel(models.Model):
    """A record with a `ref` for people; database ids never leave."""

    REF_PREFIX = ""
    ref = models.CharField(max_length=11, unique=True, editable=False)

    class Meta:
        abstract = True

    def prepare_ids(self, allocated: int | None = None) -> None:
        if self.pk is None:
            self.pk = allocated if allocated is not None else allocate_ids(type(self), 1)[0]
        if not self.ref:
            self.ref = ref_for(self.REF_PREFIX, self.pk)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.prepare_ids()
        super().save(*args, **kwargs)
