"""What the environment may say, and the sentence when it says nonsense."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from safeguarding import env

HEX_KEY = "0123456789abcdef" * 4
BASE64_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.mark.parametrize(("written", "read"), [("1", True), ("TRUE", True), ("on", True), ("0", False), ("no", False)])
def test_a_flag_is_read(written: str, read: bool) -> None:
    assert env.flag("X", not read, {"X": written}) is read


def test_an_absent_flag_is_its_default() -> None:
    assert env.flag("X", True, {}) is True
    assert env.flag("X", False, {}) is False


def test_a_flag_that_is_neither_yes_nor_no_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="X is 'perhaps'; it must be 1 or 0"):
        env.flag("X", environ={"X": "perhaps"})


@pytest.mark.parametrize("written", ["0", "65536", "-1", "eight", "8000.5", "٣", "1" * 30])
def test_a_number_out_of_bounds_is_refused(written: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="whole number between 1 and 65535"):
        env.number("PORT", 8000, least=1, most=65535, environ={"PORT": written})


def test_a_number_is_read_or_its_default() -> None:
    assert env.number("PORT", 8000, environ={"PORT": "8123"}) == 8123
    assert env.number("PORT", 8000, environ={}) == 8000


def test_names_are_split_and_trimmed() -> None:
    assert env.names("HOSTS", environ={"HOSTS": " a.example, b.example ,,"}) == ["a.example", "b.example"]
    assert env.names("HOSTS", ["localhost"], {}) == ["localhost"]


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hush\n")
    assert env.text("SECRET_KEY", environ={"SECRET_KEY_FILE": str(tmp_path / "secret")}) == "hush"


def test_an_unreadable_secret_file_is_named() -> None:
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY_FILE points at /nowhere/key, which cannot be read"):
        env.text("SECRET_KEY", environ={"SECRET_KEY_FILE": "/nowhere/key"})


def test_a_database_address_is_read_as_libpq_reads_it() -> None:
    found = env.database("postgresql://ann:p%40ss@db.example:5433/hub?sslmode=verify-full")
    assert found == {
        "NAME": "hub",
        "USER": "ann",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "verify-full"},
    }


def test_a_database_address_may_be_a_socket() -> None:
    found = env.database("postgresql://ann@/hub?host=%2Frun%2Fpostgres")
    assert (found["HOST"], found["PORT"]) == ("/run/postgres", "")


@pytest.mark.parametrize("url", ["postgresql://ann:hush@db.example:port/hub", "mysql://hush@x/hub", "nonsense hush"])
def test_a_broken_database_address_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL cannot be read") as refused:
        env.database(url)
    assert "hush" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_a_database_address_without_a_database_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="names no database"):
        env.database("postgresql://ann@db.example")


def test_root_keys_have_versions() -> None:
    keys = env.root_keys({"SAFEGUARDING_ROOT_KEY": HEX_KEY, "SAFEGUARDING_ROOT_KEY_V2": BASE64_KEY, "OTHER": "x"})
    assert keys == {1: bytes.fromhex(HEX_KEY), 2: bytes(range(32))}


def test_a_root_key_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(HEX_KEY)
    assert env.root_keys({"SAFEGUARDING_ROOT_KEY_V3_FILE": str(tmp_path / "key")}) == {3: bytes.fromhex(HEX_KEY)}


@pytest.mark.parametrize("written", ["short", HEX_KEY[:-2], BASE64_KEY[:-4], "é" * 64])
def test_a_root_key_of_another_length_is_refused_without_repeating_it(written: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="must be 32 random bytes") as refused:
        env.root_keys({"SAFEGUARDING_ROOT_KEY": written})
    assert written not in str(refused.value)


def test_a_kept_secret_is_made_once_and_for_this_user_alone(tmp_path: Path) -> None:
    place = tmp_path / "keys" / "root-key-1"
    with ThreadPoolExecutor(8) as starters:
        made = set(starters.map(lambda _: env.kept_secret(place), range(8)))
    assert len(made) == 1
    assert len(bytes.fromhex(made.pop())) == 32
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    assert [path.name for path in place.parent.iterdir()] == ["root-key-1"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://h:6379/0", "redis://h:6379/2"),
        ("redis://h:6379", "redis://h:6379/2"),
        ("redis://:pw@h:6379/15", "redis://:pw@h:6379/1"),
        ("unix:///run/r.sock?db=0", "unix:///run/r.sock?db=2"),
    ],
)
def test_parallel_test_runs_take_other_redis_databases(url: str, expected: str) -> None:
    assert env.other_redis_database(url, 2) == expected


def test_kept_root_keys_are_files_with_their_version_and_the_first_is_made(tmp_path: Path) -> None:
    made = env.kept_root_keys(tmp_path / "keys")
    assert list(made) == [1]
    assert env.kept_root_keys(tmp_path / "keys") == made
    (tmp_path / "keys" / "root-key-2").write_text(HEX_KEY)
    assert env.kept_root_keys(tmp_path / "keys") == made | {2: bytes.fromhex(HEX_KEY)}
    (tmp_path / "keys" / "root-key-1").unlink()
    assert env.kept_root_keys(tmp_path / "keys") == {2: bytes.fromhex(HEX_KEY)}
