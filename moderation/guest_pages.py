"""Pages of people without an account: they give notice, and see how it stands by a link that only they have."""

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import limiting
from accounts.models import User
from moderation.guest_forms import NoticeForm
from moderation.guests import forgetting, noticing
from moderation.guests.forgetting import NotYours
from moderation.models import GuestNotice

View = Callable[..., HttpResponse]


@require_http_methods(["GET", "POST"])
def give_notice(request: HttpRequest) -> HttpResponse:
    form = NoticeForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _render_form(request, form)
    _count(request, form.words.email)
    try:
        notice = noticing.give_notice(form.words, language=_language())
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return _render_form(request, form)
    # Whoever left no address gets the link here and now; everybody else proves by it that the address is theirs.
    return redirect("moderation:notice_thanks") if notice.email else redirect(notice)


def _render_form(request: HttpRequest, form: NoticeForm) -> HttpResponse:
    return render(request, "moderation/notice_form.html", {"form": form}, status=400 if form.errors else 200)


def _count(request: HttpRequest, email: str) -> None:
    """Raises RateLimited: nobody fills the queue, nor somebody else's mailbox."""
    limiting.count("notice", get_adapter().get_client_ip(request))
    if email:
        limiting.count("notice_email", email.lower())
    limiting.count("notice_all", "everybody")


def _language() -> str:
    """The language that the form was shown in."""
    language = (get_language() or "").partition("-")[0]
    return language if language in User.Language.values else User.Language.ENGLISH.value


@require_GET
def notice_thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "moderation/notice_thanks.html")


def _by_link(view: View) -> View:
    """A page whose address is the secret: it goes to no cache, no search engine and no other site."""

    @never_cache
    def show(request: HttpRequest, token: str) -> HttpResponse:
        notice = get_object_or_404(GuestNotice, token=token)
        response = view(request, notice)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return show


@require_GET
@_by_link
def guest_notice(request: HttpRequest, notice: GuestNotice) -> HttpResponse:
    return _render_notice(request, notice)


# Without a referrer, browsers send no origin along that could be checked. Nobody forges these two: they would have to know the link.
@csrf_exempt
@require_POST
@_by_link
def confirm(request: HttpRequest, notice: GuestNotice) -> HttpResponse:
    noticing.confirm(notice)
    return redirect(notice)


@csrf_exempt
@require_POST
@_by_link
def disown(request: HttpRequest, notice: GuestNotice) -> HttpResponse:
    try:
        forgetting.disown(notice)
    except NotYours:
        return _render_notice(request, notice, status=409)
    return redirect(notice)


def _render_notice(request: HttpRequest, notice: GuestNotice, *, status: int = 200) -> HttpResponse:
    context = {"notice": notice, "outcome": notice.get_outcome(), "kept_days": forgetting.KEPT.days}
    return render(request, "moderation/guest_notice.html", context, status=status)
