"""What other rooms have to say on a child's page: each registers how it finds its own, so that imports go down only."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from safeguarding.agencies.models import User


@dataclass(frozen=True)
class Line:
    """One record of another room: its reference and where it opens; no content."""

    ref: str
    href: str
    what: str
    when: dt.datetime
    state: str


@dataclass(frozen=True)
class Chapter:
    """`begin`: what can be begun for this child, and the URL name under which, which takes the child's reference."""

    title: str
    lines: Sequence[Line]
    nothing: str
    begin: str = ""
    begin_at: str = ""


# The records of one child, and who reads; a fixed number of queries, and only what the reader may see (NTK-02).
Maker = Callable[[Collection[int], User], Chapter]
_makers: dict[str, Maker] = {}


def register(name: str, maker: Maker) -> None:
    """Called when a room's app is ready."""
    _makers[name] = maker


def chapters_of(record_ids: Collection[int], *, for_user: User) -> list[Chapter]:
    return [maker(record_ids, for_user) for _, maker in sorted(_makers.items())]
