"""What waits for people in this room, for the page that they come home to."""

import datetime as dt
from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from alerts.referrals import review, selectors
from alerts.referrals.enums import QueueView
from alerts.referrals.selectors import MOST_DRAFTS
from safeguarding.access.handlers import HANDLERS
from safeguarding.agencies.models import User
from safeguarding.errors import NotVisible
from safeguarding.web import needs
from safeguarding.web.needs import Need


def at_the_hub(user: User) -> Iterator[Need]:
    """Referrals that nobody has looked at, and those that are late (MSH-05)."""
    try:
        counts = selectors.queue_counts(for_user=user)
    except NotVisible:  # whose training has lapsed has the role, and sees nothing (NTK-06)
        return
    due = selectors.first_due(for_user=user)
    here = reverse("referrals:list")
    yield Need("referrals to triage", f"{here}?view=new", counts[QueueView.NEW], due)
    yield Need("referrals that are late", f"{here}?view=late", counts[QueueView.LATE], due, urgent=True)


def of_referrers(user: User) -> Iterator[Need]:
    """Referrals that were begun and not sent: the first of them is cleared after a while (MSH-05)."""
    drafts = selectors.drafts_of(user)
    if drafts:
        cleared: dt.datetime = min(each.saved_at for each in drafts) + selectors.policies.DRAFT_LASTS
        soon = cleared <= timezone.now() + dt.timedelta(days=3)
        words = "referrals begun and not sent" if len(drafts) < MOST_DRAFTS else "or more referrals begun and not sent"
        yield Need(words, reverse("referrals:mine"), len(drafts), cleared if soon else None)


def weeks(user: User) -> Iterator[Need]:
    """The last whole week, until its contacts and referrals were looked at together; the first hub where they were not (MSH-07)."""
    hubs, week = review.to_review(for_user=user)
    query = urlencode({"week": week.isoformat(), **({"hub": hubs[0].slug} if hubs else {})})
    yield Need("week of contacts and referrals to review", f"{reverse('referrals:review')}?{query}", len(hubs))


def register_needs() -> None:
    needs.register("referrals of the hub", at_the_hub, roles=HANDLERS["referral"])
    needs.register("weeks of referrals", weeks, roles=HANDLERS["weekly_review"])
    needs.register("referrals of one's own", of_referrers, roles=HANDLERS["refer"])
