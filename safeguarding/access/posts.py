"""Where somebody works now, and whether anybody has shut them out: read once in a transaction, asked by all of wall 1.

As numbers, for a list that asks by them goes down its own index, and a statement without a subquery for each way in is built
and planned in a third of the time. What is written in the same transaction is read anew (access/engine); what another
transaction ends in these milliseconds, wall 2 asks of the database each time.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connections
from django.utils import timezone

from safeguarding.access.engine.base import DatabaseWrapper
from safeguarding.access.handlers import AUDIENCE_BITS, HANDLERS, WITHOUT_CONTENT
from safeguarding.access.principal import Principal, current
from safeguarding.errors import NotVisible

if TYPE_CHECKING:
    from safeguarding.agencies.models import User


@dataclass(frozen=True)
class Posts:
    """`held`: agency, role, and until when it opens content (NTK-06). `shut_out`: of something, or it may not be asked (NTK-04)."""

    held: tuple[tuple[int, str, dt.datetime | None], ...] = ()
    shut_out: bool = True

    def roles(self, wanted: Iterable[str], *, for_content: bool = True) -> list[tuple[int, str]]:
        """At which agency which of these roles is held; for content only while training and terms are current (NTK-06)."""
        now, roles = timezone.now(), set(wanted)
        return [
            (at, role)
            for at, role, until in self.held
            if role in roles and (not for_content or (until is not None and until > now))
        ]


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


_MINE = "SELECT agency_id, role, cleared_until FROM agencies_membership WHERE user_id = %s AND ended_at IS NULL"
_MINE_AND_SHUT = _MINE.replace(" FROM", ", (SELECT app.shut_out(%s)) FROM")


def _read(user: "User", asker: Principal) -> Posts:
    """By hand, for it is asked in every request, and half of its time went into building it."""
    may_know = bool(asker.service) or asker.user_id == user.pk  # nobody learns who has shut out somebody else
    with connections["default"].cursor() as cursor:
        cursor.execute(_MINE_AND_SHUT if may_know else _MINE, [user.pk] * (1 + may_know))
        rows = cursor.fetchall()
    shut = any(row[3] for row in rows) if rows and may_know else True
    return Posts(tuple((at, role, until) for at, role, until, *_ in rows), shut)


def agencies_holding(user: "User", roles: Iterable[str], *, for_content: bool = True) -> list[int]:
    """Ids of the agencies at which `user` holds one of `roles` now (NTK-02, NTK-06)."""
    return sorted({at for at, _ in posts_of(user).roles(roles, for_content=for_content)})


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
    for setting, role in posts_of(user).roles(AUDIENCE_BITS):
        bits[setting] = bits.get(setting, 0) | AUDIENCE_BITS[role]
    return bits
