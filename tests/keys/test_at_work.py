"""Rotation beside the Hub at work: people read and write, the rotation is killed in the middle, nobody notices."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from alerts.models import Alert
from safeguarding.children.models import Child
from safeguarding.crypto import keys, rotation, stock
from safeguarding.crypto.models import DataKey, KeyEncryptionKey, opened
from safeguarding.runtime.roles import at_database
from tests.factories import World
from tests.support.db import as_service, as_user, fixtures

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("RET-07")]
DATA_KEYS = 3000


def manage(*command: str, **environ: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=settings.ROOT_DIR,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
            "REDIS_URL": settings.REDIS_URL,
            "DJANGO_SETTINGS_MODULE": "tests.support.worker_settings",
            "TEST_DATABASE": connection.settings_dict["NAME"],
            "APPLICATION_NAME": "hub-test-keys",
            **environ,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@contextmanager
def at_work(*people: Callable[[], None]) -> Iterator[None]:
    """Each in a thread and a session of their own, over and over; what goes wrong for one of them is raised at the end."""
    over = threading.Event()

    def live(do: Callable[[], None]) -> None:
        try:
            while not over.is_set():
                do()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(people)) as pool:
        lives = [pool.submit(live, do) for do in people]
        try:
            yield
        finally:
            over.set()
        for each in lives:
            each.result()


@pytest.mark.prove
def test_a_rotation_killed_in_the_middle_goes_on_while_people_read_and_write(ledger_file: Path) -> None:
    with fixtures():
        world = World()
        kept = world.alert(child_given_name="Ottilie")
        DataKey.objects.make(partnership_id=world.partnership.pk, bucket="alert", count=DATA_KEYS)
    made: list[int] = []

    def reads() -> None:
        opened.clear()
        with as_user(world.dsl), transaction.atomic():
            assert Alert.objects.select_related("crypto_key").get(pk=kept.pk).child_given_name == "Ottilie"
        time.sleep(0.02)

    def writes() -> None:
        with as_service("matching"), transaction.atomic():
            child = Child.objects.create(
                partnership=world.partnership, controller=world.mash, given_name="Barnaby", family_name="Q"
            )
        made.append(child.pk)
        time.sleep(0.1)

    with at_work(reads, reads, writes):
        with manage("rotate_keys", "--all") as first:
            assert first.stdout is not None
            assert "data keys done" in first.stdout.readline()
            first.send_signal(signal.SIGKILL)
        left = in_use_of_old()
        assert 0 < left < DATA_KEYS, f"killed too early or too late: {left} left"
        code, said = ends("rotate_keys")
        assert code == 0, said
        assert "A rotation was stopped before its end" in said
        assert " 0 left" in said
        code, said = ends("rotate_keys", "--retire")
        assert code == 0, said
    assert not stock.superseded().exists()
    opened.clear()
    with as_service("matching"), transaction.atomic():
        found = Child.objects.select_related("crypto_key").filter(pk__in=made)
        assert [child.given_name for child in found] == ["Barnaby"] * len(made)
    assert len(made) > 2


def in_use_of_old() -> int:
    return stock.data_keys_in_use(stock.superseded()).count()


def test_a_key_that_somebody_is_just_sealing_under_is_not_retired(ledger_file: Path) -> None:
    """Their row is not to be seen before their commit: without the lock its key would be destroyed under it."""
    with fixtures():
        world = World()
        world.child()
    sealing, go_on = threading.Event(), threading.Event()
    made: list[Child] = []

    def seals() -> None:
        with as_service("matching"), transaction.atomic():
            made.append(
                Child.objects.create(
                    partnership=world.partnership, controller=world.mash, given_name="Late", family_name="Q"
                )
            )
            sealing.set()
            go_on.wait(30)
        connections.close_all()

    writer = threading.Thread(target=seals)
    writer.start()
    assert sealing.wait(30)
    try:
        rotation.begin([(world.partnership.pk, "child")])
        rotation.move_all(rotation.Progress())
        held_back = rotation.retire(patience=0.1)
        assert (held_back.keks, len(held_back.held_back)) == (0, 1)
        assert "somebody is writing under this bucket" in held_back.held_back[0]
    finally:
        go_on.set()
        writer.join()
    assert "data keys hang on it" in rotation.retire(patience=0).held_back[0]
    rotation.move_all(rotation.Progress())
    assert rotation.retire(patience=5).keks == 1
    opened.clear()
    with as_service("matching"), transaction.atomic():
        assert Child.objects.select_related("crypto_key").get(pk=made[0].pk).given_name == "Late"


def test_two_rotations_at_once_share_the_work(ledger_file: Path) -> None:
    with fixtures():
        world = World()
        made = DataKey.objects.make(partnership_id=world.partnership.pk, bucket="alert", count=2000)
    rotation.begin(stock.rotatable())
    done = [rotation.Progress(), rotation.Progress()]

    def moves(progress: rotation.Progress) -> None:
        try:
            rotation.move_all(progress)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(moves, done))
    assert sum(progress.done for progress in done) == 2000
    assert in_use_of_old() == 0
    assert KeyEncryptionKey.objects.get(pk=DataKey.objects.get(pk=made[0].pk).kek_id).version == 2


# ---------------------------------------------------------------- the real start commands
def ends(*command: str, **environ: str) -> tuple[int, str]:
    with manage(*command, **environ) as process:
        try:
            out, err = process.communicate(timeout=120)
        finally:
            process.kill()
    return process.returncode, out + err


WRONG = bytes(reversed(range(32))).hex()
HELD: dict[str, dict[str, str]] = {
    "wrong": {"SAFEGUARDING_ROOT_KEY": WRONG},
    "missing": {"SAFEGUARDING_ROOT_KEY_V2": WRONG},
}
SAID = {"wrong": "version 1 is not the one that the records here are sealed under", "missing": "version 1 is missing"}


def refuses(part: tuple[str, ...], case: str) -> None:
    with fixtures():
        world = World()
        keys.current_kek(world.partnership.pk, "alert")
        before = [(kek.pk, bytes(kek.wrapped)) for kek in KeyEncryptionKey.objects.order_by("pk")]
    code, said = ends(*part, **HELD[case])
    assert code == 1, said
    assert "The Safeguarding Hub does not start:\n- The root key of " + SAID[case] in said
    assert "SAFEGUARDING_ROOT_KEY (or SAFEGUARDING_ROOT_KEY_FILE)" in said
    assert "Nothing was changed in the database." in said
    assert "Put the copy from the safe there" in said
    assert "Traceback" not in said
    with fixtures():
        assert [(kek.pk, bytes(kek.wrapped)) for kek in KeyEncryptionKey.objects.order_by("pk")] == before


def test_the_relay_does_not_start_under_another_root_key() -> None:
    refuses(("relay",), "wrong")


@pytest.mark.prove
@pytest.mark.parametrize("case", ["wrong", "missing"])
@pytest.mark.parametrize("part", [("serve", "web"), ("serve", "worker"), ("relay",), ("rotate_keys", "--all")])
def test_no_part_starts_without_its_root_key(part: tuple[str, ...], case: str) -> None:
    refuses(part, case)


@pytest.mark.prove
@pytest.mark.parametrize("program", ["web", "worker"])
def test_the_programs_themselves_refuse_too(program: str) -> None:
    """`make run` starts them without `serve`."""
    from safeguarding.runtime import parts

    with fixtures():
        world = World()
        keys.current_kek(world.partnership.pk, "alert")
    environ: dict[str, Any] = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")},
        "REDIS_URL": settings.REDIS_URL,
        "DJANGO_SETTINGS_MODULE": "tests.support.worker_settings",
        "TEST_DATABASE": connection.settings_dict["NAME"],
        "APPLICATION_NAME": "hub-test-keys",
        **HELD["wrong"],
    }
    argv = parts.PARTS[program]().argv
    done = subprocess.run(
        argv, cwd=settings.ROOT_DIR, env=environ, capture_output=True, text=True, check=False, timeout=90
    )
    assert done.returncode != 0
    assert SAID["wrong"] in done.stdout + done.stderr


@pytest.mark.prove
@pytest.mark.django_db(transaction=False)
def test_the_drill_passes_on_this_server(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "shred_drill", "--admin-url", at_database(settings.DATABASE_URL, "postgres")],
        cwd=settings.ROOT_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "safeguarding.settings.test"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "FAILED" not in done.stdout
    assert done.stdout.count("OK") == 14
    assert "its notification does not open" in done.stdout
