"""The bank of texts that people took down: an exact copy is held at once, whatever the other signals say."""

from collections.abc import Iterable

from accounts.models import User
from moderation.models import KnownBad
from moderation.scanning.scanner import known_bad_digest
from posts.models import Revision


def remember(revision: Revision, *, violation: str, by: User) -> None:
    """Add what a person took down."""
    KnownBad.objects.get_or_create(
        digest=known_bad_digest(revision.gated_text), defaults={"violation": violation, "added_by": by}
    )


def forget(revision: Revision) -> None:
    """Take a text out again, when its removal was overturned."""
    KnownBad.objects.filter(digest=known_bad_digest(revision.gated_text)).delete()


def digests_among(texts: Iterable[str]) -> frozenset[bytes]:
    """Those digests of `texts` that are in the bank, in one query."""
    digests = {known_bad_digest(text) for text in texts}
    return frozenset(
        bytes(digest)
        for digest in KnownBad.objects.filter(digest__in=digests).values_list("digest", flat=True)
    )
