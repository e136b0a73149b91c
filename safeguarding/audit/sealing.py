"""The sealer: puts under seal what has been remembered since the last seal, once a second (AUD-03, design §5).

Entries become visible out of the order of their ids, because a transaction may stay open while later ones commit. Every
round therefore looks at all ids that are still undecided, and an id counts as decided only when every transaction that
held the table's insert lock, at a moment after the id had been given out, is over (as CREATE INDEX CONCURRENTLY waits).
"""

import datetime as dt
import logging
import secrets
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from safeguarding.access.principal import Principal, acting_as
from safeguarding.access.rules import SEALING
from safeguarding.audit import merkle
from safeguarding.audit.canonical import NEWEST, canonical, columns_sql, salt, time_text
from safeguarding.audit.heads import Heads
from safeguarding.audit.models import Seal
from safeguarding.audit.statements import NOTHING_BEFORE, Signed, Statement
from safeguarding.crypto.signing import fingerprint, is_signed, public_key, sign

log = logging.getLogger("hub.sealer")
SEALER = Principal(service=SEALING, purpose="sealing the audit")
# Seals a quiet installation too, so that an entry dated into a quiet night is found out.
QUIET = dt.timedelta(minutes=5)
MOST_ENTRIES = 5000
_LOCK = 0x5EA1
_TABLE = "public.audit_auditentry"
_CATCH_UP = 500

Range = tuple[int, int]


class CannotSeal(Exception):
    """In a sentence for the operator: nothing is lost, and nothing is sealed until it is mended."""


@dataclass(frozen=True)
class Mark:
    """`drawn`: the newest id given out at that moment; `open_since`: who might still hold one up to it."""

    drawn: int
    holders: frozenset[str]
    at: dt.datetime


@dataclass(frozen=True)
class Round:
    """What one look at the table brought; `waits_since`: something has waited for its seal since then."""

    sealed: int = 0
    number: int | None = None
    more: bool = False
    waits_since: dt.datetime | None = None
    elsewhere: bool = False


