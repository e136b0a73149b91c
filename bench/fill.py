"""The bulk of the rows, copied from one case that the product wrote; by the owner, without foreign-key checks."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

START = 1_000_000_000  # ids of copies: far from what the product's own sequences give
_SETTINGS = """
CREATE TEMP TABLE place AS
SELECT row_number() OVER (ORDER BY split_part(a.slug, '-', 3), a.id) - 1 AS n, a.id AS setting_id,
       pa.partnership_id, hub.agency_id AS controller_id, police.agency_id AS source_id,
       lead.user_id AS lead_id
FROM agencies_agency a JOIN agencies_membership lead ON lead.agency_id = a.id AND lead.role = 'dsl'
JOIN agencies_partnershipagency pa ON pa.agency_id = a.id
JOIN (SELECT pa.partnership_id, pa.agency_id FROM agencies_partnershipagency pa
      JOIN agencies_agency h ON h.id = pa.agency_id AND h.kind = 'mash') hub ON hub.partnership_id = pa.partnership_id
JOIN (SELECT pa.partnership_id, pa.agency_id FROM agencies_partnershipagency pa
      JOIN agencies_agency h ON h.id = pa.agency_id AND h.kind = 'police') police ON police.partnership_id = pa.partnership_id
WHERE a.slug LIKE 's-%%' AND split_part(a.slug, '-', 2)::int < 10 AND split_part(a.slug, '-', 3)::int < %s
"""
# a year up to an hour ago, in the order of the ids
AT = "now() - interval '1 hour' - interval '1 year' * (1 - g.i::float8 / {n})"


@contextmanager
def places(connection: psycopg.Connection) -> Iterator[None]:
    """The settings of ten hubs in a row, to spread copies over them; foreign keys are not checked meanwhile."""
    from bench.world import SETTINGS_EACH

    connection.execute(
        "SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '256MB'"
    )
    connection.execute(_SETTINGS.replace("%s", str(SETTINGS_EACH)))
    connection.execute("CREATE UNIQUE INDEX ON place (n); ANALYZE place")
    yield
    connection.execute("SET session_replication_role = origin; DROP TABLE place; ANALYZE")


def fill_cases(connection: psycopg.Connection, alerts: int) -> None:
    """So many alerts, each of a notification of its own, spread over the settings of ten hubs and a year."""
    with places(connection):
        _fill_cases(connection, alerts)


def _fill_cases(connection: psycopg.Connection, alerts: int) -> None:
    kids = max(1, int(alerts * 0.3))
    at = AT.format(n=alerts)
    child = f"{START} + g.i % {kids}"
    owned = {"partnership_id": "p.partnership_id", "controller_id": "p.controller_id"}
    copy = Copier(connection)
    copy("crypto_datakey", kids + 2 * alerts, {})
    copy("children_child", kids, {"ref": ref_of("c"), "crypto_key_id": f"{START} + g.i", **owned})
    copy(
        "alerts_notification",
        alerts,
        {
            "ref": ref_of("n"),
            "reference": "'F/' || g.i",
            "crypto_key_id": f"{START} + {kids} + g.i",
            "source_id": "p.source_id",
            "content": "NULL",
            "received_at": at,
            "occurred_at": at,
            "due_at": at,
            "purged_at": at,
            "sent_at": at,
            "status": "'sent'",
            **owned,
        },
    )
    copy(
        "alerts_notificationchild",
        alerts,
        {"notification_id": f"{START} + g.i", "child_id": child, "setting_id": "p.setting_id", **owned},
    )
    opened = "CASE WHEN g.i % 20 = 0 THEN NULL ELSE {} END"
    copy(
        "alerts_alert",
        alerts,
        {
            "ref": ref_of("a"),
            "crypto_key_id": f"{START} + {kids + alerts} + g.i",
            "notification_id": f"{START} + g.i",
            "child_id": child,
            "setting_id": "p.setting_id",
            "status": "CASE WHEN g.i % 20 = 0 THEN 'sent' WHEN g.i % 20 = 1 THEN 'opened' ELSE 'acknowledged' END",
            "created_at": at,
            "sent_at": at,
            "due_at": f"{at} + interval '8 hours'",
            # every tenth had to beat a bell that rang before it came
            "bell_at": f"{at} + CASE WHEN g.i % 10 = 3 THEN interval '-1 hour' ELSE interval '8 hours' END",
            "received_at": at,
            "incident_on": f"({at})::date",
            "opened_at": opened.format(f"{at} + interval '1 hour'"),
            "opened_by_id": opened.format("p.lead_id"),
            **owned,
        },
    )
    copy(
        "audit_auditentry",
        alerts,
        {
            "object_pk": f"({START} + g.i)::text",
            "object_id": f"{START} + g.i",
            "object_repr": ref_of("a"),
            "alert_id": f"{START} + g.i",
            "notification_id": f"{START} + g.i",
            "timestamp": at,
            "partnership_id": "p.partnership_id",
            "agency_id": "p.controller_id",
            "event": "CASE WHEN g.i % 500 = 0 THEN 'email.failed' ELSE t.event END",
        },
    )


def ref_of(prefix: str) -> str:
    return f"'{prefix}' || lpad(to_hex(g.i), 8, '0')"


class Copier:
    """Copies the table's one row as often as asked; columns not named stay as they are. Indexes are made afterwards."""

    def __init__(self, connection: psycopg.Connection):
        self.connection = connection

    def __call__(self, table: str, count: int, changed: dict[str, str]) -> None:
        names = self._column(
            "SELECT format('%%I', attname) FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND attgenerated = '' ORDER BY attnum",
            table,
        )
        values = {"id": f"{START} + g.i", **changed}
        # a name that is a word of SQL comes quoted
        taken = [values.get(name.strip('"'), f"t.{name}") for name in names]
        indexes = self._column(
            "SELECT indexrelid::regclass::text || '|' || pg_get_indexdef(indexrelid) FROM pg_index i"
            " WHERE indrelid = %s::regclass AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
            table,
        )
        for index in indexes:
            self.connection.execute(f"DROP INDEX {index.partition('|')[0]}")
        self.connection.execute(
            f"INSERT INTO {table} ({', '.join(names)})"
            f" SELECT {', '.join(taken)}"
            f" FROM generate_series(0, {count - 1}) AS g(i)"
            f" JOIN place p ON p.n = g.i::bigint * 7919 % (SELECT count(*) FROM place)"
            f" CROSS JOIN (SELECT * FROM {table} ORDER BY id LIMIT 1) t"
        )
        for index in indexes:
            self.connection.execute(index.partition("|")[2])

    def _column(self, statement: str, *values: Any) -> list[str]:
        return [row[0] for row in self.connection.execute(statement, values).fetchall()]
