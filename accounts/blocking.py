"""Keeping away from somebody: a block works both ways, a mute is one person's own affair."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.following import lock_pair
from accounts.models import Block, Follow, Mute, User


class MayNotAvoid(Exception):
    """The account cannot be blocked or muted by this person."""


@transaction.atomic
def block(blocker: User, blocked: User) -> None:
    """Hide the two from each other and end their follows; a second time changes nothing. Raises MayNotAvoid."""
    if blocker.pk == blocked.pk:
        raise MayNotAvoid(_("You cannot block yourself."))
    lock_pair(blocker, blocked)
    Block.objects.get_or_create(blocker=blocker, blocked=blocked)
    Follow.objects.filter(
        Q(follower=blocker, followed=blocked) | Q(follower=blocked, followed=blocker)
    ).delete()


@transaction.atomic
def unblock(blocker: User, blocked: User) -> None:
    """Take the block back; the follows that it ended stay ended."""
    Block.objects.filter(blocker=blocker, blocked=blocked).delete()


@transaction.atomic
def mute(muter: User, muted: User) -> None:
    """Keep `muted` out of what `muter` reads; a second time changes nothing. Raises MayNotAvoid."""
    if muter.pk == muted.pk:
        raise MayNotAvoid(_("You cannot mute yourself."))
    Mute.objects.get_or_create(muter=muter, muted=muted)


@transaction.atomic
def unmute(muter: User, muted: User) -> None:
    """Take the mute back; without one nothing changes."""
    Mute.objects.filter(muter=muter, muted=muted).delete()
