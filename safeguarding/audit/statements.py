"""What a seal says, signs and hands on to the next (AUD-03). docs/audit.md describes each field."""

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from safeguarding.audit.canonical import time_text

NOTHING_BEFORE = "0" * 64
# start: the chain begins with this key; entries: what happened since; key: the next key takes over, said by the old one;
# restored: the database came back from a backup, and a person has said so.
KINDS = ("start", "entries", "key", "restored")


@dataclass(frozen=True)
class Statement:
    """`settled`: no entry up to this id is still to come. `drawn`: no id above this one had been given out."""

    v: int
    kind: str
    n: int
    at: str
    prev: str
    form: int
    count: int
    total: int
    root: str
    settled: int
    drawn: int
    key: str
    public: str = ""
    resumes: int = 0
    resumes_hash: str = ""
    reason: str = ""

    @property
    def moment(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.at)

    def text(self) -> str:
        said = {name: value for name, value in asdict(self).items() if value or name in _ALWAYS}
        return json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


_ALWAYS = {field.name for field in fields(Statement)} - {"public", "resumes", "resumes_hash", "reason"}
_TYPES = {field.name: field.type for field in fields(Statement)}


def read_statement(text: str) -> Statement:
    """Raises ValueError for anything that the sealer would not have written, to the letter."""
    said: Any = json.loads(text)
    if not isinstance(said, dict) or not _ALWAYS <= set(said) <= set(_TYPES):
        raise ValueError("not the fields of a seal")
    if any(type(value) is not _TYPES[name] for name, value in said.items()):
        raise ValueError("not the types of a seal")
    statement = Statement(**said)
    if statement.v != 1 or statement.kind not in KINDS or statement.text() != text:
        raise ValueError("not the form of a seal")
    if time_text(statement.moment) != statement.at:
        raise ValueError("not the time of a seal")
    return statement


def seal_hash(text: str) -> str:
    return hashlib.sha256(b"\x02" + text.encode("ascii")).hexdigest()


@dataclass(frozen=True)
class Signed:
    """A statement as it is handed about: its text to the letter, and the signature in hex."""

    text: str
    signature: str

    @property
    def statement(self) -> Statement:
        return read_statement(self.text)

    @property
    def hash(self) -> str:
        return seal_hash(self.text)

    def line(self) -> str:
        return json.dumps({"statement": self.text, "signature": self.signature}, separators=(",", ":")) + "\n"


def read_line(line: str) -> Signed:
    """Raises ValueError where a line is not a signed statement."""
    said = json.loads(line)
    if not isinstance(said, dict) or not all(isinstance(said.get(name), str) for name in ("statement", "signature")):
        raise ValueError("not a signed statement")
    return Signed(said["statement"], said["signature"])
