"""What every page shows: agency, areas, the front door's telephone, the marking."""

from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest

from safeguarding.access.posts import names_of, posts_of
from safeguarding.agencies import clearance
from safeguarding.agencies.models import Partnership, User
from safeguarding.web.navigation import links

ABSOLUTE_SECONDS = 12 * 60 * 60
WARNING_SECONDS = 120


def page(request: HttpRequest) -> dict[str, Any]:
    """For signed-in people: agency and areas."""
    common = {
        "demo": settings.DEMO,
        "idle_seconds": settings.SESSION_COOKIE_AGE,
        "warning_seconds": WARNING_SECONDS,
        "marking": "OFFICIAL-SENSITIVE",
    }
    user = getattr(request, "user", None)
    if user is None or connection.needs_rollback or not user.is_authenticated:
        return common
    # Pages of allauth and of errors are drawn after the view's transaction; who acts is stamped on this one anew.
    with transaction.atomic(savepoint=False):
        return {**common, **_of(user, request)}


def _of(user: User, request: HttpRequest) -> dict[str, Any]:
    posts = posts_of(user)
    agencies = names_of(posts.held)
    shown = Partnership.objects.only("front_door_phone", "marking")  # its rules are long, and stand on no page
    partnership = shown.filter(agencies__in=list(agencies)).order_by("pk").first()
    return {
        "navigation": links(request, posts.roles),
        "my_agencies": list(agencies.values()),
        "lapsed": clearance.lapsed(posts.held),
        "ending_soon": clearance.ending_soon(posts.held),
        "my_partnership": partnership,
        "marking": partnership.marking if partnership else "OFFICIAL-SENSITIVE",
    }
