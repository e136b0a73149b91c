"""What can be questioned: each room says how a reference of its own is resolved, and who holds an item of it (SHR-14)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from agreements.register.enums import Item
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.errors import NotVisible


@dataclass(frozen=True)
class Subject:
    """A record in front of a reader who received it: its items, and from whom they came.

    `known_as`: by which reference the originator knows what it sent. `alert_id` where it is an alert, so that whoever may see
    the alert may see the question; else `open_to`, the agency whose handlers may.
    """

    ref: str
    title: str
    href: str
    partnership: Partnership
    controller: Agency
    originator: Agency
    held_by: Agency
    items: tuple[Item, ...]
    known_as: str = ""
    alert_id: int | None = None
    open_to_id: int | None = None


@dataclass(frozen=True)
class Holder:
    """One that received the item: on which record of its own, and which people of it are told."""

    ref: str
    href: str
    agency: Agency
    people: tuple[User, ...]
    alert_id: int | None = None
    open_to_id: int | None = None


@dataclass(frozen=True)
class Room:
    """`resolve` raises NotVisible for a reader who did not receive it; `holders` is asked as dispatch."""

    resolve: Callable[[str, User], Subject]
    holders: Callable[[str, Item], Iterable[Holder]]


_rooms: dict[str, Room] = {}


def register(prefix: str, room: Room) -> None:
    """Called when a room's app is ready, with the letter that its references begin with."""
    _rooms[prefix] = room


def _room_of(ref: str) -> Room:
    room = _rooms.get(ref[:1].upper())
    if room is None:
        raise NotVisible
    return room


def subject(ref: str, *, for_user: User) -> Subject:
    return _room_of(ref).resolve(ref, for_user)


def holders(ref: str, item: Item) -> list[Holder]:
    return list(_room_of(ref).holders(ref, item))
