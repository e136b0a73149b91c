"""The files that a machine with nothing on it starts from."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from safeguarding.runtime.parts import PARTS

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
OURS = {name: part for name, part in COMPOSE["services"].items() if part.get("image") == "safeguarding-hub"}


@pytest.mark.parametrize("lock", LOCKS)
def test_each_locked_version_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    requirements = re.findall(r"^(\S+==\S+) \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n?)+)", text, re.M)
    rest = re.sub(r"^\S+==\S+ \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n?)+", "", text, flags=re.M)
    assert requirements
    assert all(line.startswith("#") or not line.strip() for line in rest.splitlines()), rest
    assert "://" not in text


@pytest.mark.parametrize("lock", LOCKS)
def test_each_wish_is_in_its_lock(lock: str) -> None:
    locked = set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / lock).read_text(), re.M))
    wishes = (ROOT / lock.replace(".lock", ".in")).read_text()
    names = {re.split(r"[\[=<>~ ]", line)[0] for line in wishes.splitlines() if re.match(r"[a-z]", line)}
    assert names
    assert names <= locked


def test_the_npm_lock_has_integrity_and_no_address() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert len(packages) > 1
    for name, package in packages.items():
        assert "resolved" not in package
        assert not name or package["integrity"].startswith("sha512-")


def test_stylesheets_are_free_of_what_is_not_ours() -> None:
    for sheet in (ROOT / "build" / "static").glob("*/*.css"):
        text = sheet.read_text()
        assert "GDS Transport" not in text
        assert "@font-face" not in text
        assert not re.search(r"url\([^)]*(crest|crown|logotype)", text)
        for address in re.findall(r"url\(([^)]*)\)", text):
            assert (sheet.parent / address).is_file(), address
    images = [path.name for path in (ROOT / "build" / "static").rglob("images/*")]
    assert images
    assert not [name for name in images if re.search(r"crest|crown|logotype|govuk-icon|favicon", name)]


def test_every_container_of_ours_is_a_part_or_the_setup() -> None:
    commands = {name: part["command"] for name, part in OURS.items()}
    setup = commands.pop("setup")
    assert commands == {name: ["python", "manage.py", "serve", name] for name in PARTS}
    assert setup[-1] == "python manage.py setup_database && python manage.py migrate --no-input"


def test_only_the_setup_gets_the_owners_password() -> None:
    for name, part in OURS.items():
        variables = set(part["environment"])
        assert ("DATABASE_OWNER_URL" in variables) is (name == "setup"), name
        assert ("DATABASE_ADMIN_URL" in variables) is (name == "setup"), name


def test_no_secret_stands_in_the_compose_file() -> None:
    def words(value: object) -> list[str]:
        if isinstance(value, dict):
            return [word for item in value.values() for word in words(item)]
        if isinstance(value, list):
            return [word for item in value for word in words(item)]
        return [str(value)]

    for name, part in COMPOSE["services"].items():
        for variable, value in part.get("environment", {}).items():
            if "PASSWORD" in variable or variable.endswith(("_URL", "_KEY")):
                assert "${" in value, (name, variable)
    assert not [word for word in words(COMPOSE) if re.search(r"[0-9a-f]{32}", word)]


def test_every_variable_of_the_compose_file_is_explained() -> None:
    wanted = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    explained = set(re.findall(r"^(\w+)=", (ROOT / "deploy" / "env.example").read_text(), re.M))
    assert wanted == explained


@pytest.mark.parametrize("part", sorted(PARTS))
def test_each_part_is_a_program_that_exists(part: str) -> None:
    argv = PARTS[part]().argv
    assert argv[0] == sys.executable
    module = argv[1:3]
    done = subprocess.run([sys.executable, *module, "--help"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
