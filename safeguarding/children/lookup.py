"""From tokens to children on record: one query, bounded by a cap a token, however common a name is (ALR-03)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import connection

from safeguarding.children.enums import TokenKind
from safeguarding.children.tokens import Token

# Under one token at most so many, newest on record first: a common name without a date of birth must not flood.
CAP = 100
# So many are opened and compared; those whom the rarest tokens point at come first.
MOST_COMPARED = 80

# A look at each token by itself, so that each stops at the cap; both walls follow when the children are read.
LOOKUP = """
SELECT wanted.number, found.child_id
FROM unnest(%s::text[], %s::bytea[]) WITH ORDINALITY AS wanted(kind, token, number)
CROSS JOIN LATERAL (
  SELECT t.child_id FROM children_childtoken t
  WHERE t.partnership_id = %s AND t.kind = wanted.kind AND t.token = wanted.token
  ORDER BY t.child_id DESC LIMIT %s
) found
"""


@dataclass(frozen=True)
class Holders:
    """Who was found under each token."""

    by_token: Mapping[Token, Sequence[int]]
    cap: int = CAP

    def likeliest(self, tokens: Iterable[Token], most: int = MOST_COMPARED) -> list[int]:
        """Those to compare, the rarest evidence first: a token that many bear says little about any of them."""
        points: dict[int, float] = defaultdict(float)
        for token in tokens:
            ids = self.by_token.get(token, ())
            for child_id in ids:
                points[child_id] += 1 / len(ids)
        return sorted(points, key=lambda child_id: (-points[child_id], -child_id))[:most]

    def is_capped(self, kind: TokenKind) -> bool:
        """Whether more children than the cap bear one of the tokens of this kind."""
        return any(len(ids) >= self.cap for (each, _), ids in self.by_token.items() if each == kind)


def holders_of(partnership_id: int, tokens: Iterable[Token], *, cap: int = CAP) -> Holders:
    """The children under each token; who may see them is asked when they are read (NTK-02)."""
    wanted = sorted(tokens)
    by_token: dict[Token, list[int]] = {token: [] for token in wanted}
    if wanted:
        with connection.cursor() as cursor:
            kinds, values = [kind.value for kind, _ in wanted], [value for _, value in wanted]
            cursor.execute(LOOKUP, [kinds, values, partnership_id, cap])
            for number, child_id in cursor.fetchall():
                by_token[wanted[number - 1]].append(child_id)
    return Holders(by_token, cap)
