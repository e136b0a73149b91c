"""How often somebody may do something in a while; counted in Redis, so that all web processes count together."""

import hashlib
import logging
import time

from django.core.cache import cache
from redis.exceptions import RedisError

log = logging.getLogger("hub.limits")


def counted(what: str, who: str, seconds: int) -> int:
    """How often, this time included; 0 when nobody can count: what people need is worth more than the count of it."""
    key = f"{what}:{hashlib.sha256(who.encode()).hexdigest()[:32]}:{int(time.time() // seconds)}"
    try:
        cache.add(key, 0, timeout=2 * seconds)
        return int(cache.incr(key))
    except (RedisError, ValueError):
        log.warning("%s is not counted: the cache does not answer", what)
        return 0


def too_many(what: str, who: str, *, most: int, seconds: int) -> bool:
    return counted(what, who, seconds) > most
