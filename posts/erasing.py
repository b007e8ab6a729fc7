"""Erasing an account erases what it wrote: rows stay, so that decisions keep their place; texts go."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts.keeping import NOTHING, Kept
from accounts.models import User
from posts import reacting, revising
from posts.models import Mention, Post, Revision, Tagging
from posts.statuses import Status

GATED_AND_EMPTY = {"handle": "", "heading": "", "text": "", "html": "", "sha256": ""}


@transaction.atomic
def erase_publications(*, user: User, by: User | None = None, kept: Kept = NOTHING, **_signal: Any) -> None:
    """Withdraw every post and the profile of an account that is being erased; blank them and take back its upvotes, but for what is kept."""
    written = Revision.objects.filter(Q(post__author=user) | Q(profile__user=user), erased_at=None)
    revising.move(written, Status.WITHDRAWN, old=[Status.PENDING, Status.HELD, Status.CLEARED], by=by)
    Post.objects.withdrawable_by(user).update(withdrawn_at=Now())
    if kept.account:
        return
    gone = written.exclude(post__in=kept.posts)
    Mention.objects.filter(Q(revision__in=gone) | Q(user=user)).delete()
    Tagging.objects.filter(revision__in=gone).delete()
    gone.update(**GATED_AND_EMPTY, erased_at=Now())
    reacting.remove_all_upvotes(by=user)
