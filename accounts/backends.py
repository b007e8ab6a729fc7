"""Who may do what: permissions come from roles alone."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db import connection

from accounts.models import User

# Asked on every page of the staff.
_HELD = """
SELECT g.name, t.app_label || '.' || p.codename FROM accounts_user_groups held JOIN auth_group g ON g.id = held.group_id
LEFT JOIN auth_group_permissions granted ON granted.group_id = g.id LEFT JOIN auth_permission p ON p.id = granted.permission_id
LEFT JOIN django_content_type t ON t.id = p.content_type_id
WHERE held.user_id = %s
"""


class RoleBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types.
    """Checks log-ins as allauth does; an account's permissions are those of its groups, read in one query together with its role."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if obj is not None or not isinstance(user_obj, User) or not user_obj.is_active:
            return set()
        if user_obj.is_superuser:
            of_all: set[str] = super().get_all_permissions(user_obj)
            return of_all
        if user_obj.permissions is None:
            with connection.cursor() as cursor:
                cursor.execute(_HELD, [user_obj.pk])
                rows = cursor.fetchall()
            user_obj.keep_role({group for group, _permission in rows})
            user_obj.permissions = {permission for _group, permission in rows if permission}
        return user_obj.permissions
