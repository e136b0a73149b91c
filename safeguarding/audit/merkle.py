"""The hash tree of one seal, built as in RFC 6962: leaves and nodes are told apart by their first byte."""

import hashlib
from collections.abc import Sequence

EMPTY = hashlib.sha256(b"").digest()
# A tree of which only some leaves are shown: the hash of a hidden part, the number of a shown leaf, or two branches.
Pruned = str | int | list["Pruned"]


def leaf(number: int, salt: bytes, content: bytes) -> bytes:
    """The salt keeps a stranger who is shown the hash from guessing the entry."""
    return hashlib.sha256(b"\x00" + number.to_bytes(8, "big") + salt + content).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(count: int) -> int:
    """The largest power of two below `count`."""
    return 1 << (count - 1).bit_length() - 1


def root(leaves: Sequence[bytes]) -> bytes:
    if not leaves:
        return EMPTY
    if len(leaves) == 1:
        return leaves[0]
    middle = _split(len(leaves))
    return node(root(leaves[:middle]), root(leaves[middle:]))


def prune(leaves: Sequence[bytes], shown: dict[int, int], start: int = 0) -> Pruned:
    """The tree with `shown` (position → number to write there) kept open and all else folded into hashes (AUD-03)."""
    positions = range(start, start + len(leaves))
    if not any(position in shown for position in positions):
        return root(leaves).hex()
    if len(leaves) == 1:
        return shown[start]
    middle = _split(len(leaves))
    return [prune(leaves[:middle], shown, start), prune(leaves[middle:], shown, start + middle)]
