"""What needs the IG lead now, and how much there was lately (AUD-04, AUD-06)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from safeguarding.agencies.models import User
from safeguarding.audit.models import AuditEntry
from safeguarding.governance.log import led_by
from safeguarding.governance.rules import OPENINGS

DAYS = 14
# The chart is drawn in these units; the style sheet gives it its size.
WIDTH, HEIGHT, LABELS = 560, 140, 20


@dataclass(frozen=True)
class Day:
    """One day of the chart: openings of records, and what was refused or failed."""

    day: dt.date
    opened: int
    trouble: int
    x: float = 0
    width: float = 0
    height: float = 0
    trouble_height: float = 0

    @property
    def y(self) -> float:
        return HEIGHT - LABELS - self.height

    @property
    def trouble_x(self) -> float:
        return round(self.x + self.width, 1)

    @property
    def trouble_y(self) -> float:
        return HEIGHT - LABELS - self.trouble_height


@dataclass(frozen=True)
class Chart:
    days: Sequence[Day]
    top: int
    width: int = WIDTH
    height: int = HEIGHT
    floor: int = HEIGHT - LABELS

    @property
    def is_empty(self) -> bool:
        return not any(day.opened or day.trouble for day in self.days)


def lately(*, for_user: User, today: dt.date | None = None) -> Chart:
    """The last fourteen days, each with its openings and refusals; one query."""
    today = today or timezone.localdate()
    first = today - dt.timedelta(days=DAYS - 1)
    led = [agency.pk for agency in led_by(for_user)]
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
    numbers = [(first + dt.timedelta(days=n), *by_day.get(first + dt.timedelta(days=n), (0, 0))) for n in range(DAYS)]
    top = max(max(opened, trouble) for _, opened, trouble in numbers) or 1
    step, room = WIDTH / DAYS, HEIGHT - LABELS - 10
    days = [
        Day(
            day=day,
            opened=opened,
            trouble=trouble,
            x=round(n * step + 4, 1),
            width=round(step / 2 - 5, 1),
            height=round(room * opened / top, 1),
            trouble_height=round(room * trouble / top, 1),
        )
        for n, (day, opened, trouble) in enumerate(numbers)
    ]
    return Chart(days, top)
