"""Keyset pages: as quick at the millionth row as at the first; counts are capped (design §3)."""

import base64
import binascii
import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

CAP = 1000


def capped(number: int) -> str:
    """A number up to 1,000, then "1,000+"."""
    return f"{number:,}" if number <= CAP else f"{CAP:,}+"


def capped_count(queryset: QuerySet[Any]) -> str:
    """The number of rows up to 1,000, then "1,000+"."""
    return capped(queryset.order_by()[: CAP + 1].count())


@dataclass(frozen=True)
class KeysetPage:
    rows: list[Any]
    older: str | None
    is_first: bool

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def encode_cursor(values: Sequence[Any]) -> str:
    plain = [value.isoformat() if isinstance(value, dt.datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def decode_cursor(text: str) -> tuple[dt.datetime, int] | None:
    """The moment and id behind a cursor; None when somebody made it up."""
    try:
        moment, number = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        parsed = parse_datetime(moment)
    except (ValueError, TypeError, binascii.Error, UnicodeDecodeError, RecursionError):
        return None
    if parsed is None or parsed.tzinfo is None or not isinstance(number, int):
        return None
    return parsed, number


def keyset_page(
    queryset: QuerySet[Any], *, field: str, cursor: str = "", size: int = 25, ascending: bool = False
) -> KeysetPage:
    """One page ordered by (`field`, id), newest first unless `ascending`, after `cursor`."""
    after = decode_cursor(cursor) if cursor else None
    sign, way = ("", "gt") if ascending else ("-", "lt")
    if after is not None:
        moment, number = after
        # the first condition bounds the index, the second puts rows of the same moment in order
        queryset = queryset.filter(**{f"{field}__{way}e": moment}).filter(
            Q(**{f"{field}__{way}": moment}) | Q(**{field: moment, f"pk__{way}": number})
        )
    rows = list(queryset.order_by(f"{sign}{field}", f"{sign}pk")[: size + 1])
    older = encode_cursor([getattr(rows[size - 1], field), rows[size - 1].pk]) if len(rows) > size else None
    return KeysetPage(rows[:size], older, after is None)
