"""The moderators' desk: Django's admin behind allauth's log-in."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from moderation import backlog
from moderation.rulebook import reading
from parler import second_factor

Context = dict[str, Any] | None
OURS = ("accounts", "posts", "moderation")


class ParlerAdminSite(AdminSite):
    site_header = _("Parler: the desk")
    site_title = _("Parler")
    index_title = _("The desk")
    enable_nav_sidebar = False

    def register(
        self, model_or_iterable: Any, admin_class: "type[ModelAdmin[Any]] | None" = None, **options: Any
    ) -> None:
        """Only our own pages: those that libraries bring change tokens, second factors and groups past every verb."""
        if admin_class and admin_class.__module__.partition(".")[0] in OURS:
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        """Every page of the desk asks this first."""
        return super().has_permission(request) and second_factor.is_proved(request)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """What every page shows. Django's has all models as well, for a sidebar that is off here: dear on every page."""
        return {
            "site_title": self.site_title,
            "site_header": self.site_header,
            "has_permission": self.has_permission(request),
            "is_popup": False,
            "is_nav_sidebar_enabled": False,
        }

    def login(self, request: HttpRequest, extra_context: Context = None) -> HttpResponse:
        """Signing in is allauth's work; somebody signed in who is no moderator gets a 403.

        A moderator whose session proved no second factor is told what to do.
        """
        if super().has_permission(request) and not second_factor.is_proved(request):
            return redirect("second_factor")
        response: HttpResponse = secure_admin_login(super().login)(request, extra_context)
        return response

    def password_change(  # type: ignore[override]  # allauth's page instead of Django's own.
        self, request: HttpRequest, extra_context: Context = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: Context = None) -> TemplateResponse:
        """The desk's first page: what waits, and the way to the next case."""
        if request.user.has_perm("moderation.decide_case"):
            extra_context = {
                "lanes": backlog.by_lane(),
                "alarms": reading.find_alarms(),
                **(extra_context or {}),
            }
        return super().index(request, extra_context)
