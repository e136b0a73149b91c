"""The bytes of an entry that are sealed: every column, in a form that has a number and is never changed, only followed.

A new column of AuditEntry gets a new form (FORMS[2] = …); entries sealed before keep theirs, and are checked by it.
"""

import datetime as dt
import hmac
import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

# Column → how it is read; what PostgreSQL keeps as text, number or time is read as it is.
_AS_TEXT = "{}::text"
FORMS: dict[int, dict[str, str]] = {
    1: {
        "id": "{}",
        "timestamp": "{}",
        "event": "{}",
        "action": "{}",
        "outcome": "{}",
        "actor_id": "{}",
        "actor_email": "{}",
        "service": "{}",
        "purpose": "{}",
        "remote_addr": "host({})",
        "remote_port": "{}",
        "cid": "{}",
        "partnership_id": "{}",
        "agency_id": "{}",
        "actor_agency_id": "{}",
        "actor_roles": "{}",
        "way_in": "{}",
        "content_type_id": "{}",
        "object_pk": "{}",
        "object_id": "{}",
        "object_repr": "{}",
        "alert_id": "{}",
        "notification_id": "{}",
        "objects_shown": _AS_TEXT,
        "additional_data": _AS_TEXT,
        "changes": _AS_TEXT,
        "changes_text": "{}",
        "serialized_data": _AS_TEXT,
    },
}
NEWEST = max(FORMS)
_JSON = {name for columns in FORMS.values() for name, how in columns.items() if how == _AS_TEXT}


def time_text(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return time_text(value)
    # keys in one order and numbers in one spelling, whichever release of PostgreSQL wrote them down
    return json.loads(value) if name in _JSON and value is not None else value


def canonical(form: int, values: Sequence[Any]) -> bytes:
    columns = FORMS[form]
    entry = {name: _plain(name, value) for name, value in zip(columns, values, strict=True)}
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def salt(secret: bytes, number: int) -> bytes:
    """Of each entry its own, from the one secret of its seal."""
    return hmac.digest(secret, number.to_bytes(8, "big"), "sha256")[:16]


def columns_sql(form: int, table: str = "e") -> str:
    return ", ".join(how.format(f'{table}."{name}"') for name, how in FORMS[form].items())


def read_entries(
    connection: BaseDatabaseWrapper, form: int, numbers: Sequence[int], batch: int = 2000
) -> Iterator[tuple[int, dt.datetime, bytes, Sequence[Any]]]:
    """Id, time, canonical bytes and values of those of the entries that are there."""
    query = f"SELECT {columns_sql(form)} FROM public.audit_auditentry e WHERE e.id = ANY(%s)"  # noqa: S608 - our own columns
    for start in range(0, len(numbers), batch):
        with connection.cursor() as cursor:
            cursor.execute(query, [list(numbers[start : start + batch])])
            for values in cursor.fetchall():
                yield values[0], values[1], canonical(form, values), values
