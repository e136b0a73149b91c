from argparse import ArgumentParser
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from safeguarding import env
from safeguarding.runtime import roles


class Command(BaseCommand):
    help = "Makes the database and its roles, as the owner; where it may not, prints what a DBA would run."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--admin-url",
            default=env.text("DATABASE_ADMIN_URL"),
            help="who may create roles and databases; else the owner itself",
        )
        parser.add_argument("--sql", action="store_true", help="print the statements and change nothing")

    def handle(self, *_: Any, admin_url: str, sql: bool, **__: Any) -> None:
        wanted = roles.Wanted.from_urls(settings.DATABASE_URL, settings.DATABASE_OWNER_URL)
        if not (wanted.database and wanted.owner and wanted.app):
            raise CommandError("DATABASE_URL and DATABASE_OWNER_URL must each name a user and a database.")
        if settings.DATABASE_EMBEDDED:
            admin_url = settings.LAYOUT.postgres_url("postgres", "postgres")
        with self.connect(admin_url or settings.DATABASE_OWNER_URL, wanted) as connection:
            if connection.info.server_version < roles.LEAST_POSTGRES:
                raise CommandError(
                    f"PostgreSQL 15 or newer is needed; this is {connection.info.server_version // 10000}."
                )
            found = roles.look(connection)
            statements = list(roles.missing_statements(wanted, found))
            if sql:
                self.tell(wanted, found)
                return
            self.carry_out(connection, statements, wanted, found)
        with self.connect(admin_url or settings.DATABASE_OWNER_URL, wanted, inside=True) as connection:
            self.carry_out(connection, self.not_yet(connection, wanted), wanted, found)
        if statements:
            self.stdout.write(f"Database {wanted.database}: {len(statements)} roles and rights made.")

    def connect(self, url: str, wanted: roles.Wanted, *, inside: bool = False) -> psycopg.Connection:
        """Into the database when it is there, else into the one that every server has."""
        places = [wanted.database] if inside else [wanted.database, "postgres"]
        for place in places:
            try:
                return psycopg.connect(roles.at_database(url, place), autocommit=True, connect_timeout=10)
            except psycopg.OperationalError as error:
                problem = error
        raise CommandError(f"The database server does not let us in: {str(problem).strip().splitlines()[-1]}")

    @staticmethod
    def not_yet(connection: psycopg.Connection, wanted: roles.Wanted) -> list[Any]:
        """Nothing when the rights stand already: an owner without more rights can then run this again."""
        row = connection.execute(
            "SELECT has_database_privilege(%s, current_database(), 'CONNECT')"
            " AND has_schema_privilege(%s, 'public', 'CREATE')"
            " AND NOT has_schema_privilege(%s, 'public', 'CREATE')"
            " AND NOT EXISTS (SELECT FROM pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a"
            "                 WHERE d.datname = current_database() AND a.grantee = 0)",
            [wanted.app, wanted.owner, roles.APP],
        ).fetchone()
        return [] if row and row[0] else list(roles.inside_statements(wanted))

    def carry_out(
        self, connection: psycopg.Connection, statements: list, wanted: roles.Wanted, found: roles.Found
    ) -> None:
        for statement in statements:
            try:
                connection.execute(statement)
            except (psycopg.errors.DuplicateObject, psycopg.errors.DuplicateDatabase):
                continue
            except psycopg.errors.InsufficientPrivilege:
                self.tell(wanted, found)
                raise CommandError(
                    "This role may not do that. Ask a database administrator to run the lines above, then start again."
                ) from None

    def tell(self, wanted: roles.Wanted, found: roles.Found) -> None:
        self.stdout.write("-- as a role that may create roles and databases:")
        for statement in roles.missing_statements(wanted, found, hide_passwords=True):
            self.stdout.write(f"{statement.as_string(None)};")
        self.stdout.write(f'\\connect "{wanted.database}"')
        for statement in roles.inside_statements(wanted):
            self.stdout.write(f"{statement.as_string(None)};")
