"""Changing keys while the Hub works: new root, new key-encryption keys, and the old ones destroyed (design §4, RET-07)."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from safeguarding.access.principal import acting_as
from safeguarding.audit.record import record
from safeguarding.crypto import canaries, keys, roots
from safeguarding.crypto.models import KeyEncryptionKey, RootKey, unwrap, wrap
from safeguarding.crypto.stock import (
    KEEPER,
    Bucket,
    alive,
    data_keys_in_use,
    exposed,
    roots_in_use,
    shredded_under,
    superseded,
    unfinished,
)

BATCH = 500
# How long somebody who is just sealing is waited for.
PATIENCE = 30.0
PAUSE = 0.25


class CannotRotate(Exception):
    """Said to whoever keeps the keys, in a sentence."""


@dataclass
class Progress:
    """What a rotation has moved, and what is left; `stop` is asked between batches."""

    total: int = 0
    done: int = 0
    started: float = field(default_factory=time.monotonic)
    tell: Callable[["Progress"], None] = lambda _: None
    stop: Callable[[], bool] = lambda: False

    def moved(self, count: int) -> None:
        self.done += count
        self.tell(self)

    @property
    def left(self) -> int:
        return max(self.total - self.done, 0)

    @property
    def rate(self) -> float:
        return self.done / max(time.monotonic() - self.started, 0.001)


def _ask(function: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT app.{function}", values)
        return cursor.fetchone()[0]


# ---------------------------------------------------------------- the root
def take_new_root() -> int:
    """Take the newest root key that is held here into use; every process must hold it by now."""
    held, current = roots.provider().versions(), canaries.current_root()
    newest = max(held)
    if newest <= current:
        raise CannotRotate(
            f"There is no root key newer than version {current}, which is in use. Make one with `openssl rand -hex 32`, "
            f"put it in {roots.provider().where(current + 1)} everywhere, restart every part, then run this again."
        )
    with acting_as(KEEPER), transaction.atomic():
        canaries.take_into_use(newest)
        record("keys.root_taken", facts={"root": newest, "before": current})
    return newest


def wrap_all_by(root: int) -> int:
    """Wrap every key-encryption key by `root`; one after the other, so that a second run finds the rest."""
    done = 0
    for kek in alive().filter(root_version__lt=root):
        with acting_as(KEEPER), transaction.atomic():
            done += bool(_ask("rewrap_kek(%s, %s, %s, %s)", kek.pk, kek.root_version, root, kek.rewrapped(root)))
    if done:
        with acting_as(KEEPER), transaction.atomic():
            record("keys.root_changed", facts={"root": root, "keys": done})
    return done


# ---------------------------------------------------------------- key-encryption keys
def begin(buckets: Iterable[Bucket]) -> list[KeyEncryptionKey]:
    """A new version for each bucket: whatever is sealed from now on is sealed under it."""
    made = []
    with acting_as(KEEPER), transaction.atomic():
        for partnership_id, bucket in buckets:
            if bucket in keys.DIRECT:
                raise CannotRotate(
                    f"Keys of “{bucket}” wrap nothing: tokens and seeds were made with them directly and would be lost."
                )
            newest = keys.versions_of(partnership_id, bucket).first()
            if newest is None:
                raise CannotRotate(f"This partnership has no key for “{bucket}” yet.")
            kek = keys.make_kek(partnership_id, bucket, version=newest.version + 1)
            record("keys.rotation_begun", kek.partnership, facts={"bucket": bucket, "version": kek.version})
            made.append(kek)
    return made


def move_all(progress: Progress) -> bool:
    """Wrap every data key by the newest key of its bucket, from wherever an earlier run was stopped; False when stopped."""
    buckets = unfinished()
    progress.total = data_keys_in_use(superseded()).count()
    for partnership_id, bucket in buckets:
        newest, *older = list(keys.versions_of(partnership_id, bucket).filter(retired_at=None))
        moved = 0
        for count in _batches(newest, older, progress.stop):
            moved += count
            progress.moved(count)
        with acting_as(KEEPER), transaction.atomic():
            record(
                "keys.rotated", newest.partnership, facts={"bucket": bucket, "version": newest.version, "keys": moved}
            )
        if progress.stop():
            return False
    return True


def _batches(newest: KeyEncryptionKey, older: list[KeyEncryptionKey], stop: Callable[[], bool]) -> Iterator[int]:
    """Rows that somebody else holds are left and come in a later round; the last round finds none."""
    after, skipped = 0, False
    while not stop():
        with acting_as(KEEPER), transaction.atomic():
            taken = _take(older, after)
            if taken:
                _move(newest, {kek.pk: kek for kek in older}, taken)
        if taken:
            after, skipped = taken[-1][0], True
            yield len(taken)
        elif not data_keys_in_use(older).exists():
            return
        else:
            after = 0
            if not skipped:
                time.sleep(PAUSE)
            skipped = False


def _take(older: list[KeyEncryptionKey], after: int) -> list[tuple[int, int, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kek_id, wrapped FROM app.take_data_keys(%s::bigint[], %s, %s)",
            [[kek.pk for kek in older], after, BATCH],
        )
        return [(number, kek_id, bytes(wrapped)) for number, kek_id, wrapped in cursor.fetchall()]


def _move(newest: KeyEncryptionKey, older: dict[int, KeyEncryptionKey], taken: list[tuple[int, int, bytes]]) -> None:
    to = newest.open()
    fresh = [wrap(to, unwrap(older[kek_id].open(), wrapped, number), number) for number, kek_id, wrapped in taken]
    moved = _ask("rewrap_data_keys(%s, %s::bigint[], %s::bytea[])", newest.pk, [row[0] for row in taken], fresh)
    if moved != len(taken):
        raise CannotRotate(f"{len(taken)} keys were taken and {moved} moved; nothing of this batch was written.")


# ---------------------------------------------------------------- retiring
@dataclass(frozen=True)
class Retired:
    """What was destroyed, and in a sentence each what still holds the others back."""

    keks: int
    roots: list[int]
    held_back: list[str]


def retire(patience: float = PATIENCE) -> Retired:
    """Destroy the key-encryption keys, and mark the root keys, on which nothing hangs any more."""
    done, held_back = 0, []
    for kek in superseded():
        hanging = data_keys_in_use([kek]).count()
        if hanging:
            held_back.append(f"{name_of(kek)}: {hanging} data keys hang on it; run `rotate_keys` to its end first.")
        elif _patiently("retire_kek(%s)", kek.pk, patience=patience):
            done += 1
            with acting_as(KEEPER), transaction.atomic():
                record("keys.retired", kek.partnership, facts={"bucket": kek.bucket, "version": kek.version})
        else:
            held_back.append(f"{name_of(kek)}: somebody is writing under this bucket without a pause; try again.")
    retired_roots = []
    for root in roots_in_use()[:-1]:
        wrapped = alive().filter(root_version=root.version).count()
        if wrapped:
            held_back.append(f"root {root.version}: {wrapped} keys are wrapped by it; run `rotate_keys --root` first.")
        elif _patiently("retire_root(%s)", root.version, patience=patience):
            retired_roots.append(root.version)
            with acting_as(KEEPER), transaction.atomic():
                record("keys.root_retired", facts={"root": root.version})
        else:
            held_back.append(f"root {root.version}: somebody is just making a key; try again.")
    return Retired(done, retired_roots, held_back)


def name_of(kek: KeyEncryptionKey) -> str:
    whose = kek.partnership.slug if kek.partnership else "the installation"
    return f"{whose} {kek.bucket} version {kek.version}"


def _patiently(function: str, value: int, *, patience: float) -> bool:
    """Without a queue: a lock that waits would hold up everybody who comes after it."""
    deadline = time.monotonic() + patience
    while True:
        with acting_as(KEEPER), transaction.atomic():
            if _ask(function, value):
                return True
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)


# ---------------------------------------------------------------- so that back-ups forget, too
@dataclass(frozen=True)
class Closed:
    """`moved` is False when it was stopped on the way; a second run goes on."""

    finished: bool
    root: RootKey
    retired: Retired | None = None


def close_off(progress: Progress) -> Closed | None:
    """After shredding: nothing that a back-up from before holds opens with a key that is left (RET-07). None: nothing to do.

    The order is the proof. New keys stand under the new root only; the old ones, whose copies lie in back-ups, are destroyed
    without ever being wrapped by it; then the old root goes. A copy would need one of the two.
    """
    root = _root_of_a_stopped_run()
    if root is None:
        if not exposed().count:
            return None
        root = RootKey.objects.get(version=take_new_root())
    else:
        progress.tell(progress)
    to_replace = {(kek.partnership_id, kek.bucket) for kek in shredded_under(root.since)}
    begun = {
        (kek.partnership_id, kek.bucket) for kek in alive().filter(created_at__gt=root.since, root_version=root.version)
    }
    begin(sorted(to_replace - begun, key=str))
    if not move_all(progress):
        return Closed(False, root)
    first = retire()
    still = shredded_under(root.since)
    if still:
        return Closed(False, root, first)
    wrap_all_by(root.version)
    last = retire()
    return Closed(not last.held_back, root, Retired(first.keks + last.keks, last.roots, last.held_back))


def _root_of_a_stopped_run() -> RootKey | None:
    """The new root of a run that was stopped: an older one is still there, and nothing shredded before was wrapped by it."""
    in_use = roots_in_use()
    if len(in_use) < 2:
        return None
    newest = in_use[-1]
    if any(kek.root_version == newest.version for kek in shredded_under(newest.since)):
        return None
    return newest
