"""The areas of the service navigation: rooms register theirs with the roles that need them.

The first six of a person's areas stand on every page; all of them stand on their home, Today.
"""

from dataclasses import dataclass
from functools import cache

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True)
class Area:
    title: str
    url_name: str
    roles: frozenset[str]
    order: int


@dataclass(frozen=True)
class Link:
    title: str
    href: str
    active: bool


_areas: dict[str, Area] = {}


def register(title: str, url_name: str, *, roles: tuple[str, ...], order: int) -> None:
    """Called from a room's urls.py; `order` decides the place, and the first area is a person's home."""
    _areas[url_name] = Area(title, url_name, frozenset(roles), order)


def areas_of(roles: set[str]) -> list[Area]:
    return sorted((area for area in _areas.values() if area.roles & roles), key=lambda area: area.order)


MOST_IN_THE_BAR = 6


@cache  # six on every page, and none changes while the Hub runs
def _path(url_name: str) -> str:
    return reverse(url_name)


def all_areas(roles: set[str]) -> list[Link]:
    """Everything that is somebody's, but the page on which it stands; by name, so that it is found again."""
    areas = [area for area in areas_of(roles) if area.url_name != "today"]
    return [Link(area.title, _path(area.url_name), False) for area in sorted(areas, key=lambda area: area.title)]


def links(request: HttpRequest, roles: set[str]) -> list[Link]:
    paths = [(area, _path(area.url_name)) for area in areas_of(roles)[:MOST_IN_THE_BAR]]
    matching = [path for _, path in paths if request.path.startswith(path)]
    here = max(matching, key=len, default="")
    return [Link(area.title, path, path == here) for area, path in paths]
