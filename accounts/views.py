"""Pages on which people look after their own account."""

from typing import cast

from allauth.account.decorators import reauthentication_required
from django.conf import settings as django_settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import authorising, blocking, erasing, keeping
from accounts.forms import DeletionForm, LanguageForm
from accounts.ids import read_id
from accounts.models import Application, Block, Mute, User
from accounts.paging import page_before


@never_cache
@login_required
@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """The way to every setting."""
    return render(request, "accounts/settings.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def language(request: HttpRequest) -> HttpResponse:
    """In which language Parler speaks; anonymous readers choose for their browser, others for their account."""
    form = LanguageForm(request.POST or None, initial={"language": translation.get_language()})
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/language.html", {"form": form})
    chosen = form.cleaned_data["language"]
    User.objects.filter(pk=request.user.pk).update(language=chosen)
    with translation.override(chosen):
        messages.success(request, _("Your language is set."))
    response = redirect("accounts:language")
    response.set_cookie(
        django_settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=365 * 24 * 3600,
        secure=django_settings.LANGUAGE_COOKIE_SECURE,
        httponly=django_settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )
    return response


@never_cache
@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Whom somebody muted and blocked."""
    user = cast("User", request.user)
    mutes = Mute.objects.filter(muter=user).select_related("muted__profile")
    blocks = Block.objects.filter(blocker=user).select_related("blocked__profile")
    context = {
        "mutes": page_before(mutes, read_id(request.GET.get("mutes_before", ""))),
        "blocks": page_before(blocks, read_id(request.GET.get("blocks_before", ""))),
    }
    return render(request, "accounts/people.html", context)


@login_required
@require_POST
def unmute(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo one's own mute."""
    mute = get_object_or_404(
        Mute.objects.filter(muter=request.user.pk).select_related("muter", "muted"), pk=pk
    )
    blocking.unmute(mute.muter, mute.muted)
    messages.success(request, _("No longer muted."))
    return redirect("accounts:people")


@login_required
@require_POST
def unblock(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo one's own block."""
    mine = Block.objects.filter(blocker=request.user.pk).select_related("blocker", "blocked")
    block = get_object_or_404(mine, pk=pk)
    blocking.unblock(block.blocker, block.blocked)
    messages.success(request, _("No longer blocked."))
    return redirect("accounts:people")


@never_cache
@login_required
@require_safe
def apps(request: HttpRequest) -> HttpResponse:
    """The apps that somebody let in."""
    authorisations = authorising.authorisations_of(cast("User", request.user))
    return render(request, "accounts/apps.html", {"authorisations": authorisations})


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Shut an app out."""
    application = get_object_or_404(
        Application.objects.filter(accesstoken__user=request.user.pk).distinct(), pk=pk
    )
    authorising.revoke(cast("User", request.user), applications=[application])
    messages.success(request, _("The app is shut out."))
    return redirect("accounts:apps")


@never_cache
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth ships no types.
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Erase one's own account, after proving again who one is."""
    user = cast("User", request.user)
    form = DeletionForm(user, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "kept_until": keeping.ask(user).until}
        return render(request, "accounts/delete.html", context)
    erasing.erase(user, by=user)
    logout(request)
    messages.success(request, _("Your account is deleted. Farewell."))
    return redirect("posts:front")
