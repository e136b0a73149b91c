"""What is an opening and what leaves the Hub is said where the events are named, for each of them (AUD-06)."""

import pytest

from safeguarding.audit.events import EVENTS, EXPORTS, NO_RECORDS, OPENINGS

pytestmark = pytest.mark.req("AUD-06")
SOUND_LIKE_IT = ("opened", "read", "printed", "exported", "downloaded")


def test_every_event_that_sounds_like_an_opening_or_an_export_is_one_or_said_to_be_none() -> None:
    alike = {event for event in EVENTS if event.replace("_", ".").rsplit(".", 1)[1] in SOUND_LIKE_IT}
    assert alike - {*OPENINGS, *EXPORTS, *NO_RECORDS} == set()
    assert set(NO_RECORDS) <= alike


def test_what_is_an_opening_is_an_event_and_nothing_is_both_a_record_and_none() -> None:
    assert {*OPENINGS, *EXPORTS, *NO_RECORDS} <= set(EVENTS)
    assert not {*OPENINGS, *EXPORTS} & set(NO_RECORDS)
