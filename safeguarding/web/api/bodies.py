"""Reading a request's body: JSON in UTF-8, no larger than the contract says."""

import contextlib
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.request import UnreadablePostError
from rest_framework.request import Request

from safeguarding.web.api import strict_json
from safeguarding.web.api.problems import Problem

_CHUNK = 64 * 1024
_MOST_DRAINED = 16 * 1024 * 1024


def json_body(request: Request) -> Any:
    """The parsed JSON body, or a problem that says why there is none."""
    if request._request.META.get("CONTENT_LENGTH") in (None, "", "0"):
        raise Problem(400, "The body is empty, or came without its length.")
    _check_media_type(request)
    limit = settings.API_BODY_LIMIT
    if content_length(request._request) > limit:
        raise Problem(413)
    try:
        body = request._request.read(limit + 1)
    except (UnreadablePostError, OSError):
        raise Problem(400, "The body ended before its time. Nothing was kept.") from None
    if len(body) > limit:
        raise Problem(413)
    try:
        return strict_json.loads(body)
    except strict_json.Malformed as error:
        raise Problem(400, str(error)) from None


def content_length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdigit() else 0


def drain(request: HttpRequest) -> None:
    """Take what the sender still sends: a connection closed on it would lose our answer."""
    drained = 0
    with contextlib.suppress(UnreadablePostError, OSError):
        while drained < _MOST_DRAINED and (chunk := request.read(_CHUNK)):
            drained += len(chunk)


def _check_media_type(request: Request) -> None:
    kind, parameters = request._request.content_type, request._request.content_params or {}
    charset = parameters.get("charset", "utf-8").strip("\"'").lower()
    encoded = request._request.META.get("HTTP_CONTENT_ENCODING", "identity").lower()
    if kind != "application/json" or charset not in ("utf-8", "utf8") or encoded != "identity":
        raise Problem(415)
