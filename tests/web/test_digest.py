"""The summary by e-mail: chosen by each, numbers and links, no name, once a day, and none when nothing waits."""

import datetime as dt

import pytest
import time_machine
from django.test import Client

from safeguarding.agencies.calendars import LONDON
from safeguarding.agencies.models import User
from safeguarding.notifications.emails import write as written
from safeguarding.web import digest
from tests.delivery.support import drain, emails
from tests.factories import World
from tests.support.db import as_service, fixtures
from tests.support.web import signed_in

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY, SATURDAY = (dt.datetime(2026, 11, day, 7, tzinfo=LONDON) for day in (23, 24, 28))
AFTER_BANK_HOLIDAY = dt.datetime(2026, 5, 5, 7, tzinfo=LONDON)  # a Tuesday


def wants(user: User, pace: str) -> Client:
    client = signed_in(user)
    answer = client.post("/today/summary/", {"pace": pace}, follow=True)
    assert "Summary by e-mail" in answer.content.decode()
    return client


def sent_at(moment: dt.datetime) -> int:
    with time_machine.travel(moment, tick=False):
        with as_service("dispatch"):
            promised = digest.promise_due()
        drain()
    return promised


@pytest.fixture
def waiting(world: World) -> World:
    with fixtures():
        world.alert(sent_at=MONDAY - dt.timedelta(days=400), due_at=MONDAY - dt.timedelta(days=390))
    return world


def test_it_says_how_much_waits_and_names_nobody(waiting: World) -> None:
    wants(waiting.dsl, "daily")
    assert sent_at(MONDAY) == 1
    [email] = emails()
    text = written(email).body if email.context else ""
    assert email.to == waiting.dsl.email
    assert not [name for name in ("Ottilie", "Quillfeather", "Ferelith") if name in text + str(email.context)]


def test_once_a_day_even_when_beat_asks_twice(waiting: World) -> None:
    wants(waiting.dsl, "daily")
    assert [sent_at(MONDAY), sent_at(MONDAY + dt.timedelta(minutes=20)), sent_at(TUESDAY)] == [1, 1, 1]
    assert len(emails()) == 2


def test_weekly_is_the_first_working_day_of_the_week(waiting: World) -> None:
    wants(waiting.dsl, "weekly")
    assert [sent_at(day) for day in (MONDAY, TUESDAY, SATURDAY, AFTER_BANK_HOLIDAY)] == [1, 0, 0, 1]


def test_nothing_waits_no_e_mail_and_never_means_never(waiting: World) -> None:
    wants(waiting.constable, "daily")
    wants(waiting.dsl, "daily")
    wants(waiting.dsl, "never")
    assert sent_at(MONDAY) == 1
    assert emails() == []


def test_what_is_no_pace_is_refused_at_the_field(waiting: World) -> None:
    page = signed_in(waiting.dsl).post("/today/summary/", {"pace": "hourly"}).content.decode()
    assert "Select one of these" in page
    waiting.dsl.refresh_from_db()
    assert waiting.dsl.digest == "never"
