"""Cursor pages, newest first; the cursor is the last reference shown, so no database id leaves."""

from collections.abc import Sequence

from rest_framework.request import Request

from safeguarding.web.api.problems import Problem

DEFAULT_LIMIT = 50
HIGHEST_LIMIT = 200


def bad_parameter(name: str, detail: str) -> Problem:
    return Problem(422, errors=[{"parameter": name, "detail": detail}])


def limit(request: Request) -> int:
    """How many the page shall hold, or a problem that names the parameter."""
    text = request.query_params.get("limit")
    if text is None:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= HIGHEST_LIMIT):
        raise bad_parameter("limit", f"Give a number from 1 to {HIGHEST_LIMIT}.")
    return int(text)


def choice(request: Request, name: str, allowed: Sequence[str]) -> str:
    """A filter's value, or a problem that names the parameter."""
    value = request.query_params.get(name)
    if value is not None and value not in allowed:
        raise bad_parameter(name, f"Give one of: {', '.join(allowed)}.")
    return value or ""


def next_address(request: Request, last_ref: str) -> str | None:
    """The address of the page after the one that ends with `last_ref`; none after the last."""
    if not last_ref:
        return None
    parameters = request._request.GET.copy()
    parameters["cursor"] = last_ref
    return request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")
