"""What a person typed to find a child, kept for as long as the session: encrypted, so that no session row holds a name.

A search is sent by POST and shown by GET: addresses and logs hold no name, and the browser's way back asks nothing again.
"""

import json
from dataclasses import asdict, dataclass

from safeguarding.children.enums import Purpose
from safeguarding.children.search import Criteria
from safeguarding.crypto.keys import open_text, seal_text

SESSION_KEY = "child_search"
_SEAL = "child-search"


@dataclass(frozen=True)
class Typed:
    criteria: Criteria
    purpose: Purpose
    widen: bool = False


def put_away(typed: Typed) -> str:
    plain = {"criteria": asdict(typed.criteria), "purpose": typed.purpose.value, "widen": typed.widen}
    return seal_text(_SEAL, json.dumps(plain))


def take_out(sealed: str) -> Typed:
    plain = json.loads(open_text(_SEAL, sealed))
    return Typed(Criteria(**plain["criteria"]), Purpose(plain["purpose"]), bool(plain["widen"]))