class Sealer:
    def __init__(self, keys: Mapping[int, bytes], places: Sequence[Path], *, quiet: dt.timedelta = QUIET) -> None:
        if not keys:
            raise CannotSeal(
                "AUDIT_SIGNING_KEY (or AUDIT_SIGNING_KEY_FILE) is missing. Make one with `openssl rand -hex 32` and give "
                "it to the sealer alone."
            )
        if not places:
            raise CannotSeal(
                "AUDIT_HEAD_DIR is missing: a directory outside of the database, where the head of the log is kept."
            )
        self.keys = {fingerprint(public_key(secret)): secret for _, secret in sorted(keys.items())}
        self.newest = list(self.keys)[-1]
        self.heads = [Heads(place) for place in places]
        self.quiet = quiet
        self.forget()

    def forget(self) -> None:
        """After a lost connection nothing that was true of the server is known any more."""
        self._marks: deque[Mark] = deque()
        self._settled = 0
        self._last_seen: int | None = None
        self._undecided: list[Range] = []
        self._drawn = 0

    def round(self) -> Round:
        """Writes the head of what is sealed, seals what is new, writes that head too."""
        try:
            self.publish()
            with acting_as(SEALER), transaction.atomic():
                done = self._seal()
            if done.number is not None:
                self.publish()
        except ValueError as error:
            raise CannotSeal(
                "A seal or its head was overwritten and cannot be read. Run `manage.py verify_audit`."
            ) from error
        return done

    # ------------------------------------------------------------ the head outside
    def publish(self) -> None:
        """Every seal's head is on the disk outside before another seal is made."""
        for heads in self.heads:
            try:
                with heads.locked():
                    self._catch_up(heads)
            except OSError as error:
                raise CannotSeal(
                    f"The head of the log cannot be written to {heads.place} ({error.strerror}). Entries go on being "
                    "written and none is lost; they are sealed as soon as this directory can be written again."
                ) from error

    def _catch_up(self, heads: Heads) -> None:
        while True:
            last = heads.last()
            with acting_as(SEALER), transaction.atomic():
                known = last.statement.n if last else 0
                news = [seal.signed for seal in Seal.objects.filter(pk__gte=known).order_by("pk")[:_CATCH_UP]]
            if last is not None:
                news = _continuing(last, news, heads.place)
            if not news:
                return
            if last is None and len(news) > 1:
                log.warning("the head outside was empty; it is written anew from the database")
            for signed in news:
                self._refuse_strange(signed)
            heads.add(news)

    def _refuse_strange(self, signed: Signed) -> None:
        secret = self.keys.get(signed.statement.key)
        if secret and not is_signed(public_key(secret), signed.text.encode("ascii"), bytes.fromhex(signed.signature)):
            raise CannotSeal(f"Seal {signed.statement.n} is not signed by our key. Run `manage.py verify_audit`.")

    # ------------------------------------------------------------ the seal
    def _seal(self) -> Round:
        if not _ask("SELECT pg_try_advisory_xact_lock(%s)", _LOCK):
            return Round(elsewhere=True)
        last = Seal.objects.order_by("-pk").first()
        before = last.signed.statement if last else None
        mark = _mark()
        if last is None or before is None:
            return self._put(self._special("start", mark, None, public=public_key(self.keys[self.newest]).hex()))
        signer = self._signer(before)
        if signer != self.newest:
            return self._put(self._special("key", mark, last, public=public_key(self.keys[self.newest]).hex()), signer)
        if self._last_seen != last.pk:
            self._look_again(before)
            self._last_seen = last.pk
        self._observe(mark)
        wanted = [*self._undecided, (self._drawn + 1, mark.drawn)] if mark.drawn > self._drawn else self._undecided
        rows = _read(wanted)
        full = len(rows) == MOST_ENTRIES
        settled = max(before.settled, min(self._settled, rows[-1][0]) if full else self._settled)
        self._undecided = _above(_without(wanted, [row[0] for row in rows]), settled)
        self._drawn = max(self._drawn, mark.drawn)
        waits = rows[0][1] if full else self._marks[0].at if self._marks else None
        if not rows and mark.at - before.moment < self.quiet:
            return Round(waits_since=waits)
        return self._put(self._of_entries(rows, settled, mark, last), signer, more=full, waits_since=waits)

    def _signer(self, before: Statement) -> str:
        expected = fingerprint(bytes.fromhex(before.public)) if before.kind == "key" else before.key
        if expected not in self.keys:
            raise CannotSeal(
                f"The log is signed with the key {expected}, which is not among AUDIT_SIGNING_KEY, AUDIT_SIGNING_KEY_V2 … . "
                "Give it back: it has to sign the hand-over to a new one. Nothing was changed."
            )
        return expected

    def _look_again(self, before: Statement) -> None:
        """After a start, or when another sealer was at work: which ids are undecided, from the seals themselves."""
        self._marks.clear()
        self._settled, self._drawn = before.settled, before.drawn
        sealed: list[int] = []
        for seal in Seal.objects.order_by("-pk").iterator(chunk_size=200):
            if seal.signed.statement.drawn <= before.settled:
                break
            sealed += [number for number, _ in seal.listed]
        self._undecided = _without([(before.settled + 1, before.drawn)], sorted(sealed))

    def _observe(self, mark: Mark) -> None:
        """An id is decided when nobody is left of those who could have held it."""
        marks = [Mark(m.drawn, m.holders & mark.holders, m.at) for m in self._marks]
        self._marks = deque()
        for each in (*marks, mark):
            same = self._marks and self._marks[-1].holders == each.holders
            since = self._marks.pop().at if same else each.at
            self._marks.append(Mark(each.drawn, each.holders, since))
        while self._marks and not self._marks[0].holders:
            self._settled = max(self._settled, self._marks.popleft().drawn)

    def _of_entries(self, rows: Sequence[Sequence[Any]], settled: int, mark: Mark, last: Seal) -> Seal:
        secret = secrets.token_bytes(32)
        listed = [(row[0], merkle.leaf(row[0], salt(secret, row[0]), canonical(NEWEST, row))) for row in rows]
        before = last.signed.statement
        statement = Statement(
            v=1,
            kind="entries",
            n=last.pk + 1,
            at=time_text(mark.at),
            prev=last.signed.hash,
            form=NEWEST,
            count=len(listed),
            total=before.total + len(listed),
            root=merkle.root([leaf for _, leaf in listed]).hex(),
            settled=settled,
            drawn=mark.drawn,
            key=self.newest,
        )
        return Seal(
            id=statement.n,
            statement=statement.text(),
            secret=secret,
            leaves=b"".join(number.to_bytes(8, "big") + leaf for number, leaf in listed),
        )

    def _special(self, kind: str, mark: Mark, last: Seal | None, **said: Any) -> Seal:
        """A seal without entries: the chain begins, changes hands, or goes on after a restore."""
        before = last.signed.statement if last else None
        values: dict[str, Any] = {
            "n": before.n + 1 if before else 1,
            "prev": last.signed.hash if last else NOTHING_BEFORE,
            "key": before.key if before else self.newest,
            "total": before.total if before else 0,
            **said,
        }
        if before is not None and kind == "key":
            values["key"] = self._signer(before)
        statement = Statement(
            v=1,
            kind=kind,
            at=time_text(mark.at),
            form=NEWEST,
            count=0,
            root=merkle.EMPTY.hex(),
            settled=before.settled if before else 0,
            drawn=max(mark.drawn, before.drawn if before else 0),
            **values,
        )
        return Seal(id=statement.n, statement=statement.text(), secret=b"", leaves=b"")

    def _put(self, seal: Seal, signer: str | None = None, **more: Any) -> Round:
        seal.signature = sign(self.keys[signer or self.newest], seal.statement.encode("ascii"))
        seal.save(force_insert=True)
        statement = seal.signed.statement
        # a commit that fails makes the next round look again
        self._last_seen = seal.pk if statement.kind == "entries" else None
        return Round(sealed=statement.count, number=seal.pk, **more)

    # ------------------------------------------------------------ after a restore
    def accept_loss(self, reason: str) -> Round:
        """The database is older than its head outside, and a person says why; the loss stays in the chain for good."""
        longest = max(self.heads, key=lambda heads: signed.statement.n if (signed := heads.last()) else 0)
        outside = longest.last()
        with acting_as(SEALER), transaction.atomic():
            _ask("SELECT pg_advisory_xact_lock(%s)::text", _LOCK)
            last = Seal.objects.order_by("-pk").first()
            if outside is None or (last is not None and last.pk >= outside.statement.n):
                raise CannotSeal("Nothing is missing from the database: there is no loss to accept.")
            for heads in self.heads:
                known = signed.statement.n if (signed := heads.last()) else 0
                with heads.locked():
                    heads.add(line for line in longest.lines(known + 1) if line.statement.n > known)
            seal = self._special(
                "restored",
                _mark(),
                last,
                n=outside.statement.n + 1,
                prev=outside.hash,
                key=self.newest,
                public=public_key(self.keys[self.newest]).hex(),
                resumes=last.pk if last else 0,
                resumes_hash=last.signed.hash if last else "",
                reason=reason,
            )
            done = self._put(seal)
        self.publish()
        return done


