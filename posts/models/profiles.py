"""Profiles: what an account says of itself."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Block, User
from posts.models.posts import Reader
from posts.models.revisions import Revision


class ProfileQuerySet(models.QuerySet["Profile"]):
    def visible_to(self, reader: Reader) -> Self:
        """Profiles whose handle and texts are cleared, of accounts that are there and no party to a block; and one's own."""
        there = Q(shown__isnull=False, user__is_active=True)
        if isinstance(reader, AnonymousUser):
            return self.filter(there)
        blocked = Exists(Block.objects.between(reader, OuterRef("user_id")))
        return self.filter(Q(user=reader) | (there & ~Q(blocked)))

    def named(self, handle: str) -> Self:
        return self.filter(user__handle__iexact=handle)

    def with_shown(self) -> Self:
        return self.select_related("user", "shown")


class Profile(models.Model):
    """One for every account. Others see its shown revision: display name (heading) and biography (text)."""

    user = models.OneToOneField(User, models.CASCADE, primary_key=True, related_name="profile")
    # The database's own foreign key refers to `(cleared_id, profile_id)` of the revision.
    shown = models.ForeignKey(Revision, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return f"profile {self.pk}"

    def get_absolute_url(self) -> str:
        return self.user.get_absolute_url()

    @property
    def name(self) -> str:
        """The cleared display name, else the handle. Show it only where the profile itself is visible."""
        return (self.shown.heading if self.shown else "") or self.user.handle

    def get_latest_revision(self) -> Revision:
        """The newest version, whatever its status: for the account itself and the moderators only."""
        return self.revisions.order_by("-number")[0]
