"""Production does not start unless each thing that protects the children is in place, and says which is not."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from psycopg import sql

from safeguarding.access.engine.base import DatabaseWrapper
from safeguarding.runtime.models import DemoMark
from safeguarding.runtime.start import as_the_login_itself, database_facts, refuse_unfit_database
from safeguarding.settings.refusals import Configuration, DatabaseFacts, database_refusals, refusals
from tests.support.db import fixtures

STRONG = "pN3vXq8ZtK1mRw5yBd7LhJc2fGsA9uVe4oTiQxYz0EkWnM6rPb"
GOOD = Configuration(
    secret_key=STRONG,
    debug=False,
    demo=False,
    root_keys={1: bytes(range(32))},
    allowed_hosts=["hub.council.example"],
    site_url="https://hub.council.example",
    database_url="postgresql://safeguarding_web@db/safeguarding",
    redis_url="redis://cache/0",
    email_host="mail.council.example",
)
FIT = DatabaseFacts(
    role="safeguarding_web",
    superuser=False,
    bypasses_walls=False,
    creates_roles=False,
    owns_tables=False,
    app_member=True,
    demo_data=False,
)


def test_a_complete_configuration_is_not_refused() -> None:
    assert refusals(GOOD) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"secret_key": ""}, "SECRET_KEY is missing"),
        ({"secret_key": STRONG[:49]}, "SECRET_KEY is weak"),
        ({"secret_key": "ab" * 40}, "SECRET_KEY is weak"),
        ({"secret_key": "django-insecure-" + STRONG}, "SECRET_KEY is weak"),
        ({"secret_key": "for-tests-only-" + STRONG}, "SECRET_KEY is weak"),
        ({"debug": True}, "DEBUG is set"),
        ({"demo": True}, "DEMO is set"),
        ({"root_keys": {}}, "SAFEGUARDING_ROOT_KEY (or SAFEGUARDING_ROOT_KEY_FILE) is missing"),
        ({"root_keys": {1: bytes(range(31))}}, "root key of version 1 is weak"),
        ({"root_keys": {1: bytes(range(32)), 2: bytes(32)}}, "root key of version 2 is weak"),
        ({"allowed_hosts": []}, "ALLOWED_HOSTS must name"),
        ({"allowed_hosts": ["hub.council.example", "*"]}, "ALLOWED_HOSTS must name"),
        ({"site_url": ""}, "SITE_URL must be the https://"),
        ({"site_url": "http://hub.council.example"}, "SITE_URL must be the https://"),
        ({"database_url": ""}, "DATABASE_URL is missing"),
        ({"redis_url": ""}, "REDIS_URL is missing"),
        ({"email_host": ""}, "EMAIL_HOST is missing"),
    ],
)
def test_each_fault_is_refused_alone_and_in_a_sentence(change: dict, sentence: str) -> None:
    said = refusals(replace(GOOD, **change))
    assert len(said) == 1
    assert sentence in said[0]
    assert said[0].endswith((".", "`."))


def test_all_faults_are_said_at_once() -> None:
    nothing = Configuration("", True, True, {}, [], "", "", "", "")
    assert len(refusals(nothing)) == 9


def test_no_sentence_repeats_a_secret() -> None:
    said = " ".join(refusals(replace(GOOD, secret_key="hush-hush", root_keys={1: b"hush"})))
    assert "hush" not in said


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"superuser": True, "owns_tables": True}, "is a superuser"),
        ({"bypasses_walls": True}, "rights that pass the walls"),
        ({"creates_roles": True}, "may create roles"),
        ({"owns_tables": True}, "owns tables"),
        ({"app_member": False}, "not a member of safeguarding_app"),
        ({"demo_data": True}, "holds the demo world"),
    ],
)
def test_each_unfit_database_is_refused(change: dict, sentence: str) -> None:
    assert database_refusals(FIT) == []
    said = database_refusals(replace(FIT, **change))
    assert len(said) == 1
    assert sentence in said[0]


# ---------------------------------------------------------------- the settings module itself
COMPLETE = {
    "SECRET_KEY": STRONG,
    "SAFEGUARDING_ROOT_KEY": bytes(range(32)).hex(),
    "ALLOWED_HOSTS": "hub.council.example",
    "SITE_URL": "https://hub.council.example",
    "DATABASE_URL": "postgresql://safeguarding_web@db/safeguarding",
    "REDIS_URL": "redis://cache/0",
    "EMAIL_HOST": "mail.council.example",
}


def load_production(**environment: str) -> subprocess.CompletedProcess[str]:
    """In a process of its own: this one wears the test settings."""
    return subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; print(settings.DEBUG, settings.DEMO)"],
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "safeguarding.settings.production", **environment},
        cwd=settings.ROOT_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_settings_load_when_complete() -> None:
    done = load_production(**COMPLETE)
    assert (done.returncode, done.stdout.strip()) == (0, "False False"), done.stderr


def test_production_settings_refuse_an_empty_environment() -> None:
    done = load_production()
    assert done.returncode != 0
    assert "The Safeguarding Hub does not start:\n- SECRET_KEY is missing." in done.stderr


@pytest.mark.parametrize("flag", ["DEMO", "DEBUG"])
def test_production_settings_refuse_demo_and_debug(flag: str) -> None:
    done = load_production(**COMPLETE, **{flag: "1"})
    assert done.returncode != 0
    assert f"- {flag} is set." in done.stderr


# ---------------------------------------------------------------- what the database itself says
LOGIN = f"hub_test_login_{os.getpid()}"


@pytest.fixture
def login(db: None) -> Iterator[psycopg.Connection]:
    """A login role that really exists beside the suite's own, made and removed as the suite's superuser."""
    params = connections["default"].get_connection_params()
    for name in ("assume_role", "cursor_factory", "context", "prepare_threshold", "server_side_binding"):
        params.pop(name, None)
    with psycopg.connect(**params, autocommit=True) as owner:
        owner.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'only-here' IN ROLE safeguarding_app").format(sql.Identifier(LOGIN))
        )
        try:
            yield owner
        finally:
            owner.execute(sql.SQL("DROP OWNED BY {}").format(sql.Identifier(LOGIN)))
            owner.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(LOGIN)))


def facts_of_login() -> DatabaseFacts:
    here = connections["default"].settings_dict
    mine = as_the_login_itself(DatabaseWrapper({**here, "USER": LOGIN, "PASSWORD": "only-here"}, alias="login"))
    try:
        return database_facts(mine)
    finally:
        mine.close()


def test_the_apps_login_is_fit(login: psycopg.Connection) -> None:
    facts = facts_of_login()
    assert facts == replace(FIT, role=LOGIN)


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        ("ALTER ROLE {} SUPERUSER", "is a superuser"),
        ("ALTER ROLE {} BYPASSRLS", "rights that pass the walls"),
        ("GRANT safeguarding_definer TO {}", "rights that pass the walls"),
        ("ALTER ROLE {} CREATEROLE", "may create roles"),
        ("ALTER TABLE django_migrations OWNER TO {}", "owns tables"),
        ("REVOKE safeguarding_app FROM {}", "not a member of safeguarding_app"),
    ],
)
def test_an_unfit_login_is_found_out(login: psycopg.Connection, statement: str, sentence: str) -> None:
    (before,) = login.execute("SELECT tableowner FROM pg_tables WHERE tablename = 'django_migrations'").fetchone()
    login.execute(sql.SQL(statement).format(sql.Identifier(LOGIN)))
    try:
        said = database_refusals(facts_of_login())
    finally:
        login.execute(sql.SQL("ALTER TABLE django_migrations OWNER TO {}").format(sql.Identifier(before)))
    assert any(sentence in line for line in said), said


@pytest.mark.django_db
def test_a_superuser_in_the_apps_clothes_is_still_a_superuser() -> None:
    # The suite's own connection: a superuser that has put on the app's role.
    assert database_facts(connections["default"]).superuser


@pytest.mark.django_db
def test_the_demo_world_is_found_out() -> None:
    assert not database_facts(connections["default"]).demo_data
    with fixtures():
        DemoMark.objects.create()
    assert database_facts(connections["default"]).demo_data


@pytest.mark.django_db
def test_production_processes_refuse_an_unfit_database(settings) -> None:
    refuse_unfit_database()
    settings.REFUSES_UNFIT_DATABASE = True
    with pytest.raises(ImproperlyConfigured, match=r"does not start:\n- The database role \S+ is a superuser"):
        refuse_unfit_database()


def test_the_command_line_says_the_sentences_and_nothing_else() -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "serve", "web"],
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "safeguarding.settings.production"},
        cwd=settings.ROOT_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("The Safeguarding Hub does not start:\n- SECRET_KEY is missing.")
    assert "Traceback" not in done.stderr
