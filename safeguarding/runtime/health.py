"""`/healthz` and `/readyz`; answered before sessions and walls, for probes that have no name and no host header of ours."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from safeguarding.runtime.readiness import not_ready, remarks


class HealthMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path == "/healthz":
            return JsonResponse({"status": "alive"})
        if request.path == "/readyz":
            missing = not_ready()
            body: dict[str, Any] = {"status": "not ready", "missing": missing} if missing else {"status": "ready"}
            if said := remarks():
                body["remarks"] = said
            return JsonResponse(body, status=503 if missing else 200)
        return self.get_response(request)
