import datetime as dt

import pytest

from alerts.screening.words import age_words, due_words, relationship_words, warning_words
from tests.factories import FAMILY

NOW = dt.datetime(2026, 11, 20, 8, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (120, "Due in 2 hours"),
        (119, "Due in 1 hour"),
        (60, "Due in 1 hour"),
        (59, "Due in 59 minutes"),
        (1, "Due in 1 minute"),
        (0, "Due in less than a minute"),
        (-0.2, "Overdue by less than a minute"),
        (-40, "Overdue by 40 minutes"),
        (-60, "Overdue by 1 hour"),
        (47 * 60, "Due in 47 hours"),
        (72 * 60, "Due in 3 days"),
        (-5 * 24 * 60, "Overdue by 5 days"),
    ],
)
@pytest.mark.req("MSH-01")
def test_time_left_is_said_in_words(minutes: float, words: str) -> None:
    assert due_words(NOW + dt.timedelta(minutes=minutes), NOW) == words


@pytest.mark.parametrize(
    ("born", "words"),
    [
        (None, "age not known"),
        (dt.date(2016, 5, 4), "10"),
        (dt.date(2016, 11, 20), "10"),
        (dt.date(2016, 11, 21), "9"),
        (dt.date(2024, 11, 20), "2"),
        (dt.date(2024, 11, 21), "23 months"),
        (dt.date(2026, 10, 20), "1 month"),
        (dt.date(2026, 11, 19), "0 months"),
    ],
)
def test_age_in_words(born: dt.date | None, words: str) -> None:
    assert age_words(born, NOW.date()) == words


def test_relationships_and_warnings_name_people_instead_of_places_in_a_list() -> None:
    child = FAMILY[2]
    assert relationship_words(child, FAMILY) == [
        "Child of Ferelith Quillfeather (victim)",
        "Step-child of Osric Vane (perpetrator)",
    ]
    warning = {"pointer": "/people/2/upn", "detail": "The check letter is wrong."}
    assert warning_words(warning, FAMILY) == "Ottilie Quillfeather: The check letter is wrong."
    assert warning_words({"pointer": "/people/9/upn", "detail": "Odd."}, FAMILY) == "Odd."
    assert warning_words({"pointer": "/location", "detail": "Odd."}, FAMILY) == "Odd."
