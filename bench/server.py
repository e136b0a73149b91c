"""A PostgreSQL of the bench's own under a scratch directory, or the one that DATABASE_URL names (a superuser's login)."""

import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from safeguarding.runtime.layout import Layout
from safeguarding.runtime.postgres import EmbeddedPostgres
from safeguarding.runtime.roles import at_database
from safeguarding.runtime.supervisor import Supervisor

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "hub_bench_"


@contextmanager
def scratch_server() -> Iterator[str]:
    """The address of a server on which databases may be made; what was made is gone afterwards, unless BENCH_KEEP."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        if not os.environ.get("BENCH_KEEP"):
            drop_databases(url)
        return
    place = Path(os.environ.get("BENCH_DIR") or tempfile.mkdtemp(prefix="hub-bench-"))
    layout = Layout(place)
    layout.make_places()
    place.chmod(0o711)
    try:
        # Durable, as a real installation is: a commit waits for the disk on both sides of every ratio.
        with Supervisor(ROOT, sys.stderr, "bench") as supervisor:
            postgres = EmbeddedPostgres(layout)
            postgres.prepare()
            supervisor.start(postgres.program())
            supervisor.wait_until(postgres.answers, 60, "PostgreSQL did not answer within a minute.")
            # the supervisor stops its children when it is asked to; here Ctrl-C ends the measuring as well
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.default_int_handler)
            yield layout.postgres_url("postgres", "postgres")
    finally:
        if not os.environ.get("BENCH_DIR"):
            for each in (layout.postgres_away, layout.run_dir, place):
                if each is not None:
                    shutil.rmtree(each, ignore_errors=True)


def databases_on(url: str) -> set[str]:
    with psycopg.connect(at_database(url, "postgres"), autocommit=True) as connection:
        found = connection.execute("SELECT datname::text FROM pg_database WHERE datname LIKE %s", [f"{PREFIX}%"])
        return {name for (name,) in found}


def make_database(url: str, name: str, template: str = "template1") -> None:
    with psycopg.connect(at_database(url, "postgres"), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def drop_databases(url: str) -> None:
    with psycopg.connect(at_database(url, "postgres"), autocommit=True) as connection:
        for name in databases_on(url):
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
