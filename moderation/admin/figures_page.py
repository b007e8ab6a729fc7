"""The figures as a page: charts made on the server, each with the table of its numbers, and all of it as CSV."""

import csv
from collections.abc import Callable, Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.read_only import ReadOnlyAdmin
from accounts.roles import Role
from moderation.admin.desk import QUEUE, View, moderator_of
from moderation.admin.figure_charts import picture
from moderation.figures import minding, reading
from moderation.models import DailyFigure
from moderation.models.figures import BreakAfter

FIGURES = "admin:moderation_dailyfigure_changelist"
RANGES = (7, 28, 90)
USUAL_RANGE = 28
COLUMNS = ("day", "kind", "key", "bucket", "count", "hits")
# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class BreakForm(forms.Form):
    """When somebody wants to be reminded of a break."""

    after = forms.TypedChoiceField(
        label=gettext_lazy("Remind me of a break"), choices=BreakAfter.choices, coerce=int
    )


@require_safe
def show_figures(request: HttpRequest) -> HttpResponse:
    """The last 7, 28 or 90 days; whatever else is asked for is 28."""
    moderator = moderator_of(request)
    days = _range_of(request)
    figures = reading.read(days, moderator=moderator)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Figures"),
        "ranges": RANGES,
        "days": days,
        "figures": figures,
        "is_senior": moderator.get_role().level >= Role.SENIOR_MODERATOR.level,
        "pictures": picture(figures) if figures else None,
        "shown": minding.list_shown(moderator),
        "break_form": BreakForm(initial={"after": minding.get_settings(moderator).after}),
    }
    return TemplateResponse(request, "admin/moderation/figures.html", context)


@require_safe
def download(request: HttpRequest) -> HttpResponseBase:
    """The rows from which the page is made, as far as this moderator may read them."""
    rows = reading.rows(_range_of(request), moderator=moderator_of(request)).values_list(*COLUMNS)
    response = StreamingHttpResponse(_write(rows.iterator()), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="parler-figures.csv"'
    return response


class _Line:
    """A file that gives back what is written to it."""

    def write(self, line: str) -> str:
        return line


def _write(rows: Iterator[tuple[Any, ...]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for row in rows:
        yield writer.writerow([_plain(str(value)) for value in row])


def _plain(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value


def _range_of(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return next((days for days in RANGES if asked == str(days)), USUAL_RANGE)


@require_POST
def choose_break(request: HttpRequest) -> HttpResponse:
    moderator = moderator_of(request)
    form = BreakForm(request.POST)
    if form.is_valid():
        minding.choose(BreakAfter(form.cleaned_data["after"]), by=moderator)
        messages.success(request, _("We will remember that."))
    else:
        messages.error(request, _("Choose one of the times."))
    return redirect(FIGURES)


@require_POST
def not_now(request: HttpRequest) -> HttpResponse:
    minding.not_now(by=moderator_of(request))
    return redirect(QUEUE)


@admin.register(DailyFigure)
class DailyFigureAdmin(ReadOnlyAdmin):
    """Only the desk's own page: a figure is never edited as a row."""

    def get_urls(self) -> list[URLPattern]:
        pages: list[tuple[str, View | Callable[..., HttpResponseBase], str]] = [
            ("", show_figures, "changelist"),
            ("figures.csv", download, "download"),
            ("break/", choose_break, "break"),
            ("not-now/", not_now, "not_now"),
        ]
        return [
            path(route, self._page(view), name=f"moderation_dailyfigure_{name}")
            for route, view, name in pages
        ]

    def _page(self, view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        return self.admin_site.admin_view(view)
