"""A bad morning: sixty notifications at 07:30 for one hub, posted as the police's system does (`load_demo --morning`)."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

from alerts.intake.enums import Risk
from safeguarding.agencies.calendars import LONDON
from safeguarding.demo.data import names
from safeguarding.demo.data.stories import Sent, Story
from safeguarding.demo.telling import post

USUAL = 60
PARTNERSHIP = "wexbourne"
_SETTINGS = (
    "meadow", "harbour", "thornbank", "compass", "stonegate", "estuary", "saltmarsh", "tern", "pebble", "lantern",
)  # fmt: skip
_RISKS = (Risk.MEDIUM, Risk.STANDARD, Risk.HIGH, Risk.MEDIUM, Risk.STANDARD)
_FIRST_NUMBER = 6001


def post_morning(number: int = USUAL) -> int:
    """How many are new: the same morning again doubles nothing (spec v1, same body)."""
    half_past_seven = _half_past_seven(timezone.localtime())
    return sum(post(story, at=half_past_seven).is_new for story in _stories(number, half_past_seven.date()))


def _half_past_seven(now: dt.datetime) -> dt.datetime:
    """This morning's, or yesterday's while it is earlier."""
    today = dt.datetime.combine(now.date(), dt.time(7, 30), tzinfo=LONDON)
    return (
        today if today <= now else dt.datetime.combine(now.date() - dt.timedelta(days=1), dt.time(7, 30), tzinfo=LONDON)
    )


def _stories(number: int, day: dt.date) -> Iterator[Story]:
    """Families of their own for each day, so that two mornings are about different children."""
    first = day.toordinal() * 1000 % 600_000
    for place in range(number):
        given, family = names.person(first + place).split(" ", 1)
        other = names.GIVEN[(place * 11 + 5) % len(names.GIVEN)]
        yield Story(
            PARTNERSHIP,
            _FIRST_NUMBER + day.timetuple().tm_yday * 1000 + place,
            0.5 + place % 17 / 2,
            (Sent(given, f"{family}-{other}", _born(place, day).isoformat(), _SETTINGS[place % len(_SETTINGS)]),),
            (f"{other} {family}", names.person(first + place + 700)),
            _RISKS[place % len(_RISKS)],
            narrative="Neighbours phoned about shouting. Officers spoke to both adults; no injury was seen.",
        )


def _born(place: int, day: dt.date) -> dt.date:
    """Three years old, or as old as a sixth-former, or anything between."""
    return day - dt.timedelta(days=3 * 365 + place * 211 % (14 * 365))
