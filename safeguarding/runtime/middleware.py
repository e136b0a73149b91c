"""One log line a request, by the route's pattern: a path may hold an invitation's or a reset's secret."""

import logging
import time
import uuid
from collections.abc import Callable

from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

log = logging.getLogger("hub.request")


class RequestLogMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        request_id = uuid.uuid4().hex[:16]
        request.META["hub.request_id"] = request_id
        response = self.get_response(request)
        match = request.resolver_match
        response["X-Request-ID"] = request_id
        log.log(
            logging.ERROR if response.status_code >= 500 else logging.INFO,
            "%s",
            "request",
            extra={
                "method": request.method,
                "route": f"/{match.route}" if match else "(no such page)",
                "status": response.status_code,
                "milliseconds": round((time.monotonic() - started) * 1000),
                "request_id": request_id,
            },
        )
        return response


@receiver(got_request_exception, dispatch_uid="hub-log-crash")
def log_crash(request: HttpRequest | None = None, **_: object) -> None:
    """A crash is logged by kind and place, in place of Django's own line that repeats the error's text."""
    meta = request.META if request is not None else {}
    log.error("crash", exc_info=True, extra={"request_id": meta.get("hub.request_id")})
