"""Following: whose posts somebody reads in the home timeline."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import Block, Follow, User
from accounts.restricting import refuse_if_restricted


class MayNotFollow(Exception):
    """The account cannot be followed; the message says why as far as the follower may know."""


@transaction.atomic
def follow(follower: User, followed: User) -> None:
    """Let `follower` read `followed`; a second time changes nothing. Raises MayNotFollow and Restricted."""
    refuse_if_restricted(follower)
    if follower.pk == followed.pk:
        raise MayNotFollow(_("You read your own posts anyway."))
    if not followed.is_active:
        raise MayNotFollow(_("This account is closed."))
    lock_pair(follower, followed)
    if Block.objects.between(follower, followed).exists():
        # The same words for both directions: who blocked whom stays between the two.
        raise MayNotFollow(_("You cannot follow this account."))
    Follow.objects.get_or_create(follower=follower, followed=followed)


@transaction.atomic
def unfollow(follower: User, followed: User) -> None:
    """Stop reading `followed`; without a follow nothing changes."""
    Follow.objects.filter(follower=follower, followed=followed).delete()


def lock_pair(one: User, other: User) -> None:
    """Let changes between two accounts happen one after the other, so that no follow slips in beside a block.

    The caller holds a transaction. The key is the pair's own: an account that thousands follow at once is no bottleneck.
    """
    pair = f"{min(one.pk, other.pk)}-{max(one.pk, other.pk)}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [pair])
