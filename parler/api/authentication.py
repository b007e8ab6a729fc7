"""Who asks the API: bearer tokens only, cookies count for nothing."""

import hashlib
from typing import Any

from django.contrib.auth.models import AnonymousUser
from oauth2_provider.models import AccessToken
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts.models import User

SCHEME = "bearer"


def token_of(request: Request) -> Any:
    """The access token that a request came with (django-oauth-toolkit ships no types), or nothing."""
    return request.auth


class BearerAuthentication(BaseAuthentication):
    """An OAuth 2 access token in the Authorization header, of a person or of an app that acts for itself.

    A token that is wrong or revoked is refused everywhere, also where none is needed: the client shall learn of it.
    """

    def authenticate(self, request: Request) -> tuple[User | AnonymousUser, AccessToken] | None:
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        checksum = hashlib.sha256(token.strip().encode(errors="replace")).hexdigest()
        found = (
            AccessToken.objects.select_related("user", "application").filter(token_checksum=checksum).first()
        )
        if found is None or found.is_expired():
            raise AuthenticationFailed("The access token is invalid")
        if found.user is not None and not found.user.is_active:
            raise PermissionDenied("Your login is currently disabled")
        return found.user or AnonymousUser(), found

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'
