"""Erasing an account: the row stays, so that decisions keep their place; the person goes."""

import secrets

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.cached_db import SessionStore
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from accounts import authorising
from accounts.models import Application, Block, Follow, Mute, User
from accounts.signals import erasing


@transaction.atomic
def erase(user: User, *, by: User) -> None:
    """Close the account for good and remove all that says who it was; a second time changes nothing.

    Those above hear of it first, while the account still is what it was, inside this transaction: all goes, or nothing.
    """
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if locked.erased_at is not None:
        return
    erasing.send(sender=User, user=locked, by=by)
    _cut_ties(locked)
    _lock_out(locked)
    _make_nameless(locked)
    user.refresh_from_db()


def _cut_ties(user: User) -> None:
    Follow.objects.filter(Q(follower=user) | Q(followed=user)).delete()
    Mute.objects.filter(Q(muter=user) | Q(muted=user)).delete()
    Block.objects.filter(Q(blocker=user) | Q(blocked=user)).delete()
    authorising.revoke(user)
    Application.objects.filter(user=user).delete()


def _lock_out(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        SessionStore(session.session_key).delete()
        session.delete()
    Authenticator.objects.filter(user=user).delete()
    EmailAddress.objects.filter(user=user).delete()
    user.groups.clear()
    user.user_permissions.clear()


def _make_nameless(user: User) -> None:
    user.handle = f"deleted_{secrets.token_hex(10)}"
    user.email = ""
    user.set_unusable_password()
    user.is_active = user.is_staff = user.is_superuser = False
    user.last_login = None
    user.save()
    User.objects.filter(pk=user.pk).update(erased_at=Now())
