"""New keys while the Hub works: everything opens before, during and after, and what is retired is gone."""

from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from alerts.models import Alert
from safeguarding.audit.models import AuditEntry
from safeguarding.children.models import Child
from safeguarding.crypto import canaries, keys, rotation, stock
from safeguarding.crypto.models import DataKey, KeyEncryptionKey, RootKey, opened
from safeguarding.crypto.rotation import CannotRotate, Progress
from tests.factories import World
from tests.keys.support import NEW_ROOT, Backup, content_of, purge
from tests.support.db import as_service, as_user, fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.req("RET-07")]


def everything_opens(world: World) -> None:
    opened.clear()
    with as_user(world.officer):
        assert Alert.objects.select_related("crypto_key").get(pk=world.alerted.pk).child_given_name == "Ottilie"
        assert Child.objects.select_related("crypto_key").get(pk=world.kid.pk).given_name == "Barnaby"
    assert content_of(world.kept)["narrative"] == "CANARY narrative"


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def bucket(world: World, name: str) -> list[KeyEncryptionKey]:
    return list(keys.versions_of(world.partnership.pk, name))


def test_a_new_key_takes_over_and_the_old_one_goes_only_when_nothing_hangs_on_it(world: World) -> None:
    rotation.begin([(world.partnership.pk, "alert")])
    everything_opens(world)
    assert [kek.version for kek in bucket(world, "alert")] == [2, 1]
    held = rotation.retire(patience=0)
    assert (held.keks, held.roots) == (0, [])
    assert "alert version 1: 1 data keys hang on it" in held.held_back[0]
    assert rotation.move_all(Progress())
    everything_opens(world)
    assert not stock.unfinished()
    assert rotation.retire(patience=0).keks == 1
    everything_opens(world)
    new, old = bucket(world, "alert")
    assert (old.wrapped, new.retired_at) == (None, None)
    assert old.retired_at is not None
    with fixtures():
        assert world.child().crypto_key.kek.version == 1
        assert world.alert().crypto_key.kek_id == new.pk


def test_a_stopped_rotation_goes_on_where_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotation, "BATCH", 2)
    with fixtures():
        DataKey.objects.make(partnership_id=world.partnership.pk, bucket="alert", count=6)
    rotation.begin(stock.rotatable())
    told: list[tuple[int, int]] = []
    stopped = Progress(tell=lambda p: told.append((p.done, p.left)), stop=lambda: len(told) >= 2)
    assert not rotation.move_all(stopped)
    assert told[-1][0] >= 2
    assert told[-1][1] > 0
    everything_opens(world)
    assert rotation.move_all(Progress())
    assert not stock.data_keys_in_use(stock.superseded()).exists()
    everything_opens(world)


def test_a_rotation_does_not_bring_a_destroyed_key_back(world: World) -> None:
    purge(world.shredded)
    rotation.begin(stock.rotatable())
    rotation.move_all(Progress())
    assert DataKey.objects.get(pk=world.shredded.crypto_key_id).wrapped is None


def test_after_a_new_root_the_old_one_is_needed_for_nothing(world: World, settings: Any) -> None:
    """Not for records, not for the tokens of children, the digests of bodies and the seeds of second factors."""
    before = keys.blind_token(world.partnership.pk, "upn", "B801200005001"), keys.body_mac(world.partnership.pk, b"x")
    seed = keys.seal_text("second-factor", "JBSWY3DP")
    with pytest.raises(CannotRotate, match=r"no root key newer than version 1.*SAFEGUARDING_ROOT_KEY_V2"):
        rotation.take_new_root()
    settings.ROOT_KEYS = settings.ROOT_KEYS | {2: NEW_ROOT}
    with fixtures():
        assert keys.current_kek(world.partnership.pk, "made before it is in use").root_version == 1
    assert rotation.take_new_root() == 2
    assert rotation.wrap_all_by(2) == KeyEncryptionKey.objects.count()
    assert rotation.retire(patience=0).roots == [1]
    assert canaries.still_held_though_retired() == [1]
    settings.ROOT_KEYS = {2: NEW_ROOT}
    everything_opens(world)
    assert canaries.faults() == []
    opened.clear()
    after = keys.blind_token(world.partnership.pk, "upn", "B801200005001"), keys.body_mac(world.partnership.pk, b"x")
    assert after == before
    assert keys.open_text("second-factor", seed) == "JBSWY3DP"
    assert {"keys.root_taken", "keys.root_changed", "keys.root_retired"} <= _events()


