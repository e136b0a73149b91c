"""Refusals and crashes are remembered too, on a connection that the request's rollback does not reach (AUD-01)."""

import logging
from collections.abc import Callable

from django.db import Error
from django.http import HttpRequest, HttpResponse

from safeguarding.audit.record import record_outside
from safeguarding.refs import normalise_ref

log = logging.getLogger("hub.audit")
_OUTCOMES = {403: ("access.denied", "denied"), 404: ("access.denied", "denied"), 500: ("access.failed", "failed")}


class RefusalMiddleware:
    """Sits behind the principal. The API says the same of its own requests, whose principal comes with the token."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if response.status_code in _OUTCOMES and match is not None and not request.path.startswith("/api/"):
            remember_refusal(response.status_code, match.route, str(match.kwargs.get("ref", "")))
        return response


def remember_refusal(status: int, route: str, ref: str = "") -> None:
    """Which door, and which record was asked for by its reference; anything else that was typed is dropped."""
    event, outcome = _OUTCOMES[status]
    facts = {"status": status, "route": route, "ref": normalise_ref(ref) or ""}
    try:
        record_outside(event, outcome=outcome, facts=facts)
    except Error:
        # When the database is what failed, the answer still goes out.
        log.exception("a refusal could not be remembered")
