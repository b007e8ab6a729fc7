"""Legal holds at the desk: what is in force, what ends soon, and the page of one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.ids import read_id
from accounts.models import User
from accounts.read_only import ReadOnlyAdmin
from moderation.admin.seniors import PAGE, View, forbidding, render_page, senior_of
from moderation.evidence import holding
from moderation.evidence.holding import HoldEnded
from moderation.evidence_forms import ExtensionForm, HoldForm, ReleaseForm
from moderation.models import HoldExtension, LegalHold, LegalHoldQuerySet

SOON = timedelta(days=14)


@require_GET
def show_list(request: HttpRequest) -> HttpResponse:
    """In force, what ends first on top, or with `show=ended` what ended, newest first; `after` is the last one of the page before."""
    senior = senior_of(request)
    is_ended = request.GET.get("show") == "ended"
    holds = LegalHold.objects.on_desk_of(senior)
    page = list(_cut(holds, read_id(request.GET.get("after", "")), is_ended=is_ended)[: PAGE + 1])
    context = {
        "holds": page[:PAGE],
        "more": page[PAGE - 1].pk if len(page) > PAGE else None,
        "is_ended": is_ended,
        "soon": timezone.now() + SOON,
    }
    return render_page(request, "legal_holds.html", _("Legal holds"), context)


def _cut(holds: LegalHoldQuerySet, after: int | None, *, is_ended: bool) -> LegalHoldQuerySet:
    if is_ended:
        ended = holds.ended().order_by("-pk")
        return ended.filter(pk__lt=after) if after else ended
    last = LegalHold.objects.filter(pk=after).first() if after else None
    in_force = holds.in_force().ending_first()
    return in_force.after(last) if last else in_force


@require_http_methods(["GET", "POST"])
def place(request: HttpRequest) -> HttpResponse:
    """Hold something; `target` fills in what."""
    senior = senior_of(request)
    sent = request.POST if request.method == "POST" else None
    form = HoldForm(sent, initial={"target": request.GET.get("target", "")})
    if sent is not None and form.is_valid():
        try:
            with forbidding():
                hold = holding.place(form.cleaned_data["target"], form.get_terms(), by=senior)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Nothing of it is erased until the hold ends."))
            return redirect(hold)
    status = 400 if form.errors else 200
    return render_page(request, "place_hold.html", _("Place a legal hold"), {"form": form}, status=status)


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    return _render(request, _get(pk, senior_of(request)))


@require_POST
def extend(request: HttpRequest, pk: int) -> HttpResponse:
    senior = senior_of(request)
    hold = _get(pk, senior)
    form = ExtensionForm(request.POST)
    if not form.is_valid():
        return _render(request, hold, extension_form=form, status=400)
    sent = form.cleaned_data
    try:
        with forbidding():
            extension = holding.extend(hold, timedelta(days=sent["days"]), by=senior, reason=sent["reason"])
    except ValidationError as refused:
        form.add_error("days", refused)
        return _render(request, hold, extension_form=form, status=400)
    except HoldEnded as refused:
        return _render(request, hold, refusal=str(refused), status=409)
    is_done = extension.effective_at is not None
    messages.success(request, _("The hold lasts longer.") if is_done else _("A second person has to agree."))
    return redirect(hold)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to the extension with this number."""
    senior = senior_of(request)
    extension = get_object_or_404(HoldExtension.objects.select_related("asked_by"), pk=pk)
    hold = _get(extension.hold_id, senior)
    try:
        with forbidding():
            holding.confirm(extension, by=senior)
    except HoldEnded as refused:
        return _render(request, hold, refusal=str(refused), status=409)
    messages.success(request, _("The hold lasts longer."))
    return redirect(hold)


@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    senior = senior_of(request)
    hold = _get(pk, senior)
    form = ReleaseForm(request.POST)
    if not form.is_valid():
        return _render(request, hold, release_form=form, status=400)
    try:
        with forbidding():
            holding.release(hold, by=senior, reason=form.cleaned_data["reason"])
    except HoldEnded as refused:
        return _render(request, hold, refusal=str(refused), status=409)
    messages.success(request, _("The hold is released. What waited for that is erased now."))
    return redirect(hold)


def _get(pk: int, senior: User) -> LegalHold:
    """The hold, unless there is none, or none that this senior may know of (404): a hold about oneself is a secret."""
    return get_object_or_404(LegalHold.objects.on_desk_of(senior), pk=pk)


def _render(
    request: HttpRequest,
    hold: LegalHold,
    *,
    extension_form: forms.Form | None = None,
    release_form: forms.Form | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    hold = LegalHold.objects.with_owner().get(pk=hold.pk)
    context: dict[str, Any] = {
        "hold": hold,
        "extensions": hold.extensions.select_related("asked_by", "confirmed_by").order_by("-pk"),
        "extension_form": extension_form or ExtensionForm(),
        "release_form": release_form or ReleaseForm(),
        "refusal": refusal,
    }
    return render_page(request, "legal_hold.html", _("Legal hold"), context, status=status)


@admin.register(LegalHold)
class LegalHoldAdmin(ReadOnlyAdmin):
    """Only the desk's own pages."""

    def get_urls(self) -> list[URLPattern]:
        pages: list[tuple[str, View, str]] = [
            ("", show_list, "changelist"),
            ("place/", place, "place"),
            ("<int:pk>/", show, "change"),
            ("<int:pk>/extend/", extend, "extend"),
            ("confirm/<int:pk>/", confirm, "confirm"),
            ("<int:pk>/release/", release, "release"),
        ]
        return [
            path(route, self._page(view), name=f"moderation_legalhold_{name}") for route, view, name in pages
        ]

    def _page(self, view: View) -> Callable[..., HttpResponseBase]:
        return self.admin_site.admin_view(view)
