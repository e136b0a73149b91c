import pytest

from tests.access.house import House, build
from tests.access.oracle import Oracle
from tests.support.db import fixtures


@pytest.fixture
def house(db: None) -> House:
    with fixtures():
        return build()


@pytest.fixture
def oracle(house: House) -> Oracle:
    return Oracle(house)
