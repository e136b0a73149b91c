"""Reads seals and what lies under them in batches, for the check and for the export; as the service that may."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection, transaction

from safeguarding.access.principal import Principal, acting_as
from safeguarding.access.rules import SEALING
from safeguarding.audit.canonical import FORMS, read_entries
from safeguarding.audit.models import Seal
from safeguarding.audit.statements import Signed

READER = Principal(service=SEALING, purpose="checking the audit")
SEALS_AT_ONCE = 300
# What the column holds; the sequence begins at 1, a superuser may write any.
LOWEST_ID, HIGHEST_ID = -(2**63), 2**63 - 1
Content = tuple[dt.datetime, bytes, dict[str, Any]]


def seal_batches(first: int = 1, last: int | None = None, size: int = SEALS_AT_ONCE) -> Iterator[list[Seal]]:
    """Seals in the order of their numbers; each batch in a transaction of its own, so that nothing is held up."""
    after = first - 1
    while True:
        with acting_as(READER), transaction.atomic():
            wanted = Seal.objects.filter(pk__gt=after).order_by("pk")
            if last is not None:
                wanted = wanted.filter(pk__lte=last)
            batch = list(wanted[:size])
        if not batch:
            return
        yield batch
        after = batch[-1].pk


def contents(numbers: Sequence[tuple[int, int]]) -> dict[int, Content]:
    """Of each (form, id): when, canonical bytes and columns; what is not there is left out."""
    by_form: dict[int, list[int]] = defaultdict(list)
    for form, number in numbers:
        by_form[form].append(number)
    found: dict[int, Content] = {}
    with acting_as(READER), transaction.atomic():
        for form, ids in by_form.items():
            for number, moment, content, values in read_entries(connection, form, ids):
                found[number] = (moment, content, dict(zip(FORMS[form], values, strict=True)))
    return found


def seals_before(first: int) -> Iterator[Seal]:
    """Newest first: those before seal `first` under which an id could stand that was undecided there."""
    settled: int | None = None
    with acting_as(READER), transaction.atomic():
        for seal in Seal.objects.filter(pk__lt=first).order_by("-pk").iterator(chunk_size=SEALS_AT_ONCE):
            statement = seal.signed.statement
            settled = statement.settled if settled is None else settled
            yield seal
            if statement.drawn <= settled:
                return


def key_seals(before: int) -> list[Signed]:
    """The statements that name a public key, among the seals before that number."""
    with acting_as(READER), transaction.atomic():
        found = Seal.objects.filter(pk__lt=before, statement__contains='"public":').order_by("pk")
        return [seal.signed for seal in found.only("statement", "signature")]


def entries_sealed() -> int:
    with acting_as(READER), transaction.atomic():
        last = Seal.objects.order_by("-pk").first()
        return last.signed.statement.total if last else 0


def number_at(moment: dt.datetime) -> int:
    """The number of the first seal of that time or later."""
    with acting_as(READER), transaction.atomic():
        low, high = 1, (Seal.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
        while low < high:
            middle = (low + high) // 2
            seal = Seal.objects.filter(pk__gte=middle).order_by("pk").first()
            if seal is None or seal.signed.statement.moment >= moment:
                high = middle
            else:
                low = seal.pk + 1
    return low


def entry_times(after: int, size: int = 20_000) -> Iterator[list[tuple[int, dt.datetime]]]:
    """Id and time of every entry above `after`, in the order of their ids; before them those below 1, a number nobody is given."""
    for low, high in ((LOWEST_ID, 0), (max(after, 0) + 1, HIGHEST_ID)):
        yield from _entry_times(low, high, size)


def _entry_times(low: int, high: int, size: int) -> Iterator[list[tuple[int, dt.datetime]]]:
    while low <= high:
        with acting_as(READER), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, timestamp FROM public.audit_auditentry WHERE id BETWEEN %s AND %s ORDER BY id LIMIT %s",
                [low, high, size],
            )
            batch = list(cursor.fetchall())
        if not batch:
            return
        yield batch
        low = batch[-1][0] + 1


def last_drawn() -> int:
    """The newest id that the table's sequence has given out."""
    with acting_as(READER), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence('public.audit_auditentry', 'id')::regclass), 0)"
        )
        return int(cursor.fetchone()[0])


class Ids:
    """A set of very many ids in little memory."""

    def __init__(self) -> None:
        self._blocks: dict[int, bytearray] = {}

    def add(self, number: int) -> bool:
        """False when it was there already."""
        block = self._blocks.setdefault(number >> 15, bytearray(4096))
        at, bit = (number >> 3) & 4095, 1 << (number & 7)
        new = not block[at] & bit
        block[at] |= bit
        return new

    def __contains__(self, number: int) -> bool:
        block = self._blocks.get(number >> 15)
        return block is not None and bool(block[(number >> 3) & 4095] & 1 << (number & 7))
