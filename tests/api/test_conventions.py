"""What every address of the API does the same way: tokens, scopes, problems (spec v1, conventions)."""

import datetime as dt
import io
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone

from alerts.intake import api as intake_api
from alerts.intake.models import Notification
from safeguarding.agencies import tokens
from safeguarding.agencies.enums import Scope
from safeguarding.agencies.models import ApiToken, Membership
from safeguarding.audit.models import AuditEntry
from tests.api.conftest import Api
from tests.factories import World
from tests.intake.bodies import example, with_child
from tests.support.db import as_service, as_user, fixtures

pytestmark = pytest.mark.django_db(databases=["default", "outside"])


def is_problem(answer: HttpResponse, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = json.loads(answer.content)
    assert body["status"] == status
    assert body["title"]
    assert body["detail"].endswith(".")
    assert body["type"]
    return body


@pytest.mark.req("NTK-07")
@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer x", "Basic eDp5", "Bearer a b", "Bearer " + "x" * 5000, "Bearer \x80"]
)
def test_without_a_token_in_force_nothing_is_said(anybody: Api, header: str | None) -> None:
    if header is not None:
        anybody.headers = {"authorization": header}
    for answer in (
        anybody.get("alerts/"),
        anybody.get("alerts/A-0000-0000/"),
        anybody.get("notifications/N-0000-0000/"),
        anybody.send("notifications/", example()),
        anybody.client.head("/api/v1/alerts/", headers=anybody.headers),
    ):
        if answer.request["REQUEST_METHOD"] != "HEAD":
            is_problem(answer, 401)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.req("NTK-07")
@pytest.mark.parametrize("how", ["expired", "revoked", "inactive", "left"])
def test_a_token_ends_at_once(world: World, police: Api, how: str) -> None:
    with fixtures():
        token = ApiToken.objects.get()
        changes = {"expired": {"expires_at": timezone.now()}, "revoked": {"revoked_at": timezone.now()}}.get(how, {})
        ApiToken.objects.filter(pk=token.pk).update(**changes or {"last_used_at": None})
        if how == "inactive":
            token.user.is_active = False
            token.user.save()
        if how == "left":
            Membership.objects.filter(user=token.user).update(ended_at=timezone.now())
    is_problem(police.send("notifications/", example()), 401)
    with as_user(world.officer):
        assert not Notification.objects.exists()


@pytest.mark.django_db(transaction=True, databases=["default", "outside"])
def test_a_token_is_kept_as_a_hash_and_its_use_is_noted(world: World, police: Api) -> None:
    secret = police.headers["authorization"].removeprefix("Bearer ")
    with fixtures():
        token = ApiToken.objects.get()
        assert bytes(token.digest) == tokens.digest_of(secret)
        assert token.last_used_at is None
    police.send("notifications/", "{")
    with fixtures():
        assert ApiToken.objects.get().last_used_at is not None


@pytest.mark.django_db(transaction=True, databases=["default", "outside"])
@pytest.mark.req("NTK-02")
def test_a_token_does_only_what_its_scope_says(world: World, police: Api, dsl: Api) -> None:
    with fixtures(), as_service("setup"):
        reader = Api(tokens.issue_to_agency(agency=world.police, scopes=[Scope.NOTIFICATIONS_READ]))
        person = Api(tokens.issue_to_person(user=world.dsl, scopes=[Scope.ALERTS_READ]))
        alert = world.alert()
    is_problem(reader.send("notifications/", example()), 403)
    is_problem(person.send(f"alerts/{alert.ref}/acknowledge/", ""), 403)
    is_problem(police.get("alerts/"), 403)
    is_problem(dsl.send("notifications/", example()), 403)
    with transaction.atomic(), as_service("setup"):
        assert AuditEntry.objects.filter(event="access.denied", outcome="denied").count() == 4


