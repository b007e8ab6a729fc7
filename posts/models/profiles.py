"""Profiles: what an account says of itself."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import Block, User, not_hidden
from posts.models.posts import Reader
from posts.models.revisions import Revision


class ProfileQuerySet(models.QuerySet["Profile"]):
    def visible_to(self, reader: Reader) -> Self:
        """Profiles whose handle and texts are cleared, of accounts that are there, not suspended and no party to a block; and one's own."""
        there = Q(shown__isnull=False, user__is_active=True) & not_hidden("user__")
        if isinstance(reader, AnonymousUser):
            return self.filter(there)
        return self.filter(Q(user=reader) | (there & ~Q(_blocked(reader))))

    def suspended_for(self, reader: Reader) -> Self:
        """Profiles that `reader` could see were they not suspended: that much may be said of them, and nothing more."""
        hidden = self.filter(shown__isnull=False, user__is_active=True, user__hidden_until__gt=Now())
        return hidden if isinstance(reader, AnonymousUser) else hidden.exclude(_blocked(reader))

    def named(self, handle: str) -> Self:
        return self.filter(user__handle__iexact=handle)

    def with_shown(self) -> Self:
        return self.select_related("user", "shown")


def _blocked(reader: User) -> Exists:
    return Exists(Block.objects.between(reader, OuterRef("user_id")))


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
