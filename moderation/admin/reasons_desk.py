"""Canned reasons at the desk: senior moderators write and change them, nobody deletes one."""

from typing import cast

from django.contrib import admin
from django.forms import Form
from django.http import HttpRequest

from accounts.models import User
from moderation import canning
from moderation.decision_forms import CannedReasonForm
from moderation.models import CannedReason


@admin.register(CannedReason)
class CannedReasonAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # Generic in the stubs only.
    form = CannedReasonForm
    list_display = ("text_en", "text_de", "violation", "measure", "is_current", "changed_at")
    list_filter = ("is_current", "violation", "measure")
    ordering = ("violation", "measure", "id")
    actions = None
    view_on_site = False

    def save_model(self, request: HttpRequest, obj: CannedReason, form: Form, change: bool) -> None:  # noqa: FBT001  Django calls it so.
        canning.keep(obj, by=cast("User", request.user), is_new=not change)

    def has_delete_permission(self, request: HttpRequest, obj: CannedReason | None = None) -> bool:
        return False
