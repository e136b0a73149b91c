"""What really stands in the database: every table, view, function and right accounted for."""

import pytest
from django.apps import apps
from django.db import connection

from safeguarding.access.handlers import APP, DEFINER, NOBODY
from safeguarding.access.libraries import PLAIN_TABLES
from safeguarding.access.rules import WALLS
from safeguarding.access.vocabulary import Open, Walled
from safeguarding.access.walls import (
    DEFINER_FUNCTIONS,
    DEFINER_READS,
    PURGE_DELETES,
    PURGE_UPDATES,
    apply_walls,
    build_statements,
    clause_sql,
    current_fingerprint,
    fingerprint,
)
from tests.support.db import fixtures

pytestmark = pytest.mark.django_db

LABELS = {
    model._meta.db_table: model._meta.label
    for model in apps.get_models(include_auto_created=True)
    if model._meta.managed and not model._meta.proxy
}
# The audit library's own table, which ours stands in for: it is made by its migrations, and nobody may touch it.
WITHOUT_ANY_RIGHT = {"auditlog_logentry"}


def ask(query: str, *values: object) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def tables_of(kind: type) -> set[str]:
    return {table for table, label in LABELS.items() if isinstance(WALLS.get(label), kind)}


def test_every_table_is_classified_and_every_classification_has_its_table() -> None:
    found = {
        name for (name,) in ask("SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')")
    }  # fmt: skip
    assert found == set(LABELS) | set(PLAIN_TABLES) | WITHOUT_ANY_RIGHT
    assert set(LABELS.values()) - {LABELS.get(name) for name in PLAIN_TABLES} == set(WALLS)


