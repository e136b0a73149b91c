"""Nothing that was remembered escapes the seal, whoever commits late, falls, or seals beside (AUD-03)."""

import datetime as dt
import threading
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from safeguarding.audit import merkle
from safeguarding.audit.canonical import FORMS, NEWEST
from safeguarding.audit.heads import Heads
from safeguarding.audit.models import AuditEntry, Seal
from safeguarding.audit.sealing import CannotSeal, Sealer, _above, _without
from safeguarding.crypto.signing import fingerprint, is_signed, public_key
from tests.audit.support import KEY, OTHER_KEY, Log, another_session, insert
from tests.support.db import as_service, fixtures

together = pytest.mark.django_db(transaction=True)


def statement_of(seal: Seal):
    return seal.signed.statement


@pytest.mark.req("AUD-03")
@together
def test_each_round_seals_what_is_new_and_hands_on_the_hash(log: Log) -> None:
    first = log.remember(3)
    assert log.seal().sealed == 3
    second = log.remember(2)
    assert log.seal().sealed == 2
    start, one, two = log.seals()
    assert [statement_of(s).kind for s in (start, one, two)] == ["start", "entries", "entries"]
    assert ([n for n, _ in one.listed], [n for n, _ in two.listed]) == (first, second)
    assert statement_of(one).prev == start.signed.hash
    assert statement_of(two).prev == one.signed.hash
    assert (statement_of(two).count, statement_of(two).total) == (2, 5)
    for seal in (start, one, two):
        assert statement_of(seal).root == merkle.root([leaf for _, leaf in seal.listed]).hex()
        assert is_signed(public_key(KEY), seal.statement.encode(), bytes(seal.signature))
    assert log.heads() == [1, 2, 3]


@together
def test_a_quiet_round_makes_no_seal_until_it_has_been_quiet_for_long(log: Log) -> None:
    log.remember()
    log.seal()
    assert log.seal().number is None
    log.sealer.quiet = dt.timedelta(0)
    assert log.seal().number == 3
    assert statement_of(log.seals()[-1]).count == 0


@pytest.mark.req("AUD-03")
@together
def test_an_entry_of_a_transaction_that_stays_open_is_sealed_when_it_commits(log: Log) -> None:
    """Later ids commit first; the sealer neither waits for the open one nor forgets it."""
    log.remember(2)
    with another_session() as long_open:
        late = insert(long_open)
        after = log.remember(3)
        assert max(after) > late
        assert log.seal().sealed == 5
        for _ in range(3):
            more = log.remember()
            assert log.seal().sealed == 1
        assert log.seal().waits_since is not None
        assert statement_of(log.seals()[-1]).settled < late < more[0]
        assert late not in log.sealed()
        long_open.commit()
    assert log.seal().sealed == 1
    assert log.sealed()[-1] == late
    assert sorted(log.sealed()) == log.entries()
    log.remember()
    log.seal()
    assert statement_of(log.seals()[-1]).settled >= late


@pytest.mark.req("AUD-03")
@together
def test_a_sealer_that_starts_anew_finds_the_late_entry_too(log: Log) -> None:
    with another_session() as long_open:
        late = insert(long_open)
        log.remember(3)
        log.seal()
        log.remember(2)
        log.seal()
        long_open.commit()
    again = Sealer({1: KEY}, [log.outside])
    assert again.round().sealed == 1
    assert log.sealed()[-1] == late
    assert sorted(log.sealed()) == log.entries()


@together
def test_an_id_that_was_rolled_back_is_waited_for_no_longer(log: Log) -> None:
    with another_session() as given_up:
        insert(given_up)
        log.remember(1)
        log.seal()
        given_up.rollback()
    log.remember(1)
    log.seal()
    assert log.seal().waits_since is None
    assert log.sealer._undecided == []


