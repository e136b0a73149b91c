"""A referral as what a strategy discussion is asked for from (MSH-05, STR-01)."""

from django.urls import reverse
from django.utils import timezone

from alerts.referrals.enums import Outcome
from alerts.referrals.models import Referral, ReferralChild
from alerts.strategy.enums import Origin
from alerts.strategy.sources import Source, check_children_are_known
from safeguarding.access.posts import agencies_where
from safeguarding.agencies.calendars import LONDON
from safeguarding.agencies.models import User
from safeguarding.errors import NotVisible, Refused

LEADS_THERE = (Outcome.STRATEGY, Outcome.ENQUIRY)


def from_referral(ref: str, user: User) -> Source:
    """A referral that the hub has decided on so; its clock runs from the day on which it was received (STR-01, STR-05)."""
    mine = Referral.objects.visible_to(user).filter(controller__in=agencies_where(user, "referral"))
    found = mine.select_related("partnership", "controller").filter(ref=ref).first()
    if found is None:
        raise NotVisible
    if found.outcome not in LEADS_THERE:
        raise Refused(
            "A strategy discussion follows a referral that was decided so. Nothing was asked for. Decide the referral first."
        )
    rows = ReferralChild.objects.visible_to(user).filter(referral=found)
    check_children_are_known(rows)
    return Source(
        origin=Origin.REFERRAL,
        partnership=found.partnership,
        asked_at=found.controller,
        children=[row.child for row in rows.select_related("child__crypto_key").order_by("position") if row.child],
        referred_on=timezone.localdate(found.received_at, LONDON),
        ref=found.ref,
        href=reverse("referrals:referral", args=[found.ref]),
    )
