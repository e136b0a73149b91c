"""Where somebody works now, and whether anybody has shut them out: read once in a transaction, asked by all of wall 1.

As numbers, for a list that asks by them goes down its own index, and a statement without a subquery for each way in is built
and planned in a third of the time. What is written in the same transaction is read anew (access/engine); what another
transaction ends in these milliseconds, wall 2 asks of the database each time.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from django.db import connections
from django.utils import timezone

from safeguarding.access.engine.base import DatabaseWrapper
from safeguarding.access.handlers import AUDIENCE_BITS, HANDLERS, WITHOUT_CONTENT
from safeguarding.access.principal import Principal, current
from safeguarding.errors import NotVisible

if TYPE_CHECKING:
    from safeguarding.agencies.models import User


class Post(NamedTuple):
    """A role at an agency, and from when on training or terms for its content are missing (NTK-06)."""

    agency_id: int
    agency: str
    role: str
    cleared_until: dt.datetime


@dataclass(frozen=True)
class Posts:
    """`held`: by the agency's name, then by role. `shut_out`: of something, or it may not be asked (NTK-04)."""

    held: tuple[Post, ...] = ()
    shut_out: bool = True

    @property
    def roles(self) -> set[str]:
        """Those held anywhere, whether they open content now or not: they say which areas are somebody's."""
        return {each.role for each in self.held}

    def holding(self, wanted: Iterable[str], *, for_content: bool = True) -> list[Post]:
        """Those of these roles; for content only while training and terms are current (NTK-06)."""
        now, roles = timezone.now(), set(wanted)
        return [each for each in self.held if each.role in roles and (not for_content or each.cleared_until > now)]


def _kept() -> dict[tuple[int | None, str, int], Posts]:
    """Of the transaction that is open; outside of one nothing is kept."""
    here = connections["default"]
    return here.posts if isinstance(here, DatabaseWrapper) and here.in_atomic_block else {}


def forget() -> None:
    """A request begins with nothing known, whatever transaction it is in."""
    _kept().clear()


def posts_of(user: "User") -> Posts:
    """To an inactive account no post is left (NTK-07)."""
    if not user.is_active:
        return Posts()
    kept, asker = _kept(), current()
    key = (asker.user_id, asker.service, user.pk)
    if key not in kept:
        kept[key] = _read(user, asker)
    return kept[key]


_MINE = """
SELECT mine.agency_id, agency.name, mine.role, mine.cleared_until{shut}
FROM agencies_membership mine JOIN agencies_agency agency ON agency.id = mine.agency_id
WHERE mine.user_id = %s AND mine.ended_at IS NULL ORDER BY agency.name, mine.role""".strip()
_SHUT = ", (SELECT app.shut_out(%s))"


def _read(user: "User", asker: Principal) -> Posts:
    """By hand, for it is asked in every request, and half of its time went into building it."""
    may_know = bool(asker.service) or asker.user_id == user.pk  # nobody learns who has shut out somebody else
    with connections["default"].cursor() as cursor:
        cursor.execute(_MINE.format(shut=_SHUT if may_know else ""), [user.pk] * (1 + may_know))
        rows = cursor.fetchall()
    shut = any(row[4] for row in rows) if rows and may_know else True
    return Posts(tuple(Post(*row[:4]) for row in rows), shut)


def names_of(posts: Iterable[Post]) -> dict[int, str]:
    """The agencies of these posts by id, each once."""
    return {each.agency_id: each.agency for each in posts}


def agencies_holding(user: "User", roles: Iterable[str], *, for_content: bool = True) -> list[int]:
    """Ids of the agencies at which `user` holds one of `roles` now (NTK-02, NTK-06)."""
    return sorted({post.agency_id for post in posts_of(user).holding(roles, for_content=for_content)})


def agencies_where(user: "User", kind: str) -> list[int]:
    """Ids of the agencies at which an active role of `user` handles `kind` of record (NTK-02, NTK-06)."""
    return agencies_holding(user, HANDLERS[kind], for_content=kind not in WITHOUT_CONTENT)


def agencies_or_absent(user: "User", kind: str) -> list[int]:
    """The same, for a room that is not there for anybody else: forbidden and absent look alike (NTK-01, NTK-02)."""
    if found := agencies_where(user, kind):
        return found
    raise NotVisible


def audiences_of(user: "User") -> dict[int, int]:
    """At which setting alerts to which roles are for `user`, as the bits of `Alert.audience` (ALR-04, ALR-07)."""
    bits: dict[int, int] = {}
    for post in posts_of(user).holding(AUDIENCE_BITS):
        bits[post.agency_id] = bits.get(post.agency_id, 0) | AUDIENCE_BITS[post.role]
    return bits
