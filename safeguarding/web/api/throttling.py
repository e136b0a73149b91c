"""So many requests a minute for each token, and fewer for whoever has none (spec v1, conventions: 429)."""

import logging
import time
from typing import Any

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

_WINDOW = 60
log = logging.getLogger("hub.api")


class PerMinute(BaseThrottle):
    """Counts in Redis, so that all web processes count together."""

    def allow_request(self, request: Request, view: Any) -> bool:
        now = time.time()
        window = int(now // _WINDOW)
        self._wait = (window + 1) * _WINDOW - now
        limit = settings.API_REQUESTS_PER_MINUTE
        who = f"token:{request.auth.pk}" if request.auth else f"address:{request.META.get('REMOTE_ADDR', '')}"
        return self._count(f"api-requests:{who}:{window}") <= limit

    def _count(self, key: str) -> int:
        try:
            cache.add(key, 0, timeout=2 * _WINDOW)
            return cache.incr(key)
        except (RedisError, ValueError):
            # A notification is worth more than the count of it.
            log.warning("requests are not counted: the cache does not answer")
            return 0

    def wait(self) -> float:
        return self._wait
