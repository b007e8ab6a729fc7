"""Pages of people without an account: they give notice, see how it stands by a link that only they have, and appeal there."""

from collections.abc import Callable
from functools import partial

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import limiting
from accounts.models import User
from moderation import appealing
from moderation.appeal_forms import AnswerForm, AppealForm
from moderation.appealing import AlreadyAppealed, AppealClosed, NotAppealable
from moderation.deciding import NotAllowed
from moderation.guest_forms import NoticeForm
from moderation.guests import forgetting, noticing
from moderation.guests.forgetting import NotYours
from moderation.models import Appeal, Decision, GuestNotice, Letter, LetterKind

View = Callable[..., HttpResponse]
TextForm = AppealForm | AnswerForm


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


# Without a referrer, browsers send no origin along that could be checked. Nobody forges these: they would have to know the link.
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


@csrf_exempt
@require_POST
@_by_link
def appeal(request: HttpRequest, notice: GuestNotice) -> HttpResponse:
    """Appeal against what came of the notice. A second time, what was typed waits in the form for messages."""
    outcome = notice.get_outcome()
    decisions = Decision.objects.contestable_by(notice)
    decision = get_object_or_404(decisions, pk=outcome.decision_id if outcome else None)
    return _say(request, notice, AppealForm(request.POST), partial(appealing.appeal, decision, by=notice))


@csrf_exempt
@require_POST
@_by_link
def answer(request: HttpRequest, notice: GuestNotice) -> HttpResponse:
    """Say something further about the appeal."""
    made = _get_appeal(notice)
    if made is None:
        raise Http404
    return _say(request, notice, AnswerForm(request.POST), partial(appealing.answer, made, by=notice))


def _say(
    request: HttpRequest, notice: GuestNotice, form: TextForm, say: Callable[..., object]
) -> HttpResponse:
    """Say what was typed, by a verb that takes it as `text`; or show what is wrong, and all that was typed."""
    if not form.is_valid():
        return _render_notice(request, notice, form=form, status=400)
    limiting.count("appeal", get_adapter().get_client_ip(request))
    limiting.count("appeal", notice.pk)
    try:
        say(text=form.cleaned_data["text"])
    except ValidationError as refusal:
        form.add_error("text", refusal)
        return _render_notice(request, notice, form=form, status=400)
    except (NotAllowed, NotAppealable) as refusal:
        return _render_notice(request, notice, form=form, refusal=str(refusal), status=403)
    except (AlreadyAppealed, AppealClosed) as refusal:
        return _render_notice(request, notice, form=form, refusal=str(refusal), status=409)
    return redirect(f"{notice.get_absolute_url()}#appeal")


def _render_notice(
    request: HttpRequest,
    notice: GuestNotice,
    *,
    form: TextForm | None = None,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page as it is now; what was typed stays."""
    outcome = notice.get_outcome()
    context = {
        "notice": notice,
        "outcome": outcome,
        "refusal": refusal,
        "kept_days": forgetting.KEPT.days,
        **(_contest(notice, outcome, form) if outcome else {}),
    }
    return render(request, "moderation/guest_notice.html", context, status=status)


def _contest(notice: GuestNotice, outcome: Letter, form: TextForm | None) -> dict[str, object]:
    """The appeal that was made, with what was said about it; or else whether one can be made."""
    made = _get_appeal(notice)
    if made is None:
        standing = outcome.decision and appealing.get_standing_of(notice, outcome.decision)
        return {"standing": standing, "form": form or AppealForm()}
    if not isinstance(form, AnswerForm):
        form = AnswerForm(form.data if form else None)
    told = notice.letters.filter(kind=LetterKind.APPEAL, decision=made.decision_id).first()
    return {"appeal": made, "dialogue": made.messages.order_by("pk"), "told": told, "form": form}


def _get_appeal(notice: GuestNotice) -> Appeal | None:
    return Appeal.objects.of(notice).order_by("-pk").first()
