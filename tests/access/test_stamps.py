"""The principal: for one block, one transaction, one thread, and never for the next."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.apps import apps
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from alerts.models import Alert
from safeguarding.access.handlers import APP
from safeguarding.access.handlers import NOBODY as NOBODY_ROLE
from safeguarding.access.principal import NOBODY, Principal, acting_as, current
from safeguarding.access.rules import WALLS
from safeguarding.access.vocabulary import Walled
from safeguarding.agencies.models import Membership
from tests.access.test_matrix import EVERY_READER, WALLED
from tests.factories import World
from tests.support.db import as_service, as_user, fixtures

committed = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(db: None) -> World:
    with fixtures():
        world = World()
        world.mine = world.alert()
        world.theirs = world.alert(setting=world.other_school)
    return world


def stamp() -> tuple[str, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('app.user_id', true), ''),"
            " coalesce(current_setting('app.service', true), ''), current_user::text"
        )
        return cursor.fetchone()


@pytest.mark.req("NTK-01", "NTK-02")
@pytest.mark.django_db
def test_a_query_written_without_visible_to_shows_a_neighbour_nothing_and_nobody_an_error(world: World) -> None:
    with as_user(world.other_dsl):
        assert list(Alert.objects.filter(setting=world.school)) == []
        assert list(Alert.objects.all()) == [world.theirs]
    with acting_as(NOBODY), pytest.raises(DatabaseError, match="no principal"), transaction.atomic():
        list(Alert.objects.filter(setting=world.school))


@pytest.mark.django_db
def test_the_context_ends_with_its_block(world: World) -> None:
    with as_user(world.dsl):
        assert stamp() == (str(world.dsl.pk), "", APP)
        with as_service("dispatch"):
            assert stamp() == ("", "dispatch", APP)
            with as_user(world.other_dsl):
                assert set(Alert.objects.all()) == {world.theirs}
            assert Alert.objects.count() == 2
        assert set(Alert.objects.all()) == {world.mine}
    assert current() is NOBODY
    assert stamp() == ("", "", NOBODY_ROLE)


@pytest.mark.django_db
def test_an_exception_inside_ends_the_block_too(world: World) -> None:
    with as_user(world.dsl):
        with pytest.raises(ZeroDivisionError), as_service("dispatch"):
            raise ZeroDivisionError
        assert set(Alert.objects.all()) == {world.mine}


@pytest.mark.django_db
def test_a_statement_that_fails_inside_takes_nothing_along(world: World) -> None:
    """The transaction is aborted when the block ends: the stamp comes back with the rollback."""
    with as_user(world.dsl):
        with pytest.raises(DatabaseError), transaction.atomic(), as_service("dispatch"), connection.cursor() as cursor:
            cursor.execute("SELECT 1/0")
        assert stamp() == (str(world.dsl.pk), "", APP)
        assert set(Alert.objects.all()) == {world.mine}


@pytest.mark.django_db
def test_a_savepoint_taken_as_somebody_else_does_not_bring_them_back(world: World) -> None:
    with as_user(world.dsl):
        with as_service("dispatch"):
            savepoint = transaction.savepoint()
        transaction.savepoint_rollback(savepoint)
        assert stamp() == (str(world.dsl.pk), "", APP)


@committed
def test_nothing_rides_on_the_connection_into_the_next_transaction() -> None:
    with as_service("dispatch"), transaction.atomic():
        assert stamp() == ("", "dispatch", APP)
    assert stamp() == ("", "", NOBODY_ROLE)
    with as_service("dispatch"):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            raise ZeroDivisionError
        assert stamp() == ("", "", NOBODY_ROLE)
    with transaction.atomic():
        assert stamp() == ("", "", NOBODY_ROLE)
        with as_service("relay"):
            assert stamp() == ("", "relay", APP)
        assert stamp() == ("", "", NOBODY_ROLE)


@pytest.mark.req("NTK-01")
@committed
def test_outside_of_a_transaction_nobody_acts() -> None:
    with acting_as(Principal(service="dispatch")):
        for label in WALLED:
            for read in EVERY_READER:
                with pytest.raises(DatabaseError, match="no transaction"):
                    read(apps.get_model(label))


@committed
def test_a_block_that_ends_on_a_broken_connection_keeps_its_own_error() -> None:
    with pytest.raises(DatabaseError, match=r"terminat|closed"), as_service("dispatch"), transaction.atomic():
        with fixtures(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            mine = cursor.fetchone()[0]
        with psycopg.connect(_address()) as other:
            other.execute("SELECT pg_terminate_backend(%s)", [mine])
        stamp()
    connection.close()
    assert current() is NOBODY


@committed
def test_threads_do_not_share_a_principal() -> None:
    """Many people on a few connections, some of whose work crashes: each sees only their own, each time."""
    with fixtures():
        worlds = [World()]
        alerts = {person.pk: worlds[0].alert(setting=school).pk for person, school in
                  ((worlds[0].dsl, worlds[0].school), (worlds[0].other_dsl, worlds[0].other_school))}  # fmt: skip
    barrier = threading.Barrier(4)

    def work(number: int) -> list[tuple[int, set[int]]]:
        seen = []
        barrier.wait(timeout=30)
        try:
            for turn in range(12):
                person = list(alerts)[(number + turn) % 2]
                try:
                    with acting_as(Principal(user_id=person)), transaction.atomic():
                        seen.append((person, set(Alert.objects.values_list("pk", flat=True))))
                        if turn % 3 == number % 3:
                            raise ZeroDivisionError
                except ZeroDivisionError:
                    pass
            assert current() is NOBODY
        finally:
            connections.close_all()
        return seen

    with ThreadPoolExecutor(4) as pool:
        everything = [each for seen in pool.map(work, range(4)) for each in seen]
    assert len(everything) == 48
    assert all(rows == {alerts[person]} for person, rows in everything)


@pytest.mark.req("NTK-07")
@pytest.mark.django_db
def test_a_leaver_sees_nothing_from_the_next_query_on(world: World) -> None:
    with as_user(world.dsl):
        assert Alert.objects.exists()
        with fixtures():
            Membership.objects.filter(user=world.dsl).update(ended_at=timezone.now())
        assert not Alert.objects.exists()
        assert not Alert.objects.visible_to(world.dsl).exists()


@pytest.mark.req("NTK-07")
@pytest.mark.django_db
def test_a_closed_account_sees_nothing_not_even_what_is_its_own(world: World) -> None:
    with as_user(world.dsl):
        assert Membership.objects.exists()
        with fixtures():
            type(world.dsl).objects.filter(pk=world.dsl.pk).update(is_active=False)
        world.dsl.refresh_from_db()
        for label, rule in WALLS.items():
            if isinstance(rule, Walled):
                model = Alert._meta.apps.get_model(label)
                assert not model._base_manager.exists(), label
        assert not world.dsl.has_perm("alerts.view_alert", world.mine)


@pytest.mark.req("NTK-01")
@pytest.mark.django_db
def test_has_perm_asks_the_same_rule_and_a_permission_without_an_object_is_none(world: World) -> None:
    with as_user(world.dsl):
        assert world.dsl.has_perm("alerts.view_alert", world.mine)
        assert not world.dsl.has_perm("alerts.view_alert", world.theirs)
        assert not world.dsl.has_perm("alerts.view_alert")
        assert not world.dsl.has_perm("alerts.delete_alert", world.mine)
        assert not world.dsl.has_perm("alerts.view_alert", world.school)


# ---------------------------------------------------------------- a login as in production

LOGIN, PASSWORD = "safeguarding_test_login", "only-here"


def _address(**parts: str) -> str:
    where = connection.get_connection_params()
    known = {name: where[name] for name in ("host", "port", "user", "password", "dbname") if where.get(name)}
    return psycopg.conninfo.make_conninfo(**{**known, **parts})


@pytest.fixture
def real_login(transactional_db: None) -> Iterator[psycopg.Connection]:
    """A login of its own that is a member of the app's role and owns nothing, as `manage.py setup_database` makes it."""
    with fixtures():
        world = World()
        world.alert()
    owner = psycopg.connect(_address(), autocommit=True)
    owner.execute(f"DROP ROLE IF EXISTS {LOGIN}")
    owner.execute(f"CREATE ROLE {LOGIN} LOGIN NOSUPERUSER NOCREATEROLE NOBYPASSRLS PASSWORD '{PASSWORD}'")
    owner.execute(f"GRANT {APP} TO {LOGIN}")
    try:
        with psycopg.connect(_address(user=LOGIN, password=PASSWORD)) as login:
            login.dsl = world.dsl.pk
            yield login
    finally:
        owner.execute(f"DROP ROLE {LOGIN}")
        owner.close()


