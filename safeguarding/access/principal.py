"""Who acts: the one source that the database walls are stamped from."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.db import connections


@dataclass(frozen=True, slots=True)
class Principal:
    """A person (`user_id`) or a named service (`service`), acting for a purpose (NTK-01).

    `guest_id`: with the service "guest", whose link and code were given; nothing but what is theirs is there for them (MSH-05).
    """

    user_id: int | None = None
    service: str = ""
    purpose: str = ""
    remote_addr: str | None = None
    request_id: str = ""
    guest_id: int | None = None

    @property
    def is_someone(self) -> bool:
        return self.user_id is not None or bool(self.service)


NOBODY = Principal()
_current: ContextVar[Principal] = ContextVar("principal", default=NOBODY)


def current() -> Principal:
    return _current.get()


def as_dispatch(purpose: str) -> Principal:
    """The service that sends and files, asked by the person whose request it is: it reads what they may not (NTK-02)."""
    asker = current()
    return Principal(service="dispatch", purpose=purpose, remote_addr=asker.remote_addr, request_id=asker.request_id)


@contextmanager
def acting_as(principal: Principal) -> Iterator[Principal]:
    """Act as `principal` inside the block; open transactions are stamped again at both ends."""
    token = _current.set(principal)
    _restamp()
    try:
        yield principal
    finally:
        _current.reset(token)
        _restamp()


def _restamp() -> None:
    from safeguarding.access.engine.base import DatabaseWrapper

    for connection in connections.all(initialized_only=True):
        if isinstance(connection, DatabaseWrapper):
            connection.restamp()
