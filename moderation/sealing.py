"""The seal over the end of the audit trail: a MAC with a key that the database never sees.

The chain alone says nothing of rows cut off at its end, and whoever owns the database can compute it anew. The seal needs SECRET_KEY.
"""

from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "moderation.sealing"


def seal(last_hash: str) -> str:
    """The seal over a trail that ends with this hash; an empty trail ends with an empty one."""
    return _mac(last_hash, settings.SECRET_KEY)


def valid_seals(last_hash: str) -> list[str]:
    """What may stand there: the seal of the present key, and those of keys that were in use before."""
    return [_mac(last_hash, key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]


def _mac(last_hash: str, key: str) -> str:
    return salted_hmac(SALT, last_hash, secret=key, algorithm="sha256").hexdigest()
