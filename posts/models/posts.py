"""Posts: what they hang on, and the one rule of who may see them."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from accounts.models import Block, Follow, Mute, User, not_hidden
from posts.models.revisions import Mention, Revision, Tagging

Reader = User | AnonymousUser


class Visibility(models.TextChoices):
    PUBLIC = "public", _("everyone")
    FOLLOWERS = "followers", _("followers")
    MENTIONED = "mentioned", _("mentioned people only")


class Kind(models.TextChoices):
    POST = "post", _("post")
    # An echo without text of its own. With text it is a post that has `echoed` set: a quote.
    ECHO = "echo", _("echo")


def readable_by(reader: Reader, prefix: str = "") -> Q:
    """The condition that a post is shown, by an author who is there and not suspended, to `reader`: visibility, follows and blocks.

    `prefix` leads from the queried post to another one whose readability is asked, such as "echoed__".
    """
    there = Q(
        **{
            f"{prefix}shown__isnull": False,
            f"{prefix}author__is_active": True,
            f"{prefix}author__profile__shown__isnull": False,
        }
    )
    there &= not_hidden(f"{prefix}author__")
    public = Q(**{f"{prefix}visibility": Visibility.PUBLIC})
    if isinstance(reader, AnonymousUser):
        return there & public
    author = OuterRef(f"{prefix}author_id")
    followed = Q(Exists(Follow.objects.filter(follower=reader, followed=author)))
    mentioned = Q(Exists(Mention.objects.filter(revision=OuterRef(f"{prefix}shown_id"), user=reader)))
    blocked = Q(Exists(Block.objects.between(reader, author)))
    meant = public | mentioned | (Q(**{f"{prefix}visibility": Visibility.FOLLOWERS}) & followed)
    return there & (Q(**{f"{prefix}author": reader}) | (meant & ~blocked))


def within_reach_of(reader: Reader, prefix: str = "") -> Q:
    """The condition that moderators did not limit a post's reach, or that `reader` wrote it or follows its author.

    `prefix` is that of `readable_by`. A post that is not there limits nothing.
    """
    unlimited = Q(**{f"{prefix}limited_at": None})
    if isinstance(reader, AnonymousUser):
        return unlimited
    author = OuterRef(f"{prefix}author_id")
    followed = Q(Exists(Follow.objects.filter(follower=reader, followed=author)))
    return unlimited | Q(**{f"{prefix}author": reader}) | followed


class PostQuerySet(models.QuerySet["Post"]):
    def visible_to(self, reader: Reader) -> Self:
        """The posts that `reader` may see: an allow-list, and the only one there is.

        Others see what is shown and meant for them; authors also see their own posts that wait, were held or were taken
        down. An echo is seen only by those who may see what it echoes.
        """
        seen = readable_by(reader)
        if not isinstance(reader, AnonymousUser):
            seen |= Q(author=reader, withdrawn_at=None)
        return self.filter(seen & (Q(kind=Kind.POST) | readable_by(reader, "echoed__")))

    def shown(self) -> Self:
        """Posts that somebody besides the author can see."""
        return self.filter(shown__isnull=False)

    def by(self, author: User) -> Self:
        return self.filter(author=author)

    def top_level(self) -> Self:
        """No comments."""
        return self.filter(parent=None)

    def public(self) -> Self:
        return self.filter(visibility=Visibility.PUBLIC)

    def originals(self) -> Self:
        """No echoes without text."""
        return self.filter(kind=Kind.POST)

    def tagged(self, name: str) -> Self:
        """Posts whose shown revision carries the hashtag `name` (any case, no sign)."""
        return self.filter(
            Exists(Tagging.objects.filter(revision=OuterRef("shown_id"), hashtag__name=name.lower()))
        )

    def not_muted_by(self, reader: Reader) -> Self:
        """Without authors whom `reader` muted, and without echoes of their posts."""
        if isinstance(reader, AnonymousUser):
            return self
        mutes = Mute.objects.filter(muter=reader)
        return self.exclude(Exists(mutes.filter(muted=OuterRef("author_id")))).exclude(
            Exists(mutes.filter(muted=OuterRef("echoed__author_id")))
        )

    def of_full_reach(self) -> Self:
        """Without what moderators limited, and without what echoes or quotes it: for lists that bring posts to strangers."""
        return self.filter(limited_at=None, echoed__limited_at=None)

    def echoing_within_reach_of(self, reader: User) -> Self:
        """Without echoes and quotes of limited posts by authors whom `reader` does not follow."""
        return self.filter(within_reach_of(reader, "echoed__"))

    def echoable_by(self, user: User) -> Self:
        """Posts whose reach is not limited, or that `user` wrote or gets by a follow."""
        return self.filter(within_reach_of(user))

    def of_followed(self, reader: User) -> Self:
        """Posts by the reader and by those whom the reader follows."""
        return self.filter(
            Q(author=reader)
            | Q(Exists(Follow.objects.filter(follower=reader, followed=OuterRef("author_id"))))
        )

    def echoing(self, post: "Post | OuterRef") -> Self:
        """Echoes of `post` without text of their own."""
        return self.filter(kind=Kind.ECHO, echoed=post)

    def newest_first(self) -> Self:
        return self.order_by("-id")

    def editable_by(self, user: User) -> Self:
        """Posts with a text of their own that `user` wrote and has not withdrawn."""
        return self.filter(author=user, kind=Kind.POST, withdrawn_at=None)

    def withdrawable_by(self, user: User) -> Self:
        return self.filter(author=user, withdrawn_at=None)

    def with_everything_shown(self) -> Self:
        """With the shown revision and the author's cleared name. What a post answers or echoes is asked for on its own: the reader may not see it."""
        return self.select_related("shown", "author__profile__shown")

    def with_text(self) -> Self:
        """With the shown revision and whose it is: enough to read it."""
        return self.select_related("shown", "author")

    def with_words(self) -> Self:
        """`with_text`, and of all that nothing but the handle and the shown words: for lists that say no more."""
        return self.with_text().only(
            "parent", "author__handle", "shown__handle", "shown__heading", "shown__text"
        )


