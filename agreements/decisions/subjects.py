"""What can be decided about: each room says how a reference of its own is resolved for a reader, and what rests on a decision."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlencode

from django.urls import reverse

from agreements.decisions.enums import Basis, Duty, Purpose
from agreements.decisions.models import Decision
from agreements.register.enums import Item
from safeguarding.agencies.models import Agency, Partnership, User
from safeguarding.errors import NotVisible
from safeguarding.refs import normalise_ref


@dataclass(frozen=True)
class Subject:
    """A case record somebody may want to share: who decides for it (`controller`), and what is known of the disclosure.

    `title` names nobody. `items` are those that the record holds; `recipients` those whom it is likely to go to. The three
    ids shut out of the decision who is shut out of the case (MRC-18). `href` is where its reader reads it.
    """

    ref: str
    title: str
    partnership: Partnership
    controller: Agency
    items: tuple[Item, ...] = ()
    recipients: tuple[Agency, ...] = ()
    purpose: Purpose | str = ""
    basis: Basis | str = ""
    duty: Duty | str = ""
    child_id: int | None = None
    alert_id: int | None = None
    notification_id: int | None = None
    href: str = ""


Resolver = Callable[[str, User], Subject]


# What a room stops when a decision ends; how many ways in it closed (SHR-04).
class Stopper(Protocol):
    def __call__(self, decision: Decision, *, by: User) -> int: ...


_resolvers: dict[str, Resolver] = {}
_stoppers: dict[str, Stopper] = {}


def register(prefix: str, resolver: Resolver, *, stops: Stopper | None = None) -> None:
    """Called when a room's app is ready. The resolver raises NotVisible where the reader may not share the record."""
    _resolvers[prefix] = resolver
    if stops is not None:
        _stoppers[prefix] = stops


def subject(ref: str, *, for_user: User) -> Subject:
    """The record with this reference, for who may decide about it; to everybody else it is not there (NTK-01)."""
    wanted = normalise_ref(ref) or ""
    resolver = _resolvers.get(wanted[:1])
    if resolver is None:
        raise NotVisible
    return resolver(wanted, for_user)


def way_to_decide(ref: str, *, to: Agency, items: Collection[str], back: str) -> str:
    """Where somebody decides before something is disclosed, and comes back from (SHR-02)."""
    asked = {"about": ref, "to": to.slug, "items": ",".join(sorted(str(item) for item in items)), "next": back}
    return f"{reverse('decisions:new')}?{urlencode(asked)}"


def stop(decision: Decision, *, by: User) -> int:
    """What rested on a decision that has ended is stopped by the room whose it is."""
    stopper = _stoppers.get(decision.about[:1])
    return stopper(decision, by=by) if stopper is not None else 0
