"""Mass reverts at the desk: choose a rule and a time, read what would be cleared, confirm, and see it done."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.ids import read_id
from accounts.models import User
from accounts.paging import page_before
from accounts.read_only import ReadOnlyAdmin
from moderation.admin.desk import View
from moderation.admin.rule_page import writer_of
from moderation.models import MassRevert, RevertedCase
from moderation.rule_forms import PeriodForm, RevertForm
from moderation.rulebook import reverting
from moderation.rulebook.stepping import StepRefused
from moderation.scanning.refusals import ScannerNotReady

PAGE = 25
REVERT = "admin:moderation_massrevert_change"
_OUTCOMES = {
    outcome.value: Count("cases", filter=Q(cases__outcome=outcome)) for outcome in RevertedCase.Outcome
}


def _reader_of(request: HttpRequest) -> User:
    if not isinstance(request.user, User) or not request.user.has_perm("moderation.view_massrevert"):
        raise PermissionDenied
    return request.user


@require_GET
def show_reverts(request: HttpRequest) -> HttpResponse:
    reader = _reader_of(request)
    page = page_before(
        MassRevert.objects.select_related("by"), read_id(request.GET.get("before", "")), size=PAGE
    )
    context = {
        **admin.site.each_context(request),
        "title": _("Mass reverts"),
        "reverts": page.rows,
        "more": page.next,
        "may_write": reader.has_perm("moderation.write_rule"),
    }
    return TemplateResponse(request, "admin/moderation/rules/reverts.html", context)


@require_http_methods(["GET", "POST"])
def make_revert(request: HttpRequest) -> HttpResponse:
    """Choose and preview by GET; confirm by POST."""
    writer = writer_of(request)
    if request.method == "POST":
        return _confirm(request, writer)
    asks = {"rule", "since", "until"} <= request.GET.keys()
    form = PeriodForm(request.GET) if asks else PeriodForm(initial=request.GET.dict())
    return _render_form(request, form, writer)


def _confirm(request: HttpRequest, writer: User) -> HttpResponse:
    form = RevertForm(request.POST)
    if not form.is_valid():
        return _render_form(request, form, writer)
    sent = form.cleaned_data
    try:
        revert = reverting.confirm(
            sent["rule"], form.period, _chosen(request), by=writer, reason=sent["reason"]
        )
    except StepRefused as refusal:
        return _render_form(request, form, writer, refusal=str(refusal), status=409)
    reverting.carry_on(revert)
    return redirect(REVERT, revert.pk)


def _chosen(request: HttpRequest) -> set[tuple[int, int]]:
    """The cases whose boxes are ticked, as “number:version”; what makes no sense is as if it were not there."""
    pairs = [tuple(map(read_id, one.split(":"))) for one in request.POST.getlist("case")]
    return {(pair[0], pair[1]) for pair in pairs if len(pair) == 2 and pair[0] and pair[1]}


def _render_form(
    request: HttpRequest, form: PeriodForm, writer: User, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {**admin.site.each_context(request), "title": _("Mass revert"), "form": form}
    if form.is_bound and form.is_valid():
        try:
            context["preview"] = reverting.preview(form.cleaned_data["rule"], form.period, by=writer)
        except ScannerNotReady:
            refusal, status = _("The scanner is not ready, so nobody can say what it would clear."), 503
        context["confirm_form"] = form if isinstance(form, RevertForm) else RevertForm()
    elif form.is_bound:
        status = 400
    context["refusal"] = refusal
    return TemplateResponse(request, "admin/moderation/rules/make_revert.html", context, status=status)


@require_GET
def show_revert(request: HttpRequest, pk: int) -> HttpResponse:
    reader = _reader_of(request)
    found = MassRevert.objects.select_related("by").annotate(**_OUTCOMES)
    revert = get_object_or_404(found, pk=pk)
    context = {
        **admin.site.each_context(request),
        "title": str(revert),
        "revert": revert,
        "cases": revert.cases.select_related("case__author").order_by("pk"),
        "may_write": reader.has_perm("moderation.write_rule"),
    }
    return TemplateResponse(request, "admin/moderation/rules/revert.html", context)


@require_POST
def carry_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Do the next ones now instead of at the next sweep."""
    writer_of(request)
    count = reverting.carry_on(get_object_or_404(MassRevert, pk=pk))
    if not count:
        messages.info(request, _("Nothing is left to do."))
    return redirect(REVERT, pk)


@admin.register(MassRevert)
class MassRevertAdmin(ReadOnlyAdmin):
    """Only the desk's own pages."""

    def get_urls(self) -> list[URLPattern]:
        pages: list[tuple[str, View, str]] = [
            ("", show_reverts, "changelist"),
            ("add/", make_revert, "add"),
            ("<int:pk>/", show_revert, "change"),
            ("<int:pk>/carry-on/", carry_on, "carry_on"),
        ]
        return [
            path(route, self._page(view), name=f"moderation_massrevert_{name}") for route, view, name in pages
        ]

    def _page(self, view: View) -> Callable[..., HttpResponseBase]:
        return self.admin_site.admin_view(view)
