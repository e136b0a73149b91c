"""Wall 2, the database: roles, functions and row-level security, made from access/rules.py after every migration.

`build_statements` is pure; `apply_walls` runs it as the owner. Applying twice changes nothing.
"""

import hashlib
from collections.abc import Iterator

from django.apps import apps
from django.db.backends.base.base import BaseDatabaseWrapper

from safeguarding.access import conditions, discussions, file_walls, hats, key_walls, log_walls, ways_in
from safeguarding.access.clauses import any_of, clause_sql, not_shut_sql
from safeguarding.access.handlers import APP, AUDIENCE_BITS, DEFINER, HANDLERS, NOBODY, WITHOUT_CONTENT
from safeguarding.access.libraries import PLAIN_TABLES
from safeguarding.access.rules import WALLS
from safeguarding.access.vocabulary import Open, Walled

__all__ = ["apply_walls", "build_statements", "clause_sql", "current_fingerprint", "fingerprint", "tables"]

# Roles are the cluster's, not the database's: another database may be making them at this moment.
_MADE_MEANWHILE = "EXCEPTION WHEN duplicate_object OR unique_violation OR internal_error THEN NULL"
_MAKE = "\n".join(
    f"  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}')"
    f" THEN BEGIN CREATE ROLE {role} NOLOGIN; {_MADE_MEANWHILE}; END; END IF;"
    for role in (APP, DEFINER, NOBODY)
)
ROLES = f"""
DO $$ BEGIN
{_MAKE}
  IF NOT pg_has_role('{APP}', '{NOBODY}', 'MEMBER') THEN BEGIN GRANT {NOBODY} TO {APP}; {_MADE_MEANWHILE}; END; END IF;
END $$
"""


_HANDLER_ROWS = ", ".join(f"('{kind}', '{role}')" for kind, roles in HANDLERS.items() for role in roles)
_AUDIENCE_ROWS = ", ".join(f"('{role}', {bit})" for role, bit in AUDIENCE_BITS.items())
_ALL_BITS = sum(AUDIENCE_BITS.values())

_WITHOUT_CONTENT = ", ".join(f"'{kind}'" for kind in WITHOUT_CONTENT)

FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION app.service() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog AS
$$ SELECT coalesce(current_setting('app.service', true), '') $$;

CREATE OR REPLACE FUNCTION app.uid() RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
DECLARE v text := coalesce(current_setting('app.user_id', true), '');
BEGIN
  IF v <> '' THEN RETURN v::bigint; END IF;
  IF coalesce(current_setting('app.service', true), '') <> '' THEN RETURN NULL; END IF;
  RAISE EXCEPTION 'no principal on this transaction' USING ERRCODE = '42501', HINT = 'use acting_as(...) inside transaction.atomic()';
END $$;

CREATE OR REPLACE FUNCTION app.guest() RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
BEGIN
  PERFORM app.uid();
  IF app.service() <> 'guest' THEN RETURN NULL; END IF;
  RETURN nullif(current_setting('app.guest_id', true), '')::bigint;
END $$;

CREATE OR REPLACE FUNCTION app.me() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE SET search_path = pg_catalog AS $$
  SELECT u.id FROM public.agencies_user u WHERE u.id = app.uid() AND u.is_active $$;

CREATE OR REPLACE FUNCTION app.is_service(VARIADIC names text[]) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE SET search_path = pg_catalog AS $$
BEGIN
  PERFORM app.uid();
  RETURN app.service() = ANY (names);
END $$;

CREATE OR REPLACE FUNCTION app.my_agencies(record_kind text) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 3 SET search_path = pg_catalog AS $$
  SELECT m.agency_id FROM public.agencies_membership m JOIN public.agencies_user u ON u.id = m.user_id
  WHERE m.user_id = app.uid() AND m.ended_at IS NULL AND u.is_active
    AND m.role IN (SELECT h.role FROM (VALUES {_HANDLER_ROWS}) AS h(kind, role) WHERE h.kind = record_kind)
    AND (record_kind IN ({_WITHOUT_CONTENT}) OR m.cleared_until > now()) $$;

CREATE OR REPLACE FUNCTION app.my_people(record_kind text) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 20 SET search_path = pg_catalog AS $$
  SELECT m.user_id FROM public.agencies_membership m
  WHERE m.ended_at IS NULL AND m.agency_id IN (SELECT app.my_agencies(record_kind)) $$;

