"""What needs a person now: each room says it for its own work, and the home page shows it first."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from safeguarding.agencies.models import User
from safeguarding.errors import NotVisible


@dataclass(frozen=True)
class Need:
    """Something that waits for this person: how many, in words without a name, and where to do it.

    `due`: the moment by which the first of them should be done; `urgent`: late already, or a child may be in danger.
    """

    words: str
    href: str
    count: int
    due: dt.datetime | None = None
    urgent: bool = False


# One or two queries each, whatever there is; only what the reader may see (NTK-02).
Provider = Callable[[User], Iterable[Need]]


@dataclass(frozen=True)
class _Registered:
    roles: frozenset[str]
    provider: Provider


_providers: dict[str, _Registered] = {}


def register(name: str, provider: Provider, *, roles: tuple[str, ...]) -> None:
    """Called when a room's app is ready; only people with one of the roles are asked about it."""
    _providers[name] = _Registered(frozenset(roles), provider)


def _asked(provider: Provider, user: User) -> list[Need]:
    """Whose training has lapsed has the role and may open nothing: nothing of it waits for them (NTK-06)."""
    try:
        return list(provider(user))
    except NotVisible:
        return []


def needs_of(user: User, roles: set[str]) -> list[Need]:
    """All that waits for this person, urgent and soonest first; what counts nothing is left out."""
    asked = (each for _, each in sorted(_providers.items()) if each.roles & roles)
    found = [need for each in asked for need in _asked(each.provider, user) if need.count]
    far = dt.datetime.max.replace(tzinfo=dt.UTC)
    return sorted(found, key=lambda need: (not need.urgent, need.due or far))
