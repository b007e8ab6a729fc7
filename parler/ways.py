"""Notes by which way a request acts, for the audit trail."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from moderation.acting import Via, through

WAYS = {"/admin/": Via.DESK, "/api/": Via.API}


class WayMiddleware:
    """Everything that a request does comes from the desk, the API or a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        way = next((way for start, way in WAYS.items() if request.path.startswith(start)), Via.PAGE)
        with through(way):
            return self.get_response(request)
