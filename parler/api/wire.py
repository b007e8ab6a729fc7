"""Small things in the form that clients expect: moments, ids, absolute addresses."""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.conf import settings

_RELATIVE_LINK = re.compile(r'(<a href=")(/)')


def moment(at: datetime) -> str:
    """UTC with exactly three digits of a second: some clients parse nothing else."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def midnight(at: datetime) -> str:
    """The day, as a moment: when exactly somebody joined is nobody's business."""
    return moment(at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0))


def host() -> str:
    """The name of this server in handles."""
    return urlsplit(settings.PARLER_URL).netloc


def absolute(path: str) -> str:
    """The public address of a path."""
    return f"{settings.PARLER_URL}{path}"


def absolute_links(html: str) -> str:
    """Rendered text links to people and hashtags by path; apps show it on other sites."""
    return _RELATIVE_LINK.sub(rf"\1{settings.PARLER_URL}\2", html)
