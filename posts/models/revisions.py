"""Revisions: every text that others may read, in the exact form in which it was checked.

A revision is immutable and is itself the work item of the gate: while it is pending, `due_at` says when somebody should
look at it (lease, back-off and schedule in one), and `attempts` counts the looks, before they are made.
"""

import hashlib
from typing import Self

from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from accounts.models import User
from posts.statuses import LEGAL_STEPS, Status

FIELD_SEPARATOR = "\x1f"


class RevisionQuerySet(models.QuerySet["Revision"]):
    def pending(self) -> Self:
        return self.filter(status=Status.PENDING)

    def due(self) -> Self:
        """Pending and not leased to anybody, by the database's clock; longest waiting first."""
        return self.pending().filter(due_at__lte=Now()).order_by("due_at", "id")

    def cleared(self) -> Self:
        return self.filter(status=Status.CLEARED)

    def with_subject(self) -> Self:
        return self.select_related("post__author__profile__shown", "profile__user", "profile__shown")


class Revision(models.Model):
    """One version of a post or of a profile, as submitted."""

    id = PublicIdField()
    post = models.ForeignKey("posts.Post", models.CASCADE, null=True, related_name="revisions")
    profile = models.ForeignKey("posts.Profile", models.CASCADE, null=True, related_name="revisions")
    number = models.PositiveIntegerField()
    # Only of a profile: the handle that is judged together with the name.
    handle = models.CharField(max_length=30, blank=True)
    # A post's content warning or a profile's display name.
    heading = models.TextField(blank=True)
    # A post's text or a profile's biography.
    text = models.TextField(blank=True)
    # `text` as safe HTML, made when it was submitted.
    html = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    sha256 = models.CharField(max_length=64, editable=False)
    status = models.CharField(max_length=9, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField(db_default=Now())
    attempts = models.PositiveSmallIntegerField(db_default=0)
    decided_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    # Holds the id only while the revision is cleared: what is shown refers to this column, so that the database itself
    # refuses to show anything else.
    cleared_id = models.GeneratedField(
        expression=Case(When(status=Status.CLEARED, then=F("id"))),
        output_field=models.BigIntegerField(null=True),
        db_persist=True,
    )

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.CheckConstraint(
                condition=Q(post=None, profile__isnull=False) | Q(post__isnull=False, profile=None),
                name="posts_revision_exactly_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(status__in=Status.values), name="posts_revision_status_is_known"
            ),
            models.UniqueConstraint(fields=["post", "number"], name="posts_revision_number_of_post"),
            models.UniqueConstraint(fields=["profile", "number"], name="posts_revision_number_of_profile"),
            # Targets of the foreign keys that `shown` has in the database (migration 0002).
            models.UniqueConstraint(fields=["cleared_id", "post"], name="posts_revision_cleared_of_post"),
            models.UniqueConstraint(
                fields=["cleared_id", "profile"], name="posts_revision_cleared_of_profile"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"], condition=Q(status=Status.PENDING), name="posts_revision_due"
            ),
            # Who else said the same words.
            models.Index(
                fields=["sha256"], condition=Q(status=Status.CLEARED), name="posts_revision_cleared_words"
            ),
        ]

    def __str__(self) -> str:
        return f"revision {self.number} of {self.subject}"

    @property
    def subject(self) -> str:
        """What this is a version of, in a form for logs and the audit trail: `post 123` or `profile 123`."""
        return f"post {self.post_id}" if self.post_id else f"profile {self.profile_id}"

    @property
    def gated_text(self) -> str:
        """Everything in this revision that others would read, one part a line, as the scanner gets it."""
        return "\n".join(part for part in (self.handle, self.heading, self.text) if part)

    @property
    def is_cleared(self) -> bool:
        return self.status == Status.CLEARED

    def compute_sha256(self) -> str:
        """The hash of exactly what is judged, as stored with every scan and decision."""
        return hashlib.sha256(
            FIELD_SEPARATOR.join((self.handle, self.heading, self.text)).encode()
        ).hexdigest()

    def get_author(self) -> User:
        """Who wrote it."""
        if self.post is not None:
            return self.post.author
        assert self.profile is not None  # noqa: S101  The database's constraint; tells the type checker.
        return self.profile.user


class Transition(models.Model):
    """One step of a revision: its history, written together with the step."""

    id = models.BigAutoField(primary_key=True)
    revision = models.ForeignKey(Revision, models.CASCADE, related_name="transitions")
    old = models.CharField(max_length=9, choices=Status, blank=True)
    new = models.CharField(max_length=9, choices=Status)
    # Nobody means that the machine did it.
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("transition")
        constraints = [
            models.CheckConstraint(
                condition=Q(old="", new=Status.PENDING)
                | Q(*[Q(old=old, new=new) for old, new in LEGAL_STEPS], _connector=Q.OR),
                name="posts_transition_is_legal",
            ),
        ]

    def __str__(self) -> str:
        return f"revision {self.revision_id}: {self.old or 'new'} → {self.new}"


class Mention(models.Model):
    """A revision names an account."""

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="mentions")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "user"], name="posts_mention_once")]
        indexes = [models.Index(fields=["user", "-revision"], name="posts_mention_of_user")]

    def __str__(self) -> str:
        return f"revision {self.revision_id} mentions {self.user_id}"


class Hashtag(models.Model):
    """A hashtag, in lower case without its sign."""

    name = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"#{self.name}"


class Tagging(models.Model):
    """A revision carries a hashtag."""

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="taggings")
    # The revision's post, so that an index gives the posts of a hashtag in order; empty for a biography.
    post = models.ForeignKey("posts.Post", models.CASCADE, null=True, db_index=False, related_name="+")
    hashtag = models.ForeignKey(Hashtag, models.CASCADE, db_index=False, related_name="taggings")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["revision", "hashtag"], name="posts_tagging_once")]
        indexes = [models.Index(fields=["hashtag", "-post"], name="posts_tagging_of_hashtag")]

    def __str__(self) -> str:
        return f"revision {self.revision_id} is tagged {self.hashtag_id}"
