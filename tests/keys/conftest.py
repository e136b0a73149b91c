from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from safeguarding.crypto.models import opened
from tests.factories import World
from tests.support.db import fixtures


@pytest.fixture(autouse=True)
def forgetful_keys() -> Iterator[None]:
    """Nothing opened earlier is remembered, before and after."""
    opened.clear()
    yield
    opened.clear()


@pytest.fixture
def ledger_file(settings: Any, tmp_path: Path) -> Path:
    settings.SHREDDING_LEDGER = tmp_path / "outside" / "shredding.jsonl"
    return settings.SHREDDING_LEDGER


@pytest.fixture
def world(db: None, ledger_file: Path) -> World:
    with fixtures():
        world = World()
        world.alerted = world.alert(child_given_name="Ottilie")
        world.kid = world.child(given_name="Barnaby")
        world.shredded = world.notification(status="sent")
        world.kept = world.notification(status="sent")
    return world