@together
def test_many_entries_take_many_seals_and_none_is_left(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safeguarding.audit.sealing.MOST_ENTRIES", 7)
    log.remember(30)
    rounds = 0
    while log.seal().more:
        rounds += 1
    assert rounds == 4
    assert log.sealed() == log.entries()
    for seal in log.seals()[1:-1]:
        # what a full seal calls settled is never beyond what it has read
        assert statement_of(seal).settled <= seal.listed[-1][0]


@pytest.mark.req("AUD-03")
@together
def test_sealing_goes_on_beside_writers_and_loses_nothing(log: Log) -> None:
    """Six sessions insert, hold open for a moment, commit or give up, while two sealers seal: each entry exactly once."""
    over = threading.Event()

    def write(number: int) -> None:
        with another_session() as session:
            for n in range(40):
                insert(session)
                insert(session)
                session.execute("SELECT pg_sleep(%s)", [0.001 * ((n + number) % 7)])
                (session.rollback if n % 5 == number % 5 else session.commit)()

    def seal_beside() -> None:
        sealer = Sealer({1: KEY}, [log.outside])
        while not over.is_set():
            sealer.round()
        connection.close()

    beside = threading.Thread(target=seal_beside)
    writers = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for thread in (beside, *writers):
        thread.start()
    while any(writer.is_alive() for writer in writers):
        log.seal()
    over.set()
    for thread in (beside, *writers):
        thread.join()
    while log.seal().more:
        pass
    log.seal()
    assert sorted(log.sealed()) == log.entries()
    assert len(set(log.sealed())) == len(log.sealed()) == 6 * 32 * 2
    numbers = [seal.pk for seal in log.seals()]
    assert numbers == list(range(1, len(numbers) + 1)) == log.heads()


@together
def test_a_second_sealer_stands_back_while_one_is_at_work(log: Log) -> None:
    log.remember()
    with another_session() as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [0x5EA1])
        assert log.seal().elsewhere
        other.commit()
    assert log.seal().sealed == 1


@pytest.mark.req("AUD-03")
@together
def test_a_sealer_that_falls_before_the_head_is_written_writes_it_at_its_next_start(log: Log) -> None:
    log.remember(2)
    with as_service("sealing"), transaction.atomic():
        log.sealer._seal()
    assert log.heads() == [1]  # here the power went
    again = Sealer({1: KEY}, [log.outside])
    again.publish()
    assert log.heads() == [1, 2]
    log.remember()
    assert again.round().sealed == 1
    assert log.heads() == [1, 2, 3]


@together
def test_a_head_written_by_half_is_written_again(log: Log) -> None:
    log.remember()
    log.seal()
    (path,) = log.outside.glob("heads-*.jsonl")
    path.write_bytes(path.read_bytes()[:-20])
    assert [line.statement.n for line in Heads(log.outside).lines()] == [1]
    log.sealer.publish()
    assert log.heads() == [1, 2]


@pytest.mark.req("AUD-03")
@together
def test_while_the_head_cannot_be_written_nothing_more_is_sealed_and_nothing_is_lost(log: Log) -> None:
    log.remember()
    (path,) = log.outside.glob("heads-*.jsonl")
    kept = path.read_bytes()
    path.unlink()
    path.mkdir()
    with pytest.raises(CannotSeal, match="cannot be written"):
        log.seal()
    log.remember(2)
    with pytest.raises(CannotSeal, match="none is lost"):
        log.seal()
    assert log.sealed() == []
    path.rmdir()
    path.write_bytes(kept)
    assert log.seal().sealed == 3
    assert log.sealed() == log.entries()


@together
def test_a_seal_that_was_overwritten_stops_the_sealer_in_words(log: Log) -> None:
    log.remember()
    log.seal()
    with fixtures():
        Seal.objects.filter(pk=2).update(statement="{}")
    with pytest.raises(CannotSeal, match="verify_audit"):
        log.seal()


@together
def test_two_places_outside_hold_the_same(log: Log, tmp_path: Path) -> None:
    second = tmp_path / "second"
    log.remember()
    both = Sealer({1: KEY}, [log.outside, second])
    both.round()
    assert [line.text for line in Heads(second).lines()] == [line.text for line in Heads(log.outside).lines()]
    assert [line.statement.n for line in Heads(second).lines()] == [1, 2]


