"""What happens to posts: people submit, edit and withdraw them; those who judge clear, hold, take down and restore.

Nothing here makes a text visible but `clear` and `restore`, and those are called only by whoever listens to the signal
`posts.signals.moved`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.restricting import refuse_if_restricted
from posts import revising, text
from posts.models import IdempotencyKey, Kind, Post, Revision, Visibility
from posts.revising import IllegalMove
from posts.statuses import LEGAL_STEPS, Status
from posts.threads import is_closed

REMEMBER_KEYS_FOR = timedelta(hours=1)
_FROM_WIDE_TO_NARROW = (Visibility.PUBLIC, Visibility.FOLLOWERS, Visibility.MENTIONED)


class MayNotPublish(Exception):
    """The account may not publish, or not there."""


class NotEditable(Exception):
    """The post is withdrawn or taken down, or has no text of its own."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an author wants to say, and where. `parent` and `echoed` are posts that the author may see."""

    text: str = ""
    warning: str = ""
    language: str = ""
    visibility: Visibility = Visibility.PUBLIC
    parent: Post | None = None
    echoed: Post | None = None


@transaction.atomic
def submit(
    author: User, draft: Draft, *, idempotency_key: str = "", max_characters: int = text.MAX_CHARACTERS
) -> Post:
    """Accept a post; nobody but the author sees it until it is cleared.

    The same `idempotency_key` within an hour gives the post that it gave before. Raises ValidationError for a text that
    cannot be a post, Restricted, and MayNotPublish: also for a comment where moderators closed the thread, and for an echo or a quote
    of a post whose reach they limited, unless the author follows who wrote it.
    """
    refuse_if_restricted(author)
    if not author.has_perm("posts.add_post"):
        raise MayNotPublish(_("Your account may not publish."))
    if idempotency_key and (earlier := _remembered(author, idempotency_key)):
        return earlier
    body = text.clean(draft.text, limit=max_characters)
    warning = text.clean(draft.warning, limit=text.MAX_WARNING_CHARACTERS)
    echoed = _original(draft.echoed)
    parent = _original(draft.parent)
    _refuse_nonsense(body, echoed)
    _refuse_what_is_marked(author, parent, echoed)
    if echoed and not body:
        post, is_new = _get_or_create_echo(author, echoed, draft.visibility)
    else:
        post, is_new = _create_post(author, draft, parent, echoed), True
    if is_new:
        revision = Revision(
            post=post, number=1, heading=warning, text=body, language=text.clean_language(draft.language)
        )
        revising.add(revision, by=author)
    if idempotency_key:
        IdempotencyKey.objects.create(author=author, key=idempotency_key, post=post)
    return post


def _refuse_nonsense(body: str, echoed: Post | None) -> None:
    if echoed and not echoed.is_public:
        raise ValidationError(_("Only a post that everyone may see can be echoed."), code="not_public")
    if not body and not echoed:
        raise ValidationError(_("Write something first."), code="empty")


def _refuse_what_is_marked(author: User, parent: Post | None, echoed: Post | None) -> None:
    if parent and is_closed(parent):
        raise MayNotPublish(_("Comments are closed by moderators."))
    if echoed and not Post.objects.echoable_by(author).filter(pk=echoed.pk).exists():
        raise MayNotPublish(
            _("Moderators limited the reach of this post: only those who follow its author can echo it.")
        )


def _get_or_create_echo(author: User, echoed: Post, visibility: Visibility) -> tuple[Post, bool]:
    """Somebody echoes a post once; echoing it again gives the same echo. Tells whether it is new."""
    return Post.objects.get_or_create(
        author=author, echoed=echoed, kind=Kind.ECHO, withdrawn_at=None, defaults={"visibility": visibility}
    )


def _create_post(author: User, draft: Draft, parent: Post | None, echoed: Post | None) -> Post:
    return Post.objects.create(
        author=author,
        visibility=_narrowest(draft.visibility, parent),
        parent=parent,
        root=parent and (parent.root or parent),
        echoed=echoed,
    )


def _original(post: Post | None) -> Post | None:
    """An echo without text stands for what it echoes."""
    return post.echoed if post is not None and post.is_echo else post


def _narrowest(visibility: Visibility, parent: Post | None) -> Visibility:
    """A comment is not read by more people than what it comments on."""
    if parent is None:
        return visibility
    return max(visibility, Visibility(parent.visibility), key=_FROM_WIDE_TO_NARROW.index)


