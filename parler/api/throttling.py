"""How often the API may be asked, and how it says so."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from accounts import limiting
from parler.api.authentication import token_of
from parler.api.wire import moment

if TYPE_CHECKING:  # DRF's views import the classes that settings name, these among them.
    from rest_framework.views import APIView


class Throttle(BaseThrottle):
    """Counts a request for its person, its app, or its address. Raises RateLimited, which `errors` answers."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        request.usage = limiting.count(*_counter_of(request, self.get_ident(request)))  # type: ignore[attr-defined]  # Carried to `show_usage`.
        return True


def _counter_of(request: Request, address: str) -> tuple[str, object]:
    token = token_of(request)
    if token is None:
        return "api_anonymous", address
    if token.user_id is None:
        return "api_anonymous", f"app:{token.application_id}"
    return "api_user", token.user_id


def show_usage(response: Response, usage: limiting.Usage) -> None:
    """Say in the headers where the client stands."""
    response["X-RateLimit-Limit"] = str(usage.limit)
    response["X-RateLimit-Remaining"] = str(usage.remaining)
    response["X-RateLimit-Reset"] = moment(datetime.fromtimestamp(usage.resets_at, UTC))
