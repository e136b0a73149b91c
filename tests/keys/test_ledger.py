"""What was shredded stays shredded, whatever is restored: the ledger inside, its copy outside, and the replay."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from safeguarding.crypto import ledger, tasks
from safeguarding.crypto.models import DataKey, KeyDestroyed
from safeguarding.runtime.start import refuse_wrong_keys
from tests.factories import World
from tests.keys.support import Backup, content_of, ledger_rows, purge, sql
from tests.support.db import fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.req("RET-07")]


def test_a_purge_leaves_a_line_that_names_nobody(world: World, ledger_file: Path) -> None:
    purge(world.shredded)
    (row,) = ledger_rows()
    assert (row.what, row.subject, row.bucket, row.service) == (
        "notification",
        world.shredded.ref,
        "police",
        "dispatch",
    )
    assert (row.data_key_number, row.partnership_id) == (world.shredded.crypto_key_id, world.partnership.pk)
    assert row.rule.startswith("ALR-09")
    purge(world.shredded)
    assert len(ledger_rows()) == 1
    assert ledger.copy_out() == 1
    outside = ledger_file.read_text()
    assert world.shredded.ref in outside
    assert not any(word in outside for word in ("Ottilie", "CANARY", "Quillfeather"))
    assert set(json.loads(outside)) == {
        "form", "entry", "data_key_number", "key_made_at", "partnership_id", "bucket", "what", "subject", "rule", "service",
        "user_number", "at",
    }  # fmt: skip
    assert (ledger_file.stat().st_mode & 0o777, ledger_file.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_each_line_goes_out_once_and_a_torn_one_is_written_again(world: World, ledger_file: Path) -> None:
    purge(world.shredded)
    assert (ledger.copy_out(), ledger.copy_out()) == (1, 0)
    with ledger_file.open("ab") as file:
        file.write(b'{"form": 1, "entry": "torn')
    assert len(ledger.lines()) == 1
    purge(world.kept)
    assert ledger.copy_out() == 1
    assert [line.subject for line in ledger.lines()] == [world.shredded.ref, world.kept.ref]
    os.unlink(ledger_file)
    purge(world.alerted.notification)
    assert ledger.copy_out() == 3  # it was lost: the database knows every line


def test_a_destruction_that_was_rolled_back_never_gets_out(world: World, ledger_file: Path) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        purge(world.shredded)
        raise ZeroDivisionError
    assert ledger.copy_out() == 0
    assert not ledger_file.exists()
    assert content_of(world.shredded)


def test_a_disk_that_is_full_is_said_and_nothing_is_lost(
    world: World, ledger_file: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    purge(world.shredded)
    sql("UPDATE crypto_shredding SET at = now() - interval '6 minutes'")
    ledger_file.parent.write_bytes(b"")  # a file where the directory should be
    with pytest.raises(OSError, match="exists"):
        tasks.copy_ledger()
    assert "not in the ledger outside yet" in caplog.text
    assert (ledger.waiting().count, ledger.waiting().late) == (1, True)
    ledger_file.parent.unlink()
    tasks.copy_ledger()
    assert ledger.waiting().count == 0


def test_after_a_restore_the_ledger_destroys_again_what_came_back(
    world: World, ledger_file: Path, settings: Any
) -> None:
    backup = Backup(world.shredded)
    purge(world.shredded)
    ledger.copy_out()
    backup.restore()
    assert content_of(world.shredded)["narrative"] == "CANARY narrative"
    fault = ledger.fault()
    assert fault is not None
    assert "1 lines that this database does not know" in fault
    assert "replay_shredding" in fault
    assert ledger.replay() == ledger.Replayed(lines=1, destroyed=1, lost=1)
    assert content_of(world.shredded) is None
    assert DataKey.objects.get(pk=world.shredded.crypto_key_id).wrapped is None
    assert content_of(world.kept)["narrative"] == "CANARY narrative"
    assert (ledger.fault(), ledger.copy_out()) == (None, 0)
    assert ledger.replay() == ledger.Replayed(lines=1, destroyed=0, lost=0)
    with pytest.raises(KeyDestroyed):
        _ = DataKey.objects.get(pk=world.shredded.crypto_key_id).cipher


def test_a_number_that_was_given_out_again_is_another_key(world: World, ledger_file: Path) -> None:
    """After a restore the sequences start again: a new record may carry the number of a shredded one."""
    purge(world.shredded)
    ledger.copy_out()
    other = DataKey.objects.get(pk=world.kept.crypto_key_id)
    line = json.loads(ledger_file.read_text())
    ledger_file.write_text(json.dumps({**line, "data_key_number": other.pk}) + "\n")
    assert ledger.replay().destroyed == 0
    assert content_of(world.kept)["narrative"] == "CANARY narrative"


def test_a_line_that_cannot_be_read_stops_the_replay_before_it_begins(world: World, ledger_file: Path) -> None:
    purge(world.shredded)
    ledger.copy_out()
    ledger_file.write_text("nonsense\n" + ledger_file.read_text())
    with pytest.raises(CommandError, match=r"Line 1 of .* cannot be read\..*Nothing was changed"):
        call_command("replay_shredding")
    assert "cannot be read" in (ledger.fault() or "")


def test_without_a_ledger_the_command_says_where_it_looked(world: World, ledger_file: Path) -> None:
    with pytest.raises(CommandError, match=r"There is no ledger at .*Nothing was changed"):
        call_command("replay_shredding")


def test_only_production_refuses_a_database_that_was_restored(
    world: World, ledger_file: Path, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    purge(world.shredded)
    ledger.copy_out()
    with fixtures(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM crypto_shredding")
    refuse_wrong_keys()
    assert "was restored from a back-up" in caplog.text
    settings.REFUSES_UNFIT_DATABASE = True
    with pytest.raises(
        Exception, match=r"does not start:\n- The ledger of what was shredded .* was restored from a back-up"
    ):
        refuse_wrong_keys()
    settings.REFUSES_UNFIT_DATABASE = False  # the suite's own login is a superuser's
    call_command("replay_shredding")
    settings.REFUSES_UNFIT_DATABASE = True
    refuse_wrong_keys()
