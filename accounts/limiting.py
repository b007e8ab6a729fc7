"""How often somebody may do something: fixed windows, counted in the shared cache."""

import time
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

logger = structlog.get_logger(__name__)


class RateLimited(Exception):
    """Too many in a short time; `retry_after` seconds from now it is possible again."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"Too many requests; try again in {retry_after} seconds.")
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Usage:
    """Where somebody stands: `remaining` of `limit` until `resets_at` (seconds since 1970)."""

    limit: int
    remaining: int
    resets_at: int


def count(scope: str, identity: object) -> Usage:
    """Count one more use of `scope` (a key of settings.RATE_LIMITS) by `identity`; raise RateLimited beyond the limit.

    With the cache gone everything is allowed: limits protect the service, the gate protects its readers.
    """
    limit, seconds = (int(part) for part in settings.RATE_LIMITS[scope].split("/"))
    now = int(time.time())
    window = now // seconds
    key = f"limit:{scope}:{identity}:{window}"
    try:
        cache.add(key, 0, timeout=seconds)
        used = cache.incr(key)
    except (RedisError, ValueError):
        logger.warning("limits_not_counted", scope=scope)
        used = 1
    resets_at = (window + 1) * seconds
    if used > limit:
        raise RateLimited(retry_after=max(1, resets_at - now))
    return Usage(limit=limit, remaining=limit - used, resets_at=resets_at)
