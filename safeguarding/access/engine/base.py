"""PostgreSQL engine that stamps every transaction with the current principal.

The stamp is local to the transaction, so nothing rides on a pooled connection into the next request.
"""

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from safeguarding.access.principal import current

STAMP = (
    "SELECT set_config('app.user_id', %s, true),"
    " set_config('app.service', %s, true),"
    " set_config('app.purpose', %s, true)"
)


class DatabaseWrapper(base.DatabaseWrapper):
    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)
        if not autocommit:
            self._stamp()

    def restamp(self) -> None:
        """Stamp an open transaction again; an aborted one gets its older stamp back by its own rollback."""
        if (
            self.connection is not None
            and self.in_atomic_block
            and self.connection.info.transaction_status != TransactionStatus.INERROR
        ):
            self._stamp()

    def _stamp(self) -> None:
        principal = current()
        with self.connection.cursor() as cursor:
            user_id = "" if principal.user_id is None else str(principal.user_id)
            cursor.execute(STAMP, [user_id, principal.service, principal.purpose])
