"""Accounts in the admin, who they are and which role they have, and the apps that they let in. Read-only."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import Application, User
from accounts.read_only import ReadOnlyAdmin


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    list_display = ("handle", "roles", "is_staff", "is_active", "joined_at")
    list_filter = ("groups", "is_staff", "is_active")
    search_fields = ("=handle", "=email", "=id")
    fields = (
        "handle",
        "email",
        "language",
        "roles",
        "is_active",
        "is_staff",
        "joined_at",
        "read_only_until",
        "hidden_until",
        "erased_at",
        "last_login",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=_("roles"))
    def roles(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin):
    list_display = ("name", "website", "client_type", "scopes", "created")
    search_fields = ("=name", "=id")
    fields = (
        "name",
        "website",
        "client_type",
        "authorization_grant_type",
        "scopes",
        "redirect_uris",
        "created",
    )
