"""So many requests a minute for each token, and fewer for whoever has none (spec v1, conventions: 429)."""

import time
from typing import Any

from django.conf import settings
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from safeguarding.web.limits import too_many

_WINDOW = 60


class PerMinute(BaseThrottle):
    """Counts in Redis, so that all web processes count together."""

    def allow_request(self, request: Request, view: Any) -> bool:
        now = time.time()
        window = int(now // _WINDOW)
        self._wait = (window + 1) * _WINDOW - now
        limit = settings.API_REQUESTS_PER_MINUTE
        who = f"token:{request.auth.pk}" if request.auth else f"address:{request.META.get('REMOTE_ADDR', '')}"
        return not too_many("api-requests", who, most=limit, seconds=_WINDOW)

    def wait(self) -> float:
        return self._wait
