"""What the gate knows about where a text appears: whether its author is new, and whether its thread is heated."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Count, Q
from django.db.models.functions import Coalesce, Now

from accounts.models import User
from moderation.models import Case
from moderation.scanning.scanner import Circumstances
from posts.models import Post, Revision

NEW_FOR = timedelta(days=7)
KNOWN_FROM = 3
"""Shown posts from which an account is not new any more, however young it is."""
HEATED_WITHIN = timedelta(hours=1)
HEATED_FROM = 3
"""Cases in a thread within the last hour that make it heated."""


def circumstances_of(revisions: Sequence[Revision]) -> list[Circumstances]:
    """One entry a revision, in order, in three queries for any number of them; ages are counted by the database's clock."""
    places = {
        post_id: (author_id, thread_id)
        for post_id, author_id, thread_id in Post.objects.filter(
            pk__in=[revision.post_id for revision in revisions if revision.post_id]
        ).values_list("pk", "author_id", Coalesce("root_id", "pk"))
    }
    new_authors = _new_among({author for author, _ in places.values()})
    heated = _heated_among({thread for _, thread in places.values()})
    found = []
    for revision in revisions:
        author, thread = places.get(revision.post_id, (None, None))
        found.append(Circumstances(is_new_account=author in new_authors, is_heated_thread=thread in heated))
    return found


def _new_among(authors: set[int]) -> set[int]:
    young = User.objects.filter(pk__in=authors, joined_at__gt=Now() - NEW_FOR)
    shown = Count("posts", filter=Q(posts__shown__isnull=False))
    return set(young.annotate(shown=shown).filter(shown__lt=KNOWN_FROM).values_list("pk", flat=True))


def _heated_among(threads: set[int]) -> set[int]:
    """Those threads in which people or the scanner found much to look at just now."""
    recent = Case.objects.filter(
        Q(post__in=threads) | Q(post__root__in=threads), opened_at__gt=Now() - HEATED_WITHIN
    )
    counted = recent.values_list(Coalesce("post__root_id", "post_id")).annotate(cases=Count("pk"))
    return {thread for thread, cases in counted if cases >= HEATED_FROM}