def _remembered(author: User, key: str) -> Post | None:
    """The post that `key` gave within the hour. Holds a lock on the key, so that two at once make one post."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [key, author.pk])
    keys = IdempotencyKey.objects.filter(author=author, key=key)
    keys.filter(created_at__lt=timezone.now() - REMEMBER_KEYS_FOR).delete()
    remembered = keys.select_related("post").first()
    return remembered.post if remembered else None


@transaction.atomic
def edit(post: Post, *, body: str, warning: str, by: User) -> Revision:
    """Submit a new version; the last cleared one stays up until the new one is cleared.

    A version that still waits, for the machine or for a person, is superseded. Saying the same again changes nothing. Raises NotEditable,
    Restricted and ValidationError.
    """
    refuse_if_restricted(by)
    body = text.clean(body)
    warning = text.clean(warning, limit=text.MAX_WARNING_CHARACTERS)
    if not body:
        raise ValidationError(_("Write something first."), code="empty")
    revising.lock_posts(Post.objects.filter(pk=post.pk))
    locked = Post.objects.editable_by(by).filter(pk=post.pk).first()
    if locked is None:
        raise NotEditable(_("This post cannot be edited."))
    latest = locked.get_latest_revision()
    if latest.status == Status.REMOVED and locked.shown_id is None:
        raise NotEditable(
            _("This post was taken down and cannot be edited. The statement of reasons says what you can do.")
        )
    if (latest.text, latest.heading) == (body, warning):
        return latest
    revising.move([latest], Status.WITHDRAWN, old=[Status.PENDING, Status.HELD], by=by)
    return revising.add(
        Revision(post=locked, number=latest.number + 1, heading=warning, text=body, language=latest.language),
        by=by,
    )


@transaction.atomic
def withdraw(post: Post, *, by: User) -> Post:
    """Take one's own post back for good. Raises NotEditable when there is nothing to withdraw."""
    revising.lock_posts(Post.objects.filter(pk=post.pk))
    locked = Post.objects.withdrawable_by(by).filter(pk=post.pk).first()
    if locked is None:
        raise NotEditable(_("This post is already withdrawn."))
    revising.move(
        locked.revisions.all(), Status.WITHDRAWN, old=[Status.PENDING, Status.HELD, Status.CLEARED], by=by
    )
    Post.objects.filter(pk=locked.pk).update(withdrawn_at=Now())
    locked.refresh_from_db()
    return locked


@transaction.atomic
def withdraw_echo(original: Post, *, by: User) -> None:
    """Take one's own echo of `original` back; without one nothing changes."""
    for echo in Post.objects.withdrawable_by(by).echoing(original):
        withdraw(echo, by=by)


@transaction.atomic
def clear_pending(revisions: Iterable[Revision]) -> list[Revision]:
    """The machine found nothing: show those that are still pending, and return them."""
    return revising.move(revisions, Status.CLEARED, old=[Status.PENDING], by=None)


@transaction.atomic
def hold_pending(revisions: Iterable[Revision]) -> list[Revision]:
    """The machine wants a person to look: keep back those that are still pending, and return them."""
    return revising.move(revisions, Status.HELD, old=[Status.PENDING], by=None)


@transaction.atomic
def clear(revision: Revision, *, by: User) -> Revision:
    """A person finds that a held revision may be read. Raises IllegalMove."""
    return _move_one(revision, Status.CLEARED, old=[Status.HELD], by=by)


@transaction.atomic
def take_down(revision: Revision, *, by: User) -> Revision:
    """A person removes a held, shown or withdrawn revision. Raises IllegalMove."""
    return _move_one(revision, Status.REMOVED, old=[Status.HELD, Status.CLEARED, Status.WITHDRAWN], by=by)


@transaction.atomic
def restore(revision: Revision, *, by: User) -> Revision:
    """A person undoes a removal. Raises IllegalMove."""
    return _move_one(revision, Status.CLEARED, old=[Status.REMOVED], by=by)


@transaction.atomic
def put_back(revision: Revision, old: Status, *, shown_id: int | None, by: User) -> Revision:
    """Let a revision stand where it stood before a person moved it, and its subject show what it showed then. Raises IllegalMove."""
    if revision.status == old:
        return revision
    if (revision.status, old) not in LEGAL_STEPS:  # Its author took it back since.
        raise IllegalMove(_("This version was already decided."))
    put = _move_one(revision, old, old=[Status(revision.status)], by=by)
    revising.show_again(put, shown_id)
    return put


def _move_one(revision: Revision, new: Status, *, old: Collection[Status], by: User) -> Revision:
    moved = revising.move([revision], new, old=old, by=by)
    if not moved:
        raise IllegalMove(_("This version was already decided."))
    return moved[0]
