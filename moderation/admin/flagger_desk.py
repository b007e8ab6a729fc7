"""The desk's page of trusted flaggers: everybody at the desk sees them, administrators say who they are."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.ids import read_id
from accounts.models import User
from accounts.paging import page_before
from accounts.read_only import ReadOnlyAdmin
from accounts.roles import Role
from moderation.admin.desk import View, moderator_of
from moderation.models import TrustedFlagger
from moderation.reporter_forms import TrustForm
from moderation.reporters import flagging
from moderation.reporters.flagging import MayNotFlag

FLAGGERS = "admin:moderation_trustedflagger_changelist"


@require_GET
def show_flaggers(request: HttpRequest) -> HttpResponse:
    moderator_of(request)
    return _render(request, TrustForm())


@require_POST
def trust(request: HttpRequest) -> HttpResponse:
    administrator = moderator_of(request)
    form = TrustForm(request.POST)
    if not form.is_valid():
        return _render(request, form)
    said = form.cleaned_data
    account = User.objects.present().named(said["account"].removeprefix("@")).first()
    if account is None:
        form.add_error("account", _("There is no such account."))
        return _render(request, form)
    try:
        flagging.trust(
            account,
            organisation=said["organisation"],
            area=said["area"],
            until=form.until_moment,
            by=administrator,
        )
    except MayNotFlag as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return _render(request, form)
    messages.success(request, _("The account is a trusted flagger's now."))
    return redirect(FLAGGERS)


@require_POST
def distrust(request: HttpRequest, pk: int) -> HttpResponse:
    administrator = moderator_of(request)
    mark = get_object_or_404(TrustedFlagger.objects.select_related("account"), pk=pk)
    try:
        flagging.distrust(mark.account, by=administrator)
    except MayNotFlag as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    messages.success(request, _("The account is no trusted flagger's any more."))
    return redirect(FLAGGERS)


def _render(request: HttpRequest, form: TrustForm) -> HttpResponse:
    marks = TrustedFlagger.objects.select_related("account", "given_by", "ended_by")
    context = {
        **admin.site.each_context(request),
        "title": _("Trusted flaggers"),
        "page": page_before(marks, read_id(request.GET.get("before", ""))),
        "form": form,
        "may_trust": moderator_of(request).get_role() == Role.ADMINISTRATOR,
        "now": timezone.now(),
    }
    status = 400 if form.errors else 200
    return TemplateResponse(request, "admin/moderation/flaggers.html", context, status=status)


@admin.register(TrustedFlagger)
class TrustedFlaggerAdmin(ReadOnlyAdmin):
    """Only the desk's own page: a mark is given and taken back, never edited as a row."""

    def get_urls(self) -> list[URLPattern]:
        pages: list[tuple[str, View, str]] = [
            ("", show_flaggers, "changelist"),
            ("trust/", trust, "trust"),
            ("<int:pk>/distrust/", distrust, "distrust"),
        ]
        return [
            path(route, self._page(view), name=f"moderation_trustedflagger_{name}")
            for route, view, name in pages
        ]

    def _page(self, view: View) -> Callable[..., HttpResponseBase]:
        return self.admin_site.admin_view(view)
