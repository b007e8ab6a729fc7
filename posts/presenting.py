"""How an account presents itself: its display name and biography pass the same gate as posts."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.restricting import refuse_if_restricted
from posts import revising, text
from posts.models import Profile, Revision
from posts.statuses import Status

MAX_NAME_CHARACTERS = 50
MAX_BIOGRAPHY_CHARACTERS = 500
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")


def create_profile(*, user: User, **_signal: Any) -> None:
    """Give a new account its profile. Its first revision holds the handle, which others see only when it is cleared."""
    profile = Profile.objects.create(user=user)
    revising.add(Revision(profile=profile, number=1, handle=user.handle), by=user)


def clean_name(name: str) -> str:
    """A display name on one line. Raises ValidationError.

    Marks that turn the direction of writing would reach over the name's end and turn the handle that stands beside it.
    """
    name = text.clean(" ".join(name.split()), limit=MAX_NAME_CHARACTERS)
    if _DIRECTION.search(name):
        raise ValidationError(
            _("The text has control characters that cannot be shown."), code="control_characters"
        )
    return name


@transaction.atomic
def present(user: User, *, name: str, biography: str) -> Revision:
    """Submit a display name and a biography. What was cleared last stays up until they are cleared.

    Saying the same again changes nothing. Raises ValidationError and Restricted.
    """
    refuse_if_restricted(user)
    name = clean_name(name)
    biography = text.clean(biography, limit=MAX_BIOGRAPHY_CHARACTERS)
    profile = Profile.objects.select_for_update(no_key=True).get(user=user)
    latest = profile.get_latest_revision()
    if (latest.heading, latest.text) == (name, biography):
        return latest
    revising.move([latest], Status.WITHDRAWN, old=[Status.PENDING, Status.HELD], by=user)
    return revising.add(
        Revision(profile=profile, number=latest.number + 1, handle=user.handle, heading=name, text=biography),
        by=user,
    )
