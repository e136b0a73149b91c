import gc
import os
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from django.test.testcases import TransactionTestCase

from tests.support.db import as_migrated, empty_tables, fixtures, give_role_back, take_app_role

# The journeys' browser keeps an event loop in this thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

# A test that names no number of examples takes these; `make prove` asks for the long form.
ALIKE = {"deadline": None, "derandomize": True, "database": None}
hypothesis.settings.register_profile("quick", max_examples=25, **ALIKE)
hypothesis.settings.register_profile("prove", max_examples=400, **ALIKE)
hypothesis.settings.load_profile("quick")


# The journeys share the Hub that they start, the proofs their house, and the demo's tests the demo world. The long form of
# the proofs takes longer than it takes to build a house for each process.
TOGETHER = ("tests/functional/", "tests/demo/", *(() if os.environ.get("PROVE") else ("tests/access/",)))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock():
        as_migrated()
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


def pytest_collection_finish() -> None:
    """What was imported and collected lives to the end: the collector of garbage need not look at it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """What shares something dear stays in one process of a parallel run; everything else goes wherever there is room."""
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)

    return Together(config, log)


def _empty_as_owner(self: TransactionTestCase) -> None:
    with fixtures():
        empty_tables()


TransactionTestCase._fixture_teardown = _empty_as_owner
