"""Records that are due, receipts that are missing, clocks that run out: who answers for it is reminded (STR-02, STR-05)."""

import datetime as dt
import logging

from django.db import transaction
from django.utils import timezone

from alerts.readers.selectors import as_dispatch
from alerts.strategy import messages, policies
from alerts.strategy.enums import DiscussionState
from alerts.strategy.models import DiscussionInvitation, StrategyDiscussion
from safeguarding.access.principal import acting_as
from safeguarding.audit.record import record

log = logging.getLogger("hub.strategy")

BATCH = 50
_AFTER_TROUBLE = dt.timedelta(minutes=15)


def chase_all() -> int:
    """Everything that is due now; one discussion's trouble is not another's."""
    now, total = timezone.now(), 0
    with acting_as(as_dispatch("chase strategy discussions")):
        while chased := _batch(now):
            total += chased
    return total


@transaction.atomic
def _batch(now: dt.datetime) -> int:
    waiting = (
        StrategyDiscussion.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
        .select_related("partnership")
        .filter(next_chase_at__lte=now)
        .order_by("next_chase_at", "pk")[:BATCH]
    )
    found = list(waiting)
    for discussion in found:
        try:
            with transaction.atomic():
                _chase(discussion, now)
        except Exception as error:
            log.error("discussion %s could not be chased", discussion.ref, exc_info=error)
            StrategyDiscussion.objects.filter(pk=discussion.pk).update(next_chase_at=now + _AFTER_TROUBLE)
    return len(found)


def _chase(discussion: StrategyDiscussion, now: dt.datetime) -> None:
    people = 0
    occasion = f"chase-{discussion.next_chase_at:%Y%m%d%H%M}"
    if discussion.state == DiscussionState.HELD:
        late = policies.record_is_late(discussion, now)
        people += messages.tell(
            discussion,
            messages.managers_of(discussion),
            headline="The record is overdue" if late else "The record is due soon",
            sentence="The record of a strategy discussion has to reach everybody who took part. Please write and send it.",
            occasion=occasion,
        )
    else:
        people += _ask_for_receipts(discussion, now, occasion)
        people += _remind_of_clocks(discussion, now, occasion)
    discussion.next_chase_at = policies.next_chase(discussion, now)
    discussion.save(update_fields=["next_chase_at"])
    record("discussion.chased", discussion, facts={"people": people})


def _ask_for_receipts(discussion: StrategyDiscussion, now: dt.datetime, occasion: str) -> int:
    """Who has not opened the record after a day is asked once (STR-02)."""
    rows = DiscussionInvitation.objects.filter(
        content_object=discussion, record_sent_at__isnull=False, record_opened_at=None, chased_at=None
    ).live()
    unopened = list(rows.select_related("user"))
    DiscussionInvitation.objects.filter(pk__in=[row.pk for row in unopened]).update(chased_at=now)
    return messages.tell(
        discussion,
        [row.user for row in unopened],
        headline="You have not opened the record yet",
        sentence="The record of a strategy discussion waits for you. Please open it in the Hub.",
        occasion=occasion,
    )


def _remind_of_clocks(discussion: StrategyDiscussion, now: dt.datetime, occasion: str) -> int:
    """Three days ahead, and every day once one has run out (STR-05)."""
    near = [day for day in policies.running_clocks(discussion) if policies.end_of(day) - now <= policies.SOON]
    if not near:
        return 0
    late = any(policies.end_of(day) <= now for day in near)
    return messages.tell(
        discussion,
        messages.managers_of(discussion),
        headline="Section 47 clock has run out" if late else "Section 47 clock runs out soon",
        sentence="The assessment or the conference of an enquiry is due. What is due when stands in the Hub.",
        occasion=f"clock-{occasion}",
    )
