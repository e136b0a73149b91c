"""An enquiry whose conference is still to come stays in the list and on the page of today, with its clocks (STR-05, STR-06)."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from alerts.models import StrategyDiscussion
from alerts.strategy import selectors, waiting
from tests.strategy.conftest import Place
from tests.support.db import as_user, fixtures

pytestmark = pytest.mark.django_db


def _enquiry(place: Place, inquiry: str, due: int, conference: int | None, assessment: int) -> StrategyDiscussion:
    now, today, day = timezone.now(), timezone.localdate(), dt.timedelta(days=1)
    with fixtures():
        return StrategyDiscussion.objects.create(
            partnership=place.world.partnership,
            controller=place.world.council,
            asked_at=place.world.council,
            requested_by=place.care_manager,
            origin="by_hand",
            reason="x",
            told="told",
            referred_on=today,
            state="sent",
            chair=place.care_manager,
            held_at=now - 30 * day,
            record_due_at=now - 28 * day,
            record_sent_at=now - 29 * day,
            inquiry=inquiry,
            conference_due_on=today + due * day,
            conference_at=None if conference is None else now + conference * day,
            assessment_due_on=today + assessment * day,
        )


@pytest.mark.req("STR-05", "STR-06")
@pytest.mark.parametrize(
    ("inquiry", "due", "conference", "assessment", "in_list", "late"),
    [
        ("running", 5, None, 20, True, False),
        ("running", -1, None, 20, True, True),
        ("running", -3, -4, 20, True, False),
        ("running", -3, -4, -1, True, True),
        ("running", -3, -1, 20, True, True),
        # the assessment is over with the outcome, the conference is not
        ("likely", 5, None, -1, True, False),
        ("likely", -1, None, 20, True, True),
        ("likely", 5, 5, 20, True, False),
        ("likely", 5, 6, 20, True, True),
        ("likely", -1, 1, 20, True, True),
        # it has taken place
        ("likely", -3, -4, 20, False, False),
        ("likely", -3, -1, 20, False, False),
        ("not_substantiated", -1, None, -1, False, False),
    ],
)
def test_an_enquiry_is_open_until_its_conference_and_the_list_and_today_say_the_same_of_its_clocks(
    place: Place, inquiry: str, due: int, conference: int | None, assessment: int, in_list: bool, late: bool
) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 2, 23, 30, tzinfo=dt.UTC), tick=False):
        discussion = _enquiry(place, inquiry, due, conference, assessment)
        with as_user(place.care_manager):
            page = selectors.page_of(open_only=True, cursor="", for_user=place.care_manager)
            needs = {each.words: each.count for each in waiting.authority(place.care_manager)}
    assert [(row.discussion.pk, row.late) for row in page.rows] == ([(discussion.pk, late)] if in_list else [])
    assert needs["section 47 enquiries past a clock"] == int(late)
