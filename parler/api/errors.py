"""Errors of the API in the form that its clients know: `{"error": "text"}`.

Refusals of verbs become answers here, once. What is expected nowhere stays an exception, and so a 500 and a line in the log.
"""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.core import exceptions
from django.db import DataError, OperationalError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import set_rollback

from accounts.blocking import MayNotAvoid
from accounts.following import MayNotFollow
from accounts.limiting import RateLimited
from accounts.restricting import Restricted
from moderation.appealing import AlreadyAppealed, AppealChanged, AppealClosed, NotAppealable
from moderation.claiming import ClaimLost, MayNotTakeOver
from moderation.deciding import AlreadyDecided, CaseChanged, NotAllowed
from moderation.queueing import NotClaimable
from parler.api.wire import moment
from posts.publishing import MayNotPublish, NotEditable
from posts.revising import IllegalMove

NOT_FOUND = "Record not found"


class TooLarge(APIException):
    """The body is longer than anything that makes sense here."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = "The request is too large"


# Kinds of refusals, the status, and the words; without words, the refusal's own.
_REFUSALS: tuple[tuple[tuple[type[Exception], ...], int, str], ...] = (
    ((Http404, exceptions.ObjectDoesNotExist), 404, NOT_FOUND),
    ((MayNotPublish, MayNotFollow, MayNotAvoid, Restricted, NotAllowed, MayNotTakeOver), 403, ""),
    # Somebody was faster, or what was seen has changed: look again.
    (
        (
            *(AlreadyDecided, CaseChanged, ClaimLost, NotClaimable),
            *(AlreadyAppealed, AppealChanged, AppealClosed, NotAppealable),
        ),
        409,
        "",
    ),
    ((exceptions.PermissionDenied,), 403, "This action is not allowed"),
    ((NotEditable, IllegalMove), 422, ""),
    ((exceptions.RequestDataTooBig,), 413, TooLarge.default_detail),
    # What is nested too deeply for the parser of JSON is a RecursionError.
    (
        (DataError, exceptions.SuspiciousOperation, UnicodeError, RecursionError),
        400,
        "The request cannot be understood",
    ),
    ((OperationalError,), 503, "The service is not available right now"),
)


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer an exception of a view; None leaves it to Django."""
    if isinstance(error, RateLimited):
        return _too_many(error)
    found = _status_and_text(error)
    if found is None:
        return None
    set_rollback()
    code, text = found
    headers = {}
    if code == status.HTTP_401_UNAUTHORIZED and (challenge := getattr(error, "auth_header", "")):
        headers["WWW-Authenticate"] = challenge
    return Response({"error": text}, status=code, headers=headers)


def _status_and_text(error: Exception) -> tuple[int, str] | None:
    match error:
        case ValidationError():
            return 422, f"Validation failed: {_first_sentence(error.detail)}"
        case exceptions.ValidationError():
            return 422, f"Validation failed: {' '.join(error.messages)}"
        case APIException():
            return error.status_code, str(error.detail)
    for kinds, code, text in _REFUSALS:
        if isinstance(error, kinds):
            return code, text or str(error)
    return None


def _first_sentence(detail: Any, name: str = "") -> str:
    """The first of DRF's nested complaints, with the name of its field."""
    if isinstance(detail, dict):
        key = next(iter(detail))
        return _first_sentence(detail[key], "" if key == "non_field_errors" else str(key))
    if isinstance(detail, list):
        return _first_sentence(detail[0], name)
    return f"{name}: {detail}" if name else str(detail)


def _too_many(error: RateLimited) -> Response:
    resets_at = datetime.fromtimestamp(int(timezone.now().timestamp()) + error.retry_after, UTC)
    return Response(
        {"error": "Too many requests"},
        status=status.HTTP_429_TOO_MANY_REQUESTS,
        headers={
            "Retry-After": str(error.retry_after),
            "X-RateLimit-Remaining": "0",
            "X-RateLimit-Reset": moment(resets_at),
        },
    )


@csrf_exempt
def unknown_address(request: HttpRequest, path: str = "") -> JsonResponse:
    """What is not offered answers in JSON as well."""
    return JsonResponse({"error": NOT_FOUND}, status=404)
