"""What needs a person now: each room says it for its own work, and the home page shows it first."""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from safeguarding.agencies.models import User
from safeguarding.errors import NotVisible


@dataclass(frozen=True)
class Need:
    """Something that waits for this person: how many, in words without a name that are true of several, and where to do it.

    `due`: the moment by which the first of them should be done; `urgent`: late already, or a child may be in danger.
    """

    words: str
    href: str
    count: int
    due: dt.datetime | None = None
    urgent: bool = False

    @property
    def said(self) -> str:
        """The words, of one thing if it is one."""
        return _of_one(self.words) if self.count == 1 else self.words


# What follows the thing itself, and the verbs that speak of it.
_AFTER = re.compile(
    r" (?:of|that|to|who|whose|past|for|with|without|opened|asked|from|about|sent|withheld|unopened|are|corrected|begun)\b"
)
_VERBS = {
    r"(?<!you )\bare\b": "is", r"that have\b": "that has", r"that wait\b": "that waits", r"that come\b": "that comes",
    r"who work\b": "who works", r"of yours open\b": "of yours opens",
}  # fmt: skip
_ONE_OF = {"children": "child", "people": "person", "unusual access": "unusual access"}


def _of_one(words: str) -> str:
    found = _AFTER.search(words)
    thing, rest = (words[: found.start()], words[found.start() :]) if found else (words, "")
    said, colon, why = rest.partition(":")
    for several, one in _VERBS.items():
        said = re.sub(several, one, said)
    return " or ".join(_ONE_OF.get(each) or _without_s(each) for each in thing.split(" or ")) + said + colon + why


def _without_s(thing: str) -> str:
    return f"{thing[:-3]}y" if thing.endswith("ies") else thing.removesuffix("s")


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