def _events() -> set[str]:
    with fixtures():
        return set(AuditEntry.objects.values_list("event", flat=True))


def test_a_long_running_process_forgets_an_opened_key(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(opened, "_clock", lambda: now[0])
    everything_opens(world)
    assert opened._known
    now[0] = 61.0
    opened.get("another", lambda: b"")
    assert list(opened._known) == ["another"]


def test_a_row_read_before_a_rotation_ended_opens_after_it(world: World) -> None:
    """It names a key that is gone by now: it is read again, and only a destroyed data key counts as destroyed."""
    stale = DataKey.objects.get(pk=world.alerted.crypto_key_id)
    gone = DataKey.objects.get(pk=world.shredded.crypto_key_id)
    purge(world.shredded)
    rotation.begin(stock.rotatable())
    rotation.move_all(Progress())
    rotation.retire(patience=0)
    opened.clear()
    assert stale.cipher
    with pytest.raises(keys.KeyDestroyed):
        _ = gone.cipher


# ---------------------------------------------------------------- back-ups forget
def test_after_shredding_no_key_that_is_left_opens_an_old_backup(world: World, settings: Any) -> None:
    backup = Backup(world.shredded)
    purge(world.shredded)
    assert backup.opens_with_what_is_left()
    assert stock.exposed().count == 1
    # neither half of it is enough: the old key under the new root, or a new key beside the old root
    rotation.begin(stock.rotatable())
    rotation.move_all(Progress())
    rotation.retire(patience=0)
    assert backup.opens_with_what_is_left()
    with pytest.raises(CannotRotate, match="no root key newer"):
        rotation.close_off(Progress())
    settings.ROOT_KEYS = settings.ROOT_KEYS | {2: NEW_ROOT}
    closed = rotation.close_off(Progress())
    assert closed is not None
    assert closed.finished
    assert closed.retired is not None
    assert closed.retired.roots == [1]
    assert backup.opens_with_what_is_left()
    settings.ROOT_KEYS = {2: NEW_ROOT}
    assert not backup.opens_with_what_is_left()
    assert stock.exposed().count == 0
    everything_opens(world)


def test_a_new_root_alone_leaves_old_backups_open_and_is_not_taken_for_enough(world: World, settings: Any) -> None:
    backup = Backup(world.shredded)
    purge(world.shredded)
    settings.ROOT_KEYS = settings.ROOT_KEYS | {2: NEW_ROOT}
    rotation.wrap_all_by(rotation.take_new_root())
    rotation.retire(patience=0)
    settings.ROOT_KEYS = {2: NEW_ROOT}
    assert backup.opens_with_what_is_left()
    assert stock.exposed().count == 1
    third = bytes(range(100, 132))
    settings.ROOT_KEYS = {2: NEW_ROOT, 3: third}
    closed = rotation.close_off(Progress())
    assert closed is not None
    assert closed.finished
    settings.ROOT_KEYS = {3: third}
    assert not backup.opens_with_what_is_left()
    everything_opens(world)


def test_a_stopped_run_after_shredding_goes_on_with_the_same_root(world: World, settings: Any) -> None:
    backup = Backup(world.shredded)
    purge(world.shredded)
    settings.ROOT_KEYS = settings.ROOT_KEYS | {2: NEW_ROOT}
    stopped = rotation.close_off(Progress(stop=lambda: True))
    assert stopped is not None
    assert not stopped.finished
    backup.keks += Backup(world.kept).keks  # one more back-up is made just now, with the new root key in use
    purge(world.kept)  # and life goes on
    closed = rotation.close_off(Progress())
    assert closed is not None
    assert closed.finished
    assert closed.root.version == 2
    settings.ROOT_KEYS = {2: NEW_ROOT}
    assert not backup.opens_with_what_is_left()
    assert stock.exposed().count == 1  # the later one waits for the next time


# ---------------------------------------------------------------- what the database allows
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE crypto_datakey SET wrapped = NULL",
        "UPDATE crypto_keyencryptionkey SET wrapped = NULL",
        "UPDATE crypto_rootkey SET retired_at = now()",
        "UPDATE crypto_shredding SET rule = 'another'",
        "INSERT INTO crypto_shredding (entry) VALUES (gen_random_uuid())",
        "DELETE FROM crypto_shredding",
        "DELETE FROM crypto_datakey",
        "SELECT app.destroy_data_key(1, 'child', '', 'a whim')",
    ],
)
@pytest.mark.parametrize("service", ["keys", "dispatch"])
def test_not_even_the_keeper_of_keys_changes_a_row_by_itself(world: World, service: str, statement: str) -> None:
    with as_service(service), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        execute(statement)


