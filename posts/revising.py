"""Revisions come and move here, and nowhere else.

Every step is a compare-and-swap under a lock: of two who act at once, one wins. Locks are taken in one order (posts by id,
profiles by id, then revisions by id, then whatever others keep about them), so that batches of workers and people do not
wait for each other in a circle.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Now

from accounts.models import User
from posts import text
from posts.models import Hashtag, Mention, Post, Profile, Revision, Tagging, Transition
from posts.signals import moved
from posts.statuses import Status


class IllegalMove(Exception):
    """The revision is no longer where this step starts from; somebody else was faster."""


def add(revision: Revision, *, by: User) -> Revision:
    """Store a new pending revision with its tokens. The caller holds a transaction and has set subject, number and texts."""
    tokens = text.tokenise(revision.text)
    mentioned = list(User.objects.present().filter(_any_handle(tokens.handles))) if tokens.handles else []
    known = frozenset(user.handle.lower() for user in mentioned)
    revision.html = text.render(revision.text, known_handles=known)
    revision.sha256 = revision.compute_sha256()
    revision.save(force_insert=True)
    if mentioned:
        Mention.objects.bulk_create(Mention(revision=revision, user=user) for user in mentioned)
    if tokens.hashtags:
        _tag(revision, tokens.hashtags)
    _record([revision], old="", new=Status.PENDING, by=by)
    return revision


def _any_handle(handles: Iterable[str]) -> Q:
    return Q(*[Q(handle__iexact=handle) for handle in handles], _connector=Q.OR)


def _tag(revision: Revision, names: Collection[str]) -> None:
    Hashtag.objects.bulk_create([Hashtag(name=name) for name in sorted(names)], ignore_conflicts=True)
    hashtags = Hashtag.objects.filter(name__in=names)
    Tagging.objects.bulk_create(
        Tagging(revision=revision, post_id=revision.post_id, hashtag=hashtag) for hashtag in hashtags
    )


def move(
    revisions: Iterable[Revision], new: Status, *, old: Collection[Status], by: User | None
) -> list[Revision]:
    """Move those revisions that still stand at one of `old` to `new`; return them as they are now, ordered by id.

    The caller holds a transaction. What is shown follows: a cleared revision is shown when no newer one is, and what is no
    longer cleared is shown no longer. `by` is None for the machine.
    """
    revisions = list(revisions)
    ids = [revision.pk for revision in revisions]
    before = lock_posts(Post.objects.filter(revisions__in=ids))
    _lock_profiles({revision.profile_id for revision in revisions if revision.profile_id})
    locked = list(
        Revision.objects.select_for_update(no_key=True).filter(pk__in=ids, status__in=old).order_by("pk")
    )
    moved_ids = [revision.pk for revision in locked]
    steps: dict[Status, list[Revision]] = defaultdict(list)
    for revision in locked:
        steps[Status(revision.status)].append(revision)
    if new != Status.CLEARED:
        Post.objects.filter(shown__in=moved_ids).update(shown=None)
        Profile.objects.filter(shown__in=moved_ids).update(shown=None)
    Revision.objects.filter(pk__in=moved_ids).update(status=new, decided_at=Now())
    for revision in locked:
        revision.status = new
    if new == Status.CLEARED:
        _show(locked)
    _count(before)
    for step, group in steps.items():
        _record(group, old=step, new=new, by=by)
    return locked


def lock_posts(posts: QuerySet[Post]) -> dict[int, bool]:
    """Lock posts and those whose counters may change with them, in order of id; tell which of the former are shown."""
    own_ids = set()
    lock_ids: set[int] = set()
    for own, parent, echoed in posts.values_list("pk", "parent_id", "echoed_id"):
        own_ids.add(own)
        lock_ids.update(post_id for post_id in (own, parent, echoed) if post_id)
    locked = Post.objects.select_for_update(no_key=True).filter(pk__in=lock_ids).order_by("pk")
    return {post.pk: post.shown_id is not None for post in locked if post.pk in own_ids}


def _lock_profiles(ids: Collection[int]) -> None:
    if ids:
        list(Profile.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values("pk"))


def lock_subjects(revisions: Iterable[Revision]) -> None:
    """Lock what revisions are versions of, before locking anything that hangs on it. The caller holds a transaction.

    Who moves some revisions one way and some another locks all their subjects first: one order holds within one call only.
    """
    revisions = list(revisions)
    lock_posts(Post.objects.filter(pk__in=[revision.post_id for revision in revisions if revision.post_id]))
    _lock_profiles({revision.profile_id for revision in revisions if revision.profile_id})


def show_again(revision: Revision, shown_id: int | None) -> None:
    """Let the subject show what it showed once, where it shows nothing now and that is still cleared. The caller holds its lock."""
    if shown_id is None or not Revision.objects.cleared().filter(pk=shown_id).exists():
        return
    before = lock_posts(Post.objects.filter(pk=revision.post_id, shown=None, withdrawn_at=None))
    Post.objects.filter(pk__in=before).update(shown=shown_id)
    Profile.objects.filter(pk=revision.profile_id, shown=None).update(shown=shown_id)
    _count(before)


def _show(revisions: list[Revision]) -> None:
    """Let each subject show its newest cleared revision."""
    newest = Revision.objects.cleared().order_by("-number").values("pk")
    post_ids = [revision.post_id for revision in revisions if revision.post_id]
    profile_ids = [revision.profile_id for revision in revisions if revision.profile_id]
    if post_ids:
        Post.objects.filter(pk__in=post_ids, withdrawn_at=None).update(
            shown=Subquery(newest.filter(post=OuterRef("pk"))[:1])
        )
    if profile_ids:
        Profile.objects.filter(pk__in=profile_ids).update(
            shown=Subquery(newest.filter(profile=OuterRef("pk"))[:1])
        )


def _count(before: dict[int, bool]) -> None:
    """Adjust the counters of parents and echoed posts for public posts that appeared or disappeared."""
    deltas: dict[tuple[str, int], int] = defaultdict(int)
    for post in Post.objects.public().filter(pk__in=before):
        change = (post.shown_id is not None) - before[post.pk]
        for counter, target in (("comment_count", post.parent_id), ("echo_count", post.echoed_id)):
            if change and target:
                deltas[counter, target] += change
    for (counter, target), change in sorted(deltas.items()):
        Post.objects.filter(pk=target).update(**{counter: F(counter) + change})


def _record(revisions: list[Revision], *, old: str, new: Status, by: User | None) -> None:
    Transition.objects.bulk_create(
        Transition(revision=revision, old=old, new=new, by=by) for revision in revisions
    )
    moved.send(sender=Revision, revisions=revisions, old=old, new=new, by=by)