@pytest.mark.req("NTK-01", "NTK-02")
def test_a_real_login_lives_behind_the_same_walls(real_login: psycopg.Connection) -> None:
    """The suite borrows the app's role; this is the login of an installation, which cannot give it back."""
    ask = real_login.execute
    assert ask("SELECT session_user::text").fetchone() == (LOGIN,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="no principal"), real_login.transaction():
        ask("SELECT * FROM alerts_alert")
    for role in (NOBODY_ROLE, APP):
        with real_login.transaction():
            ask("SELECT set_config('role', %s, true), set_config('app.user_id', %s, true)", [role, str(real_login.dsl)])
            if role == APP:
                assert len(ask("SELECT id FROM alerts_alert").fetchall()) == 1
            else:
                with (
                    pytest.raises(psycopg.errors.InsufficientPrivilege, match="permission denied"),
                    real_login.transaction(),
                ):
                    ask("SELECT id FROM alerts_alert")
    for statement in (
        "SET ROLE safeguarding_definer",
        "SET SESSION AUTHORIZATION postgres",
        "DELETE FROM alerts_alert",
        "TRUNCATE alerts_alert CASCADE",
        "ALTER TABLE alerts_alert DISABLE ROW LEVEL SECURITY",
        "SELECT * FROM auditlog_logentry",
        "SELECT rolpassword FROM pg_authid",
        "COPY alerts_alert TO PROGRAM 'cat'",
        "UPDATE crypto_datakey SET wrapped = NULL",
        "CREATE TABLE mine (id int)",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege), real_login.transaction():
            ask(statement)
    # asking to have the walls left out is refused, not obeyed
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"), real_login.transaction():
        ask("SELECT set_config('app.user_id', %s, true)", [str(real_login.dsl)])
        ask("SET LOCAL row_security = off")
        ask("SELECT * FROM alerts_alert")


@pytest.mark.django_db
def test_the_owner_is_held_by_the_walls_too(world: World) -> None:
    """FORCE: a forgotten owner's address in a web process shows no case data; migrations of data say so themselves."""
    with fixtures(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("CREATE ROLE a_test_owner NOLOGIN")
        cursor.execute("ALTER TABLE alerts_alert OWNER TO a_test_owner")
        cursor.execute("GRANT USAGE ON SCHEMA app TO a_test_owner")
        cursor.execute("SET LOCAL ROLE a_test_owner")
        cursor.execute("SELECT count(*) FROM alerts_alert")
        assert cursor.fetchone() == (0,)
        with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
            cursor.execute("SET LOCAL row_security = off")
            cursor.execute("SELECT count(*) FROM alerts_alert")
        cursor.execute("RESET ROLE")


@pytest.mark.django_db
def test_values_are_bound_by_the_server() -> None:
    """A literal bound by the client would stand in the server's statement log."""
    with as_service("dispatch"), connection.cursor() as cursor:
        cursor.execute("SELECT query, %s FROM pg_stat_activity WHERE pid = pg_backend_pid()", ["CANARY value"])
        query, value = cursor.fetchone()
    assert value == "CANARY value"
    assert "CANARY" not in query
