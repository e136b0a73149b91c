"""Access reviews: each member confirmed by a date, or their access ends (NTK-07)."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from safeguarding.agencies import selectors
from safeguarding.agencies.enums import SETTING_KINDS, ReviewDecision, Role
from safeguarding.agencies.models import AccessReview, Agency, Membership, Partnership, ReviewItem, User
from safeguarding.agencies.services import end_access
from safeguarding.agencies.suspension import ig_leads_of
from safeguarding.audit.record import record
from safeguarding.errors import NotVisible, Refused
from safeguarding.notifications.services import queue_email

TIME_TO_ANSWER = dt.timedelta(days=28)
REMINDERS = (14, 3)
_MONTH = dt.timedelta(days=30)


@transaction.atomic
def open_due() -> int:
    """A review for each agency whose last one, or whose joining, is longer ago than its partnerships allow; runs as setup."""
    now, opened = timezone.now(), 0
    for agency in Agency.objects.filter(is_active=True).exclude(reviews__closed_at=None, reviews__isnull=False):
        joined = agency.partnershipagency_set.filter(left_on=None).aggregate(
            months=Min("partnership__review_months"), since=Min("joined_on")
        )
        last = agency.reviews.order_by("-opened_at").values_list("opened_at", flat=True).first()
        if joined["since"] is None:
            continue
        since = last.date() if last else joined["since"]
        if since + joined["months"] * _MONTH <= now.date():
            opened += open_review(agency) is not None
    return opened


def open_review(agency: Agency) -> AccessReview | None:
    """Every membership of a person at the agency, to be confirmed within four weeks; none without people."""
    members = Membership.objects.filter(agency=agency, ended_at=None, user__is_integration=False).order_by("pk")
    if not members.exists():
        return None
    review = AccessReview.objects.create(agency=agency, due_at=timezone.now() + TIME_TO_ANSWER)
    ReviewItem.objects.bulk_create(ReviewItem(review=review, agency=agency, membership=each) for each in members)
    record("review.opened", review, facts={"memberships": len(members)})
    _write(review, "opened")
    return review


@transaction.atomic
def decide(*, agency: Agency, ended: Collection[int], by: User) -> tuple[int, int]:
    """Confirms what is open and not by name ended; one's own access is for another to confirm (NTK-07).

    `ended` are ids of items. Returns how many were confirmed and how many ended.
    """
    if not selectors.watched(by).filter(pk=agency.pk).exists():
        raise NotVisible
    agency = Agency.objects.select_for_update().get(pk=agency.pk)
    items = [item for item in open_items(agency) if item.membership.user_id != by.pk]
    if not items:
        raise Refused("Nothing waits here for you to confirm. Nothing was changed.")
    may_end = selectors.administered(by).filter(pk=agency.pk).exists()
    going = [item for item in items if item.pk in ended]
    if going and not may_end:
        raise Refused("An IG lead confirms; an administrator ends a membership. Nothing was changed.")
    for item in going:
        if not _can_go(item.membership):
            raise Refused(
                f"{agency.name} has no other {Role(item.membership.role).label.lower()}. Nothing was changed. "
                "Give somebody else the role first."
            )
        _settle(item, ReviewDecision.ENDED, by=by)
        _end(item, by=by)
    for item in items:
        if item not in going:
            _settle(item, ReviewDecision.CONFIRMED, by=by)
    review = items[0].review
    record("review.decided", review, facts={"confirmed": len(items) - len(going), "ended": len(going)})
    if not open_items(agency):
        _close(review)
    return len(items) - len(going), len(going)


def open_items(agency: Agency) -> list[ReviewItem]:
    """What still waits for an answer; a membership that has ended meanwhile waits for none."""
    waiting = ReviewItem.objects.filter(
        agency=agency, review__closed_at=None, decision="", membership__ended_at=None
    ).select_related("review", "membership__user")
    return list(waiting.order_by("membership__user__name", "pk"))


@dataclass(frozen=True)
class Progress:
    """How far the newest review has come."""

    review: AccessReview
    answered: int
    all: int


def progress(agency: Agency) -> Progress | None:
    review = agency.reviews.order_by("-opened_at", "-pk").first()
    if review is None:
        return None
    items = ReviewItem.objects.filter(review=review)
    waiting = items.filter(decision="", membership__ended_at=None)
    return Progress(review, items.count() - waiting.count(), items.count())


@transaction.atomic
def remind() -> int:
    """Two weeks and three days before the date, each administrator; runs as setup."""
    told = 0
    for review in AccessReview.objects.filter(closed_at=None).select_related("agency"):
        left = review.due_at - timezone.now()
        near = [days for days in REMINDERS if left <= dt.timedelta(days=days)]
        if near and left > dt.timedelta():
            told += _write(review, f"{min(near)} days")
    return told


@transaction.atomic
def close_due() -> int:
    """Past the date unconfirmed access ends by itself; the last administrator's or lead's is flagged instead (NTK-07)."""
    ended = 0
    due = AccessReview.objects.select_for_update(of=("self",), skip_locked=True).filter(
        closed_at=None, due_at__lte=timezone.now()
    )
    for review in due.select_related("agency"):
        flagged = 0
        for item in open_items(review.agency):
            if _can_go(item.membership):
                _settle(item, ReviewDecision.LAPSED, by=None)
                _end(item, by=None)
                ended += 1
            else:
                _settle(item, ReviewDecision.FLAGGED, by=None)
                flagged += 1
        record("review.lapsed", review, facts={"flagged": flagged})
        if flagged:
            _flag(review)
        _close(review)
    return ended


def _can_go(membership: Membership) -> bool:
    """An agency keeps an administrator, and a setting a lead, whatever was forgotten (NTK-07, ALR-23)."""
    if membership.role == Role.AGENCY_ADMIN or (
        membership.role == Role.DSL and membership.agency.kind in SETTING_KINDS
    ):
        others = Membership.objects.filter(
            agency=membership.agency, role=membership.role, ended_at=None, user__is_active=True
        )
        return others.exclude(user=membership.user_id).exists()
    return True


def _settle(item: ReviewItem, decision: ReviewDecision, *, by: User | None) -> None:
    item.decision, item.decided_by, item.decided_at = decision, by, timezone.now()
    item.save(update_fields=["decision", "decided_by", "decided_at"])


def _end(item: ReviewItem, *, by: User | None) -> None:
    held = item.membership
    end_access(agency=item.review.agency, user=held.user, roles=[held.role], by=by)


def _close(review: AccessReview) -> None:
    review.closed_at = timezone.now()
    review.save(update_fields=["closed_at"])


def _administrators(agency: Agency) -> list[User]:
    held = User.objects.filter(
        is_active=True,
        memberships__in=Membership.objects.filter(agency=agency, role=Role.AGENCY_ADMIN, ended_at=None),
    )
    return list(held.distinct().order_by("pk"))


def _write(review: AccessReview, occasion: str) -> int:
    told = 0
    for person in _administrators(review.agency):
        sent = queue_email(
            to=person.email,
            template="review_due",
            context={
                "agency": review.agency.name,
                "day": f"{timezone.localtime(review.due_at):%-d %B %Y}",
                "link": f"{settings.SITE_URL}/members/{review.agency.slug}/review/",
            },
            dedupe_key=f"review {review.pk} {occasion} {person.pk}",
            recipient=person,
        )
        told += sent is not None
    return told


def _flag(review: AccessReview) -> None:
    """To the IG lead, and to the managers of the partnerships' hubs: somebody phones the agency (NTK-07)."""
    partnerships = Partnership.objects.filter(partnershipagency__agency=review.agency, partnershipagency__left_on=None)
    managers = Membership.objects.filter(
        role=Role.MASH_MANAGER, ended_at=None, agency__partnerships__in=partnerships, user__is_active=True
    )
    people = {lead.pk: lead for lead in ig_leads_of(review.agency)}
    people |= {each.user_id: each.user for each in managers.select_related("user")}
    for person in people.values():
        queue_email(
            to=person.email,
            template="review_flagged",
            context={"agency": review.agency.name},
            dedupe_key=f"review {review.pk} flagged {person.pk}",
            recipient=person,
        )
