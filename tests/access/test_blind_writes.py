"""Writing blind: UPDATE, DELETE and TRUNCATE without a WHERE, and INSERT of rows that belong to somebody else."""

from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from safeguarding.access.rules import WALLS, Walled
from tests.access.house import House
from tests.access.oracle import Oracle
from tests.access.test_matrix import WALLED, acting, everybody
from tests.support.db import fixtures

# A column of each table that can be set to one value everywhere without reading a row or breaking a rule of the table.
HARMLESS = {
    "agencies.Membership": "started_at = '2020-01-01'",
    "agencies.ReviewItem": "decided_at = '2026-01-01'",
    "agencies.Suspension": "reason = 'none'",
    "agencies.TrainingRecord": "evidence = 'none'",
    "alerts.Alert": "chased = 9",
    "alerts.AlertGrant": "withdrawn_at = now()",
    "alerts.BreakGlass": "ended_at = now()",
    "alerts.Exclusion": "lifted_at = now()",
    "alerts.Notification": "version = 9",
    "alerts.NotificationChild": "home_educated = true",
    "alerts.NotificationGrant": "withdrawn_at = now()",
    "alerts.Upload": "rows_total = 9",
    "children.Child": "home_educated = true",
    "children.Placement": "source = 'person'",
    "children.PossibleDuplicate": "score = 1",
    "governance.UnusualAccess": "times = 9",
    "governance.Sample": "population = 9",
    "governance.SampleItem": "position = position + 10",
    "notifications.Email": "to = 'nobody@school.example'",
    "notifications.OutboxMessage": "topic = 'nothing'",
}


def _table(label: str) -> str:
    return apps.get_model(label)._meta.db_table


def _execute(statement: str, values: list[Any] | None = None) -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def _sqlstate(error: DatabaseError) -> str:
    cause = error.__cause__
    assert isinstance(cause, psycopg.Error)
    return cause.sqlstate or ""


@pytest.mark.req("NTK-02")
def test_an_update_without_where_reaches_only_what_its_writer_may_change(house: House, oracle: Oracle) -> None:
    wrong = []
    for label, setting in HARMLESS.items():
        table, column = _table(label), setting.partition(" ")[0]
        quoted = setting.replace(column, f'"{column}"', 1)
        for name, who in everybody(house):
            expected = oracle.changes(who, label)
            with acting(who), transaction.atomic():
                changed = _execute(f"UPDATE {table} SET {quoted}")
                transaction.set_rollback(True)  # an exclusion that was lifted would let its person in everywhere else
            if changed != len(expected):
                wrong.append((label, name, changed, len(expected)))
    assert not wrong


@pytest.mark.req("AUD-02", "NTK-02")
def test_what_may_not_change_cannot_be_changed_by_anybody(house: House) -> None:
    """Tokens, candidates, screenings, row problems and entries only ever get company."""
    unchanging = {label for label, rule in WALLS.items() if isinstance(rule, Walled)} - set(HARMLESS)
    assert {"audit.AuditEntry", "alerts.Screening"} <= unchanging
    for label in unchanging:
        for _, who in everybody(house):
            with acting(who), pytest.raises(DatabaseError, match="permission denied"):
                _execute(f"UPDATE {_table(label)} SET id = 0")


@pytest.mark.req("NTK-02")
def test_nobody_deletes_or_truncates(house: House) -> None:
    for label in WALLED:
        for statement in ("DELETE FROM {}", "TRUNCATE {} CASCADE"):
            for _, who in everybody(house):
                with acting(who), pytest.raises(DatabaseError, match="permission denied"):
                    _execute(statement.format(_table(label)))


@pytest.mark.req("NTK-02")
def test_a_row_goes_in_only_by_those_who_may_add_it(house: House, oracle: Oracle) -> None:
    """Every row there is, sent in again by everybody: the wall answers before the key that is taken."""
    wrong = []
    for label in WALLED:
        table = _table(label)
        samples = {_owner_of(row): row for row in house.rows[label]}
        for row in list(samples.values())[:8]:
            with fixtures(), connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {table} WHERE id = %s", [row.pk])
                columns = [f'"{column.name}"' for column in cursor.description]
                values = [psycopg.types.json.Jsonb(v) if isinstance(v, dict | list) else v for v in cursor.fetchone()]
            statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(values))})"
            for name, who in everybody(house):
                with acting(who), pytest.raises(DatabaseError) as refused:
                    _execute(statement, values)
                let_in = _sqlstate(refused.value) == "23505"
                assert let_in or _sqlstate(refused.value) == "42501", refused.value
                if let_in != oracle.adds(who, label, row):
                    wrong.append((label, name, row.pk, "let in" if let_in else "refused"))
    assert not wrong


def _owner_of(row: Any) -> tuple:
    """Enough of the rows to have one of every owner."""
    return tuple(
        getattr(row, name, None) for name in ("controller_id", "source_id", "agency_id", "created_by_id", "actor_id")
    )


@pytest.mark.req("NTK-02")
def test_a_record_cannot_be_moved_to_another_agency(house: House) -> None:
    here, there = house.people["officer_here"], house.people["officer_there"]
    hub_there = house.rows["alerts.Alert"][-1].controller_id
    school_there = house.rows["alerts.Alert"][-1].setting_id
    with acting(here), pytest.raises(DatabaseError, match="row-level security"):
        _execute("UPDATE alerts_alert SET controller_id = %s", [hub_there])
    with acting(house.people["dsl_here"]), pytest.raises(DatabaseError, match="row-level security"):
        _execute("UPDATE alerts_alert SET setting_id = %s", [school_there])
    with acting(there):
        assert _execute("UPDATE alerts_alert SET chased = 1") == len(
            [alert for alert in house.rows["alerts.Alert"] if alert.controller_id == hub_there]
        )


@pytest.mark.req("NTK-01")
def test_the_app_cannot_take_a_wall_down(house: House) -> None:
    with acting(house.people["officer_here"]):
        for statement in (
            "ALTER TABLE alerts_alert DISABLE ROW LEVEL SECURITY",
            "DROP POLICY need_to_know ON alerts_alert",
            "CREATE POLICY all_mine ON alerts_alert USING (true)",
            "CREATE FUNCTION app.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "ALTER FUNCTION app.my_agencies(text) RESET ALL",
            "ALTER ROLE safeguarding_app BYPASSRLS",
        ):
            with pytest.raises(DatabaseError, match=r"must be owner|permission denied|must be superuser"):
                _execute(statement)
