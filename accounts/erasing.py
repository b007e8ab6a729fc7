"""Erasing an account: the row stays, so that decisions keep their place; the person goes.

Where something has to be kept for a time (`keeping`), the account closes at once and everything else goes; the rest goes when
those who kept it call `erase` again.
"""

import secrets

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.cached_db import SessionStore
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Now

from accounts import authorising, keeping
from accounts.models import Application, Block, Follow, Mute, User
from accounts.signals import erasing


@transaction.atomic
def erase(user: User, *, by: User | None) -> None:
    """Close the account for good and remove all that says who it was, but for what must be kept; a second time changes nothing.

    Those above hear of it first, while the account still is what it was, inside this transaction: all goes, or nothing. `by` is
    None when what was kept need not be any more.
    """
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if locked.erased_at is not None:
        return
    kept = keeping.ask(locked)
    erasing.send(sender=User, user=locked, by=by, kept=kept)
    _lock_out(locked)
    if not kept.account:
        _cut_ties(locked)
        _forget_keys(locked)
    if not kept:
        _make_nameless(locked)
    user.refresh_from_db()


def _cut_ties(user: User) -> None:
    Follow.objects.filter(Q(follower=user) | Q(followed=user)).delete()
    Mute.objects.filter(Q(muter=user) | Q(muted=user)).delete()
    Block.objects.filter(Q(blocker=user) | Q(blocked=user)).delete()
    Application.objects.filter(user=user).delete()


def _lock_out(user: User) -> None:
    """Nobody comes in any more, and the account is gone for everybody else."""
    authorising.revoke(user)
    for session in UserSession.objects.filter(user=user):
        SessionStore(session.session_key).delete()
    user.groups.clear()
    user.user_permissions.clear()
    user.set_unusable_password()
    user.is_active = user.is_staff = user.is_superuser = False
    user.save()
    User.objects.filter(pk=user.pk).update(closed_at=Coalesce("closed_at", Now()))


def _forget_keys(user: User) -> None:
    for kind in (UserSession, Authenticator, EmailAddress):
        kind.objects.filter(user=user).delete()


def _make_nameless(user: User) -> None:
    user.handle = f"deleted_{secrets.token_hex(10)}"
    user.email = ""
    user.last_login = None
    user.save(update_fields=["handle", "email", "last_login"])
    User.objects.filter(pk=user.pk).update(erased_at=Now())
