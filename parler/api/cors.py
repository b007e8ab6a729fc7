"""Cross-origin rules of the API: any origin, no cookies."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_OPEN = re.compile(r"^/(api/|oauth/token|oauth/revoke|\.well-known/|nodeinfo)")


class CorsMiddleware:
    """Opens the API to pages of other sites; cookies are no credential there, so nothing is at risk."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _OPEN.match(request.path):
            return self.get_response(request)
        is_preflight = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
        response = HttpResponse(status=204) if is_preflight else self.get_response(request)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Allow-Methods"] = "GET, POST, PUT, PATCH, DELETE, OPTIONS"
        response["Access-Control-Allow-Headers"] = "Authorization, Content-Type, Idempotency-Key"
        response["Access-Control-Expose-Headers"] = (
            "Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id"
        )
        return response
