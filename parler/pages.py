"""What every page needs, and the error pages."""

from typing import Any, cast

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from moderation import inbox
from parler import second_factor


def site(request: HttpRequest) -> dict[str, Any]:
    """Template context of every page. What is counted is counted by the pages that show it."""
    return {
        "site_url": settings.PARLER_URL,
        "contact_email": settings.CONTACT_EMAIL,
        "count_unread": lambda: inbox.count_unread(cast("User", request.user)),
    }


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came back without its token: say what to do, keep it a 403."""
    return render(request, "403_csrf.html", status=403)


@never_cache
@login_required
@require_safe
def second_factor_needed(request: HttpRequest) -> HttpResponse:
    """What somebody has to do before the desk lets them in: set a second factor up, or prove the one that they have."""
    context = {
        "is_proved": second_factor.is_proved(request),
        "has_app": second_factor.has_factor(request, Authenticator.Type.TOTP),
        "has_passkey": second_factor.has_factor(request, Authenticator.Type.WEBAUTHN),
    }
    return render(request, "accounts/second_factor.html", context)
