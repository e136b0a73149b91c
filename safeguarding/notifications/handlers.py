"""Who does the work that an outbox message promises: one function for each topic, registered in a room's `tasks.py`."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from safeguarding.celery import rooms_with_tasks

Work = Callable[..., None]

DEFAULT_TRIES = 12


@dataclass(frozen=True)
class Handler:
    """`work` does it and, when it has failed `tries` times, `gave_up` tells the people concerned; both get the payload."""

    work: Work
    service: str
    tries: int
    gave_up: Work | None


class UnknownTopic(LookupError):
    """A message that nobody here can work on: of a newer version, or misspelt."""


_handlers: dict[str, Handler] = {}


def handler(
    topic: str, *, service: str, tries: int = DEFAULT_TRIES, gave_up: Work | None = None
) -> Callable[[Work], Work]:
    """Registers the function for `topic`; without a person to act for it runs as the named `service`."""

    def register(work: Work) -> Work:
        known = _handlers.get(topic)
        if known is not None and known.work.__qualname__ != work.__qualname__:
            raise ValueError(f"two handlers for {topic}")
        _handlers[topic] = Handler(work, service, tries, gave_up)
        return work

    return register


def handler_of(topic: str) -> Handler:
    if topic not in _handlers:
        load_rooms()
    if topic not in _handlers:
        raise UnknownTopic(topic)
    return _handlers[topic]


def load_rooms() -> None:
    """Outside a worker nobody has imported the rooms' `tasks.py` yet."""
    for room in rooms_with_tasks():
        import_module(f"{room}.tasks")


def payload_is_ids(payload: dict[str, Any]) -> bool:
    """Work is named by ids; case data has no way into a queue (design §6)."""
    return all(type(value) is int for value in payload.values())
