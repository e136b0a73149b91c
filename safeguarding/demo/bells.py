"""Two months of bells in the first partnership, with a few that were not known in time; and who answers in the next holiday."""

import datetime as dt
from collections.abc import Iterator
from random import Random

from django.utils import timezone

from alerts.delivery.enums import AlertStatus
from alerts.intake.enums import NotificationKind, Risk
from safeguarding.access.principal import Principal, acting_as
from safeguarding.agencies.calendars import calendar_of
from safeguarding.agencies.enums import PeriodKind, Role
from safeguarding.agencies.models import Agency, CalendarPeriod, HolidayCover, Membership, Partnership, User
from safeguarding.children.matching import Details
from safeguarding.demo.data import names
from safeguarding.demo.loading import PARTNERSHIPS
from safeguarding.demo.scale import Plan, case_data, place_of

DAYS = 56
# those whose alerts nobody's story tells; the rooms' own examples stay easy to find
SETTINGS = ("thornbank", "compass", "stonegate", "estuary", "saltmarsh", "tern", "lantern")
_MINUTE = dt.timedelta(minutes=1)
# of a hundred: opened before the bell, and then why not
_IN_TIME, _ARRIVED, _SCREENED = 86, 91, 94


def tell_of_last_weeks() -> None:
    data = PARTNERSHIPS[0]
    partnership = Partnership.objects.get(slug=data.slug)
    with acting_as(Principal(service="setup", purpose="load_demo")):
        settings = list(Agency.objects.filter(slug__in=[data.slug_of(short) for short in SETTINGS]).order_by("pk"))
        held = Membership.objects.filter(agency__in=settings, role=Role.DSL, ended_at=None).select_related("user")
        leads = {membership.agency_id: membership.user for membership in held.order_by("-pk")}
        _name_contacts(partnership)
    plans = [plan for number, setting in enumerate(settings) for plan in _plans(number, setting, partnership)]
    case_data(place_of(partnership), plans, leads)


def _plans(number: int, setting: Agency, partnership: Partnership) -> Iterator[Plan]:
    """The same weeks for the same day; a Monday has more of them, as everywhere."""
    chance = Random(f"bells/{number}")  # noqa: S311 - plausible, not secret
    calendar, today = calendar_of(setting, partnership), timezone.localdate()
    count = 0
    for day in (today - dt.timedelta(days=n) for n in range(DAYS, 0, -1)):
        for _ in range(chance.choice((0, 0, 1, 1)) + (day.weekday() == 0)) if calendar.is_school_day(day) else ():
            count += 1
            child = chance.randrange(14)
            before, after, received = _times(chance.randrange(100), chance.randrange(5, 40))
            family = names.FAMILY[(number * 11 + child * 5) % len(names.FAMILY)]
            yield Plan(
                setting=setting,
                child=child,
                details=Details(names.GIVEN[(number * 13 + child) % len(names.GIVEN)], family, _born(number, child)),
                reference=f"D/{setting.pk}/{count:04d}",
                kind=NotificationKind.DOMESTIC_ABUSE,
                risk=chance.choice((Risk.STANDARD, Risk.MEDIUM, Risk.HIGH)),
                status=AlertStatus.ACKNOWLEDGED,
                adults=[f"{chance.choice(names.GIVEN)} {family}", names.person(chance.randrange(2000))],
                sent_at=calendar.bell_on(day) - before * _MINUTE,
                bell_after=before * _MINUTE,
                opened_after=after * _MINUTE,
                received_before=received * _MINUTE,
            )


def _born(number: int, child: int) -> dt.date:
    return dt.date(2009, 9, 1) + dt.timedelta(days=(number * 211 + child * 577) % 4000)


def _times(fate: int, minutes: int) -> tuple[int, int, int]:
    """Minutes from being sent to the bell, from being sent to being opened, and from the hub's having it to being sent."""
    if fate < _IN_TIME:
        return 60 + minutes, minutes, 90
    if fate < _ARRIVED:
        return -20, minutes, 15
    return (-minutes, minutes, 240) if fate < _SCREENED else (60 + minutes, 60 + 4 * minutes, 90)


def _name_contacts(partnership: Partnership) -> None:
    """Somebody answers in the next holiday of one school; the others still have to name somebody."""
    meadow = Agency.objects.get(slug=PARTNERSHIPS[0].slug_of("meadow"))
    found = calendar_of(meadow, partnership).next_holiday(timezone.localdate(), within=60)
    contact = User.objects.filter(email=PARTNERSHIPS[0].email_of("holiday", "meadow")).first()
    lead = User.objects.get(email=PARTNERSHIPS[0].email_of("dsl", "meadow"))
    if found is None or contact is None:
        return
    first, last = found
    HolidayCover.objects.create(
        agency=meadow, user=contact, phone="07700 900142", starts_on=first, ends_on=last, named_by=lead
    )
    later = last + dt.timedelta(days=30)
    CalendarPeriod.objects.create(
        partnership=partnership, agency=meadow, kind=PeriodKind.CLOSED, name="INSET day", starts_on=later, ends_on=later
    )
