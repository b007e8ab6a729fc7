"""Appointing: who may judge, and since when, is itself an act that stands in the audit trail."""

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import User
from accounts.roles import STAFF_ROLES, Role
from moderation import auditing


@transaction.atomic
def appoint(user: User, role: Role, *, by: User | None) -> None:
    """Give an account this role instead of the one that it has; `by` is None for a command."""
    user.groups.set(Group.objects.filter(name__in=[Role.USER, role]))
    user.is_staff = user.is_superuser or role in STAFF_ROLES
    User.objects.filter(pk=user.pk).update(is_staff=user.is_staff)
    auditing.record("appoint", f"account {user.pk}", by=by, role=role.value)
