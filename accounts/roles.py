"""Roles are groups; a higher role includes what the lower ones may do."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    USER = "user", _("user")
    MODERATOR = "moderator", _("moderator")
    SENIOR_MODERATOR = "senior moderator", _("senior moderator")
    ADMINISTRATOR = "administrator", _("administrator")

    @property
    def level(self) -> int:
        """0 for a user, rising: nobody acts on somebody at or above their own level."""
        return list(Role).index(self)


STAFF_ROLES = (Role.MODERATOR, Role.SENIOR_MODERATOR, Role.ADMINISTRATOR)
