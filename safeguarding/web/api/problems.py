"""Errors as RFC 9457 problems: every answer under /api/ that is not a success, none with a value in it."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from safeguarding.audit.middleware import remember_refusal
from safeguarding.errors import Conflict, NotVisible, Refused
from safeguarding.web.api.strict_json import canonical

MEDIA_TYPE = "application/problem+json"

_SENTENCES = {
    400: "The body could not be read.",
    401: "Send a token that is in force: Authorization: Bearer <token>.",
    403: "This token may not do this.",
    404: "There is nothing here for this token.",
    405: "This address does not take this method.",
    406: "This address answers in JSON.",
    413: "The body is larger than 1 MiB. Nothing was kept.",
    415: "Send application/json in UTF-8.",
    422: "Some fields are not valid. Nothing was kept.",
    429: "Too many requests. Wait, then send this one again.",
    500: "Something went wrong here. Nothing was kept. Send it again later.",
}


class Problem(Exception):
    """Ends a request with this status; `errors` name the places."""

    def __init__(self, status: int, detail: str = "", errors: Sequence[dict[str, str]] = ()):
        super().__init__(HTTPStatus(status).phrase)
        self.status, self.detail, self.errors = status, detail or _SENTENCES[status], list(errors)


def body_of(status: int, detail: str = "", errors: Sequence[dict[str, str]] = ()) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail or _SENTENCES.get(status, HTTPStatus(status).phrase),
    }
    return {**body, "errors": list(errors)} if errors else body


def handle(error: Exception, context: dict[str, Any]) -> Response:
    """The answer to an error in a view; what was written is rolled back, and the refusal remembered (AUD-01)."""
    headers: dict[str, str] = {}
    problem = _problem(error)
    if problem.status == 500:
        got_request_exception.send(sender=type(context["view"]), request=context["request"]._request)
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(max(1, int(wait)))
    _remember(problem.status, context)
    set_rollback()
    body = body_of(problem.status, problem.detail, problem.errors)
    return Response(body, status=problem.status, headers=headers, content_type=MEDIA_TYPE)


def _problem(error: Exception) -> Problem:
    match error:
        case Problem():
            return error
        case Http404() | NotVisible():
            return Problem(404)
        case Conflict() | Refused():
            return Problem(409, error.sentence)
        case PermissionDenied():
            return Problem(403, str(error))
        case RequestDataTooBig():
            return Problem(413)
        case SuspiciousOperation():
            return Problem(400)
        case exceptions.APIException(status_code=status):
            return Problem(status, _SENTENCES.get(status, HTTPStatus(status).phrase))
    return Problem(500)


def _remember(status: int, context: dict[str, Any]) -> None:
    match = context["request"]._request.resolver_match
    if status in (403, 404, 500) and match is not None:
        remember_refusal(status, match.route, str(match.kwargs.get("ref", "")))


def response(status: int, detail: str = "") -> HttpResponse:
    """A problem outside a view of the API: unknown paths, and errors of the middleware."""
    return HttpResponse(canonical(body_of(status, detail)), status=status, content_type=MEDIA_TYPE)


def not_found(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Unknown paths under /api/ look like absent and forbidden ones."""
    return response(404)
