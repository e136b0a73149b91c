"""Additions to spec v1: a police system corrects or withdraws what it sent (ALR-01)."""

import pytest

from tests.api.conftest import Api
from tests.factories import World
from tests.intake.bodies import example, put, with_child

pytestmark = pytest.mark.django_db(databases=["default", "outside"])


@pytest.mark.req("ALR-01")
def test_a_correction_and_a_withdrawal(world: World, police: Api) -> None:
    ref = police.send("notifications/", example()).json()["ref"]
    body = with_child(date_of_birth="2016-05-14") | {"risk": "high"}
    assert police.send("notifications/", body).status_code == 409
    first = police.send(f"notifications/{ref}/correction/", body)
    assert first.status_code == 200, first.content
    answer = first.json()
    assert {**answer, "made_at": ""} == {
        "ref": ref,
        "kind": "correction",
        "made_at": "",
        "changed": ["child_details", "risk"],
        "settings_told": 0,
    }
    assert police.send(f"notifications/{ref}/correction/", body).json() == answer
    # what was sent first is still known by its body, and another is still another
    assert police.send("notifications/", example()).status_code == 200
    assert police.send("notifications/", body).status_code == 409
    gone = police.send(f"notifications/{ref}/withdrawal/", {"because": "mistake"})
    assert (gone.status_code, gone.json()["kind"]) == (200, "withdrawal")
    assert police.send(f"notifications/{ref}/withdrawal/", {"because": "mistake"}).json() == gone.json()
    assert police.get(f"notifications/{ref}/").json()["status"] == "closed"
    assert police.send(f"notifications/{ref}/correction/", example(risk=None)).status_code == 409


def test_faults_are_told_by_their_place(world: World, police: Api) -> None:
    ref = police.send("notifications/", example()).json()["ref"]
    fault = police.send(f"notifications/{ref}/correction/", put(example(), "/people/2/date_of_birth", "soon"))
    assert fault.json()["errors"][0]["pointer"] == "/people/2/date_of_birth"
    for body in ({"because": "whim"}, {}, [], {"because": "mistake", "more": 1}, {"because": ["mistake"]}):
        answer = police.send(f"notifications/{ref}/withdrawal/", body)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/because")
    assert police.send(f"notifications/{ref}/correction/", example(reference="1")).status_code == 409
    assert police.send("notifications/N-0000-0000/withdrawal/", {"because": "mistake"}).status_code == 404


@pytest.mark.req("ALR-01", "ALR-03")
def test_a_child_that_is_not_born_yet_and_one_whose_day_nobody_knows(world: World, police: Api) -> None:
    body = with_child(given_name=None, date_of_birth=None, expected_on="2027-03-03", setting=None)
    answer = police.send("notifications/", body)
    assert answer.status_code == 201, answer.content
    assert answer.json()["children"] == [{"given_name": "Unborn baby", "match": "new", "setting": None}]
    for changes, pointer in (
        ({"expected_on": "2027-03-03"}, "/people/2/expected_on"),
        ({"expected_on": "2031-03-03", "date_of_birth": None}, "/people/2/expected_on"),
        ({"given_name": None}, "/people/2/given_name"),
    ):
        refused = police.send("notifications/", with_child(**changes) | {"reference": "2"})
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)
    adult = put(example(reference="3"), "/people/0/expected_on", "2027-03-03")
    assert police.send("notifications/", adult).json()["errors"][0]["pointer"] == "/people/0/expected_on"
    unknown = police.send("notifications/", with_child(date_of_birth=None) | {"reference": "4"})
    assert (unknown.status_code, unknown.json()["children"][0]["match"]) == (201, "new")
