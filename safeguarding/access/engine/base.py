"""PostgreSQL engine that stamps every transaction with the current principal.

The stamp is local to the transaction, so nothing rides on a pooled connection into the next request. A session that
nobody has stamped wears a role without rights on any walled table: a forgotten principal is refused even where the
table is empty, because a silent zero is a missed child.
"""

import datetime as dt
from collections.abc import Callable
from types import TracebackType
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from django.db.utils import DatabaseErrorWrapper
from django.utils.functional import cached_property
from psycopg.errors import InsufficientPrivilege
from psycopg.pq import TransactionStatus

from safeguarding.access.handlers import APP, NOBODY
from safeguarding.access.principal import current

# Nothing is compiled just in time: the walls' many small subplans took a second to compile, and milliseconds to run.
STAMP = (
    "SELECT set_config('app.user_id', %s, true),"
    " set_config('app.service', %s, true),"
    " set_config('app.purpose', %s, true),"
    " set_config('app.guest_id', %s, true),"
    " set_config('jit', 'off', true)"
)
STAMP_WITH_ROLE = STAMP + ", set_config('role', %s, true)"
_CAN_BE_STAMPED = (TransactionStatus.IDLE, TransactionStatus.INTRANS)


class MomentLoader(BaseTzLoader):
    """Django's loader reads each moment by a pattern in Python, which was a sixth of the time of a list of alerts."""

    timezone = dt.UTC

    def load(self, data: bytes) -> dt.datetime:
        try:
            return dt.datetime.fromisoformat(bytes(data).decode())
        except ValueError:  # infinity, or before Christ: the library knows what to say
            return super().load(data)


class ExplainedErrors(DatabaseErrorWrapper):
    """A refusal by the database says which of the two usual things was forgotten."""

    wrapper: "DatabaseWrapper"

    def __exit__(
        self, exc_type: type[BaseException] | None, exc_value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if isinstance(exc_value, InsufficientPrivilege):
            exc_value.args = (f"{exc_value}{self.wrapper.what_was_forgotten()}",)
        super().__exit__(exc_type, exc_value, traceback)


# Where somebody works is asked anew after any statement but these: what reads, and what writes into another table.
_READS, _WRITES = ("SELECT", "(SELECT", "SAVEPOINT", "RELEASE"), ("INSERT", "UPDATE")
_WHERE_SOMEBODY_WORKS = ("agencies_", "alerts_exclusion")


def _leaves_posts(statement: str) -> bool:
    return statement.startswith(_READS) or (
        statement.startswith(_WRITES) and not any(table in statement for table in _WHERE_SOMEBODY_WORKS)
    )


class DatabaseWrapper(base.DatabaseWrapper):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # of the transaction that is open, by who asked and about whom (access/posts.py)
        self.posts: dict[tuple[int | None, str, int], Any] = {}
        self.execute_wrappers.append(self._forget_posts)

    def _forget_posts(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        if not _leaves_posts(str(sql)):
            self.posts.clear()
        return execute(sql, params, many, context)

    @cached_property
    def wrap_database_errors(self) -> ExplainedErrors:
        return ExplainedErrors(self)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        if self.timezone == MomentLoader.timezone:
            connection.adapters.register_loader("timestamptz", MomentLoader)
        return connection

    def what_was_forgotten(self) -> str:
        if not current().is_someone:
            return "; no principal on this transaction: use acting_as(...)"
        if not self.in_atomic_block:
            return "; no transaction, so no principal: use transaction.atomic()"
        return ""

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # Django has it, its stubs do not
        self.posts.clear()
        if not autocommit:
            self._stamp()

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]  # as above
        self.restamp()

    def restamp(self) -> None:
        """Stamp an open transaction again; an aborted or broken one gets its older stamp back by its own rollback."""
        if (
            self.connection is not None
            and self.in_atomic_block
            and self.connection.info.transaction_status in _CAN_BE_STAMPED
        ):
            self._stamp()

    def role_of(self, is_someone: bool) -> str | None:
        """The role that the transaction wears; none for the owner, who builds and never serves."""
        if "assume_role" not in self.settings_dict["OPTIONS"]:
            return None
        return APP if is_someone else NOBODY

    def _stamp(self) -> None:
        principal = current()
        user_id = "" if principal.user_id is None else str(principal.user_id)
        guest_id = "" if principal.guest_id is None else str(principal.guest_id)
        values: list[Any] = [user_id, principal.service, principal.purpose, guest_id]
        role = self.role_of(principal.is_someone)
        with self.wrap_database_errors, self.connection.cursor() as cursor:
            if role is None:
                cursor.execute(STAMP, values)
            else:
                cursor.execute(STAMP_WITH_ROLE, [*values, role])
