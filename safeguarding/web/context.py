"""What every page shows: agency, areas, the front door's telephone, the marking."""

from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from safeguarding.agencies.models import Partnership
from safeguarding.web.navigation import active_memberships, links

ABSOLUTE_SECONDS = 12 * 60 * 60
WARNING_SECONDS = 120


def page(request: HttpRequest) -> dict[str, Any]:
    """For signed-in pages inside a transaction; error pages outside one show the bare frame."""
    common = {
        "demo": settings.DEMO,
        "idle_seconds": settings.SESSION_COOKIE_AGE,
        "warning_seconds": WARNING_SECONDS,
        "marking": "OFFICIAL-SENSITIVE",
    }
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not connection.in_atomic_block or connection.needs_rollback:
        return common
    memberships = active_memberships(user)
    agencies = list(dict.fromkeys(membership.agency for membership in memberships))
    partnership = Partnership.objects.filter(agencies__in=agencies).order_by("pk").first()
    return {
        **common,
        "navigation": links(request, {membership.role for membership in memberships}),
        "my_agencies": agencies,
        "my_partnership": partnership,
        "marking": partnership.marking if partnership else "OFFICIAL-SENSITIVE",
    }
