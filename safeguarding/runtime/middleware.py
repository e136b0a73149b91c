"""Who is calling, behind a proxy; and one log line a request."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.core.signals import got_request_exception
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

log = logging.getLogger("hub.request")


class ProxyMiddleware:
    """The caller's own address for the audit, from the one proxy in front of us; what callers write before it is theirs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.TRUST_PROXY:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nearest = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        # Without a readable one the address of the connection stands.
        with suppress(ValueError):
            request.META["REMOTE_ADDR"] = str(ip_address(nearest))
        return self.get_response(request)


class RequestLogMiddleware:
    """By the route's pattern, never the path: a path may hold an invitation's or a reset's secret."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.monotonic()
        response = self.get_response(request)
        match = request.resolver_match
        log.log(
            logging.ERROR if response.status_code >= 500 else logging.INFO,
            "request",
            extra={
                "method": request.method,
                "route": f"/{match.route}" if match else "(no such page)",
                "status": response.status_code,
                "milliseconds": round((time.monotonic() - started) * 1000),
                "request_id": getattr(request, "request_id", None),
            },
        )
        return response


@receiver(got_request_exception, dispatch_uid="hub-log-crash")
def log_crash(request: HttpRequest | None = None, **_: object) -> None:
    """A crash is logged by kind and place, in place of Django's own line that repeats the error's text."""
    log.error("crash", exc_info=True, extra={"request_id": getattr(request, "request_id", None)})
