"""Writing blind: UPDATE, DELETE, TRUNCATE, MERGE and upserts without a WHERE, and rows that belong to somebody else."""

from typing import Any

import pytest
from django.db import DatabaseError, connection

from safeguarding.access.handlers import APP
from safeguarding.access.rules import WALLS
from safeguarding.access.vocabulary import Walled
from tests.access.judges import (
    HARMLESS,
    UNCHANGING,
    judge_deletes,
    judge_inserts,
    judge_updates,
)
from tests.access.oracle import Oracle
from tests.access.plan import House
from tests.access.statements import REFUSED, TAKEN, attempt, execute, insert, samples, table_of
from tests.access.test_matrix import WALLED, acting, different_views, everybody

UNUSED = 1 << 62  # an id that no row has


@pytest.mark.req("AUD-02", "NTK-02")
def test_an_update_without_where_reaches_only_what_its_writer_may_change(house: House, oracle: Oracle) -> None:
    """Tokens, candidates, screenings, row problems and entries only ever get company."""
    assert {"audit.AuditEntry", "alerts.Screening"} <= UNCHANGING
    assert not [wrong for label in WALLED for wrong in judge_updates(label, house, oracle)]


@pytest.mark.req("NTK-02")
def test_nobody_deletes_or_truncates(house: House, oracle: Oracle) -> None:
    assert not [wrong for label in WALLED for wrong in judge_deletes(label, house, oracle)]


@pytest.mark.prove
@pytest.mark.req("NTK-02")
def test_a_row_goes_in_only_by_those_who_may_add_it(house: House, oracle: Oracle) -> None:
    assert not [wrong for label in WALLED for wrong in judge_inserts(label, house, oracle)]


# Ways of writing that bring a row back to the writer, or write the one that is there instead.
def _ways(label: str, row: dict[str, Any]) -> dict[str, tuple[str, list[Any]]]:
    table = table_of(label)
    column = HARMLESS.get(label, "id =").partition(" ")[0]
    return {
        "RETURNING": insert(label, {**row, "id": UNUSED}, "RETURNING id"),
        "upsert": insert(label, row, f'ON CONFLICT (id) DO UPDATE SET "{column}" = EXCLUDED."{column}" RETURNING id'),
        "ignore": insert(label, row, "ON CONFLICT DO NOTHING RETURNING id"),
        "update and tell": (f'UPDATE {table} SET "{column}" = "{column}" WHERE id = %s RETURNING *', [row["id"]]),
        "lock": (f"SELECT id FROM {table} WHERE id = %s FOR UPDATE", [row["id"]]),
        "merge": (
            f"MERGE INTO {table} t USING (SELECT %s::bigint AS id) s ON t.id = s.id WHEN MATCHED THEN DELETE"
            " WHEN NOT MATCHED THEN DO NOTHING",
            [row["id"]],
        ),
        "copy in": (f"COPY {table} (id) FROM PROGRAM 'echo 1'", []),
        "copy out": (f"COPY {table} TO PROGRAM 'cat'", []),
    }


# Who is shut out of one of these is shut out of its number: of a new row with a number of its own nobody is.
SHUT_BY_NUMBER = {
    label
    for label, rule in WALLS.items()
    if isinstance(rule, Walled) and rule.shut and all(getattr(bar, "column", "") == "id" for bar in rule.shut)
}


def _judge_ways(label: str, house: House, oracle: Oracle, whole: bool) -> list[Any]:
    wrong = []
    people = list(everybody(house)) if whole else different_views(house, oracle, label)
    for row, columns in samples(label, house, most=8 if whole else 1):
        for name, who in people:
            seen, added = row.pk in oracle.visible(who, label), oracle.adds(who, label, row)
            changed = row.pk in oracle.changes(who, label)
            for way, (statement, values) in _ways(label, columns).items():
                with acting(who):
                    answer, rows = attempt(statement, values)
                match way:
                    case "RETURNING":  # what it could not read again, nobody puts in; a key taken elsewhere is no leak
                        again = oracle.adds_another(who, label, row) if label in SHUT_BY_NUMBER else added and seen
                        right = answer == REFUSED if not again else answer in ("", TAKEN)
                    case "upsert":
                        right = answer == REFUSED if not (added and seen and changed) else answer == ""
                    case "ignore":  # a row that is there and hidden is refused, not passed over in silence
                        right = answer == REFUSED if not (added and seen) else (answer, rows) == ("", 0)
                    case "update and tell" | "lock":
                        right = (answer, rows) == ("", 1) if seen and changed else answer == REFUSED or rows == 0
                    case _:
                        right = answer in (REFUSED, "0A000")
                if not right:
                    wrong.append((label, name, way, row.pk, answer or rows))
    return wrong


@pytest.mark.req("NTK-02", "AUD-02")
@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.prove)])
def test_no_way_of_writing_brings_a_hidden_row_back(house: House, oracle: Oracle, whole: bool) -> None:
    assert not [wrong for label in WALLED for wrong in _judge_ways(label, house, oracle, whole)]


