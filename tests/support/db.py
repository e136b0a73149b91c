"""The suite makes its database as its owner, then asks everything as the app role, where the walls bite."""

from collections.abc import Iterator
from contextlib import contextmanager

from auditlog.context import disable_auditlog
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from psycopg.pq import TransactionStatus

from safeguarding.access.handlers import APP, NOBODY
from safeguarding.access.posts import forget
from safeguarding.access.principal import Principal, acting_as
from safeguarding.access.walls import apply_walls
from safeguarding.agencies.models import User


def _can_still_ask(wrapper: BaseDatabaseWrapper) -> bool:
    """Not in a transaction that failed: its own rollback brings the role back."""
    status = wrapper.connection and wrapper.connection.info.transaction_status
    return status in (TransactionStatus.IDLE, TransactionStatus.INTRANS) and not wrapper.needs_rollback


@contextmanager
def fixtures() -> Iterator[None]:
    """Write fixture rows as the login of the suite, whoever acts, and keep no log of them; back behind the walls afterwards."""
    wrapper = connections["default"]
    was_up = "role_of" not in vars(wrapper)
    wrapper.role_of = lambda is_someone: "none"
    with wrapper.cursor() as cursor:
        cursor.execute("RESET ROLE")
    try:
        with disable_auditlog():
            yield
    finally:
        if was_up:
            del wrapper.role_of
            if _can_still_ask(wrapper):
                wrapper._configure_role(wrapper.connection)
                wrapper.restamp()


@contextmanager
def as_user(user: User, purpose: str = "test") -> Iterator[User]:
    forget()  # as a request does
    with acting_as(Principal(user_id=user.pk, purpose=purpose)):
        yield user


@contextmanager
def as_service(name: str) -> Iterator[None]:
    with acting_as(Principal(service=name, purpose="test")):
        yield


def as_migrated() -> None:
    """Tables made from the models, as `migrate` leaves them: with a library's table of no model, a history, and the walls."""
    recorder, loader = MigrationRecorder(connection), MigrationLoader(None)
    recorder.ensure_schema()
    applied = set(recorder.applied_migrations())
    for app, name in loader.disk_migrations:
        if (app, name) not in applied:
            recorder.record_applied(app, name)
    # auditlog's own entry, in place of which ours is used
    entry = loader.project_state(loader.graph.leaf_nodes("auditlog")).apps.get_model("auditlog", "LogEntry")
    if entry._meta.db_table not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(entry)
    apply_walls(connection)


# What a migration writes and no test changes: emptying it would mean to put every wall up again.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def empty_tables() -> None:
    """After a test that committed: TRUNCATE what has rows, whatever refers to it, and leave the walls standing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
        names = sorted({name for (name,) in cursor.fetchall()} - KEPT)
        cursor.execute(" UNION ALL ".join(f"(SELECT '{name}' FROM public.\"{name}\" LIMIT 1)" for name in names))
        filled = [name for (name,) in cursor.fetchall()]
        if filled:
            cursor.execute(f"TRUNCATE {', '.join(filled)} CASCADE")


def take_app_role() -> None:
    """From here on every session of the suite starts as nobody, as in production; a superuser would meet no wall."""
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["OPTIONS"]["assume_role"] = NOBODY
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, count(*) FILTER (WHERE rolsuper OR rolbypassrls) FROM pg_roles WHERE rolname IN (%s, %s)",
            [APP, NOBODY],
        )
        assert cursor.fetchone() == (NOBODY, 0)


def give_role_back() -> None:
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict["OPTIONS"].pop("assume_role", None)
