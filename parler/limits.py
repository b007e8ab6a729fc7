"""Who asks too often gets a page that says when to come back, and who sends too much is not listened to."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.limiting import RateLimited

API = "/api/"


class BodyLimitMiddleware:
    """Refuses a body before anything reads it; the API does the same in its own words.

    Django bounds the fields of a form but not the files sent with it: it would write them all to the disk, for anybody, even
    where no page takes one. A body without a length is empty in WSGI.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        is_small = length.isdecimal() and int(length) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if is_small or request.path.startswith(API):
            return self.get_response(request)
        raise RequestDataTooBig


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
