"""`manage.py verify_audit`: checks every seal, every entry under it, and the head outside, and says what is wrong (AUD-03)."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from safeguarding.audit import merkle
from safeguarding.audit.canonical import salt
from safeguarding.audit.findings import Report, when
from safeguarding.audit.heads import Heads
from safeguarding.audit.models import Seal
from safeguarding.audit.reading import (
    Content,
    Ids,
    contents,
    entries_sealed,
    entry_times,
    key_seals,
    last_drawn,
    number_at,
    seal_batches,
    seals_before,
)
from safeguarding.audit.statements import NOTHING_BEFORE, Signed, Statement
from safeguarding.crypto.signing import fingerprint, is_signed

# How far the clock of a web server may be from the clock of the database.
TOLERANCE = dt.timedelta(minutes=2)
Progress = Callable[[int, int], None]


class Verification:
    def __init__(self, places: Sequence[Path], *, key: str = "", progress: Progress | None = None) -> None:
        self.places = places
        self.pinned = key
        self.progress = progress or (lambda done, total: None)
        self.report = Report()
        self.sealed = Ids()
        self.before: Signed | None = None
        self.publics: dict[str, bytes] = {}
        self.expected = ""
        # of the seals that an entry could still point back to: highest id given out, time
        self.recent: list[tuple[int, dt.datetime]] = []
        self.settled = 0
        self.scan_from = 0
        self.signers: set[str] = set()

    def run(self, since: dt.datetime | None = None) -> Report:
        first = number_at(since) if since else 1
        self.outside = [Outside(place, first) for place in self.places]
        if not self.places:
            self.report.find(
                "no head", "There is no head outside of the database: a cut-off tail would not be noticed.", seal=1
            )
        for outside in self.outside:
            if outside.line is not None:
                self._learn(outside.line)
        self.report.total = entries_sealed()
        if first > 1:
            self._take_up(first)
            self.report.total -= self.before.statement.total if self.before else 0
        for batch in seal_batches(first):
            self._check_batch(batch)
        for outside in self.outside:
            outside.finish(self.report, self.before.statement if self.before else None)
        if self.pinned and self.pinned not in self.signers:
            self.report.find("strange key", f"No seal is signed by the key {self.pinned} that you named.", seal=first)
        self._unsealed()
        return self.report

    # ------------------------------------------------------------ where it begins
    def _learn(self, signed: Signed) -> None:
        try:
            public = bytes.fromhex(signed.statement.public)
        except ValueError:
            return
        if public:
            self.publics[fingerprint(public)] = public

    def _take_up(self, first: int) -> None:
        """Begin in the middle: what lies before is taken as it stands, and only looked up."""
        for signed in key_seals(first):
            self._learn(signed)
        for seal in reversed(list(seals_before(first))):
            statement = seal.signed.statement
            for number, _ in seal.listed:
                self.sealed.add(number)
            self._remember(seal.signed, statement)
            self.expected = fingerprint(bytes.fromhex(statement.public)) if statement.kind == "key" else statement.key
        self.scan_from = self.settled

    # ------------------------------------------------------------ seals
    def _check_batch(self, batch: Sequence[Seal]) -> None:
        readable: list[tuple[Seal, Statement, Signed]] = []
        for seal in batch:
            signed = seal.signed
            try:
                readable.append((seal, signed.statement, signed))
            except ValueError:
                self.report.find("seal changed", f"Seal {seal.pk} was overwritten: it cannot be read.", seal=seal.pk)
        found = contents([(statement.form, number) for seal, statement, _ in readable for number, _ in seal.listed])
        for seal, statement, signed in readable:
            self._check_chain(seal, statement, signed)
            self._check_entries(seal, statement, found)
            self._remember(signed, statement)
            if not self.report.doubtful:
                self.report.proven, self.report.proven_at = seal.pk, statement.moment
        self.progress(self.report.entries, self.report.total)

    def _check_chain(self, seal: Seal, statement: Statement, signed: Signed) -> None:
        find, n = self.report.find, seal.pk
        before = self.before.statement if self.before else None
        resumed = statement.kind == "restored" and statement.resumes == (before.n if before else 0)
        expected = 1 if before is None else before.n + 1
        if statement.n != n:
            find("seal moved", f"Seal {statement.n} stands in the place of seal {n}: the order was changed.", seal=n)
        if n > expected and not resumed:
            span = f"Seal {expected} is" if n == expected + 1 else f"Seals {expected} to {n - 1} are"
            find("seal deleted", f"{span} missing from the database.", seal=expected)
        if resumed:
            self.report.notes.append(
                f"Seal {n} of {when(statement.moment)}: the database was restored, and everything after seal "
                f"{statement.resumes} was lost. The reason given: {statement.reason}"
            )
            if self.before and statement.resumes_hash != self.before.hash:
                find("seal changed", f"Seal {n} resumes another seal {statement.resumes} than this one.", seal=n)
        else:
            prev = self.before.hash if self.before else NOTHING_BEFORE
            if statement.prev != prev:
                find(
                    "chain broken",
                    f"Seal {n} does not follow on the seal before it: one of the two was replaced.",
                    seal=n,
                )
        self._check_signature(n, statement, signed)
        for outside in self.outside:
            outside.compare(self.report, n, signed, resumes=statement.resumes if resumed else None)
        if before and (statement.settled < before.settled or statement.drawn < before.drawn) and not resumed:
            find("chain broken", f"Seal {n} takes back what the seal before it had settled.", seal=n)
        if before and statement.moment < before.moment - TOLERANCE:
            self.report.notes.append(f"The clock of the database went back between seals {before.n} and {n}.")
        self.report.seals += 1

    def _check_signature(self, n: int, statement: Statement, signed: Signed) -> None:
        if statement.kind == "start" and not self.before:
            self._learn(signed)
        takes_up = statement.kind == "restored" and statement.key in self.publics
        self.expected = statement.key if takes_up else self.expected or statement.key
        if statement.key != self.expected:
            self.report.find(
                "strange key",
                f"Seal {n} is signed by the key {statement.key}, to which nobody handed over; expected is {self.expected}.",
                seal=n,
            )
        public = self.publics.get(statement.key) or b""
        if not is_signed(public, signed.text.encode("utf-8"), bytes.fromhex(signed.signature)):
            self.report.find("bad signature", f"The signature of seal {n} does not fit: the seal was altered.", seal=n)
            return
        self.signers.add(statement.key)
        if statement.kind == "key":
            self._learn(signed)
            self.expected = fingerprint(bytes.fromhex(statement.public))

    # ------------------------------------------------------------ entries
    def _check_entries(self, seal: Seal, statement: Statement, found: dict[int, Content]) -> None:
        find, n, listed = self.report.find, seal.pk, seal.listed
        if merkle.root([leaf for _, leaf in listed]).hex() != statement.root or len(listed) != statement.count:
            find("seal changed", f"The list of entries under seal {n} was altered.", seal=n)
        secret = bytes(seal.secret)
        bounds = Bounds(self.recent, statement.moment)
        for number, leaf in listed:
            self.report.entries += 1
            here = found.get(number)
            if not self.sealed.add(number):
                find(
                    "sealed twice",
                    f"Entry {number} stands under seal {n} and under one before it.",
                    seal=n,
                    entry=number,
                )
            if number <= self.settled:
                find(
                    "slipped in",
                    f"Entry {number} was slipped in under seal {n}: an earlier seal says that no such entry was to come.",
                    seal=n,
                    entry=number,
                )
            if here is None:
                find(
                    "deleted",
                    f"Entry {number} under seal {n} of {when(statement.moment)} was deleted.",
                    seal=n,
                    entry=number,
                )
                continue
            moment, content, _ = here
            misdated = bounds.misdated(number, moment)
            if merkle.leaf(number, salt(secret, number), content) != leaf:
                dated = f"; it now claims to be of {when(moment)}" if misdated else ""
                find(
                    "changed",
                    f"Entry {number} was altered after it had been sealed (seal {n} of {when(statement.moment)}){dated}.",
                    seal=n,
                    entry=number,
                )
            elif misdated:
                find(
                    "misdated", f"Entry {number} claims to be of {when(moment)}, but {misdated}.", seal=n, entry=number
                )

    def _remember(self, signed: Signed, statement: Statement) -> None:
        self.before = signed
        self.settled = max(self.settled, statement.settled) if statement.kind != "restored" else statement.settled
        self.recent.append((statement.drawn, statement.moment))
        while len(self.recent) > 1 and self.recent[1][0] <= self.settled:
            self.recent.pop(0)

    # ------------------------------------------------------------ what no seal speaks of
    def _unsealed(self) -> None:
        """Entries that no seal covers: those of the last moments wait for theirs; others were slipped in (AUD-03)."""
        if self.before is None:
            return
        last, waiting = self.before.statement, 0
        for batch in entry_times(self.scan_from):
            # asked after the batch was read: whatever honest entry is in it had its number by then
            drawn = last_drawn()
            for number, moment in batch:
                if number in self.sealed:
                    continue
                late = number > last.drawn and moment < last.moment - TOLERANCE
                if number <= last.settled or number > drawn or late:
                    self.report.find(
                        "slipped in",
                        f"Entry {number}, which claims to be of {when(moment)}, was slipped in past the sealer: "
                        "no seal covers it, and none was to come.",
                        seal=last.n,
                        entry=number,
                    )
                else:
                    waiting += 1
        if waiting:
            self.report.notes.append(f"{waiting:,} entries wait for their seal.")


class Bounds:
    """When an entry can have been made: after the last seal at which its id had not been given out yet."""

    def __init__(self, recent: Sequence[tuple[int, dt.datetime]], sealed_at: dt.datetime) -> None:
        self.drawn = [drawn for drawn, _ in recent]
        times = [*(moment for _, moment in recent), sealed_at]
        self.earliest = list(accumulate(reversed(times), min))[::-1]
        self.latest = list(accumulate(reversed(times), max))[::-1]

    def misdated(self, number: int, moment: dt.datetime) -> str:
        at = bisect_left(self.drawn, number) - 1
        if at >= 0 and moment < self.earliest[at] - TOLERANCE:
            return f"its number was not given out before {when(self.earliest[at])}: it is back-dated"
        if moment > self.latest[max(at, 0)] + TOLERANCE:
            return f"it was sealed at {when(self.latest[max(at, 0)])}: it is dated ahead"
        return ""


class Outside:
    """One directory with the head, read beside the database's seals."""

    def __init__(self, place: Path, first: int) -> None:
        self.place = place
        self.first = first
        self.damage = ""
        self.reached = first - 1
        self.lines = self._read()
        self.line = next(self.lines, None)

    def _read(self) -> Iterator[Signed]:
        try:
            for line in Heads(self.place).lines(self.first):
                if line.statement.n >= self.first:
                    self.reached = line.statement.n
                    yield line
        except (OSError, ValueError) as error:
            self.damage = f"The head in {self.place} is damaged or cannot be read ({type(error).__name__})."

    def compare(self, report: Report, n: int, signed: Signed, *, resumes: int | None) -> None:
        lost: Signed | None = None
        while self.line is not None and self.line.statement.n < n:
            if resumes is None or self.line.statement.n <= resumes:
                lost = self.line
            self.line = next(self.lines, None)
        if lost is not None:
            report.find(
                "seal deleted",
                f"The head outside has seal {lost.statement.n} of {when(lost.statement.moment)}, and the database has not.",
                seal=lost.statement.n,
            )
        if self.line is None:
            return
        if self.line.statement.n > n:
            report.find("head cut", f"The head outside does not have seal {n}, though it has later ones.", seal=n)
            return
        if self.line.text != signed.text:
            report.find(
                "rewritten",
                f"Seal {n} is not the one whose head is outside: the log was written anew from there on.",
                seal=n,
            )
        self.line = next(self.lines, None)

    def finish(self, report: Report, last: Statement | None) -> None:
        """What the head outside has beyond the database was cut off."""
        number, total = (last.n, last.total) if last else (0, 0)
        beyond = self.line
        while self.line is not None:
            beyond, self.line = self.line, next(self.lines, None)
        if self.damage:
            report.find("head damaged", self.damage, seal=self.reached + 1)
        elif beyond is not None:
            report.find(
                "cut off",
                f"The end of the log was cut off: the head outside goes on to seal {beyond.statement.n} of "
                f"{when(beyond.statement.moment)}, the database ends with seal {number}; {beyond.statement.total - total:,} "
                "entries are missing.",
                seal=number + 1,
            )
        elif self.reached == number - 1:
            # between a seal and its head lies one moment, and a sealer may have fallen in it
            report.notes.append(f"The head in {self.place} will have seal {number} after the sealer's next round.")
        elif self.reached < number:
            report.find(
                "head cut",
                f"The head in {self.place} ends with seal {self.reached}, the database with seal {number}: whether "
                "the end of the log is whole cannot be told.",
                seal=self.reached + 1,
            )


def verify(
    places: Sequence[Path], *, since: dt.datetime | None = None, key: str = "", progress: Progress | None = None
) -> Report:
    return Verification(places, key=key, progress=progress).run(since)
