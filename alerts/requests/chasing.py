"""Questions that are past their day: the agency is reminded once a day, by the clock (MSH-02)."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from alerts.requests import telling
from alerts.requests.enums import AskState
from alerts.requests.models import Ask
from safeguarding.audit.record import record

MOST_AT_ONCE = 200


@transaction.atomic
def chase_late(now: dt.datetime) -> int:
    """Each unanswered question that is late, once a day; doing it again on the same day changes nothing. Runs as dispatch."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    late = Ask.objects.filter(state=AskState.ASKED, due_at__lt=now).exclude(chased_at__gte=today)
    asks = list(
        late.select_related("agency", "partnership", "crypto_key")
        .select_for_update(of=("self",), no_key=True, skip_locked=True)
        .order_by("due_at", "pk")[:MOST_AT_ONCE]
    )
    for ask in asks:
        ask.chased_at = now
        ask.save(update_fields=["chased_at"])
        record("request.chased", ask)
        telling.of_reminder(ask, f"late {timezone.localdate(now)}")
    return len(asks)
