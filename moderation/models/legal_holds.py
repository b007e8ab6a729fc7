"""Legal holds: what must not be erased for a time, although somebody wants it gone."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.ids import PublicIdField
from accounts.models import User
from accounts.roles import Role
from posts.models import Post

# How long a hold lasts unless somebody says otherwise: the time for which orders to preserve data are usual
# (18 U.S.C. § 2258A(h) and § 2703(f), Article 16(2) of the Budapest Convention).
USUAL_TIME = timedelta(days=90)
# From here on a second person has to agree. The database says the same, in `guards.LEGAL_HOLD_GUARD`.
ONE_PERSON_TIME = timedelta(days=365)


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def in_force(self) -> Self:
        """By the database's clock. See also `moderation_is_held` in `guards`, which the triggers ask."""
        return self.filter(released_at=None, until__gt=Now())

    def ended(self) -> Self:
        """Released, or run out by the database's clock."""
        return self.exclude(pk__in=LegalHold.objects.in_force().values("pk"))

    def unsettled(self) -> Self:
        """Ended, and what waited for that was not erased yet."""
        return self.ended().filter(settled_at=None)

    def covering(self, *, user: int, post: int | None) -> Self:
        """On this account, or on this post of its."""
        return self.filter(Q(user=user) | Q(post=post, post__isnull=False))

    def of(self, user: User) -> Self:
        """On an account or on any of its posts."""
        return self.filter(Q(user=user) | Q(post__author=user))

    def on_desk_of(self, moderator: User) -> Self:
        """Those about somebody below the moderator's level, for an administrator about anybody else; never about oneself."""
        others = self.with_owner().exclude(owner=moderator.pk)
        role = moderator.get_role()
        if role == Role.ADMINISTRATOR:
            return others
        return others.exclude(Exists(User.objects.at_or_above(role).filter(pk=OuterRef("owner"))))

    def with_owner(self) -> Self:
        """With the id of whose data it keeps as `owner`, and whether it is in force as `is_in_force`."""
        return self.select_related("user", "post__author", "by", "released_by").annotate(
            owner=Coalesce(F("user_id"), F("post__author_id")),
            is_in_force=models.ExpressionWrapper(
                Q(released_at=None, until__gt=Now()), output_field=models.BooleanField()
            ),
        )

    def ending_first(self) -> Self:
        return self.order_by("until", "id")

    def after(self, hold: "LegalHold") -> Self:
        """What comes after `hold` in the order of ends, for a page that begins there."""
        return self.filter(Q(until__gt=hold.until) | Q(until=hold.until, pk__gt=hold.pk))


class LegalHold(models.Model):
    """While it is in force nothing of its target is erased, whoever asks. It ends by itself."""

    id = PublicIdField()
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="legal_holds")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="legal_holds")
    # What the authority, the court or our own file calls it.
    reference = models.CharField(max_length=200)
    reason = models.TextField()
    # Whether the person concerned may hear that something is kept, and until when.
    may_be_told = models.BooleanField(default=False)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    since = models.DateTimeField(db_default=Now())
    until = models.DateTimeField(db_default=Now() + USUAL_TIME)
    released_at = models.DateTimeField(null=True)
    # Nobody means an operator, at the machine itself.
    released_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    release_reason = models.TextField(blank=True)
    # When what waited for its end was erased: until then an ended hold is work that is due.
    settled_at = models.DateTimeField(null=True)
    # Asked of the database by `with_owner`.
    is_in_force: bool

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None, post__isnull=False) | Q(user__isnull=False, post=None),
                name="moderation_legalhold_exactly_one_target",
            ),
            models.CheckConstraint(
                condition=~Q(reference="") & ~Q(reason=""), name="moderation_legalhold_says_why"
            ),
            models.CheckConstraint(
                condition=Q(until__gt=F("since")), name="moderation_legalhold_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, released_by=None, release_reason="")
                | (Q(released_at__isnull=False) & ~Q(release_reason="")),
                name="moderation_legalhold_release_says_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["until", "id"], condition=Q(released_at=None), name="moderation_legalhold_ending"
            ),
            models.Index(
                fields=["until"], condition=Q(settled_at=None), name="moderation_legalhold_unsettled"
            ),
        ]

    def __str__(self) -> str:
        return f"legal hold {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("admin:moderation_legalhold_change", args=[self.pk])

    @property
    def target(self) -> str:
        """What it keeps, as the audit trail names it."""
        return f"post {self.post_id}" if self.post_id else f"account {self.user_id}"

    def get_owner(self) -> User:
        """Whose data it keeps."""
        owner = self.post.author if self.post else self.user
        assert owner is not None  # noqa: S101  The database's constraint; tells the type checker.
        return owner


class HoldExtension(models.Model):
    """Somebody wants a hold to last longer; beyond ONE_PERSON_TIME from its start, somebody else has to agree."""

    id = PublicIdField()
    hold = models.ForeignKey(LegalHold, models.PROTECT, related_name="extensions")
    until = models.DateTimeField()
    reason = models.TextField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # Since when the hold lasts longer; empty while a second person has to agree.
    effective_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("extension of a legal hold")
        verbose_name_plural = _("extensions of legal holds")
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("asked_by")),
                name="moderation_holdextension_needs_another_person",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(effective_at__isnull=False),
                name="moderation_holdextension_confirmed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"extension {self.pk} of legal hold {self.hold_id}"
