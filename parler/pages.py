"""What every page needs, and the error pages."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def site(request: HttpRequest) -> dict[str, Any]:
    """Template context of every page."""
    return {"site_url": settings.PARLER_URL, "contact_email": settings.CONTACT_EMAIL}


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came back without its token: say what to do, keep it a 403."""
    return render(request, "403_csrf.html", status=403)
