"""What those who judge do to a post that stays up: label it, limit its reach, lock the thread below it.

Each verb stands beside its undo, changes nothing when it is repeated, and tells whether it changed something: who undoes a
measure lifts only what that measure set. Whoever calls says why (a decision, the trail, the author's reasons); here stands
only what became of the post, and by whom.
"""

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from posts import revising
from posts.models import Mark, Marking, Post, Step


def label(post: Post, *, by: User) -> bool:
    """Put the text behind a warning that moderators marked it sensitive."""
    return _set(post, Mark.LABELLED, by=by)


def unlabel(post: Post, *, by: User) -> bool:
    return _lift(post, Mark.LABELLED, by=by)


def limit(post: Post, *, by: User) -> bool:
    """Leave the post where people look for its author, and in the home of followers; bring it to nobody else."""
    return _set(post, Mark.LIMITED, by=by)


def unlimit(post: Post, *, by: User) -> bool:
    return _lift(post, Mark.LIMITED, by=by)


def lock(post: Post, *, by: User) -> bool:
    """Take no more comments on the post and on anything below it; what is there stays."""
    return _set(post, Mark.LOCKED, by=by)


def unlock(post: Post, *, by: User) -> bool:
    return _lift(post, Mark.LOCKED, by=by)


@transaction.atomic
def _set(post: Post, mark: Mark, *, by: User) -> bool:
    posts = Post.objects.filter(pk=post.pk)
    revising.lock_posts(posts)
    is_changed = bool(posts.filter(**{f"{mark}_at": None}).update(**{f"{mark}_at": Now()}))
    if is_changed:
        Marking.objects.create(post=post, mark=mark, step=Step.SET, by=by)
    return is_changed


@transaction.atomic
def _lift(post: Post, mark: Mark, *, by: User) -> bool:
    posts = Post.objects.filter(pk=post.pk)
    revising.lock_posts(posts)
    is_changed = bool(posts.exclude(**{f"{mark}_at": None}).update(**{f"{mark}_at": None}))
    if is_changed:
        Marking.objects.create(post=post, mark=mark, step=Step.LIFTED, by=by)
    return is_changed
