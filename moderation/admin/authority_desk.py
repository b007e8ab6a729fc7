"""The list of authorities at the desk: seniors read it, administrators change it."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.ids import read_id
from accounts.models import User
from accounts.paging import page_before
from accounts.read_only import ReadOnlyAdmin
from accounts.roles import Role
from moderation.admin.seniors import PAGE, View, forbidding, render_page, senior_of
from moderation.evidence import authorities
from moderation.evidence.admitting import admit_administrator
from moderation.evidence_forms import AuthorityForm
from moderation.models import Authority

AUTHORITIES = "admin:moderation_authority_changelist"


@require_GET
def show_list(request: HttpRequest) -> HttpResponse:
    """Newest first; `before` is the last one of the page before."""
    senior = senior_of(request)
    context = {
        "page": page_before(Authority.objects.all(), read_id(request.GET.get("before", "")), size=PAGE),
        "may_change": senior.get_role() == Role.ADMINISTRATOR,
    }
    return render_page(request, "authorities.html", _("Authorities"), context)


@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    return _edit(request, senior_of(request), None)


@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    senior = senior_of(request)
    return _edit(request, senior, get_object_or_404(Authority, pk=pk))


def _edit(request: HttpRequest, by: User, authority: Authority | None) -> HttpResponse:
    with forbidding():
        admit_administrator(by)
    known = {name: getattr(authority, name) for name in ("name", "country", "contact")} if authority else {}
    form = AuthorityForm(request.POST if request.method == "POST" else None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            authorities.save(authority, form.get_entry(), by=by)
        except ValidationError as refused:
            form.add_error("name", refused)
        else:
            messages.success(request, _("The list is changed."))
            return redirect(AUTHORITIES)
    context = {"form": form, "authority": authority}
    status = 400 if form.errors else 200
    return render_page(request, "authority.html", _("Authority"), context, status=status)


@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    senior = senior_of(request)
    with forbidding():
        authorities.retire(get_object_or_404(Authority, pk=pk), by=senior)
    messages.success(request, _("Nothing more is referred to this authority."))
    return redirect(AUTHORITIES)


@require_POST
def reinstate(request: HttpRequest, pk: int) -> HttpResponse:
    senior = senior_of(request)
    with forbidding():
        authorities.reinstate(get_object_or_404(Authority, pk=pk), by=senior)
    messages.success(request, _("The authority is in the list again."))
    return redirect(AUTHORITIES)


@admin.register(Authority)
class AuthorityAdmin(ReadOnlyAdmin):
    """Only the desk's own pages."""

    def get_urls(self) -> list[URLPattern]:
        pages: list[tuple[str, View, str]] = [
            ("", show_list, "changelist"),
            ("add/", add, "add"),
            ("<int:pk>/", change, "change"),
            ("<int:pk>/retire/", retire, "retire"),
            ("<int:pk>/reinstate/", reinstate, "reinstate"),
        ]
        return [
            path(route, self._page(view), name=f"moderation_authority_{name}") for route, view, name in pages
        ]

    def _page(self, view: View) -> Callable[..., HttpResponseBase]:
        return self.admin_site.admin_view(view)