@pytest.mark.req("NTK-01")
@pytest.mark.parametrize(
    "path",
    [
        "",
        "v1",
        "v1/",
        "v1/nothing/",
        "v1/alerts",
        "v2/alerts/",
        "v1/notifications//",
        "v1/alerts/A-0000-0000",
        "v1/\x00",
    ],
)
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_unknown_paths_are_problems_too(anybody: Api, path: str, method: str) -> None:
    is_problem(getattr(anybody.client, method)(f"/api/{path}"), 404)


def test_a_request_that_no_view_sees_is_a_problem_too(anybody: Api) -> None:
    is_problem(anybody.client.get("/api/v1/alerts/", headers={"host": "elsewhere.example"}), 400)


def test_methods_that_are_not_offered(police: Api, dsl: Api) -> None:
    is_problem(police.get("notifications/"), 405)
    is_problem(dsl.send("alerts/", {}), 405)
    for method in ("put", "patch", "delete"):
        is_problem(police.send("notifications/N-0000-0000/", {}, method=method), 405)
        is_problem(dsl.send("alerts/A-0000-0000/", {}, method=method), 405)
    is_problem(dsl.client.options("/api/v1/alerts/", headers=dsl.headers), 405)


def test_only_json_is_answered(police: Api, dsl: Api) -> None:
    is_problem(dsl.get("alerts/", accept="text/html"), 406)
    is_problem(police.send("notifications/", example(), accept="application/xml"), 406)
    assert dsl.get("alerts/", accept="*/*").status_code == 200
    assert dsl.get("alerts/", accept="application/problem+json").status_code == 200
    assert dsl.get("alerts/?format=html").status_code == 200


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        ("text/plain", {}),
        ("application/x-www-form-urlencoded", {}),
        ("multipart/form-data; boundary=x", {}),
        ("", {}),
        ("application/json; charset=latin-1", {}),
        ("application/json", {"content-encoding": "gzip"}),
    ],
)
def test_only_json_is_taken(police: Api, kind: str, headers: dict[str, str]) -> None:
    is_problem(police.send("notifications/", example(), content_type=kind, **headers), 415)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b'{"a": NaN}', b'{"a": 1, "a": 1}', b'"\\ud800"', b"[" * 100_000, b"\x00"]
)
def test_malformed_json(police: Api, body: bytes) -> None:
    is_problem(police.send("notifications/", body), 400)


def test_a_body_of_two_mebibytes_is_too_large(world: World, police: Api) -> None:
    big = json.dumps(example(narrative="CANARY" * 350_000)).encode()
    is_problem(police.send("notifications/", big), 413)
    with as_user(world.officer):
        assert not Notification.objects.exists()


def test_a_body_without_a_length_is_cut_at_the_limit(police: Api) -> None:
    body = json.dumps(example(narrative="x" * 1_100_000)).encode()
    answer = police.client.generic(
        "POST", "/api/v1/notifications/", body, "application/json", headers=police.headers, CONTENT_LENGTH="nonsense"
    )
    assert answer.status_code in (400, 413)


def test_a_body_of_nearly_one_mebibyte_is_read(police: Api) -> None:
    body = example(narrative="x" * 200_000)
    body["padding"] = "y" * 800_000
    errors = is_problem(police.send("notifications/", body), 422)["errors"]
    assert [error["pointer"] for error in errors] == ["/padding"]


def test_every_bad_field_is_named_with_its_pointer(police: Api) -> None:
    body = with_child(date_of_birth="2016-02-30", upn="CANARY") | {"CANARY~/x": 1, "risk": "CANARY"}
    problem = is_problem(police.send("notifications/", body), 422)
    pointers = {error["pointer"] for error in problem["errors"]}
    assert pointers == {"/people/2/date_of_birth", "/people/2/upn", "/risk", "/CANARY~0~1x"}


@pytest.mark.parametrize("limit", ["0", "201", "-1", "ten", "", "1.5", "٣", "99999999999"])
def test_a_bad_query_parameter_is_named(dsl: Api, limit: str) -> None:
    problem = is_problem(dsl.get(f"alerts/?limit={limit}"), 422)
    assert [error["parameter"] for error in problem["errors"]] == ["limit"]
    for name in ("status", "kind", "cursor"):
        problem = is_problem(dsl.get(f"alerts/?{name}=withheld"), 422)
        assert [error["parameter"] for error in problem["errors"]] == [name]