def _continuing(last: Signed, found: Sequence[Signed], place: Path) -> list[Signed]:
    """What of the database's seals comes after the line outside; refuses where the two tell different stories."""
    if found and found[0].text == last.text:
        found = found[1:]
    elif not found or found[0].statement.kind != "restored":
        raise CannotSeal(
            f"The database and the head of the log in {place} do not agree: outside stands seal {last.statement.n} of "
            f"{last.statement.at}, and the database does not have it. Either somebody has cut the log, or a backup was "
            "restored. Run `manage.py verify_audit`. After a restore that you know of: `manage.py seal_audit "
            '--accept-loss "why"`. Nothing is sealed until then; entries are still written.'
        )
    before = last
    for signed in found:
        if signed.statement.prev != before.hash:
            raise CannotSeal(
                f"Seal {signed.statement.n} does not follow on the one before. Run `manage.py verify_audit`."
            )
        before = signed
    return list(found)


def _ask(query: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchone()[0]


def _mark() -> Mark:
    """First the newest id, then who could hold one: whoever draws an id has the table's insert lock already."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT clock_timestamp(), coalesce(pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass), 0)",
            [_TABLE],
        )
        at, drawn = cursor.fetchone()
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND relation = %s::regclass AND pid IS DISTINCT FROM pg_backend_pid()",
            [_TABLE],
        )
        return Mark(drawn, frozenset(holder for (holder,) in cursor.fetchall()), at)


def _read(ranges: Sequence[Range]) -> list[tuple[Any, ...]]:
    query = (
        f"SELECT {columns_sql(NEWEST)} FROM unnest(%s::bigint[], %s::bigint[]) AS wanted(low, high)"  # noqa: S608 - our columns
        f" CROSS JOIN LATERAL (SELECT * FROM {_TABLE} a WHERE a.id BETWEEN low AND high ORDER BY a.id LIMIT %s) e"
        " ORDER BY e.id LIMIT %s"
    )
    if not ranges:
        return []
    with connection.cursor() as cursor:
        cursor.execute(query, [[r[0] for r in ranges], [r[1] for r in ranges], MOST_ENTRIES, MOST_ENTRIES])
        return list(cursor.fetchall())


def _without(ranges: Sequence[Range], taken: Sequence[int]) -> list[Range]:
    """The ranges with these ids cut out; both in rising order."""
    left: list[Range] = []
    rest = deque(taken)
    for low, high in ranges:
        start = low
        while rest and rest[0] <= high:
            number = rest.popleft()
            if number > start:
                left.append((start, number - 1))
            start = max(start, number + 1)
        if start <= high:
            left.append((start, high))
    return left


def _above(ranges: Sequence[Range], settled: int) -> list[Range]:
    return [(max(low, settled + 1), high) for low, high in ranges if high > settled]