CREATE OR REPLACE FUNCTION app.my_alert_audiences() RETURNS TABLE (agency_id bigint, audience smallint)
LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE ROWS 32 SET search_path = pg_catalog AS $$
  SELECT DISTINCT m.agency_id, bits.value::smallint
  FROM public.agencies_membership m JOIN public.agencies_user u ON u.id = m.user_id
  JOIN (VALUES {_AUDIENCE_ROWS}) AS a(role, bit) ON a.role = m.role
  JOIN generate_series(1, {_ALL_BITS}) AS bits(value) ON bits.value & a.bit <> 0
  WHERE m.user_id = app.uid() AND m.ended_at IS NULL AND u.is_active AND m.cleared_until > now() $$;

CREATE OR REPLACE FUNCTION app.purge_notification(notification bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF app.service() <> 'dispatch' THEN RAISE EXCEPTION 'only dispatch purges police content' USING ERRCODE = '42501'; END IF;
  IF EXISTS (SELECT FROM public.alerts_alert a WHERE a.notification_id = notification AND a.status = 'queued')
     OR EXISTS (SELECT FROM public.alerts_notificationchild c JOIN public.alerts_notification n ON n.id = c.notification_id
                WHERE n.id = notification AND c.state = 'waiting' AND n.status <> 'closed') THEN
    RAISE EXCEPTION 'an alert of this notification has not been sent yet' USING ERRCODE = '55000';
  END IF;
  DELETE FROM public.alerts_matchcandidate m USING public.alerts_notificationchild c
   WHERE c.notification_id = notification AND m.notification_child_id = c.id;
  PERFORM app.destroy_data_key(n.crypto_key_id, 'notification', n.ref, 'ALR-09: once every alert has left')
     FROM public.alerts_notification n WHERE n.id = notification;
  UPDATE public.alerts_notification n SET content = NULL, purged_at = now() WHERE n.id = notification AND n.purged_at IS NULL;
END $$;
"""

# the functions that read behind the walls run as the definer; each asks first whether its caller may know
DEFINER_FUNCTIONS = (
    "me()",
    "my_agencies(text)",
    "my_people(text)",
    "my_alert_audiences()",
    "purge_notification(bigint)",
    *hats.DEFINER_FUNCTIONS,
    *conditions.SIGNATURES,
    *key_walls.DEFINER_FUNCTIONS,
    *ways_in.OUTER,
    *ways_in.INNER,
    *file_walls.OUTER,
    *file_walls.INNER,
    *discussions.OUTER,
    *discussions.INNER,
    *log_walls.SIGNATURES,
)
# what purging and the keeping of keys may do beyond reading (ALR-09, RET-07), and the triggers of conditions.py (NTK-06)
PURGE_UPDATES = ("alerts_notification", *key_walls.READS, conditions.KEPT)
PURGE_DELETES = ("alerts_matchcandidate",)
DEFINER_READS = (
    "agencies_membership",
    "agencies_user",
    *conditions.READS,
    "alerts_alert",
    "alerts_alertgrant",
    "alerts_notification",
    "alerts_notificationchild",
    "alerts_matchcandidate",
    *hats.DEFINER_READS,
    *key_walls.READS,
    *ways_in.READS,
    *file_walls.READS,
    *discussions.READS,
    *log_walls.READS,
)


def tables() -> dict[str, Walled | Open]:
    """Every table of the installation with its rule; a model without one fails here, at migration."""
    found: dict[str, Walled | Open] = dict(PLAIN_TABLES)
    for model in apps.get_models(include_auto_created=True):
        if model._meta.proxy or not model._meta.managed or model._meta.db_table in found:
            continue
        label = model._meta.label
        if label not in WALLS:
            raise LookupError(f"{label} is not classified in access/rules.py: say who may see it, or why it is open")
        found[model._meta.db_table] = WALLS[label]
    return found


def _table_statements(table: str, rule: Walled | Open) -> Iterator[str]:
    yield f"REVOKE ALL ON public.{table} FROM PUBLIC, {APP}, {NOBODY}"
    yield f"DROP POLICY IF EXISTS need_to_know ON public.{table}"
    yield f"DROP POLICY IF EXISTS adds ON public.{table}"
    yield f"DROP POLICY IF EXISTS changes ON public.{table}"
    yield f"DROP POLICY IF EXISTS shut_out ON public.{table}"
    yield f"DROP POLICY IF EXISTS definer ON public.{table}"
    if isinstance(rule, Open):
        verbs = ["SELECT"]
        verbs += ["INSERT"] if rule.write else []
        verbs += ["UPDATE"] if rule.write and rule.change else []
        verbs += ["DELETE"] if rule.delete else []
        yield f"GRANT {', '.join(verbs)} ON public.{table} TO {APP}, {NOBODY}"
        return
    yield f"ALTER TABLE public.{table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE public.{table} FORCE ROW LEVEL SECURITY"
    yield f"GRANT SELECT ON public.{table} TO {APP}"
    yield f"CREATE POLICY need_to_know ON public.{table} FOR SELECT TO {APP} USING ({any_of(rule.read)})"
    if rule.add:
        yield f"GRANT INSERT ON public.{table} TO {APP}"
        yield f"CREATE POLICY adds ON public.{table} FOR INSERT TO {APP} WITH CHECK ({any_of(rule.add)})"
    if rule.change:
        allowed = any_of(rule.change)
        columns = f" ({', '.join(rule.columns)})" if rule.columns else ""
        yield f"GRANT UPDATE{columns} ON public.{table} TO {APP}"
        # asked of the row as it was and as it becomes: without a WITH CHECK of its own the one stands for both
        yield f"CREATE POLICY changes ON public.{table} FOR UPDATE TO {APP} USING ({allowed})"
    if rule.shut:
        passed = not_shut_sql(rule, _always(table))
        yield f"CREATE POLICY shut_out ON public.{table} AS RESTRICTIVE FOR ALL TO {APP} USING ({passed})"


def _always(table: str) -> set[str]:
    """The columns of a table that are never empty."""
    [model] = [each for each in apps.get_models(include_auto_created=True) if each._meta.db_table == table]
    return {str(field.column) for field in model._meta.local_concrete_fields if not field.null}


def _definer_statements(known: dict[str, Walled | Open]) -> Iterator[str]:
    for table in sorted(set(DEFINER_READS)):
        verbs = ["SELECT"]
        verbs += ["UPDATE"] if table in PURGE_UPDATES else []
        verbs += ["DELETE"] if table in PURGE_DELETES else []
        verbs += ["INSERT"] if table in key_walls.INSERTS else []
        yield f"REVOKE ALL ON public.{table} FROM {DEFINER}"
        yield f"GRANT {', '.join(verbs)} ON public.{table} TO {DEFINER}"
        if isinstance(known[table], Walled):
            yield f"CREATE POLICY definer ON public.{table} FOR ALL TO {DEFINER} USING (true) WITH CHECK (true)"
    for signature in DEFINER_FUNCTIONS:
        yield f"ALTER FUNCTION app.{signature} OWNER TO {DEFINER}"


def build_statements() -> list[str]:
    """Every statement that puts wall 2 up, in order."""
    known = tables()
    return [
        ROLES,
        "CREATE SCHEMA IF NOT EXISTS app",
        "REVOKE ALL ON SCHEMA app FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA app TO {APP}, {DEFINER}",
        f"GRANT USAGE ON SCHEMA public TO {APP}, {DEFINER}, {NOBODY}",
        f"GRANT CREATE ON SCHEMA app TO {DEFINER}",
        conditions.CLEARED_UNTIL,
        key_walls.FUNCTIONS,
        FUNCTIONS,
        conditions.FUNCTIONS,
        *conditions.triggers(),
        ways_in.FUNCTIONS,
        file_walls.FUNCTIONS,
        discussions.FUNCTIONS,
        log_walls.FUNCTIONS,
        hats.HATS,
        *(statement for table, rule in sorted(known.items()) for statement in _table_statements(table, rule)),
        "DROP FUNCTION IF EXISTS app.shut_subjects(bigint)",  # what earlier versions asked
        *_definer_statements(known),
        hats.TRIGGER,
        *conditions.refresh(),
        f"REVOKE CREATE ON SCHEMA app FROM {DEFINER}",
        "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA app FROM PUBLIC",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA app TO {APP}, {DEFINER}",
        key_walls.HIDE_INSIDE,
        *(
            f"REVOKE EXECUTE ON FUNCTION app.{signature} FROM {APP}"
            for signature in (*ways_in.INNER, *file_walls.INNER, *discussions.INNER)
        ),
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {APP}, {NOBODY}",
    ]


def fingerprint() -> str:
    return hashlib.sha256("\n".join(build_statements()).encode()).hexdigest()


def current_fingerprint(connection: BaseDatabaseWrapper) -> str:
    """The fingerprint of the walls that stand in the database; empty when none do."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(obj_description(to_regnamespace('app'), 'pg_namespace'), '')")
        row = cursor.fetchone()
    return row[0] if row else ""


def apply_walls(connection: BaseDatabaseWrapper) -> None:
    """Put wall 2 up as access/rules.py says, in one transaction."""
    from django.db import transaction

    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        existing = set(connection.introspection.table_names(cursor))
        if not set(tables()) <= existing:  # a partial migration: the walls follow with the last table
            return
        for statement in build_statements():
            cursor.execute(statement)
        cursor.execute(f"COMMENT ON SCHEMA app IS '{fingerprint()}'")
