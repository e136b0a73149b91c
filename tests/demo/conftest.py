from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from safeguarding.runtime.layout import Layout


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The demo world, loaded once for a module; what the command said."""
    said = StringIO()
    demo = override_settings(DEMO=True, LAYOUT=Layout(tmp_path_factory.mktemp("data")))
    with django_db_blocker.unblock(), demo, transaction.atomic():
        call_command("load_demo", stdout=said)
        yield said.getvalue()
        transaction.set_rollback(True)


@pytest.fixture
def data_dir(world: str) -> Path:
    from django.conf import settings

    return Path(settings.LAYOUT.data_dir)
