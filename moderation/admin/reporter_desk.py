"""The desk's page about a reporter: how right they were, and the warnings and mutes with their undo."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.models import User
from accounts.read_only import ReadOnlyAdmin
from moderation import standing
from moderation.admin.desk import View, moderator_of
from moderation.models import ReporterMute, ReporterWarning
from moderation.reporter_forms import MuteForm, WarnForm
from moderation.reporters import muting
from moderation.reporters.muting import NotAllowed, NotDue
from moderation.reporters.recalling import recall

ABOUT = "admin:moderation_reporterwarning_about"
Act = Callable[[User, dict[str, Any]], object]


@require_GET
def about(request: HttpRequest, pk: int) -> HttpResponse:
    moderator_of(request)
    return _render(request, get_object_or_404(User, pk=pk))


@require_POST
def warn(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    form = WarnForm(request.POST, prefix="warn")
    return _act(
        request, pk, form, lambda reporter, said: muting.warn(reporter, by=moderator, **said), _("Warned.")
    )


@require_POST
def mute(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    form = MuteForm(request.POST, prefix="mute")
    return _act(
        request, pk, form, lambda reporter, said: muting.mute(reporter, by=moderator, **said), _("Muted.")
    )


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    warning = get_object_or_404(ReporterWarning.objects.select_related("reporter"), pk=pk)
    try:
        muting.withdraw(warning, by=moderator)
    except NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    messages.success(request, _("The warning is taken back."))
    return redirect(ABOUT, warning.reporter_id)


@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    muted = get_object_or_404(ReporterMute.objects.select_related("reporter"), pk=pk)
    try:
        muting.lift(muted, by=moderator)
    except NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    messages.success(request, _("The mute is lifted, and what was set aside is filed."))
    return redirect(ABOUT, muted.reporter_id)


def _act(request: HttpRequest, pk: int, form: forms.Form, act: Act, done: str) -> HttpResponse:
    """Do what a form asks: 400 when it is incomplete, 403 to whom it is not allowed, 409 when it is not the time for it."""
    reporter = get_object_or_404(User, pk=pk)
    if not form.is_valid():
        return _render(request, reporter, form=form)
    try:
        act(reporter, form.cleaned_data)
    except NotAllowed as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except ValidationError as refusal:
        form.add_error("reason", refusal)
        return _render(request, reporter, form=form)
    except NotDue as refusal:
        return _render(request, reporter, form=form, refusal=str(refusal))
    messages.success(request, done)
    return redirect(ABOUT, pk)


def _render(
    request: HttpRequest, reporter: User, *, form: forms.Form | None = None, refusal: str = ""
) -> HttpResponse:
    moderator = moderator_of(request)
    context = {
        **admin.site.each_context(request),
        "title": _("Reporter"),
        "record": recall(reporter, seen_by=moderator),
        "warn_form": form if type(form) is WarnForm else WarnForm(prefix="warn"),
        "mute_form": form if isinstance(form, MuteForm) else MuteForm(prefix="mute"),
        "may_act": not standing.why_not(reporter, by=moderator),
        "refusal": refusal,
        "now": timezone.now(),
    }
    status = 409 if refusal else 400 if form else 200
    return TemplateResponse(request, "admin/moderation/reporter.html", context, status=status)


@admin.register(ReporterWarning)
class ReporterWarningAdmin(ReadOnlyAdmin):
    """The list of warnings, and the pages of those who were or may be warned."""

    list_display = ("id", "reporter", "by", "at", "withdrawn_at")
    list_select_related = ("reporter", "by")
    search_fields = ("=id", "=reporter__handle")

    def get_urls(self) -> list[URLPattern]:
        pages: list[tuple[str, View, str]] = [
            ("about/<int:pk>/", about, "about"),
            ("about/<int:pk>/warn/", warn, "warn"),
            ("about/<int:pk>/mute/", mute, "mute"),
            ("<int:pk>/withdraw/", withdraw, "withdraw"),
            ("mutes/<int:pk>/lift/", lift, "lift"),
        ]
        own = [
            path(route, self._page(view), name=f"moderation_reporterwarning_{name}")
            for route, view, name in pages
        ]
        return [*own, *super().get_urls()]

    def _page(self, view: View) -> Callable[..., HttpResponseBase]:
        return self.admin_site.admin_view(view)
