"""What an address that a guest typed leads to: found by our own routes, and only what everybody can see.

Whether something that is not public stands at an address is nobody's business: it is as if nothing stood there.
"""

from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _

from accounts.ids import read_id
from posts.models import Post, Profile

POST, PROFILE = "posts:detail", "posts:profile"
PAGES = (POST, PROFILE)


def check(address: str) -> str:
    """The address as it was typed, cleaned. Raises ValidationError for what is no address of a post or profile of this Parler."""
    match = _match(address)
    if match is None or match.view_name not in PAGES:
        raise ValidationError(
            _("This is not the address of a post or of a profile here. It begins with %(start)s")
            % {"start": f"{settings.PARLER_URL}/@…"},
            code="address",
        )
    return address.strip()


def find(address: str) -> Post | Profile | None:
    """The post or profile at a checked address, if everybody can see it; None if nobody can, or not everybody."""
    match = _match(address)
    if match is None:
        return None
    handle = match.kwargs["handle"]
    if match.view_name == PROFILE:
        return Profile.objects.visible_to(AnonymousUser()).named(handle).first()
    number = read_id(str(match.kwargs["pk"]))
    if number is None:
        return None
    return Post.objects.visible_to(AnonymousUser()).filter(pk=number, author__handle__iexact=handle).first()


def _match(address: str) -> ResolverMatch | None:
    """The route of an address on this host, with or without its scheme."""
    typed = address.strip()
    try:
        parts = urlsplit(typed if "://" in typed else f"//{typed}")
        if parts.hostname != urlsplit(settings.PARLER_URL).hostname:
            return None
        return resolve(unquote(parts.path))
    except (Resolver404, ValueError):
        return None