# A foreign key asks behind the wall whether a row is there. Each from a table that the app writes to a walled one stands
# here; what its answer tells is that a number is taken. Numbers never leave the Hub (references do, and are keyed), and a
# sequence tells as much to anybody who can send SQL.
TELL_THAT_A_NUMBER_IS_TAKEN = {
    (table, column)
    for table, columns in {
        "agencies_reviewitem": "membership_id",
        "agreements_consent": "alert_id child_id notification_id",
        "agreements_correction": "alert_id",
        "agreements_correctionnotice": "alert_id correction_id",
        "agreements_decision": "alert_id child_id consent_id follows_id notification_id",
        "agreements_draft": "alert_id child_id notification_id",
        "alerts_action": "alert_id",
        "alerts_adultconcern": "alert_id notification_id",
        "alerts_alert": "child_id follows_id notification_id",
        "alerts_alertgrant": "break_glass_id content_object_id",
        "alerts_amendment": "notification_id",
        "alerts_ask": "child_id request_id",
        "alerts_breakglass": "alert_id notification_id",
        "alerts_childmove": "child_id taken_as_id",
        "alerts_concernedchild": "child_id discussion_id",
        "alerts_conversation": "alert_id",
        "alerts_disclosure": "alert_id",
        "alerts_discussionaction": "discussion_id",
        "alerts_discussioninvitation": "break_glass_id content_object_id deputy_of_id",
        "alerts_discussionrecord": "discussion_id",
        "alerts_dissent": "discussion_id",
        "alerts_entrygrant": "break_glass_id content_object_id",
        "alerts_exclusion": "alert_id child_id notification_id",
        "alerts_fileentry": "addendum_to_id alert_id file_id",
        "alerts_filegrant": "break_glass_id content_object_id",
        "alerts_filelink": "first_id second_id",
        "alerts_fileperson": "file_id",
        "alerts_fourquestions": "alert_id conversation_id",
        "alerts_helditem": "ask_id child_id",
        "alerts_informationrequest": "child_id",
        "alerts_ladoreferral": "alert_id concern_id notification_id",
        "alerts_liaison": "alert_id",
        "alerts_matchcandidate": "child_id notification_child_id",
        "alerts_missingepisode": "child_id notification_id",
        "alerts_notificationchild": "child_id notification_id",
        "alerts_notificationgrant": "break_glass_id content_object_id",
        "alerts_package": "child_id request_id",
        "alerts_packageitem": "child_id item_id package_id",
        "alerts_referralchild": "child_id referral_id",
        "alerts_referraldecision": "referral_id",
        "alerts_response": "alert_id",
        "alerts_safeguardingfile": "child_id",
        "alerts_screening": "notification_id",
        "alerts_strategydiscussion": "notification_id",
        "alerts_talkentry": "alert_id conversation_id told_id",
        "alerts_transfer": "file_id received_file_id",
        "alerts_transferlink": "transfer_id",
        "alerts_uploadproblem": "upload_id",
        "audit_auditentry": "alert_id notification_id",
        "children_child": "merged_into_id",
        "children_childtoken": "child_id",
        "children_placement": "child_id",
        "children_possibleduplicate": "first_id second_id",
        "governance_sampleitem": "sample_id",
    }.items()
    for column in columns.split()
}


@pytest.mark.req("NTK-02")
def test_every_foreign_key_that_looks_behind_a_wall_is_known(house: House) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, a.attname::text FROM pg_constraint c"
            " JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey) JOIN pg_class f ON f.oid = c.confrelid"
            " WHERE c.contype = 'f' AND f.relrowsecurity"
            " AND (has_any_column_privilege(%s, c.conrelid, 'INSERT') OR has_any_column_privilege(%s, c.conrelid, 'UPDATE'))",
            [APP, APP],
        )
        found = set(cursor.fetchall())
    assert found == TELL_THAT_A_NUMBER_IS_TAKEN
    mine = house.people["tutor_here"]
    entry = samples("audit.AuditEntry", house, most=1)[0][1] | {"id": UNUSED, "actor_id": mine.pk}
    hidden = next(row for row in house.rows["alerts.Alert"])
    with acting(mine):
        # the key is looked up, and what is there stays hidden all the same
        assert attempt(*insert("audit.AuditEntry", entry | {"alert_id": hidden.pk})) == ("", 1)
        assert attempt("SELECT * FROM alerts_alert WHERE id = %s", [hidden.pk]) == ("", 0)


@pytest.mark.req("NTK-02")
def test_a_record_cannot_be_moved_to_another_agency(house: House) -> None:
    here, there = house.people["officer_here"], house.people["officer_there"]
    hub_there = house.rows["alerts.Alert"][-1].controller_id
    school_there = house.rows["alerts.Alert"][-1].setting_id
    with acting(here), pytest.raises(DatabaseError, match="row-level security"):
        execute("UPDATE alerts_alert SET controller_id = %s", [hub_there])
    with acting(house.people["dsl_here"]), pytest.raises(DatabaseError, match="row-level security"):
        execute("UPDATE alerts_alert SET setting_id = %s", [school_there])
    with acting(there):
        assert execute("UPDATE alerts_alert SET chased = 1") == len(
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
                execute(statement)
