"""Which language somebody reads: their account's own, wherever they are signed in."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from accounts.models import User


class AccountLanguageMiddleware:
    """Speaks the account's language to who is signed in; for others Django's LocaleMiddleware has decided already."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Asking for the user reads the session: only who brings one is asked.
        if settings.SESSION_COOKIE_NAME in request.COOKIES and isinstance(user := request.user, User):
            translation.activate(user.language)
            request.LANGUAGE_CODE = user.language
        return self.get_response(request)
