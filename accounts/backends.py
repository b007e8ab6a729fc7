"""Who may do what: permissions come from roles alone."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Group

from accounts.models import User


class RoleBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types.
    """Checks log-ins as allauth does; an account's permissions are those of its groups, read in one query together with its role."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if obj is not None or not isinstance(user_obj, User) or not user_obj.is_active:
            return set()
        if user_obj.is_superuser:
            of_all: set[str] = super().get_all_permissions(user_obj)
            return of_all
        if user_obj.permissions is None:
            held = Group.objects.filter(user=user_obj).values_list(
                "name", "permissions__content_type__app_label", "permissions__codename"
            )
            rows = list(held)
            user_obj.keep_role({name for name, _app, _codename in rows})
            user_obj.permissions = {f"{app}.{codename}" for _name, app, codename in rows if codename}
        return user_obj.permissions
