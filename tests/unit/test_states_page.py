"""The page of states is made from the table that the code obeys."""

import pytest

from agreements import states as agreements
from alerts import states
from alerts.management.commands.states import PLACE, TABLES, page
from safeguarding.governance import states as governance


def test_the_page_is_current() -> None:
    assert PLACE.read_text(encoding="utf-8") == page(), "run manage.py states"


def test_no_table_of_states_is_left_out() -> None:
    rooms = (states, governance, agreements)
    tables = [
        value for room in rooms for name, value in vars(room).items() if name.isupper() and isinstance(value, dict)
    ]
    assert tables == list(TABLES.values())


@pytest.mark.parametrize("table", TABLES.values(), ids=list(TABLES))
def test_every_state_of_a_record_has_its_line(table: dict) -> None:
    kind = type(next(iter(table)))
    assert set(table) == set(kind)
    assert set().union(*table.values()) <= set(kind)
