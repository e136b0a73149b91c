"""The published document: whole, valid, and true of what the endpoints do with whatever is sent."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import schemathesis
from django.urls import URLPattern, URLResolver
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alerts.intake.parsing import Invalid, parse
from safeguarding.api_urls import urlpatterns
from tests.api.conftest import Api
from tests.api.contract import check, document, validator
from tests.factories import World
from tests.intake.bodies import EXAMPLE, missing
from tests.intake.test_parsing import NOW
from tests.support.db import fixtures

pytestmark = pytest.mark.django_db(databases=["default", "outside"])


def _doors(patterns: list[Any], prefix: str = "/api/") -> list[str]:
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += _doors(pattern.url_patterns, f"{prefix}{pattern.pattern}")
        elif isinstance(pattern, URLPattern) and pattern.name not in ("schema", "not-found"):
            found.append(f"{prefix}{pattern.pattern}".replace("<str:", "{").replace(">", "}"))
    return found


def test_the_document_is_valid_and_names_every_door(anybody: Api) -> None:
    answer = anybody.client.get("/api/v1/schema/")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    published = answer.json()
    validate_schema(published)
    assert sorted(published["paths"]) == sorted(_doors(urlpatterns))
    for path, methods in published["paths"].items():
        for method, told in methods.items():
            assert told["security"] == [{"bearer": []}], (path, method)
            assert {"401", "403", "429"} <= set(told["responses"])


def _request_schema() -> Any:
    body = document()["paths"]["/api/v1/notifications/"]["post"]["requestBody"]
    return validator(body["content"]["application/json"]["schema"])


@pytest.mark.parametrize("body", [EXAMPLE, missing(), missing(returned_at="2026-11-21T06:00:00Z")])
def test_the_document_allows_what_the_contract_shows(body: dict[str, Any]) -> None:
    _request_schema().validate(body)


@pytest.mark.parametrize(
    "change",
    [{"kind": "burglary"}, {"extra": 1}, {"people": []}, {"reference": " "}, {"risk": "HIGH"}, {"location": "here"}],
)
def test_what_the_document_forbids_is_refused(change: dict[str, Any]) -> None:
    body = {**EXAMPLE, **change}
    assert not _request_schema().is_valid(body)
    with pytest.raises(Invalid):
        parse(body, now=NOW)


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/api/v1/notifications/", "POST"),
        pytest.param("/api/v1/notifications/{ref}/", "GET", marks=pytest.mark.prove),
        pytest.param("/api/v1/alerts/", "GET", marks=pytest.mark.prove),
        ("/api/v1/alerts/{ref}/", "GET"),
        pytest.param("/api/v1/alerts/{ref}/acknowledge/", "POST", marks=pytest.mark.prove),
    ],
)
def test_whatever_is_sent_is_answered_as_documented(
    world: World, path: str, method: str, police: Api, dsl: Api
) -> None:
    with fixtures():
        alert = world.alert()
    holder = police if "notifications" in path else dsl
    operation = schemathesis.openapi.from_dict(document())[path][method]
    seen = set()

    @given(case=operation.as_strategy(), whole=st.booleans())
    @settings(suppress_health_check=list(HealthCheck))
    def ask(case: Any, whole: bool) -> None:
        if whole and "ref" in (case.path_parameters or {}):
            case.path_parameters["ref"] = alert.ref
        asked = case.as_transport_kwargs(base_url="http://testserver")
        url = urlsplit(requests.Request(method, asked["url"], params=asked.get("params")).prepare().url)
        body = json.dumps(asked["json"]) if "json" in asked else ""
        answer = holder.client.generic(
            method, f"{url.path}?{url.query}", body, "application/json", headers=holder.headers
        )
        seen.add(check(answer).status_code)
        assert answer.status_code < 500

    ask()
    assert seen