@pytest.mark.req("NTK-01")
def test_every_walled_table_has_its_wall_up_and_forced() -> None:
    standing = ask(
        "SELECT relname::text, relrowsecurity, relforcerowsecurity, relowner::regrole::text FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    )
    assert {name for name, on, forced, _ in standing if on and forced} == tables_of(Walled)
    assert {owner for _, _, _, owner in standing}.isdisjoint({APP, DEFINER, NOBODY})


@pytest.mark.req("NTK-01")
def test_nothing_else_can_be_read_by_the_app() -> None:
    """Views, foreign tables and other schemas would be ways round the wall."""
    others = ask(
        "SELECT n.nspname::text, c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
    )
    assert others == []
    readable = ask(
        "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p')"
        " AND n.nspname !~ '^(pg_|information_schema)' AND has_table_privilege(%s, c.oid, 'SELECT') AND NOT c.relrowsecurity",
        APP,
    )
    assert {name for (name,) in readable} == tables_of(Open) | set(PLAIN_TABLES)


@pytest.mark.req("NTK-01")
def test_a_session_without_principal_has_no_right_on_any_walled_table() -> None:
    rights = ask(
        "SELECT c.relname::text FROM pg_class c, unnest(ARRAY['SELECT','INSERT','UPDATE','DELETE','TRUNCATE','REFERENCES','TRIGGER']) verb"
        " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND has_table_privilege(%s, c.oid, verb)",
        NOBODY,
    )
    assert {name for (name,) in rights}.isdisjoint(tables_of(Walled) | WITHOUT_ANY_RIGHT)


@pytest.mark.req("AUD-02")
def test_the_app_neither_deletes_nor_truncates_case_data_and_changes_only_where_the_rules_say() -> None:
    for table, label in LABELS.items():
        rule = WALLS.get(label)
        if not isinstance(rule, Walled):
            continue
        whole = bool(rule.change) and not rule.columns
        verbs = {"SELECT": True, "INSERT": bool(rule.add), "UPDATE": whole, "DELETE": False, "TRUNCATE": False,
                 "REFERENCES": False, "TRIGGER": False}  # fmt: skip
        for verb, expected in verbs.items():
            assert ask("SELECT has_table_privilege(%s, %s::regclass, %s)", APP, table, verb) == [(expected,)], (
                table,
                verb,
            )
            assert ask("SELECT has_any_column_privilege(%s, %s::regclass, 'UPDATE')", APP, table) == [
                (bool(rule.change),)
            ]


def test_there_is_one_policy_for_each_verb_and_it_is_for_the_app_alone() -> None:
    policies = ask(
        "SELECT tablename::text, policyname::text, roles::text[], cmd, permissive FROM pg_policies WHERE schemaname = 'public'"
    )
    for table, policy, roles, command, permissive in policies:
        assert permissive == ("RESTRICTIVE" if policy == "shut_out" else "PERMISSIVE")
        if policy == "definer":
            assert roles == [DEFINER]
            continue
        assert roles == [APP], (table, policy)
        assert (policy, command) in {
            ("need_to_know", "SELECT"),
            ("adds", "INSERT"),
            ("changes", "UPDATE"),
            ("shut_out", "ALL"),
        }
    assert {table for table, policy, *_ in policies if policy == "need_to_know"} == tables_of(Walled)
    assert {table for table, policy, *_ in policies if policy == "definer"} == set(DEFINER_READS) & tables_of(Walled)


@pytest.mark.req("NTK-01")
def test_no_function_opens_a_way_round() -> None:
    """A definer function without a fixed search_path, or open to everybody, would be a hole."""
    functions = ask(
        "SELECT p.proname::text, p.prosecdef, p.proowner::regrole::text, coalesce(p.proconfig::text[], '{}'),"
        " has_function_privilege('public', p.oid, 'EXECUTE'), has_function_privilege(%s, p.oid, 'EXECUTE')"
        " FROM pg_proc p WHERE p.pronamespace = 'app'::regnamespace",
        NOBODY,
    )
    assert {name for name, definer, *_ in functions if definer} == {
        *(signature.partition("(")[0] for signature in DEFINER_FUNCTIONS),
    }  # fmt: skip
    for name, definer, owner, config, public, nobody in functions:
        assert "search_path=pg_catalog" in config, name
        assert not public, name
        assert not nobody, name
        assert (owner == DEFINER) == definer, name
    # beyond our own schema nothing of ours runs with another's rights
    assert ask(
        "SELECT p.proname::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'app')"
    ) == []  # fmt: skip


@pytest.mark.req("NTK-01")
def test_the_roles_are_what_they_should_be() -> None:
    roles = ask(
        "SELECT rolname::text, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin FROM pg_roles WHERE rolname IN (%s, %s, %s)",
        APP, DEFINER, NOBODY,
    )  # fmt: skip
    assert sorted(roles) == [(name, False, False, False, False, False) for name in sorted((APP, DEFINER, NOBODY))]
    assert ask("SELECT pg_has_role(%s, %s, 'MEMBER')", APP, DEFINER) == [(False,)]
    assert ask("SELECT pg_has_role(%s, %s, 'MEMBER')", NOBODY, APP) == [(False,)]
    assert ask("SELECT has_schema_privilege(%s, s, 'CREATE') FROM unnest(ARRAY['public', 'app']) s", APP) == [
        (False,),
        (False,),
    ]
    assert ask("SELECT has_schema_privilege(%s, s, 'CREATE') FROM unnest(ARRAY['public', 'app']) s", DEFINER) == [
        (False,),
        (False,),
    ]


# name → how many there are of it, and what there may be
BESIDE = {
    "schemas": ("SELECT nspname::text FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema$)'", {"app", "public"}),
    "functions outside of app": (
        "SELECT p.oid::regprocedure::text FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE n.nspname !~ '^(pg_|information_schema$|app$)'",
        set(),
    ),
    "sequences that belong to no column": (
        "SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'S'"
        " AND n.nspname !~ '^(pg_|information_schema$)'"
        " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0)",
        set(),
    ),
    "rules that rewrite a statement": ("SELECT rulename::text FROM pg_rules WHERE schemaname !~ '^pg_'", set()),
    "publications": ("SELECT pubname::text FROM pg_publication", set()),
    "foreign servers": ("SELECT srvname::text FROM pg_foreign_server", set()),
    "event triggers": ("SELECT evtname::text FROM pg_event_trigger", set()),
    "extensions": ("SELECT extname::text FROM pg_extension", {"plpgsql"}),
    "default rights": ("SELECT defaclobjtype::text FROM pg_default_acl", set()),
    "settings of our roles": (
        "SELECT r.rolname::text FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole"
        f" WHERE r.rolname IN ('{APP}', '{DEFINER}', '{NOBODY}')",
        set(),
    ),
    "roles that ours are members of": (
        f"SELECT m.rolname || ' in ' || g.rolname FROM pg_auth_members a JOIN pg_roles m ON m.oid = a.member"
        f" JOIN pg_roles g ON g.oid = a.roleid WHERE m.rolname IN ('{APP}', '{DEFINER}', '{NOBODY}')",
        {f"{APP} in {NOBODY}"},
    ),
    "rights on columns alone": (
        "SELECT a.attrelid::regclass::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE a.attacl IS NOT NULL AND c.relnamespace IN ('public'::regnamespace, 'app'::regnamespace)",
        # ended, and nothing else; of a decision also whether the person was told
        {
            *("alerts_alertgrant", "alerts_amendment", "alerts_breakglass", "alerts_exclusion", "alerts_notificationgrant"),
            *("agreements_decision", "agreements_consent"),
            # ended, or said to be linked in another way
            *("alerts_filegrant", "alerts_entrygrant", "alerts_fileperson", "alerts_filelink"),
            *("alerts_conversation", "alerts_talkentry", "alerts_disclosure"),  # whose turn it is; recalled; ended
            *("alerts_adultconcern", "alerts_ladoreferral"),  # judged; received
            "agreements_correction",  # answered
            # what has become of a question, and whether what was given may be passed on
            *("alerts_informationrequest", "alerts_ask", "alerts_helditem"),
            "alerts_action",
            *("alerts_transfer", "alerts_childmove"),  # what has become of it
            # answered, and what was said stays
            *("alerts_discussioninvitation", "alerts_discussionaction", "alerts_dissent", "alerts_missingepisode"),
        },
    ),
}  # fmt: skip


@pytest.mark.req("NTK-01")
def test_nothing_stands_beside_what_is_classified() -> None:
    """Whatever a database can hold that reads tables or hands out rights: each kind is counted."""
    found = {what: {name for (name,) in ask(query.replace("%", "%%"))} for what, (query, _) in BESIDE.items()}
    assert found == {what: expected for what, (_, expected) in BESIDE.items()}


@pytest.mark.req("NTK-01")
def test_nobody_but_the_three_roles_has_a_right() -> None:
    """Every right on every table, sequence, function and schema of ours, as the database lists them, by whom it is held."""
    holders = ask(
        "WITH rights AS (SELECT relacl AS acl, relowner AS owner, oid::regclass::text AS name FROM pg_class"
        " WHERE relnamespace IN ('public'::regnamespace, 'app'::regnamespace) AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')"
        " UNION ALL SELECT proacl, proowner, oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'app'::regnamespace"
        " UNION ALL SELECT nspacl, nspowner, nspname::text FROM pg_namespace WHERE nspname = 'app')"
        " SELECT name, CASE WHEN grantee = 0 THEN 'PUBLIC' ELSE grantee::regrole::text END, privilege_type, is_grantable"
        " FROM rights, aclexplode(acl) WHERE grantee <> owner"
    )
    assert {who for _, who, _, _ in holders} <= {APP, DEFINER, NOBODY}
    assert not [name for name, _, _, passed_on in holders if passed_on]
    assert {verb for _, who, verb, _ in holders if who == NOBODY} <= {"SELECT", "INSERT", "UPDATE", "DELETE", "USAGE"}
    changed = {name for name, who, verb, _ in holders if who == DEFINER and verb not in ("SELECT", "EXECUTE", "USAGE")}
    assert changed <= set(PURGE_UPDATES) | set(PURGE_DELETES) | DEFINER_ALSO_WRITES


# What the definer's functions write beside the purge of a notification: `cleared_until` (access/conditions.py).
DEFINER_ALSO_WRITES = {"agencies_membership", "agencies_user"}


def test_walls_can_be_put_up_twice_and_the_database_knows_which_stand() -> None:
    before = ask("SELECT tablename::text, policyname::text, qual, with_check FROM pg_policies ORDER BY 1, 2")
    with fixtures():
        apply_walls(connection)
    assert ask("SELECT tablename::text, policyname::text, qual, with_check FROM pg_policies ORDER BY 1, 2") == before
    assert current_fingerprint(connection) == fingerprint()


def test_no_policy_uses_an_operator_that_would_bar_the_index() -> None:
    """LIKE, lower(), arrays and jsonb are not leakproof: under row-level security an index on them is not used."""
    for rule in WALLS.values():
        if isinstance(rule, Walled):
            for clause in (*rule.read, *rule.add, *rule.change):
                text = clause_sql(clause).lower()
                assert not any(word in text for word in (" like ", "lower(", "any (", "@>", "->", "not in"))
    assert all("security definer" not in s.lower() or "search_path" in s.lower() for s in build_statements())
