"""POST and GET of notifications, as spec v1 says it."""

import json

import pytest
from django.db import connection

from alerts.intake.models import Notification
from safeguarding.agencies import tokens
from safeguarding.audit.models import AuditEntry
from tests.api.conftest import Api
from tests.factories import PartnershipFactory, World
from tests.intake.bodies import example, put, with_child
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db(databases=["default", "outside"])


@pytest.mark.req("ALR-01")
def test_the_example_is_received(world: World, police: Api) -> None:
    answer = police.send("notifications/", example())
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert body == {
        "ref": body["ref"],
        "reference": "55/2026/0012345",
        "status": "received",
        "children": [
            {"given_name": "Ottilie", "match": "new", "setting": {"urn": "999001", "name": "First School"}},
        ],
        "warnings": [],
    }
    assert answer["Location"] == f"http://testserver/api/v1/notifications/{body['ref']}/"
    with as_user(world.officer):
        notification = Notification.objects.get()
        assert notification.content["narrative"].startswith("CANARY")
        assert notification.controller == world.mash
        (child,) = notification.children.all()
        assert (child.state, child.setting) == ("settled", world.school)
    with as_user(world.ig_lead), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM alerts_notification")
        assert cursor.fetchone() == (0,)


@pytest.mark.req("ALR-01")
def test_the_same_body_again_changes_nothing(world: World, police: Api) -> None:
    first = police.send("notifications/", example()).json()
    shuffled = dict(reversed(example().items()))
    again = police.send("notifications/", json.dumps(shuffled, indent=3, ensure_ascii=True))
    assert (again.status_code, again.json()) == (200, first)
    with as_user(world.officer):
        assert Notification.objects.count() == 1


@pytest.mark.parametrize(
    ("pointer", "value"), [("/narrative", "other"), ("/risk", None), ("/people/2/given_name", "Barnaby")]
)
def test_the_same_reference_with_another_body_is_a_conflict(police: Api, pointer: str, value: str | None) -> None:
    police.send("notifications/", example())
    answer = police.send("notifications/", put(example(), pointer, value))
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert "CANARY" not in answer.content.decode()


@pytest.mark.req("ALR-03")
def test_what_was_sent_is_matched_the_next_time(world: World, police: Api) -> None:
    police.send("notifications/", example())
    answer = police.send("notifications/", with_child(given_name="OTTILIE", setting=None) | {"reference": "2"})
    assert answer.json()["children"] == [
        {"given_name": "OTTILIE", "match": "matched", "setting": {"urn": "999001", "name": "First School"}}
    ]
    misspelt = police.send("notifications/", with_child(given_name="Otilie") | {"reference": "3"}).json()
    assert misspelt["children"][0]["match"] == "possible"
    twin = police.send("notifications/", with_child(given_name="Barnaby") | {"reference": "4"}).json()
    assert twin["children"][0]["match"] == "new"


@pytest.mark.req("ALR-06")
def test_a_child_educated_at_home_goes_to_the_council(world: World, police: Api) -> None:
    answer = police.send("notifications/", with_child(home_educated=True, setting=None)).json()
    assert answer["children"] == [{"given_name": "Ottilie", "match": "new", "setting": None}]
    with as_user(world.officer):
        (child,) = Notification.objects.get().children.all()
        assert (child.state, child.setting, child.home_educated) == ("settled", world.council, True)


@pytest.mark.req("ALR-03")
@pytest.mark.parametrize("setting", [None, {"urn": "123456"}, {"name": "First School"}])
def test_a_setting_that_is_not_known_waits_for_a_person(world: World, police: Api, setting: dict | None) -> None:
    answer = police.send("notifications/", with_child(setting=setting)).json()
    assert answer["children"] == [{"given_name": "Ottilie", "match": "new", "setting": None}]
    with as_user(world.officer):
        (child,) = Notification.objects.get().children.all()
        assert (child.state, child.waiting_for) == ("waiting", "setting")


def test_a_setting_of_another_partnership_is_not_known(world: World, police: Api) -> None:
    with fixtures():
        world.school.partnerships.set([PartnershipFactory()])
    assert police.send("notifications/", example()).json()["children"][0]["setting"] is None


@pytest.mark.req("ALR-03")
def test_a_wrong_check_digit_warns_and_is_kept(world: World, police: Api) -> None:
    answer = police.send("notifications/", with_child(upn="A801200005001"))
    assert answer.status_code == 201
    assert [remark["pointer"] for remark in answer.json()["warnings"]] == ["/people/2/upn"]
    with as_user(world.officer):
        assert Notification.objects.get().content["people"][2]["upn"] == "A801200005001"


@pytest.mark.req("AUD-02")
def test_receipt_is_remembered_without_content(world: World, police: Api) -> None:
    police.send("notifications/", example())
    with as_service("setup"):
        entry = AuditEntry.objects.get(event="notification.received")
        assert entry.actor.is_integration
        assert "CANARY" not in str(entry.additional_data)
        assert "Ottilie" not in str(entry.additional_data)


@pytest.mark.req("NTK-02")
def test_status_is_read_back_and_content_never(world: World, police: Api) -> None:
    ref = police.send("notifications/", example()).json()["ref"]
    answer = police.get(f"notifications/{ref}/")
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {
        "ref", "reference", "status", "occurred_at",
        "received_at", "screened_at", "sent_at", "withheld_at", "closed_at",
    }  # fmt: skip
    assert (body["ref"], body["status"], body["screened_at"]) == (ref, "received", None)
    assert body["occurred_at"] == "2026-11-20T21:40:00Z"
    for secret in ("CANARY", "Ottilie", "Quillfeather", "1990"):
        assert secret not in answer.content.decode()
    assert police.get(f"notifications/{ref.lower().replace('-', '')}/").status_code == 200


@pytest.mark.req("NTK-02")
def test_another_force_s_notification_is_not_there(world: World, police: Api) -> None:
    ref = police.send("notifications/", example()).json()["ref"]
    with fixtures(), as_service("setup"):
        mash = Api(tokens.issue_to_agency(agency=world.mash, scopes=["notifications:read", "notifications:write"]))
    there, absent = mash.get(f"notifications/{ref}/"), mash.get("notifications/N-0000-0000/")
    assert there.status_code == absent.status_code == 404
    assert there.content == absent.content
