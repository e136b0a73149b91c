"""What only the database can say before a process may start."""

import logging

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from safeguarding.crypto import canaries, ledger
from safeguarding.settings.refusals import DatabaseFacts, database_refusals

log = logging.getLogger("hub.start")

# Of the login, not of the role that it wears now: a session can always take its own roles back.
FACTS = """
SELECT session_user::text,
       r.rolsuper,
       EXISTS (SELECT FROM pg_roles b WHERE b.rolbypassrls AND pg_has_role(session_user, b.oid, 'MEMBER'))
         OR coalesce(pg_has_role(session_user, to_regrole('safeguarding_definer')::oid, 'MEMBER'), false),
       r.rolcreaterole,
       EXISTS (SELECT FROM pg_tables t WHERE t.schemaname = 'public'
               AND pg_has_role(session_user, t.tableowner, 'MEMBER')),
       coalesce(pg_has_role(session_user, to_regrole('safeguarding_app')::oid, 'MEMBER'), false),
       CASE WHEN to_regclass('public.runtime_demomark') IS NULL THEN false
            ELSE has_table_privilege(to_regclass('public.runtime_demomark')::oid, 'SELECT') END
FROM pg_roles r WHERE r.rolname = session_user
"""


def database_facts(connection: BaseDatabaseWrapper) -> DatabaseFacts:
    with connection.cursor() as cursor:
        cursor.execute(FACTS)
        role, superuser, bypasses_walls, creates_roles, owns_tables, app_member, demo_mark_readable = cursor.fetchone()
        demo_data = False
        if demo_mark_readable:
            cursor.execute("SELECT EXISTS (SELECT FROM public.runtime_demomark)")
            (demo_data,) = cursor.fetchone()
    return DatabaseFacts(
        role=role,
        superuser=superuser,
        bypasses_walls=bypasses_walls,
        creates_roles=creates_roles,
        owns_tables=owns_tables,
        app_member=app_member,
        demo_data=demo_data,
    )


def as_the_login_itself(connection: BaseDatabaseWrapper) -> BaseDatabaseWrapper:
    """Without the app's clothes: a login that may not put them on still has to be told why."""
    options = {name: value for name, value in connection.settings_dict["OPTIONS"].items() if name != "assume_role"}
    return type(connection)({**connection.settings_dict, "OPTIONS": options}, alias="start")


def refuse_unfit_database() -> None:
    """Only production sets REFUSES_UNFIT_DATABASE; a process that cannot ask does not start either."""
    if not getattr(settings, "REFUSES_UNFIT_DATABASE", False):
        return
    connection = as_the_login_itself(connections["default"])
    try:
        said = database_refusals(database_facts(connection))
    except DatabaseError as error:
        said = [f"The database does not answer ({type(error).__name__}). Look at DATABASE_URL and at the server."]
    finally:
        connection.close()
    _refuse(said)


def refuse_wrong_keys() -> None:
    """Every installation: without its root keys it would seal under others, and show nothing (RET-07).

    Production refuses a restored database, too, until it has been told what was shredded since: serving it would show that
    again, and the remedy is one command for whoever has just restored.
    """
    try:
        said = canaries.faults()
        behind = None if said else ledger.fault()
        retired = canaries.still_held_though_retired()
    except DatabaseError as error:
        said, behind, retired = (
            [f"The database does not answer ({type(error).__name__}). Look at its server."],
            None,
            [],
        )
    if behind and getattr(settings, "REFUSES_UNFIT_DATABASE", False):
        said.append(behind)
    elif behind:
        log.warning("%s", behind)
    for version in retired:
        log.warning("root key %s is retired and still here: until it is destroyed, old back-ups open with it", version)
    _refuse(said)


def refuse_to_start() -> None:
    """What web, worker, relay and beat ask first."""
    refuse_unfit_database()
    refuse_wrong_keys()


def _refuse(said: list[str]) -> None:
    if said:
        raise ImproperlyConfigured("The Safeguarding Hub does not start:\n" + "\n".join(f"- {s}" for s in said))
