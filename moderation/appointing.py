"""Appointing: who may judge, and since when, is itself an act that stands in the audit trail."""

from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import User
from accounts.roles import STAFF_ROLES, Role
from moderation import auditing, standing


class MayNotAppoint(Exception):
    """The person who gives the role stands too low for it."""


@transaction.atomic
def appoint(user: User, role: Role, *, by: User | None) -> None:
    """Give an account this role instead of the one that it has; `by` is None for an operator's command.

    Raises MayNotAppoint.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    before = user.get_role()
    if by is not None:
        _check_allowed(user, role, by)
    user.groups.set(Group.objects.filter(name__in=[Role.USER, role]))
    user.forget_role()
    user.is_staff = user.is_superuser or role in STAFF_ROLES
    User.objects.filter(pk=user.pk).update(is_staff=user.is_staff)
    auditing.record("appoint", f"account {user.pk}", by=by, role=role.value, before=before.value)


def note_superuser(*, user: User, **_signal: Any) -> None:
    """Record the making of a superuser, who is an administrator without having been appointed."""
    if user.is_superuser:
        auditing.record(
            "appoint",
            f"account {user.pk}",
            by=None,
            role=Role.ADMINISTRATOR.value,
            before=Role.USER.value,
            superuser=True,
        )


def _check_allowed(user: User, role: Role, by: User) -> None:
    level = by.get_role().level
    if level < Role.SENIOR_MODERATOR.level:
        raise MayNotAppoint("Only senior moderators and administrators give roles.")
    if role.level > level:
        raise MayNotAppoint("Nobody gives a role above their own.")
    if standing.why_not(user, by=by):
        raise MayNotAppoint("Nobody changes their own role, or that of somebody at or above their own level.")
