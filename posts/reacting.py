"""Small answers to a post: upvotes."""

from django.db import transaction
from django.db.models import F

from accounts.models import User
from accounts.restricting import refuse_if_restricted
from posts.models import Post, Upvote


@transaction.atomic
def upvote(post: Post, *, by: User) -> None:
    """Count `by` among those who like the post; a second time changes nothing. The post is one that `by` may see. Raises Restricted."""
    refuse_if_restricted(by)
    _upvote, is_new = Upvote.objects.get_or_create(user=by, post=post)
    if is_new:
        Post.objects.filter(pk=post.pk).update(upvote_count=F("upvote_count") + 1)


@transaction.atomic
def remove_upvote(post: Post, *, by: User) -> None:
    """Take the upvote back; without one nothing changes."""
    removed, _details = Upvote.objects.filter(user=by, post=post).delete()
    if removed:
        Post.objects.filter(pk=post.pk).update(upvote_count=F("upvote_count") - removed)


@transaction.atomic
def remove_all_upvotes(*, by: User) -> None:
    """Take every upvote of an account back, in two statements however many they are."""
    upvoted = Upvote.objects.filter(user=by).values("post")
    Post.objects.filter(pk__in=upvoted).update(upvote_count=F("upvote_count") - 1)
    Upvote.objects.filter(user=by).delete()