def test_too_many_requests_are_told_when_to_come_back(dsl: Api, police: Api, settings: Any) -> None:
    settings.API_REQUESTS_PER_MINUTE = 2
    answers = [dsl.get("alerts/") for _ in range(3)]
    # The window may turn between two requests, never between four.
    answers += [dsl.get("alerts/") for _ in range(3)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    is_problem(refused[-1], 429)
    assert 1 <= int(refused[-1]["Retry-After"]) <= 60
    assert police.send("notifications/", example()).status_code == 201


@pytest.mark.django_db(transaction=True, databases=["default", "outside"])
@pytest.mark.req("AUD-02")
def test_a_crash_is_a_problem_without_case_data(
    world: World, police: Api, monkeypatch: pytest.MonkeyPatch, log: io.StringIO
) -> None:
    def crash(**values: Any) -> None:
        raise RuntimeError(f"cannot take {values['content'].narrative} of {values['content'].people[2].given_name}")

    monkeypatch.setattr(intake_api, "receive", crash)
    answer = police.send("notifications/", example())
    is_problem(answer, 500)
    assert '"message": "crash"' in log.getvalue()
    for text in (answer.content.decode(), log.getvalue()):
        assert "CANARY" not in text
        assert "Ottilie" not in text
    with transaction.atomic(), as_service("setup"):
        assert AuditEntry.objects.filter(event="access.failed", outcome="failed").exists()


@pytest.mark.req("AUD-02")
def test_bad_input_leaves_no_case_data_in_any_log(police: Api, log: io.StringIO) -> None:
    police.send("notifications/", example())
    police.send("notifications/", example(narrative="CANARY again"))
    police.send("notifications/", with_child(date_of_birth="CANARY"))
    police.send("notifications/", '{"narrative": "CANARY" x')
    police.get("notifications/CANARY/")
    assert "hub.request" in log.getvalue()
    assert "CANARY" not in log.getvalue()
    assert "Quillfeather" not in log.getvalue()


def issue(*arguments: str) -> str:
    out = io.StringIO()
    with fixtures():
        call_command("issue_token", *arguments, stdout=out, stderr=io.StringIO())
    *_, last = out.getvalue().splitlines()
    return last


def test_the_command_prints_a_working_token_alone_on_the_last_line(world: World) -> None:
    police = Api(issue("--agency", world.police.slug, "--scopes", "notifications:write,notifications:read"))
    ref = police.send("notifications/", example()).json()["ref"]
    assert police.get(f"notifications/{ref}/").status_code == 200
    person = Api(issue("--user", world.dsl.email.upper()))
    assert person.get("alerts/").status_code == 200
    is_problem(Api(issue("--user", world.dsl.email, "--scopes", "alerts:write")).get("alerts/"), 403)
    with fixtures():
        assert ApiToken.objects.filter(expires_at__lt=timezone.now() + dt.timedelta(days=366)).count() == 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("--agency", "nobody", "--scopes", "notifications:write"),
        ("--user", "nobody@nowhere.example"),
        ("--agency", "POLICE", "--scopes", "alerts:read"),
        ("--agency", "POLICE", "--scopes", "everything"),
        ("--agency", "POLICE"),
        ("--agency", "POLICE", "--scopes", "notifications:write", "--partnership", "elsewhere"),
    ],
)
def test_the_command_says_what_it_cannot_issue(world: World, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match=r"\.$"):
        issue(*(world.police.slug if argument == "POLICE" else argument for argument in arguments))
    with fixtures():
        assert not ApiToken.objects.exists()


def test_only_police_and_hub_may_send(world: World) -> None:
    token = issue("--agency", world.school.slug, "--scopes", "notifications:write")
    is_problem(Api(token).send("notifications/", example()), 403)
