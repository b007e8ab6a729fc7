"""Who asks too often gets a page that says when to come back, and who sends too much is not listened to."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import render

from accounts.limiting import RateLimited

API = "/api/"
# Of a body that is refused so much is still read and thrown away: a client that is cut off while it sends never reads why.
MOST_DISCARDED = 8 * 1024 * 1024
PIECE = 64 * 1024


class BodyLimitMiddleware:
    """Refuses a body before anything reads it; the API does the same in its own words.

    Django bounds the fields of a form but not the files sent with it: it would write them all to the disk, for anybody, even
    where no page takes one. A body without a length is empty in WSGI.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            return self.get_response(request)
        if not request.path.startswith(API):
            discard_body(request)
            raise RequestDataTooBig
        response = self.get_response(request)
        discard_body(request)
        return response


def discard_body(request: HttpRequest) -> None:
    """Read what is left of a body, up to MOST_DISCARDED bytes, and keep nothing of it."""
    try:
        for _piece in range(MOST_DISCARDED // PIECE):
            if not request.read(PIECE):
                return
    except UnreadablePostError:
        return  # The client is gone, and nobody waits for the answer.


class RateLimitMiddleware:
    """Answers RateLimited with 429 and Retry-After; the API does the same in its own words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, RateLimited):
            return None
        response = render(request, "429.html", {"retry_after": exception.retry_after}, status=429)
        response.headers["Retry-After"] = str(exception.retry_after)
        return response
