"""The areas of the service navigation: rooms register theirs with the roles that need them (at most six a person)."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from safeguarding.agencies.models import Membership, User


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


def active_memberships(user: User) -> list[Membership]:
    return list(
        Membership.objects.filter(user=user, ended_at=None).select_related("agency").order_by("agency__name", "role")
    )


def links(request: HttpRequest, roles: set[str]) -> list[Link]:
    paths = [(area, reverse(area.url_name)) for area in areas_of(roles)][:6]
    matching = [path for _, path in paths if request.path.startswith(path)]
    here = max(matching, key=len, default="")
    return [Link(area.title, path, path == here) for area, path in paths]
