"""Referrals at the desk: what moderators ask for, what is open, and the page of one with its packet and its log."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.ids import read_id
from accounts.models import User
from accounts.paging import page_before
from accounts.read_only import ReadOnlyAdmin
from moderation.admin import case_page
from moderation.admin.desk import CASE, moderator_of
from moderation.admin.seniors import PAGE, View, forbidding, render_page, senior_of
from moderation.evidence import referring, releasing
from moderation.evidence.referring import TooLate
from moderation.evidence_forms import AskForm, ErrandForm, EventForm, RefusalForm, TellForm
from moderation.models import Referral, ReferralRequest, ReferralStatus

REFERRALS = "admin:moderation_referral_changelist"
STEPS = {
    ReferralStatus.SENT: referring.note_sent,
    ReferralStatus.ANSWERED: referring.note_answer,
    ReferralStatus.CLOSED: referring.close,
}


@require_GET
def show_list(request: HttpRequest) -> HttpResponse:
    """Open referrals below what is asked for, or with `show=closed` the closed ones; newest first, `before` the last one of the page before."""
    senior = senior_of(request)
    is_closed = request.GET.get("show") == "closed"
    before = read_id(request.GET.get("before", ""))
    referrals = Referral.objects.on_desk_of(senior).with_all()
    asked = ReferralRequest.objects.open().on_desk_of(senior).select_related("by", "case")
    context = {
        "page": page_before(referrals.closed() if is_closed else referrals.open(), before, size=PAGE),
        "requests": [] if is_closed or before else list(asked.order_by("pk")[:PAGE]),
        "is_closed": is_closed,
    }
    return render_page(request, "referrals.html", _("Referrals to authorities"), context)


@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    case = case_page.get_case(pk, moderator)
    form = AskForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say whose life or safety is threatened."))
        return redirect(CASE, pk)
    try:
        with forbidding():
            referring.ask(case, by=moderator, why=form.cleaned_data["why"])
    except TooLate as refusal:
        return case_page.render_case(request, case, moderator, refusal=str(refusal))
    messages.success(request, _("A senior moderator is asked, and the case is imminent."))
    return redirect(CASE, pk)


@require_POST
def refuse(request: HttpRequest, pk: int) -> HttpResponse:
    senior = senior_of(request)
    asked = get_object_or_404(ReferralRequest.objects.on_desk_of(senior).select_related("case"), pk=pk)
    form = RefusalForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say why this is not referred."))
        return redirect(REFERRALS)
    try:
        with forbidding():
            referring.refuse(asked, by=senior, reason=form.cleaned_data["reason"])
    except TooLate as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The request is answered: no referral."))
    return redirect(REFERRALS)


@require_http_methods(["GET", "POST"])
def make(request: HttpRequest, pk: int) -> HttpResponse:
    """Refer the case with this number."""
    senior = senior_of(request)
    case = case_page.get_case(pk, senior)
    form = ErrandForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            with forbidding():
                referral = referring.refer(case, form.get_errand(), by=senior)
        except ValidationError as refused:
            form.add_error("authority", refused)
        else:
            messages.success(request, _("The packet is made. Hand it over, and note here how and when."))
            return redirect(referral)
    asked = ReferralRequest.objects.filter(case=case, answered_at=None).select_related("by").first()
    context = {"form": form, "case": case, "asked": asked}
    status = 400 if form.errors else 200
    return render_page(request, "refer.html", _("Refer to an authority"), context, status=status)


@never_cache
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    senior = senior_of(request)
    return _render(request, _get(pk, senior), senior)


@require_POST
def download(request: HttpRequest, pk: int) -> HttpResponse:
    """The packet as a file: exactly the bytes that its hash is of."""
    senior = senior_of(request)
    referral = _get(pk, senior)
    with forbidding():
        packet = referring.download(referral, by=senior)
    name = f"parler-referral-{referral.pk}.json"
    return HttpResponse(
        packet,
        content_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


@require_POST
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that it was handed over, answered or closed."""
    senior = senior_of(request)
    referral = _get(pk, senior)
    form = EventForm(frozenset(STEPS), request.POST)
    if not form.is_valid():
        return _render(request, referral, senior, form=form, status=400)
    try:
        with forbidding():
            STEPS[ReferralStatus(form.cleaned_data["step"])](referral, form.get_event(), by=senior)
    except ValidationError as refused:
        return _render(request, referral, senior, form=form, refusal=refused.messages[0], status=400)
    except TooLate as refused:
        return _render(request, referral, senior, form=form, refusal=str(refused), status=409)
    messages.success(request, _("Noted."))
    return redirect(referral)


@require_POST
def tell(request: HttpRequest, pk: int) -> HttpResponse:
    """Release it to the author."""
    senior = senior_of(request)
    referral = _get(pk, senior)
    form = TellForm(request.POST)
    if not form.is_valid():
        return _render(request, referral, senior, tell_form=form, status=400)
    try:
        with forbidding():
            releasing.tell_author(referral, by=senior, reason=form.cleaned_data["reason"])
    except TooLate as refused:
        return _render(request, referral, senior, refusal=str(refused), status=409)
    messages.success(request, _("The author is told."))
    return redirect(referral)


def _get(pk: int, senior: User) -> Referral:
    """The referral, unless it does not exist (404) or is about somebody whom this senior may not judge (403)."""
    referral = get_object_or_404(Referral.objects.with_all(), pk=pk)
    if not Referral.objects.on_desk_of(senior).filter(pk=pk).exists():
        raise PermissionDenied(_("This referral is about somebody at or above your own level."))
    return referral


def _render(  # noqa: PLR0913  One page, and everything that may be wrong with what was sent from it.
    request: HttpRequest,
    referral: Referral,
    senior: User,
    *,
    form: EventForm | None = None,
    tell_form: forms.Form | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page as it is now; that it was looked at stands in its own log."""
    with forbidding():
        packet = referring.read(referral, by=senior)
    referral = Referral.objects.with_all().get(pk=referral.pk)
    context: dict[str, Any] = {
        "referral": referral,
        "packet": packet,
        "entries": referral.entries.select_related("by").order_by("pk"),
        "form": EventForm(referral.steps, form.data if form else None) if referral.steps else None,
        "tell_form": tell_form or TellForm(),
        "refusal": refusal,
    }
    return render_page(request, "referral.html", _("Referral"), context, status=status)


@admin.register(Referral)
class ReferralAdmin(ReadOnlyAdmin):
    """Only the desk's own pages."""

    def get_urls(self) -> list[URLPattern]:
        pages: list[tuple[str, View, str]] = [
            ("", show_list, "changelist"),
            ("of/<int:pk>/", make, "make"),
            ("ask/<int:pk>/", ask, "ask"),
            ("refuse/<int:pk>/", refuse, "refuse"),
            ("<int:pk>/", show, "change"),
            ("<int:pk>/download/", download, "download"),
            ("<int:pk>/step/", step, "step"),
            ("<int:pk>/tell/", tell, "tell"),
        ]
        return [
            path(route, self._page(view), name=f"moderation_referral_{name}") for route, view, name in pages
        ]

    def _page(self, view: View) -> Callable[..., HttpResponseBase]:
        return self.admin_site.admin_view(view)
