"""A strategy discussion as a calendar's file, by reference and link: no name of a child, an adult or a place (STR-01, design §6)."""

import datetime as dt

from django.conf import settings
from icalendar import Calendar, Event

from alerts.strategy.enums import Means
from alerts.strategy.models import StrategyDiscussion

_LENGTH = dt.timedelta(hours=1)


def invitation(discussion: StrategyDiscussion) -> bytes:
    """The same discussion is the same entry however often it is fetched; a new time takes the place of the old one."""
    assert discussion.starts_at is not None
    start = discussion.starts_at.astimezone(dt.UTC)
    event = Event()
    event.add("uid", f"{discussion.ref.lower()}@{settings.SITE_URL.partition('://')[2].partition(':')[0]}")
    event.add("sequence", discussion.arranged_times)
    event.add("dtstamp", discussion.requested_at.astimezone(dt.UTC))
    event.add("dtstart", start)
    event.add("dtend", start + _LENGTH)
    event.add("summary", f"Strategy discussion {discussion.ref}")
    event.add("location", Means(discussion.means).label)
    event.add("description", f"Sign in to read it: {settings.SITE_URL}/strategy/{discussion.ref}/")
    event.add("class", "PRIVATE")
    calendar = Calendar()
    calendar.add("prodid", "-//Safeguarding Hub//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return calendar.to_ical()
