"""A new installation gets its first partnership from a file, and its administrators come in by e-mail."""

import copy
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from agreements.models import Agreement
from agreements.register.enums import SignatureState
from safeguarding.agencies.calendars import calendar_of
from safeguarding.agencies.enums import Role
from safeguarding.agencies.models import Agency, Membership, Partnership, User
from safeguarding.audit.models import AuditEntry
from safeguarding.notifications.models import Email
from tests.support.db import as_service

EXAMPLE = Path(settings.ROOT_DIR) / "deploy" / "partnership.example.json"
pytestmark = pytest.mark.django_db


def enter(file: Path) -> str:
    said = StringIO()
    call_command("enter_partnership", str(file), stdout=said)
    return said.getvalue()


@pytest.fixture
def example(tmp_path: Path) -> tuple[dict[str, Any], Path]:
    return copy.deepcopy(json.loads(EXAMPLE.read_text(encoding="utf-8"))), tmp_path / "file.json"


@pytest.mark.req("ALR-08")
def test_the_example_makes_a_partnership_that_works() -> None:
    assert "Northvale" in enter(EXAMPLE)
    partnership = Partnership.objects.get(slug="northvale")
    elm = Agency.objects.get(slug="elm-primary")
    assert calendar_of(elm, partnership).terms
    assert calendar_of(elm, partnership).closures
    [agreement] = Agreement.objects.filter(partnership=partnership)
    assert agreement.signatures.get(agency=elm).state == SignatureState.SIGNED
    with as_service("setup"):
        roles = Membership.objects.filter(agency__partnerships=partnership).values_list("role", flat=True)
        assert set(roles) == {Role.AGENCY_ADMIN}
        assert AuditEntry.objects.filter(event="partnership.entered").count() == 1


def test_again_adds_only_what_is_new(example: tuple[dict[str, Any], Path]) -> None:
    data, file = example
    enter(EXAMPLE)
    data["name"] = "Another name"
    data["agencies"].append({"slug": "oak-nursery", "name": "Oak Nursery", "kind": "nursery", "urn": "999902"})
    file.write_text(json.dumps(data))
    enter(file)
    partnership = Partnership.objects.get(slug="northvale")
    assert partnership.name != "Another name"
    assert partnership.agencies.count() == len(data["agencies"])
    assert User.objects.filter(email__endswith="northvale.example").count() == 4


@pytest.mark.req("NTK-07")
def test_an_administrator_comes_in_by_the_link_for_a_forgotten_password() -> None:
    enter(EXAMPLE)
    Client().post("/accounts/password/reset/", {"email": "office@elm.northvale.example"})
    with as_service("dispatch"):
        assert Email.objects.get(to="office@elm.northvale.example").template == "password_link"


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda data: data.pop("agencies"), "'agencies' is missing"),
        (lambda data: data["agencies"][0].update(kind="spaceport"), "not a valid choice"),
        (lambda data: data["terms"][0].update(to="2026-02-30"), "not a day like"),
        (lambda data: data["rules"].update(secret=1), "does not belong there"),
        (lambda data: data["agencies"][0]["administrator"].update(email="nobody"), "valid email"),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence_and_enters_nothing(
    example: tuple[dict[str, Any], Path], spoil: Any, sentence: str
) -> None:
    data, file = example
    spoil(data)
    file.write_text(json.dumps(data))
    with pytest.raises(CommandError, match=sentence) as refused:
        enter(file)
    assert "Nothing was entered" in str(refused.value)
    assert not Partnership.objects.exists()
    assert not Agency.objects.exists()


def test_what_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file.json").write_text("{")
    with pytest.raises(CommandError, match="cannot be read as JSON"):
        enter(tmp_path / "file.json")
