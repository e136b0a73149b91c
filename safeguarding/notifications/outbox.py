"""The outbox at work: messages go on the queue, are worked off exactly once, tried again, or given up (design §6)."""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from safeguarding.access.principal import Principal, acting_as
from safeguarding.notifications.handlers import DEFAULT_TRIES, Handler, UnknownTopic, handler_of
from safeguarding.notifications.models import OutboxMessage

log = logging.getLogger("hub.outbox")

RELAY = Principal(service="relay", purpose="outbox")
FIRST_PAUSE, LONGEST_PAUSE = dt.timedelta(seconds=5), dt.timedelta(minutes=15)
# A message on the queue that nobody has finished by then is put there again.
LONGEST_LEASE = dt.timedelta(minutes=30)
# From so many times on the queue without an end, somebody should look at the workers.
PUBLISHED_TOO_OFTEN = 10


class PersonLeft(Exception):
    """The person whom the work acts for has left: nothing is done in her name (NTK-07)."""


def pause_after(tries: int) -> dt.timedelta:
    """Twice as long after each failure."""
    return min(FIRST_PAUSE * 2 ** min(tries - 1, 16), LONGEST_PAUSE)


def lease_after(published: int) -> dt.timedelta:
    """How long a published message is left alone; grows, so that a standing queue is not flooded with repeats."""
    first = dt.timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    return min(first * 2 ** min(published - 1, 16), LONGEST_LEASE)


@dataclass(frozen=True)
class Batch:
    """How many messages went on the queue, and what stopped the rest."""

    published: int
    failure: Exception | None = None


@transaction.atomic
def publish_batch(publish: Callable[[int], None], *, size: int) -> Batch:
    """Put waiting messages on the queue; what could not be published stays as it was.

    Several relays may run: each takes rows that no other holds. A crash in here publishes twice at worst, which is harmless.
    """
    waiting = (
        OutboxMessage.objects.select_for_update(skip_locked=True, no_key=True)
        .filter(done_at=None, given_up_at=None, available_at__lte=timezone.now())
        .order_by("available_at", "id")[:size]
    )
    taken: list[OutboxMessage] = []
    failure: Exception | None = None
    for message in waiting:
        try:
            publish(message.pk)
        except Exception as error:  # noqa: BLE001 - the broker's library has errors of many families
            failure = error
            break
        message.published += 1
        message.available_at = timezone.now() + lease_after(message.published)
        taken.append(message)
        if message.published >= PUBLISHED_TOO_OFTEN:
            log.warning("message %s is on the queue for the %sth time", message.pk, message.published)
    OutboxMessage.objects.bulk_update(taken, ["published", "available_at"], batch_size=size)
    return Batch(len(taken), failure)


def work_off(message_id: int) -> bool:
    """Do one message's work and mark it done in one transaction; False when it is done, given up, or failed now.

    A second worker with the same message waits for the first, then finds it done.
    """
    try:
        with acting_as(RELAY), transaction.atomic():
            message = _waiting(message_id)
            if message is None:
                return False
            known = handler_of(message.topic)
            with acting_as(_principal(message, known)):
                known.work(**message.payload)
            message.done_at = timezone.now()
            message.save(update_fields=["done_at"])
    except Exception as error:
        log.warning("message %s failed", message_id, exc_info=error)
        _remember_failure(message_id, error)
        return False
    return True


def _waiting(message_id: int) -> OutboxMessage | None:
    return (
        OutboxMessage.objects.select_for_update(of=("self",), no_key=True)
        .select_related("acts_for")
        .filter(pk=message_id, done_at=None, given_up_at=None)
        .first()
    )


def _principal(message: OutboxMessage, known: Handler) -> Principal:
    """The person the work acts for, if she is still active now; else the topic's service (NTK-07)."""
    if message.acts_for is None:
        return Principal(service=known.service, purpose=message.topic)
    if not message.acts_for.is_active:
        raise PersonLeft
    return Principal(user_id=message.acts_for_id, purpose=message.topic)


def _remember_failure(message_id: int, error: Exception) -> None:
    """Try again later, ever more slowly; after the last try people are told, and the message keeps why."""
    with acting_as(RELAY), transaction.atomic():
        message = _waiting(message_id)
        if message is None:
            return
        message.tries += 1
        message.last_error = type(error).__name__[:80]
        message.available_at = timezone.now() + pause_after(message.tries)
        if isinstance(error, PersonLeft) or message.tries >= _tries_of(message):
            message.given_up_at = timezone.now()
            log.error("message %s given up after %s tries", message.pk, message.tries)
            _tell(message)
        message.save(update_fields=["tries", "last_error", "available_at", "given_up_at"])


def _tries_of(message: OutboxMessage) -> int:
    try:
        return handler_of(message.topic).tries
    except UnknownTopic:
        return DEFAULT_TRIES


def _tell(message: OutboxMessage) -> None:
    try:
        known = handler_of(message.topic)
        if known.gave_up is not None:
            with transaction.atomic(), acting_as(Principal(service=known.service, purpose=message.topic)):
                known.gave_up(**message.payload)
    except Exception as error:
        log.error("nobody could be told that message %s was given up", message.pk, exc_info=error)