class Post(models.Model):
    """A post, a comment (it has a parent) or an echo (it has `echoed`)."""

    id = PublicIdField()
    author = models.ForeignKey(User, models.CASCADE, db_index=False, related_name="posts")
    kind = models.CharField(max_length=4, choices=Kind, default=Kind.POST)
    visibility = models.CharField(max_length=9, choices=Visibility, default=Visibility.PUBLIC)
    parent = models.ForeignKey("self", models.CASCADE, null=True, db_index=False, related_name="comments")
    # The first post of the thread; empty for the first post itself.
    root = models.ForeignKey("self", models.CASCADE, null=True, related_name="thread")
    echoed = models.ForeignKey("self", models.CASCADE, null=True, related_name="echoes")
    # What everybody sees. The database's own foreign key refers to `(cleared_id, post_id)` of the revision.
    shown = models.ForeignKey(Revision, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    withdrawn_at = models.DateTimeField(null=True)
    # Since when moderators have marked it (posts.marking).
    labelled_at = models.DateTimeField(null=True)
    limited_at = models.DateTimeField(null=True)
    locked_at = models.DateTimeField(null=True)
    # Counted from what is shown to everyone only.
    comment_count = models.PositiveIntegerField(db_default=0)
    echo_count = models.PositiveIntegerField(db_default=0)
    upvote_count = models.PositiveIntegerField(db_default=0)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="posts_post_kind_is_known"),
            models.CheckConstraint(
                condition=Q(visibility__in=Visibility.values), name="posts_post_visibility_is_known"
            ),
            models.CheckConstraint(
                condition=Q(kind=Kind.POST) | Q(echoed__isnull=False, parent=None),
                name="posts_post_echo_has_original",
            ),
            models.CheckConstraint(
                condition=Q(parent=None, root=None) | Q(parent__isnull=False, root__isnull=False),
                name="posts_post_comment_has_root",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(shown=None), name="posts_post_withdrawn_is_not_shown"
            ),
            models.UniqueConstraint(
                fields=["author", "echoed"],
                condition=Q(kind=Kind.ECHO, withdrawn_at=None),
                name="posts_post_echoed_once",
            ),
        ]
        indexes = [
            models.Index(fields=["author", "-id"], name="posts_post_of_author"),
            # Holds everything that the home timeline asks for its candidates.
            models.Index(
                fields=["author", "-id"],
                condition=Q(shown__isnull=False),
                name="posts_post_shown_of_author",
            ),
            models.Index(
                fields=["parent", "id"], condition=Q(parent__isnull=False), name="posts_post_comments"
            ),
            models.Index(
                F("id").desc(),
                condition=Q(shown__isnull=False, visibility=Visibility.PUBLIC, parent=None, limited_at=None),
                name="posts_post_public",
            ),
        ]

    def __str__(self) -> str:
        return f"post {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("posts:detail", args=[self.author.handle, self.pk])

    @property
    def is_public(self) -> bool:
        return self.visibility == Visibility.PUBLIC

    @property
    def is_echo(self) -> bool:
        """An echo without text of its own."""
        return self.kind == Kind.ECHO

    def get_latest_revision(self) -> Revision:
        """The newest version, whatever its status: for the author and the moderators only."""
        return self.revisions.order_by("-number")[0]


class Upvote(models.Model):
    """An account likes a post."""

    id = PublicIdField()
    user = models.ForeignKey(User, models.CASCADE, related_name="upvotes")
    post = models.ForeignKey(Post, models.CASCADE, related_name="upvotes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "post"], name="posts_upvote_once")]
        indexes = [models.Index(fields=["post", "-id"], name="posts_upvote_of_post")]

    def __str__(self) -> str:
        return f"{self.user_id} upvotes {self.post_id}"


class IdempotencyKey(models.Model):
    """A client's promise that two requests are one: the same key gives the same post."""

    author = models.ForeignKey(User, models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    post = models.ForeignKey(Post, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["author", "key"], name="posts_idempotencykey_once")]

    def __str__(self) -> str:
        return f"{self.key} of {self.author_id}"
