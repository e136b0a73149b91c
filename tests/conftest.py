from collections.abc import Iterator

import pytest
from django.test.testcases import TransactionTestCase

from tests.support.db import fixtures, give_role_back, take_app_role


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():
        take_app_role()
    yield
    with django_db_blocker.unblock():
        give_role_back()


_flush = TransactionTestCase._fixture_teardown


def _flush_as_owner(self: TransactionTestCase) -> None:
    with fixtures():
        _flush(self)


TransactionTestCase._fixture_teardown = _flush_as_owner
