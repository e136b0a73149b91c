"""A log that a test fills, seals, and spoils as a superuser would."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from django.db import connection, transaction

from safeguarding.agencies.models import Agency, PartnershipAgency
from safeguarding.audit.heads import Heads
from safeguarding.audit.models import AuditEntry, Seal
from safeguarding.audit.record import record
from safeguarding.audit.sealing import Round, Sealer
from tests.support.db import as_service, fixtures

KEY, OTHER_KEY = bytes(range(32)), bytes(range(100, 132))


class Agencies(NamedTuple):
    school: Agency
    other_school: Agency
    mash: Agency
    police: Agency


class Log:
    def __init__(self, world: Agencies, outside: Path) -> None:
        self.world = world
        self.outside = outside
        self.sealer = Sealer({1: KEY}, [outside])

    def remember(self, count: int = 1, event: str = "user.signed_in") -> list[int]:
        """Ids of new entries, each about an agency of the world in turn."""
        with as_service("door"), transaction.atomic():
            about = [PartnershipAgency.objects.get(agency=agency) for agency in self.world[:3]]
            return [record(event, about[n % 3], facts={"n": n}).pk for n in range(count)]

    def seal(self) -> Round:
        return self.sealer.round()

    def seals(self) -> list[Seal]:
        with as_service("sealing"), transaction.atomic():
            return list(Seal.objects.order_by("pk"))

    def sealed(self) -> list[int]:
        """Ids under seal, in the order of the seals."""
        return [number for seal in self.seals() for number, _ in seal.listed]

    def heads(self) -> list[int]:
        return [line.statement.n for line in Heads(self.outside).lines()]

    def entries(self) -> list[int]:
        with fixtures():
            return list(AuditEntry.objects.order_by("pk").values_list("pk", flat=True))


@contextmanager
def another_session() -> Iterator[psycopg.Connection[Any]]:
    """A superuser's own connection to the database of the test."""
    here = connection.settings_dict
    with psycopg.connect(
        dbname=here["NAME"], user=here["USER"] or None, host=here["HOST"] or None, port=here["PORT"] or None,
        password=here["PASSWORD"] or None,
    ) as session:  # fmt: skip
        yield session


INSERT = (
    "INSERT INTO audit_auditentry (timestamp, event, action, purpose, service, outcome, object_pk, object_repr,"
    " objects_shown, changes_text, actor_roles, way_in)"
    " VALUES (now(), %s, 3, '', 'door', 'done', '', '', '[]', '', '', '') RETURNING id"
)


def insert(session: psycopg.Connection[Any], event: str = "user.signed_in") -> int:
    row = session.execute(INSERT, [event]).fetchone()
    assert row is not None
    return int(row[0])
