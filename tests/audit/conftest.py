from pathlib import Path

import pytest

from safeguarding.audit.models import AuditEntry
from tests.audit.support import KEY, Agencies, Log
from tests.factories import AgencyFactory, PartnershipFactory
from tests.support.db import fixtures


@pytest.fixture
def log(db: None, tmp_path: Path, settings: pytest.FixtureRequest) -> Log:
    """An installation's log with a start seal, its head in a directory of the test's own."""
    settings.AUDIT_SIGNING_KEYS = {1: KEY}
    settings.AUDIT_HEADS = [tmp_path / "outside"]
    with fixtures():
        partnership = PartnershipFactory()
        agencies = Agencies(*(AgencyFactory(partnership=partnership) for _ in range(4)))
        AuditEntry.objects.all().delete()
    kept = Log(agencies, tmp_path / "outside")
    kept.sealer.round()
    return kept
