"""Clients ask with and without a slash at the end; both mean the same. A redirect would lose a POST."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

_PREFIXES = ("/api/", "/oauth/")


class OptionalSlashMiddleware:
    """Routes of the API are written without a slash; one that is sent is dropped before routing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(_PREFIXES) and request.path_info not in _PREFIXES:
            request.path_info = request.path_info.rstrip("/")
        return self.get_response(request)
