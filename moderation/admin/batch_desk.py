"""Batches at the desk: the preview, the deciding, and what became of each case, with one undo for all."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.read_only import ReadOnlyAdmin
from moderation import arranging, bulk
from moderation.admin import bulk_page, keys
from moderation.admin.desk import View, moderator_of
from moderation.desk_forms import TogetherForm
from moderation.forms import RestoreForm
from moderation.models import Batch, Case

MOST_SAID = 10


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    return bulk_page.render_preview(request, moderator_of(request))


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    moderator = moderator_of(request)
    form = TogetherForm(request.POST, moderator=moderator)
    versions = bulk_page.read_ticked(request)
    cases = bulk_page.get_cases(list(versions), moderator)
    if not form.is_valid() or not cases:
        return bulk_page.render_preview(request, moderator)
    try:
        batch = bulk.decide_together(
            [(case, versions[case.pk]) for case in cases], form.cleaned_data["joint"], by=moderator
        )
    except bulk.TooMany as refusal:
        return bulk_page.render_preview(request, moderator, refusal=str(refusal))
    return redirect(batch)


@require_GET
def show_batch(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    batch = get_object_or_404(Batch.objects.with_counts(), pk=pk)
    mine = Case.objects.decidable_by(moderator)
    desk = arranging.settings_of(moderator)
    context = {
        **admin.site.each_context(request),
        "title": _("Decided together"),
        "batch": batch,
        "items": batch.items.filter(case__in=mine).with_case(),
        "restore_form": RestoreForm(),
        "desk": desk,
        "keys": keys.of_queue() if desk.has_keys else [],
    }
    return TemplateResponse(request, "admin/moderation/batch.html", context)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    batch = get_object_or_404(Batch, pk=pk)
    form = RestoreForm(request.POST)
    form.is_valid()
    refused = bulk.take_back(batch, by=moderator, reason=form.cleaned_data.get("reason", ""))
    for refusal in refused[:MOST_SAID]:
        messages.warning(request, refusal)
    if not refused:
        messages.success(request, _("Everything is taken back."))
    elif len(refused) > MOST_SAID:
        more = len(refused) - MOST_SAID
        words = ngettext("And %(more)s more.", "And %(more)s more.", more)
        messages.warning(request, words % {"more": more})
    return redirect(batch)


@admin.register(Batch)
class BatchAdmin(ReadOnlyAdmin):
    """The list as Django shows it; a batch on a page of our own."""

    list_display = ("id", "measure", "violation", "count", "by", "at")
    list_filter = ("measure", "violation")
    list_select_related = ("by",)
    search_fields = ("=id", "=by__handle")

    def get_urls(self) -> list[URLPattern]:
        pages: list[tuple[str, View, str]] = [
            ("preview/", preview, "preview"),
            ("decide/", decide, "decide"),
            ("<int:pk>/", show_batch, "change"),
            ("<int:pk>/take-back/", take_back, "take_back"),
        ]
        own = [path(route, self._page(view), name=f"moderation_batch_{name}") for route, view, name in pages]
        return [*own, path("", self._page(self.changelist_view), name="moderation_batch_changelist")]

    def _page(self, view: View) -> Callable[..., HttpResponseBase]:
        return self.admin_site.admin_view(view)
