"""Every address of the house, found by walking its own table, so that a new door cannot be forgotten."""

import re
from collections.abc import Iterator

from django.urls import URLResolver, get_resolver

# Something of the right shape for every part of an address that varies; no record needs to lie behind it.
_PARTS = {"ref": "A-0000-0000", "token": "invented", "slug": "nowhere", "provider_id": "nowhere", "agency": "nowhere"}


def every_door() -> list[str]:
    """One example path for each address, in the order in which they are found."""
    return list(dict.fromkeys(_walk(get_resolver(), "/")))


def _walk(resolver: URLResolver, before: str) -> Iterator[str]:
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern).removeprefix("^").removesuffix("$")
        if isinstance(entry, URLResolver):
            yield from _walk(entry, route)
        else:
            yield re.sub(r"<(?:\w+:)?(\w+)>", _sample, re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route))


def _sample(part: re.Match[str]) -> str:
    return _PARTS.get(part[1], "1")
