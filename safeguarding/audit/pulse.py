"""How the sealer is, for /readyz: sealing that lags does no harm at once, but somebody has to look (AUD-03)."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

_KEY = "audit-sealer"


def tell(*, waits_since: dt.datetime | None = None, trouble: str = "") -> str:
    """Written by the sealer at every round; gives back what is wrong, in words."""
    beat: dict[str, Any] = {"at": timezone.now(), "waits_since": waits_since, "trouble": trouble}
    try:
        cache.set(_KEY, beat, timeout=None)
    except RedisError:
        # sealing needs no Redis; only this sign of life is lost
        return ""
    return _words(beat)


def remark() -> str:
    """What is wrong with the sealing, or nothing; before the first start of a sealer there is nothing to say."""
    beat = cache.get(_KEY)
    return _words(beat) if beat else ""


def _words(beat: dict[str, Any]) -> str:
    limit = dt.timedelta(seconds=settings.SEALING_LAG_SECONDS)
    now = timezone.now()
    if now - beat["at"] > limit:
        return f"the sealer has not been heard of for {_seconds(now - beat['at'])} s"
    if beat["trouble"]:
        return "the sealer cannot seal; its log says why"
    if beat["waits_since"] and now - beat["waits_since"] > limit:
        waits = _seconds(now - beat["waits_since"])
        return f"entries have waited for their seal for {waits} s: an open transaction, or more than the sealer can do"
    return ""


def _seconds(span: dt.timedelta) -> int:
    return int(span.total_seconds())
