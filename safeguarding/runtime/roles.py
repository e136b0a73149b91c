"""The database's roles: what must be there, what is missing, and the SQL that a database administrator would run."""

from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from safeguarding.access.handlers import APP, DEFINER, NOBODY

LEAST_POSTGRES = 150000


@dataclass(frozen=True)
class Wanted:
    """Who owns the tables, who serves the pages, and in which database."""

    database: str
    owner: str
    app: str
    owner_password: str = ""
    app_password: str = ""

    @classmethod
    def from_urls(cls, app_url: str, owner_url: str) -> "Wanted":
        app, owner = conninfo_to_dict(app_url), conninfo_to_dict(owner_url)
        return cls(
            database=str(owner.get("dbname") or app.get("dbname") or ""),
            owner=str(owner.get("user") or ""),
            app=str(app.get("user") or ""),
            owner_password=str(owner.get("password") or ""),
            app_password=str(app.get("password") or ""),
        )


@dataclass(frozen=True)
class Found:
    """What the server has now."""

    roles: frozenset[str]
    members: frozenset[tuple[str, str]]
    superusers: frozenset[str]
    databases: frozenset[str]


def look(connection: psycopg.Connection) -> Found:
    def rows(query: str) -> list[tuple]:
        return connection.execute(query).fetchall()

    return Found(
        roles=frozenset(name for (name,) in rows("SELECT rolname::text FROM pg_roles")),
        superusers=frozenset(name for (name,) in rows("SELECT rolname::text FROM pg_roles WHERE rolsuper")),
        databases=frozenset(name for (name,) in rows("SELECT datname::text FROM pg_database")),
        members=frozenset(
            (group, member)
            for group, member in rows(
                "SELECT g.rolname::text, m.rolname::text FROM pg_auth_members a"
                " JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member"
                # Since 16 a creator gets a membership that neither inherits nor may act: it does not count.
                " WHERE coalesce((to_jsonb(a) ->> 'inherit_option')::boolean, true)"
            )
        ),
    )


def missing_statements(wanted: Wanted, found: Found, *, hide_passwords: bool = False) -> Iterator[sql.Composable]:
    """Server-wide statements, in order; nothing when all is there."""
    for group in (APP, DEFINER, NOBODY):
        if group not in found.roles:
            yield sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(group))
    for login, password in ((wanted.owner, wanted.owner_password), (wanted.app, wanted.app_password)):
        if login and login not in found.roles:
            statement = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS").format(
                sql.Identifier(login)
            )
            if password:
                shown = sql.SQL("'…'") if hide_passwords else sql.Literal(password)
                statement = sql.SQL("{} PASSWORD {}").format(statement, shown)
            yield statement
    for group, member in ((NOBODY, APP), (APP, wanted.app), (DEFINER, wanted.owner)):
        if member and member not in found.superusers and (group, member) not in found.members:
            yield sql.SQL("GRANT {} TO {}").format(sql.Identifier(group), sql.Identifier(member))
    if wanted.database not in found.databases:
        yield sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8'").format(
            sql.Identifier(wanted.database), sql.Identifier(wanted.owner)
        )


def inside_statements(wanted: Wanted) -> Iterator[sql.Composable]:
    """Statements inside the database: the owner may build in it, the app may come in, and nobody else."""
    database, owner, app = (sql.Identifier(name) for name in (wanted.database, wanted.owner, wanted.app))
    yield sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database)
    yield sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}").format(database, app, sql.Identifier(APP))
    yield sql.SQL("GRANT CONNECT, CREATE, TEMPORARY ON DATABASE {} TO {}").format(database, owner)
    yield sql.SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    yield sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(owner)


def at_database(url: str, database: str) -> str:
    return make_conninfo(url, dbname=database)
