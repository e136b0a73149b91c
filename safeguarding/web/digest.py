"""What waits for a person, by e-mail: numbers and links, never a name; chosen by each, and switched off by each."""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from safeguarding.access.posts import posts_of
from safeguarding.access.principal import current
from safeguarding.agencies.calendars import is_working_day
from safeguarding.agencies.enums import Digest
from safeguarding.agencies.models import User
from safeguarding.audit.record import record
from safeguarding.notifications.services import enqueue, queue_email
from safeguarding.web.needs import needs_of
from safeguarding.web.paging import capped


@transaction.atomic
def choose(pace: Digest, *, by: User) -> None:
    by.digest = pace
    by.save(update_fields=["digest"])
    record("digest.chosen", by, facts={"pace": pace})


@transaction.atomic
def promise_due() -> int:
    """One piece of work for each person who wants it today; on working days, weekly on the first of the week. Runs as dispatch."""
    today = timezone.localdate()
    if not is_working_day(today):
        return 0
    monday = today - dt.timedelta(days=today.weekday())
    first_of_week = not any(is_working_day(monday + dt.timedelta(days=n)) for n in range(today.weekday()))
    paces = [Digest.DAILY, *([Digest.WEEKLY] if first_of_week else [])]
    wanted = list(User.objects.filter(digest__in=paces, is_active=True, is_integration=False).order_by("pk"))
    for user in wanted:
        enqueue("digest.write", {"user": user.pk}, acts_for=user)
    return len(wanted)


def write(user_id: int) -> None:
    """As the person, behind the walls, what Today shows them now; nothing waits: no e-mail. Once a day."""
    assert current().user_id == user_id, "a summary is counted by nobody but whom it is for"
    user = User.objects.get(pk=user_id)
    found = needs_of(user, posts_of(user).roles)
    if not found or user.digest == Digest.NEVER:
        return
    lines = [
        {
            "count": capped(need.count),
            "words": need.said,
            "link": f"{settings.SITE_URL}{need.href}",
            "now": need.urgent,
        }
        for need in found
    ]
    queue_email(
        to=user.email,
        template="digest",
        context={"lines": lines, "today": f"{settings.SITE_URL}/today/", "off": f"{settings.SITE_URL}/today/summary/"},
        dedupe_key=f"digest:{user.pk}:{timezone.localdate().isoformat()}",
        recipient=user,
    )
