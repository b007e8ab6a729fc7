"""Arranging the desk: each moderator's own settings."""

from django.db import transaction

from accounts.models import User
from moderation import auditing
from moderation.models import DeskSettings


def settings_of(moderator: User) -> DeskSettings:
    """The moderator's settings, or the defaults where there are none."""
    return DeskSettings.objects.filter(moderator=moderator).first() or DeskSettings(moderator=moderator)


@transaction.atomic
def arrange(*, by: User, has_keys: bool, hides_severe: bool) -> None:
    """Set up one's own desk."""
    wanted = {"has_keys": has_keys, "hides_severe": hides_severe}
    DeskSettings.objects.update_or_create(moderator=by, defaults=wanted)
    auditing.record("arrange_desk", f"account {by.pk}", by=by, **wanted)
