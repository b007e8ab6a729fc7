"""What an account under a restriction may not do is answered with a page that says so; the API does the same in its own words."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User
from accounts.restricting import Restricted

# What stays open to suspended and banned accounts: reasons and appeals, looking after the account, and what runs the pages.
OPEN_APPS = {"accounts", "mfa", "usersessions"}
OPEN = {
    "healthz",
    "readyz",
    "moderation:appeal",
    "moderation:appeals",
    "moderation:answer_appeal",
    "moderation:make_appeal",
    "moderation:notice",
    "moderation:notices",
    "moderation:rules",
    "moderation:statement",
    "moderation:statements",
}
# Those of allauth have no namespace.
OPEN_PREFIXES = ("account_", "mfa_", "usersessions_")
API = "/api/"


class RestrictionMiddleware:
    """Lets suspended accounts only where they have business, and answers Restricted with 403."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        # Tokens say who asks in the API, see `parler.api.access`.
        is_asked = settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path.startswith(API)
        if not is_asked or is_open(request) or not isinstance(request.user, User):
            return None
        restriction = request.user.get_restriction()
        return _refuse(request, restriction.description) if restriction and restriction.is_hiding else None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return _refuse(request, str(exception)) if isinstance(exception, Restricted) else None


def is_open(request: HttpRequest) -> bool:
    """Whether the page is one of those that suspended accounts keep."""
    match = request.resolver_match
    if match is None:
        return False
    return match.view_name in OPEN or match.app_name in OPEN_APPS or match.view_name.startswith(OPEN_PREFIXES)


def _refuse(request: HttpRequest, words: str) -> HttpResponse:
    return render(request, "restricted.html", {"words": words}, status=403)
