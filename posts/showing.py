"""A post as one reader sees it: the only form in which pages and the API get to the text of a post.

`show` asks `visible_to` itself, whatever it is given, and picks the version that this reader may read: for the author the
newest one, whatever became of it; for everybody else the shown one, of which the database says that it is cleared.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, Value
from django.utils.translation import gettext as _

from accounts.ids import time_of
from accounts.models import User
from posts.models import Post, PostQuerySet, Reader, Revision, Upvote
from posts.models.posts import within_reach_of
from posts.statuses import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPost:
    """A post and the version of it that one reader may read. Made by `show` only."""

    post: Post
    revision: Revision
    is_own: bool
    has_upvoted: bool
    has_echoed: bool
    # The reader may pass it on, unless it is not public.
    is_in_reach: bool
    # What it echoes or quotes, and what it comments on; None as well where this reader may not see that.
    original: "ShownPost | None" = None
    parent: "ShownPost | None" = None

    @property
    def pk(self) -> int:
        pk: int = self.post.pk
        return pk

    @property
    def author(self) -> User:
        return self.post.author

    @property
    def author_name(self) -> str:
        """The cleared display name, else the handle."""
        return self.post.author.profile.name

    @property
    def url(self) -> str:
        return self.post.get_absolute_url()

    @property
    def text(self) -> str:
        return self.revision.text

    @property
    def html(self) -> str:
        """Safe HTML, made when the text was submitted."""
        return self.revision.html

    @property
    def warning(self) -> str:
        return self.revision.heading

    @property
    def is_labelled(self) -> bool:
        """Moderators marked it sensitive."""
        return self.post.labelled_at is not None

    @property
    def is_limited(self) -> bool:
        """Moderators limited its reach."""
        return self.post.limited_at is not None

    @property
    def is_locked(self) -> bool:
        """Moderators closed the comments on it."""
        return self.post.locked_at is not None

    @property
    def label(self) -> str:
        """What moderators put before every version of it; empty for nothing."""
        return label_of(self.post)

    @property
    def cover(self) -> str:
        """What stands before the text until the reader opens it: the moderators' label and the author's warning."""
        if self.is_echo and self.original:
            return self.original.cover
        return cover_of(self.post, self.revision)

    @property
    def is_echoable(self) -> bool:
        """The reader may echo and quote it."""
        return self.is_public and self.is_in_reach

    @property
    def language(self) -> str:
        return self.revision.language

    @property
    def created_at(self) -> datetime:
        return time_of(self.post.pk)

    @property
    def edited_at(self) -> datetime | None:
        return self.revision.created_at if self.revision.number > 1 else None

    @property
    def status(self) -> Status:
        """Where the version stands; for everybody but the author it is cleared."""
        return Status(self.revision.status)

    @property
    def is_waiting(self) -> bool:
        """The machine has not decided yet."""
        return self.status == Status.PENDING

    @property
    def is_echo(self) -> bool:
        return self.post.is_echo

    @property
    def is_public(self) -> bool:
        return self.post.is_public

    @property
    def has_earlier_shown(self) -> bool:
        """Others see an earlier version than the author does."""
        return self.post.shown_id is not None and self.post.shown_id != self.revision.pk

    @property
    def lacks_original(self) -> bool:
        """It quotes something that this reader may not see, or that is gone."""
        return self.post.echoed_id is not None and self.original is None


def label_of(post: Post) -> str:
    return _("Marked sensitive by moderators") if post.labelled_at else ""


def cover_of(post: Post, revision: Revision) -> str:
    """What stands before a version of a post until the reader opens it; empty for nothing."""
    return " · ".join(filter(None, (label_of(post), revision.heading)))


def show(ids: Iterable[int], *, reader: Reader) -> list[ShownPost]:
    """Those of the posts `ids` that `reader` may see, in the order given, in three queries at most."""
    wanted = list(dict.fromkeys(ids))
    posts = _load(wanted, reader) if wanted else {}
    related_ids = {pk for post in posts.values() for pk in (post.echoed_id, post.parent_id) if pk}
    related = {pk: posts[pk] for pk in related_ids & posts.keys()}
    if missing := related_ids - posts.keys():
        related |= _load(missing, reader)
    readable = _readable_revisions({**posts, **related}, reader)
    around = {pk: _shown(post, readable[pk], reader=reader) for pk, post in related.items() if pk in readable}
    return [
        _shown(posts[pk], readable[pk], reader=reader, around=around)
        for pk in wanted
        if pk in posts and pk in readable and (not posts[pk].is_echo or posts[pk].echoed_id in around)
    ]


def get_shown(post: Post, *, reader: Reader) -> ShownPost:
    """One post for one reader. Raises Post.DoesNotExist when there is nothing that this reader may see."""
    shown = show([post.pk], reader=reader)
    if not shown:
        raise Post.DoesNotExist
    return shown[0]


def _load(ids: Iterable[int], reader: Reader) -> dict[int, Post]:
    posts = _with_reactions(Post.objects.visible_to(reader).with_everything_shown(), reader).filter(
        pk__in=ids
    )
    return {post.pk: post for post in posts}


def _with_reactions(posts: PostQuerySet, reader: Reader) -> PostQuerySet:
    if isinstance(reader, AnonymousUser):
        return posts.annotate(
            has_upvoted=Value(value=False), has_echoed=Value(value=False), is_in_reach=Q(limited_at=None)
        )
    echoes = Post.objects.withdrawable_by(reader).echoing(OuterRef("pk"))
    return posts.annotate(
        has_upvoted=Exists(Upvote.objects.filter(user=reader, post=OuterRef("pk"))),
        has_echoed=Exists(echoes),
        is_in_reach=within_reach_of(reader),
    )


def _is_marked(post: Post, mark: str) -> bool:
    """What `_with_reactions` found out about a post."""
    return bool(getattr(post, mark))


def _readable_revisions(posts: dict[int, Post], reader: Reader) -> dict[int, Revision]:
    """For one's own posts the newest version, for the others the shown one."""
    readable = {pk: post.shown for pk, post in posts.items() if post.shown is not None}
    own = [pk for pk, post in posts.items() if post.author_id == reader.pk]
    newest = Revision.objects.filter(post__in=own).order_by("post", "-number").distinct("post")
    for revision in newest if own else ():
        if revision.post_id:
            readable[revision.post_id] = revision
    return readable


def _shown(
    post: Post, revision: Revision, *, reader: Reader, around: dict[int, ShownPost] | None = None
) -> ShownPost:
    around = around or {}
    return ShownPost(
        post=post,
        revision=revision,
        is_own=post.author_id == reader.pk,
        has_upvoted=_is_marked(post, "has_upvoted"),
        has_echoed=_is_marked(post, "has_echoed"),
        is_in_reach=_is_marked(post, "is_in_reach"),
        original=around.get(post.echoed_id or 0),
        parent=around.get(post.parent_id or 0),
    )
