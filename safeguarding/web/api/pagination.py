"""Cursor pages, newest first; the cursor is the last reference shown, so no database id leaves."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from rest_framework.request import Request

from safeguarding.refs import normalise_ref
from safeguarding.web.api.problems import Problem

DEFAULT_LIMIT = 50
HIGHEST_LIMIT = 200


@dataclass(frozen=True)
class Page:
    rows: list[Any]
    next: str | None


def paginate(rows: QuerySet[Any], request: Request, *, newest_by: str) -> Page:
    """A page of `rows` and the address of the next one; pages stay whole while newer rows arrive."""
    limit = _limit(request.query_params.get("limit"))
    after = request.query_params.get("cursor")
    ordered = rows.order_by(f"-{newest_by}", "-pk")
    if after is not None:
        ref = normalise_ref(after)
        last = rows.filter(ref=ref).values_list(newest_by, "pk").first() if ref else None
        if last is None:
            raise Problem(422, errors=[{"parameter": "cursor", "detail": "Use the address in next as it was given."}])
        moment, pk = last
        ordered = ordered.filter(Q(**{f"{newest_by}__lt": moment}) | Q(**{newest_by: moment}, pk__lt=pk))
    found = list(ordered[: limit + 1])
    page = found[:limit]
    return Page(page, _address(request, page[-1].ref) if len(found) > limit else None)


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= HIGHEST_LIMIT):
        detail = f"Give a number from 1 to {HIGHEST_LIMIT}."
        raise Problem(422, errors=[{"parameter": "limit", "detail": detail}])
    return int(text)


def _address(request: Request, ref: str) -> str:
    parameters = request._request.GET.copy()
    parameters["cursor"] = ref
    return request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")


def choice(request: Request, name: str, allowed: list[str]) -> str | None:
    """A filter's value, or a problem that names the parameter."""
    value = request.query_params.get(name)
    if value is not None and value not in allowed:
        raise Problem(422, errors=[{"parameter": name, "detail": f"Give one of: {', '.join(allowed)}."}])
    return value