@pytest.mark.parametrize(
    "call",
    [
        "take_data_keys(ARRAY[1]::bigint[], 0, 1)",
        "rewrap_data_keys(1, ARRAY[1]::bigint[], ARRAY[NULL]::bytea[])",
        "rewrap_kek(1, 1, 2, NULL)",
        "retire_kek(1)",
        "retire_root(1)",
        "mark_copied(ARRAY[1]::bigint[])",
        "replay_shredding(gen_random_uuid(), 1, now(), 1, '', '', '', '', '', 1, now())",
    ],
)
def test_nobody_else_may(world: World, call: str) -> None:
    for service in ("dispatch", "matching", "setup", "relay", "door"):
        with as_service(service), pytest.raises(DatabaseError, match="only keys does this"), transaction.atomic():
            execute(f"SELECT app.{call}")


def test_a_data_key_moves_only_to_a_newer_key_of_its_own_bucket(world: World) -> None:
    (child_key,) = bucket(world, "child")
    alert_key = DataKey.objects.get(pk=world.alerted.crypto_key_id)
    for to, value in (
        (child_key.pk, b"x"),
        (alert_key.kek_id, b"x"),
        (rotation.begin([(world.partnership.pk, "alert")])[0].pk, None),
    ):
        with as_service("keys"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT app.rewrap_data_keys(%s, %s::bigint[], %s::bytea[])", [to, [alert_key.pk], [value]])
            assert cursor.fetchone() == (0,)
    everything_opens(world)


def test_keys_that_wrap_nothing_are_not_rotated(world: World) -> None:
    with pytest.raises(CannotRotate, match="would be lost"):
        rotation.begin([(world.partnership.pk, keys.BLIND_INDEX)])
    assert (world.partnership.pk, keys.BLIND_INDEX) not in stock.rotatable()


# ---------------------------------------------------------------- the command line
def test_the_commands_say_what_they_did(world: World, settings: Any, capsys: pytest.CaptureFixture) -> None:
    slug = world.partnership.slug
    call_command("rotate_keys", "--kek", slug, "alert")
    call_command("rotate_keys", "--retire")
    call_command("rotate_keys")
    purge(world.shredded)
    call_command("keys")
    said = capsys.readouterr().out
    assert "1 data keys done, 0 left" in said
    assert "1 old keys destroyed." in said
    assert "nothing to go on with" in said
    assert f"{slug:<20} {'alert':<14} {2:>7}    1" in said
    assert "0 lines outside, 1 wait for their copy" in said
    assert "1 records shredded since" in said
    with pytest.raises(CommandError, match="no partnership nowhere"):
        call_command("rotate_keys", "--kek", "nowhere", "alert")
    with pytest.raises(CommandError, match="no root key newer"):
        call_command("rotate_keys", "--root")
    settings.ROOT_KEYS = settings.ROOT_KEYS | {2: NEW_ROOT}
    call_command("rotate_keys", "--after-shredding")
    assert "Root key 1 opens nothing here any more" in capsys.readouterr().out


# ---------------------------------------------------------------- wrong and missing roots
def test_the_first_start_seals_a_canary_and_later_ones_ask_it(world: World, settings: Any) -> None:
    with fixtures():
        RootKey.objects.all().delete()
    settings.ROOT_KEYS = {1: NEW_ROOT}
    opened.clear()
    assert "version 1 is not the one" in canaries.faults()[0]
    assert not RootKey.objects.exists()
    settings.ROOT_KEYS = {1: bytes(range(32))}
    assert canaries.faults() == []
    assert RootKey.objects.get().version == 1
    for held, sentence in (
        ({1: NEW_ROOT}, "is not the one"),
        ({2: NEW_ROOT}, "version 1 is missing"),
        ({}, "version 1 is missing"),
    ):
        settings.ROOT_KEYS = held
        (said,) = canaries.faults()
        assert sentence in said
        assert "SAFEGUARDING_ROOT_KEY (or SAFEGUARDING_ROOT_KEY_FILE)" in said
        assert "Nothing was changed" in said


def test_a_wrong_root_key_seals_nothing_either(world: World, settings: Any) -> None:
    settings.ROOT_KEYS = {1: NEW_ROOT}
    with fixtures(), pytest.raises(ImproperlyConfigured, match="version 1 is not the one"):
        keys.current_kek(world.partnership.pk, "a bucket without a key yet")
