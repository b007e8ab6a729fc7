"""What a handle may look like."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

MAX_LENGTH = 30
PATTERN = r"[A-Za-z0-9_]{2,30}"

# Handles that would read as the platform speaking, or collide with an address.
RESERVED = frozenset(
    [
        "about",
        "account",
        "accounts",
        "admin",
        "administrator",
        "api",
        "appeals",
        "everyone",
        "explore",
        "help",
        "home",
        "login",
        "logout",
        "me",
        "moderation",
        "moderator",
        "notifications",
        "null",
        "oauth",
        "official",
        "parler",
        "postmaster",
        "privacy",
        "root",
        "rules",
        "search",
        "security",
        "settings",
        "signup",
        "staff",
        "static",
        "support",
        "system",
        "terms",
        "transparency",
        "undefined",
        "webmaster",
    ]
)


def refuse_reserved(handle: str) -> None:
    """Raise ValidationError for a handle that only the platform itself could use."""
    if handle.lower() in RESERVED:
        raise ValidationError(_("This handle is reserved. Please choose another one."), code="reserved")


HANDLE_VALIDATORS: list[Callable[[str], None]] = [
    RegexValidator(
        rf"\A{PATTERN}\Z", _("A handle has 2 to 30 letters (A to Z), digits or underscores."), code="invalid"
    ),
    refuse_reserved,
]
