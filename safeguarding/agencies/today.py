"""What needs somebody who looks after people, and what everybody has to keep current (NTK-06, NTK-07)."""

from collections.abc import Iterator

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from safeguarding.access.handlers import CONTENT_ROLES, HANDLERS
from safeguarding.access.posts import posts_of
from safeguarding.agencies import clearance, selectors
from safeguarding.agencies.models import Membership, ReviewItem, User
from safeguarding.web import needs
from safeguarding.web.needs import Need
from safeguarding.web.paging import CAP


def register() -> None:
    needs.register("access reviews", access_reviews, roles=HANDLERS["colleagues"])
    needs.register("training of colleagues", lapsed_colleagues, roles=HANDLERS["members"])
    needs.register("own training", own_training, roles=tuple(CONTENT_ROLES))


def access_reviews(user: User) -> Iterator[Need]:
    """Colleagues whose access somebody has to confirm, or it ends; one's own is for another (NTK-07)."""
    waiting = ReviewItem.objects.visible_to(user).filter(review__closed_at=None, decision="", membership__ended_at=None)
    others = waiting.exclude(membership__user=user).order_by()[: CAP + 1]
    found = others.aggregate(count=Count("pk"), first=Min("review__due_at"))
    late = found["first"] is not None and found["first"] < timezone.now()
    yield Need("roles of colleagues to confirm", reverse("members:my_people"), found["count"], found["first"], late)


def lapsed_colleagues(user: User) -> Iterator[Need]:
    """Roles here that open nothing, because training or acknowledgement is missing (NTK-06)."""
    short = Membership.objects.visible_to(user).filter(
        agency__in=selectors.administered(user).order_by(),
        role__in=CONTENT_ROLES,
        ended_at=None,
        cleared_until__lte=timezone.now(),
        user__is_integration=False,
    )
    people = short.order_by().values("user").distinct()[: CAP + 1].count()
    yield Need("people whose training or terms have lapsed", reverse("members:mine"), people, urgent=bool(people))


def own_training(user: User) -> Iterator[Need]:
    """My own training or terms, from thirty days before they end (NTK-06)."""
    mine = posts_of(user).held
    where = reverse("members:clearance")
    if late := clearance.lapsed(mine):
        yield Need("roles of yours open nothing: training or terms are missing", where, len(late), urgent=True)
    if soon := clearance.ending_soon(mine):
        yield Need(
            "roles of yours need training or terms again", where, len(soon), min(each.cleared_until for each in soon)
        )
