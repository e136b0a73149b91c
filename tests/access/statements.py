"""What the judges send, as whom, and what the database answers; nothing of it stays."""

from typing import Any

import psycopg
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from safeguarding.agencies.models import User
from tests.access.plan import House
from tests.access.test_matrix import acting
from tests.support.db import fixtures


def table_of(label: str) -> str:
    return apps.get_model(label)._meta.db_table


def execute(statement: str, values: list[Any] | None = None) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def attempt(statement: str, values: list[Any] | None = None) -> tuple[str, int]:
    """What the database answered: ("", rows) when it obeyed (which is taken back), or (the error's SQLSTATE, 0)."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            rows = cursor.rowcount
            transaction.set_rollback(True)
    except DatabaseError as error:
        return getattr(error.__cause__, "sqlstate", None) or "?", 0
    return "", rows


def outcome(statement: str, values: list[Any] | None = None) -> str:
    return attempt(statement, values)[0]


REFUSED, TAKEN = "42501", "23505"


def as_told(who: User | str, statement: str, values: list[Any] | None = None) -> str:
    with acting(who):
        return outcome(statement, values)


def with_columns(label: str, rows: list[Any]) -> list[tuple[Any, dict[str, Any]]]:
    """(the row, its columns as the database has them)."""
    found = []
    with fixtures(), connection.cursor() as cursor:
        for row in rows:
            cursor.execute(f"SELECT * FROM {table_of(label)} WHERE id = %s", [row.pk])
            names = [column.name for column in cursor.description]
            values = [psycopg.types.json.Jsonb(v) if isinstance(v, dict | list) else v for v in cursor.fetchone()]
            found.append((row, dict(zip(names, values, strict=True))))
    return found


def samples(label: str, house: House, most: int = 8) -> list[tuple[Any, dict[str, Any]]]:
    """One row of every owner: (the row, its columns as the database has them)."""
    by_owner = {
        tuple(
            getattr(row, name, None)
            for name in (
                "controller_id",
                "source_id",
                "agency_id",
                "created_by_id",
                "actor_id",
                "user_id",
                "made_by_id",
                "asked_at_id",
                "open_to_id",
                "hub_id",
                "guest_id",
                "decided_by_id",
                "recorded_by_id",
                "writer_id",
            )
        ): row
        for row in house.rows[label]
    }
    return with_columns(label, list(by_owner.values())[:most])


def insert(label: str, row: dict[str, Any], more: str = "") -> tuple[str, list[Any]]:
    columns = ", ".join(f'"{name}"' for name in row)
    return (
        f"INSERT INTO {table_of(label)} ({columns}) VALUES ({', '.join(['%s'] * len(row))}) {more}",
        list(row.values()),
    )
