import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.test.testcases import TransactionTestCase

from tests.support.db import fixtures, give_role_back, take_app_role

# The journeys' browser keeps an event loop in this thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():
        take_app_role()
    yield
    with django_db_blocker.unblock():
        give_role_back()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Any request may end in a refusal, and those are remembered on the second connection."""
    for item in items:
        mark = item.get_closest_marker("django_db")
        if mark is not None and "databases" not in mark.kwargs:
            both = pytest.mark.django_db(*mark.args, **mark.kwargs, databases=["default", "outside"])
            item.add_marker(both, append=False)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """All journeys in one process of a parallel run, for they share the stack; everything else wherever there is room."""
    from xdist.scheduler import LoadScopeScheduling

    class JourneysTogether(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "journeys" if nodeid.startswith("tests/functional/") else nodeid

    return JourneysTogether(config, log)


def _flush_as_owner(self: TransactionTestCase) -> None:
    # With cascade: auditlog's own table is there without a model, refers to ours, and would stop a plain truncate.
    with fixtures():
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False, allow_cascade=True)


TransactionTestCase._fixture_teardown = _flush_as_owner