@pytest.mark.req("AUD-03")
@together
def test_the_clock_may_go_back_and_the_seal_says_so(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    from safeguarding.audit import sealing

    real = sealing._mark

    def an_hour_ago() -> sealing.Mark:
        mark = real()
        return sealing.Mark(mark.drawn, mark.holders, mark.at - dt.timedelta(hours=1))

    monkeypatch.setattr(sealing, "_mark", an_hour_ago)
    ids = log.remember(2)
    assert log.seal().sealed == 2
    start, back = log.seals()
    assert statement_of(back).moment < statement_of(start).moment
    assert log.sealed() == ids


@pytest.mark.req("AUD-03")
@together
def test_a_new_signing_key_is_handed_over_by_the_old_one(log: Log) -> None:
    log.remember()
    both = Sealer({1: KEY, 2: OTHER_KEY}, [log.outside])
    handover = both.round()
    assert both.round().sealed == 1
    _, key, after = log.seals()
    assert (statement_of(key).kind, key.pk) == ("key", handover.number)
    assert is_signed(public_key(KEY), key.statement.encode(), bytes(key.signature))
    assert statement_of(key).public == public_key(OTHER_KEY).hex()
    assert is_signed(public_key(OTHER_KEY), after.statement.encode(), bytes(after.signature))
    only_new = Sealer({2: OTHER_KEY}, [log.outside])
    log.remember()
    assert only_new.round().sealed == 1


@together
def test_a_key_that_nobody_handed_over_seals_nothing(log: Log) -> None:
    log.remember()
    with pytest.raises(CannotSeal, match=fingerprint(public_key(KEY))):
        Sealer({1: OTHER_KEY}, [log.outside]).round()
    assert log.sealed() == []


@pytest.mark.req("AUD-03")
@together
def test_after_a_restore_nothing_is_sealed_until_a_person_has_said_why(log: Log) -> None:
    log.remember(2)
    log.seal()
    lost = log.remember(2)
    log.seal()
    with fixtures():
        AuditEntry.objects.filter(pk__in=lost).delete()
        Seal.objects.filter(pk=3).delete()
    log.remember()
    log.sealer = Sealer({1: KEY}, [log.outside])
    with pytest.raises(CannotSeal, match="accept-loss"):
        log.seal()
    log.sealer.accept_loss("restored the backup of 22 November")
    assert log.seal().sealed == 1
    restored = log.seals()[2]
    assert (restored.pk, statement_of(restored).resumes) == (4, 2)
    assert statement_of(restored).reason == "restored the backup of 22 November"
    assert log.heads() == [1, 2, 3, 4, 5]
    with pytest.raises(CannotSeal, match="no loss"):
        log.sealer.accept_loss("again")


# ---------------------------------------------------------------- what the app may, and what is covered
@pytest.mark.req("AUD-03")
@pytest.mark.django_db
def test_nobody_may_change_or_delete_a_seal_not_even_the_sealer(log: Log) -> None:
    for service in ("sealing", "door", "dispatch"):
        for statement in (
            "UPDATE audit_seal SET statement = ''",
            "DELETE FROM audit_seal",
            "DELETE FROM audit_auditentry",
        ):
            with as_service(service), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                connection.cursor().execute(statement)
    with as_service("door"), transaction.atomic():
        assert not Seal.objects.exists()
    with as_service("sealing"), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        AuditEntry.objects.create(event="user.signed_in", action=3, service="sealing")


@pytest.mark.req("AUD-03")
def test_every_column_of_an_entry_is_sealed() -> None:
    assert set(FORMS[NEWEST]) == {field.column for field in AuditEntry._meta.concrete_fields}


@pytest.mark.django_db
def test_ids_are_given_out_one_by_one() -> None:
    """A session that kept a stock of ids could use an old one after its lock was gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT seqcache FROM pg_sequence WHERE seqrelid = pg_get_serial_sequence('audit_auditentry', 'id')::regclass"
        )
        assert cursor.fetchone() == (1,)


def test_ranges_lose_what_was_taken() -> None:
    assert _without([(1, 5), (8, 9)], [1, 3, 5, 9]) == [(2, 2), (4, 4), (8, 8)]
    assert _without([(1, 3)], []) == [(1, 3)]
    assert _above([(1, 3), (5, 9)], 5) == [(6, 9)]


def test_a_pruned_tree_has_the_root_of_the_whole() -> None:
    leaves = [merkle.leaf(n, b"salt", b"content") for n in range(11)]

    def fold(tree: merkle.Pruned) -> bytes:
        if isinstance(tree, list):
            return merkle.node(fold(tree[0]), fold(tree[1]))
        return leaves[tree] if isinstance(tree, int) else bytes.fromhex(tree)

    for shown in ({}, {0: 0}, {10: 10}, {3: 3, 4: 4, 9: 9}, dict(zip(range(11), range(11), strict=True))):
        assert fold(merkle.prune(leaves, shown)) == merkle.root(leaves)
