"""The desk's second lock: staff come in only with a session that proved a second factor.

allauth keeps in the session how somebody authenticated; a code of an authenticator app, a passkey and a recovery code are "mfa".
A record counts only as long as the account still has a factor, so that removing the last one closes the desk at once.
"""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest


def has_factor(request: HttpRequest, *kinds: str) -> bool:
    """Whether the account has one of these: an authenticator app, a passkey."""
    return bool(is_mfa_enabled(request.user, types=kinds))


def is_proved(request: HttpRequest) -> bool:
    """Whether this session may enter the desk, as far as the second factor goes."""
    if not settings.STAFF_SECOND_FACTOR:
        return True
    records = get_authentication_records(request, request.user)
    return any(record.get("method") == "mfa" for record in records) and has_factor(
        request, Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN
    )
