"""Pages about people: profiles, who follows whom, and one's own presentation."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import blocking, following, limiting
from accounts.blocking import MayNotAvoid
from accounts.following import MayNotFollow
from accounts.models import Mute, User
from posts import people, timelines
from posts.forms import ProfileForm
from posts.models import Profile
from posts.people import Counts, Standing
from posts.serving import back, cursor, find_profile, reader_of, signed_in, timeline_page, wants_partial


@require_safe
def profile(request: HttpRequest, handle: str) -> HttpResponse:
    """What an account says of itself and has published."""
    reader = reader_of(request)
    if Profile.objects.suspended_for(reader).named(handle).exists():
        return render(request, "posts/profile_suspended.html", status=403)
    found = find_profile(request, handle)
    with_comments = request.GET.get("comments") == "1"
    timeline = timelines.profile(found.user, reader, with_comments=with_comments)
    if wants_partial(request):
        return timeline_page(request, "posts/profile.html", timeline)
    standing = Standing.between(reader, found.user)
    return timeline_page(
        request,
        "posts/profile.html",
        timeline,
        profile=found,
        with_comments=with_comments,
        standing=standing,
        counts=Counts.of(found.user, reader),
        own_version=found.get_latest_revision() if standing.is_oneself else None,
    )


@require_safe
def followers(request: HttpRequest, handle: str) -> HttpResponse:
    found = find_profile(request, handle)
    follows = people.followers(found.user, reader_of(request))
    page = people.people(follows, "follower", max_id=cursor(request, "max_id"))
    return render(request, "posts/followers.html", {"profile": found, "page": page})


@require_safe
def followed(request: HttpRequest, handle: str) -> HttpResponse:
    found = find_profile(request, handle)
    follows = people.following(found.user, reader_of(request))
    page = people.people(follows, "followed", max_id=cursor(request, "max_id"))
    return render(request, "posts/following.html", {"profile": found, "page": page})


def _change(request: HttpRequest, user: User, verb: Callable[[User, User], None]) -> HttpResponse:
    """Let the reader do something about somebody, and go back."""
    try:
        verb(signed_in(request), user)
    except (MayNotFollow, MayNotAvoid) as refusal:
        messages.error(request, str(refusal))
    return back(request, user.get_absolute_url())


@require_POST
@login_required
def follow(request: HttpRequest, handle: str) -> HttpResponse:
    found = find_profile(request, handle)
    limiting.count("follow", signed_in(request).pk)
    return _change(request, found.user, following.follow)


@require_POST
@login_required
def unfollow(request: HttpRequest, handle: str) -> HttpResponse:
    user = get_object_or_404(User.objects.named(handle), followed_by__follower=signed_in(request))
    return _change(request, user, following.unfollow)


@require_POST
@login_required
def mute(request: HttpRequest, handle: str) -> HttpResponse:
    return _change(request, find_profile(request, handle).user, blocking.mute)


@require_POST
@login_required
def unmute(request: HttpRequest, handle: str) -> HttpResponse:
    muted = Mute.objects.filter(muter=signed_in(request)).values("muted")
    user = get_object_or_404(User.objects.named(handle), pk__in=muted)
    return _change(request, user, blocking.unmute)


@require_POST
@login_required
def block(request: HttpRequest, handle: str) -> HttpResponse:
    """Afterwards neither sees the other, so the way back is home and not the profile."""
    user = find_profile(request, handle).user
    answer = _change(request, user, blocking.block)
    if answer.headers["Location"] != user.get_absolute_url():
        return answer
    messages.success(request, _("You and this account do not see each other any more."))
    return redirect("posts:home")


@require_POST
@login_required
def unblock(request: HttpRequest, handle: str) -> HttpResponse:
    user = get_object_or_404(User.objects.named(handle), blocked_by__blocker=signed_in(request))
    return _change(request, user, blocking.unblock)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def settings_profile(request: HttpRequest) -> HttpResponse:
    """Change one's display name and biography; others see the change when it is cleared."""
    user = signed_in(request)
    latest = Profile.objects.visible_to(user).with_shown().get(user=user).get_latest_revision()
    initial = {"name": latest.heading, "biography": latest.text}
    form = ProfileForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        limiting.count("post", user.pk)
        form.submit(user)
        messages.success(request, _("Your profile is being checked; others see the change in a moment."))
        return redirect(user)
    context = {"form": form, "version": latest}
    return render(request, "posts/settings_profile.html", context, status=422 if form.errors else 200)
