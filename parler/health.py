"""Is the web server alive, and is everything there that it needs?"""

import structlog
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from moderation import scanner_loading
from moderation.scanning.scanner import ScannerNotReady

logger = structlog.get_logger(__name__)


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("OK", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """Database, cache and scanner, each "ok" or what is wrong; 503 when one is missing."""
    found = {"database": _database(), "cache": _cache(), "scanner": _scanner()}
    return JsonResponse(found, status=200 if set(found.values()) == {"ok"} else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "not reachable"
    return "ok"


def _cache() -> str:
    try:
        cache.set("readyz", 1, timeout=1)
    except RedisError:
        return "not reachable"
    return "ok"


def _scanner() -> str:
    try:
        scanner_loading.get_scanner()
    except ScannerNotReady as reason:
        # Anybody may ask: where files lie and what is in them is said in the log only.
        logger.critical("scanner_not_ready", reason=str(reason))
        return "not ready"
    return "ok"
