"""Promises: work and e-mails that leave when the transaction that needs them commits (design §6)."""

import datetime as dt
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from safeguarding.access.principal import current
from safeguarding.agencies.models import User
from safeguarding.notifications.handlers import payload_is_ids
from safeguarding.notifications.models import Email, OutboxMessage


def enqueue(
    topic: str,
    payload_of_ids: dict[str, int],
    *,
    acts_for: User | None = None,
    available_at: dt.datetime | None = None,
) -> OutboxMessage:
    """Promise work in this transaction: when it commits the work will be done, when it does not it never was."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("a promise needs the transaction of the change it belongs to")
    if not payload_is_ids(payload_of_ids):
        raise ValueError(f"{topic} carries something that is no id")
    return OutboxMessage.objects.create(
        topic=topic,
        payload=payload_of_ids,
        acts_for=acts_for,
        created_by_id=current().user_id,
        available_at=available_at or timezone.now(),
    )


def queue_email(
    *,
    to: str,
    template: str,
    context: dict[str, Any],
    dedupe_key: str,
    by: User | None = None,
    recipient: User | None = None,
    about: models.Model | None = None,
) -> Email | None:
    """Promise an e-mail in this transaction; the same `dedupe_key` is never promised twice (None: it was promised before).

    `by` asks for it (the walls take no other than who acts now), `recipient` is the person it goes to, `about` the record it
    speaks of. No name of a child or adult stands in `context` (ALR-04).
    """
    email = Email(
        to=to,
        template=template,
        context=context,
        dedupe_key=dedupe_key,
        recipient=recipient,
        about_type=ContentType.objects.get_for_model(about) if about else None,
        about_id=about.pk if about else None,
        created_by_id=by.pk if by else current().user_id,
    )
    try:
        with transaction.atomic():
            email.save(force_insert=True)
    except IntegrityError:
        return None
    enqueue("email.send", {"email": email.pk})
    return email
