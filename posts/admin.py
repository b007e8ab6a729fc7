"""Posts, profiles and their versions, for moderators to look at. What may be done about them is done in a case."""

from django.contrib import admin

from accounts.read_only import ReadOnlyAdmin
from posts.models import Post, Profile, Revision


@admin.register(Post)
class PostAdmin(ReadOnlyAdmin):
    list_display = ("id", "author", "kind", "visibility", "shown_id", "withdrawn_at")
    list_select_related = ("author",)
    list_filter = ("kind", "visibility")


@admin.register(Profile)
class ProfileAdmin(ReadOnlyAdmin):
    list_display = ("user", "shown_id")
    list_select_related = ("user",)
    search_fields = ("=user__handle",)


@admin.register(Revision)
class RevisionAdmin(ReadOnlyAdmin):
    list_display = ("id", "subject", "number", "status", "created_at", "decided_at")
    list_filter = ("status",)
