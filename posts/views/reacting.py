"""Answers by one click: upvotes and echoes. Each form says what it wants, so that sending it twice changes nothing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from accounts import limiting
from posts import publishing, reacting
from posts.models import Post
from posts.publishing import Draft, MayNotPublish
from posts.serving import back, find_post, find_shown, signed_in, wants_partial

WANTED = "wanted"
NO = "no"


@require_POST
@login_required
def upvote(request: HttpRequest, handle: str, pk: int) -> HttpResponse:
    post = _find_original(request, handle, pk)
    if request.POST.get(WANTED) == NO:
        reacting.remove_upvote(post, by=signed_in(request))
    else:
        reacting.upvote(post, by=signed_in(request))
    return _answer(request, post)


@require_POST
@login_required
def echo(request: HttpRequest, handle: str, pk: int) -> HttpResponse:
    post = _find_original(request, handle, pk)
    if request.POST.get(WANTED) == NO:
        publishing.withdraw_echo(post, by=signed_in(request))
        return _answer(request, post)
    limiting.count("post", signed_in(request).pk)
    try:
        publishing.submit(signed_in(request), Draft(echoed=post))
    except (ValidationError, MayNotPublish) as refusal:
        messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
    return _answer(request, post)


def _find_original(request: HttpRequest, handle: str, pk: int) -> Post:
    """The post of the address; for an echo without text, what it echoes: nobody answers an echo itself."""
    post = find_post(request, handle, pk)
    return post.echoed if post.is_echo and post.echoed else post


def _answer(request: HttpRequest, post: Post) -> HttpResponse:
    """The post's card for htmx, else the way back."""
    if wants_partial(request):
        return render(request, "posts/_card.html", {"shown": find_shown(request, post)})
    return back(request, post.get_absolute_url())
