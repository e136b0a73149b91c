"""What needs who looks after school days, and how many alerts beat the bell lately (ALR-07, ALR-23)."""

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from alerts.bell import school_days, selectors
from alerts.bell.selectors import Asked
from alerts.delivery.models import Alert
from safeguarding.access.handlers import AUDIENCE_BITS, HANDLERS
from safeguarding.agencies.models import User
from safeguarding.web import charts, needs
from safeguarding.web.charts import Chart
from safeguarding.web.needs import Need
from safeguarding.web.paging import CAP

_DAYS, _WEEKS = 14, 8


def register() -> None:
    needs.register("school days", to_enter, roles=HANDLERS["calendar"])
    charts.register("bells of the hub", bells_of_hub, roles=HANDLERS["sent_alert"])
    charts.register("bells of a setting", bells_of_setting, roles=tuple(AUDIENCE_BITS))


def to_enter(user: User) -> Iterator[Need]:
    """Settings whose school days run out, and holidays soon in which nobody answers (ALR-07, ALR-23)."""
    settings = list(school_days.looked_after(user)[: CAP + 1])
    missing = school_days.missing_at(settings).values() if settings else ()
    where = reverse("bell:my_school_days")
    yield Need("settings without school days for the time to come", where, sum(each.ends_soon for each in missing))
    yield Need(
        "settings without a holiday contact for the next holiday",
        where,
        sum(each.holiday is not None for each in missing),
    )
    areas = school_days.authorities_to_renew(user)
    if areas:
        where = reverse("bell:authority_days", args=[areas[0].slug])
        yield Need("areas whose default school days run out", where, len(areas))


def bells_of_hub(user: User) -> Iterator[Chart]:
    """The last fourteen days as the board counts them (ALR-23)."""
    today = timezone.localdate()
    days = [today - dt.timedelta(days=n) for n in reversed(range(_DAYS))]
    counted = {each.label: each for each in selectors.by_day(Asked(days[0], today), for_user=user)}
    yield Chart(
        key="bells",
        title="Alerts opened before the bell, and not, on each of the last fourteen days",
        first="Opened before the bell",
        second="Not known before the bell",
        rows=tuple(
            (f"{day.day} {day:%B %Y}", counted[day].in_time, counted[day].late)
            if day in counted
            else (f"{day.day} {day:%B %Y}", 0, 0)
            for day in days
        ),
        empty="No alert had to beat a bell in these days.",
        more=reverse("bell:board"),
    )


def bells_of_setting(user: User) -> Iterator[Chart]:
    """The newest alerts here by week: read before the bell, or not; one query (ALR-23)."""
    now = timezone.now()
    monday = timezone.localdate() - dt.timedelta(days=timezone.localdate().weekday())
    weeks = [monday - dt.timedelta(weeks=n) for n in reversed(range(_WEEKS))]
    rows = {week: [0, 0] for week in weeks}
    newest = Alert.objects.newest_addressed(user, limit=CAP)
    for bell_at, *opened in newest.values_list("bell_at", "opened_at", "first_opened_at"):
        day = timezone.localdate(bell_at)
        week = day - dt.timedelta(days=day.weekday())
        in_time = any(at is not None and at <= bell_at for at in opened)
        if week in rows and (in_time or bell_at <= now):
            rows[week][not in_time] += 1
    yield Chart(
        key="weeks",
        title="Alerts here opened before the bell, and not, in each of the last eight weeks",
        first="Opened before the bell",
        second="Opened later, or not yet",
        rows=tuple((f"Week of {week.day} {week:%B %Y}", good, late) for week, (good, late) in rows.items()),
        column="Week",
        empty="No alert had to be read here in these weeks.",
        more=reverse("response:inbox"),
    )
