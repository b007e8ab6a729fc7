"""Pages for reading posts."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from posts import timelines
from posts.forms import ComposeForm
from posts.serving import (
    cursor,
    find_post,
    find_shown,
    reader_of,
    signed_in,
    timeline_page,
    wants_partial,
)
from posts.threads import is_closed, thread

VERSIONS_SHOWN = 100


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What Parler is, and what everybody may read."""
    if request.user.is_authenticated:
        return redirect("posts:home")
    return timeline_page(request, "posts/front.html", timelines.public(reader_of(request)))


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    reader = signed_in(request)
    return timeline_page(request, "posts/home.html", timelines.home(reader), form=ComposeForm(author=reader))


@require_safe
def explore(request: HttpRequest) -> HttpResponse:
    return timeline_page(request, "posts/explore.html", timelines.public(reader_of(request)))


@require_safe
def hashtag(request: HttpRequest, name: str) -> HttpResponse:
    timeline = timelines.hashtag(name, reader_of(request))
    return timeline_page(request, "posts/hashtag.html", timeline, name=name.lower())


@require_safe
def detail(request: HttpRequest, handle: str, pk: int) -> HttpResponse:
    """A post in its thread. An echo without text leads to what it echoes."""
    post = find_post(request, handle, pk)
    shown = find_shown(request, post)
    if shown.is_echo and shown.original:
        return redirect(shown.original.url)
    context = {
        "shown": shown,
        "thread": thread(post, reader_of(request), after=cursor(request, "after") or 0),
        "is_closed": is_closed(post),
        "is_first": not request.GET.get("after"),
    }
    if wants_partial(request):
        return render(request, "posts/_thread.html", context)
    if request.user.is_authenticated:
        context["form"] = ComposeForm(author=signed_in(request), initial={"comment_on": pk})
    return render(request, "posts/post_detail.html", context)


@require_safe
def card(request: HttpRequest, handle: str, pk: int) -> HttpResponse:
    """One post, for a page that waits for the decision about it."""
    return render(request, "posts/_card.html", {"shown": find_shown(request, find_post(request, handle, pk))})


@require_safe
def history(request: HttpRequest, handle: str, pk: int) -> HttpResponse:
    """The versions that everybody who may see the post may read: cleared ones only."""
    post = find_post(request, handle, pk)
    versions = post.revisions.cleared().order_by("-number")[:VERSIONS_SHOWN]
    context = {"shown": find_shown(request, post), "versions": versions}
    return render(request, "posts/post_history.html", context)
