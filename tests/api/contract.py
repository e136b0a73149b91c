"""The published document as a judge: every answer of every API test must be as it says."""

from functools import cache
from typing import Any

import jsonschema
from django.http import HttpResponse
from django.urls import Resolver404, resolve
from drf_spectacular.generators import SchemaGenerator

_PUBLIC = ("schema", "not-found")


@cache
def document() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)


def operation(path: str, method: str) -> dict[str, Any] | None:
    """What the document says of this method at this address; None where the API has no such door."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    if match.url_name in _PUBLIC:
        return None
    template = "/" + match.route.replace("<str:", "{").replace(">", "}")
    methods = document()["paths"][template]
    return methods.get("get" if method == "HEAD" else method.lower())


def check(answer: HttpResponse) -> HttpResponse:
    """The status is documented, and the body has the documented shape."""
    request = answer.request
    told = operation(request["PATH_INFO"], request["REQUEST_METHOD"])
    if told is None or answer.status_code >= 500:
        return answer
    assert str(answer.status_code) in told["responses"], f"{answer.status_code} is not documented"
    kind = answer["Content-Type"]
    content = told["responses"][str(answer.status_code)]["content"]
    assert kind in content, f"{kind} is not documented for {answer.status_code}"
    if request["REQUEST_METHOD"] != "HEAD":
        validator(content[kind]["schema"]).validate(answer.json())
    return answer


def validator(schema: dict[str, Any]) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(
        _without_nullable(schema), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def _without_nullable(schema: Any) -> Any:
    """OpenAPI 3.0's `nullable` in JSON Schema's own words."""
    if isinstance(schema, list):
        return [_without_nullable(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: _without_nullable(part) for key, part in schema.items() if key != "nullable"}
    return {"anyOf": [plain, {"type": "null"}]} if schema.get("nullable") is True else plain
