from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.access.house import build
from tests.access.oracle import Oracle
from tests.access.place import place  # noqa: F401 - a fixture of several files
from tests.access.plan import House
from tests.support.db import fixtures


@pytest.fixture(scope="module")
def furnished(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[House]:
    """Built once for a file: each test works in a savepoint of this transaction, so nothing that it writes stays.

    A test that commits (`transaction=True`) cannot stand in the same file.
    """
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole._from_testcase = True  # as Django marks its own, so that a durable block may open inside
        with whole:
            with fixtures():
                house = build()
            yield house
            transaction.set_rollback(True)


@pytest.fixture
def house(furnished: House, db: None) -> House:
    return furnished


@pytest.fixture(scope="module")
def _seer(furnished: House) -> Oracle:
    return Oracle(furnished)


@pytest.fixture
def oracle(house: House, _seer: Oracle) -> Oracle:
    return _seer
