"""What needs an IG lead or a hub's manager now, and how much was opened lately (AUD-04, AUD-05, AUD-06)."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Count, Min, Q
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone

from safeguarding.access.handlers import HANDLERS
from safeguarding.agencies.models import User
from safeguarding.audit.events import OPENINGS
from safeguarding.audit.models import AuditEntry
from safeguarding.governance.log import led_by
from safeguarding.governance.reviews import to_review
from safeguarding.governance.sampling import unfinished
from safeguarding.web import charts, needs
from safeguarding.web.charts import Chart
from safeguarding.web.needs import Need
from safeguarding.web.paging import CAP

DAYS = 14


def register() -> None:
    needs.register("unusual access", unusual, roles=HANDLERS["audit"])
    needs.register("sampling audits", samples, roles=HANDLERS["sampling"])
    charts.register("openings", openings, roles=HANDLERS["audit"])


def unusual(user: User) -> Iterator[Need]:
    open_ones = to_review(for_user=user).order_by()[: CAP + 1]
    found = open_ones.aggregate(count=Count("pk"), first=Min("due_at"))
    late = found["first"] is not None and found["first"] < timezone.now()
    yield Need("unusual access to review", reverse("governance:unusual"), found["count"], found["first"], late)


def samples(user: User) -> Iterator[Need]:
    count = unfinished(for_user=user).order_by()[: CAP + 1].count()
    yield Need("sampling audits to finish", reverse("governance:samples"), count)


def openings(user: User, today: dt.date | None = None) -> Iterator[Chart]:
    """The last fourteen days, each with what was opened, and what was refused or failed; one query."""
    today = today or timezone.localdate()
    first = today - dt.timedelta(days=DAYS - 1)
    led = [agency.pk for agency in led_by(user)]
    since = timezone.make_aware(dt.datetime.combine(first, dt.time()))
    counted = (
        AuditEntry.objects.filter(Q(agency_id__in=led) | Q(actor_agency_id__in=led), timestamp__gte=since)
        .filter(Q(event__in=OPENINGS, outcome="done") | Q(outcome__in=["denied", "failed"]))
        .annotate(day=TruncDate("timestamp"))
        .values("day")
        .annotate(opened=Count("pk", filter=Q(outcome="done")), trouble=Count("pk", filter=~Q(outcome="done")))
        .order_by("day")
    )
    by_day = {row["day"]: (row["opened"], row["trouble"]) for row in counted}
    days = [first + dt.timedelta(days=n) for n in range(DAYS)]
    yield Chart(
        key="openings",
        title="Records opened, and requests refused or failed, on each of the last fourteen days",
        first="Opened",
        second="Refused or failed",
        rows=tuple((f"{day.day} {day:%B %Y}", *by_day.get(day, (0, 0))) for day in days),
        empty="Nobody has opened a record in these days, and nobody was refused.",
        more=reverse("governance:log"),
    )
