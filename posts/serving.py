"""What the pages share: who asks, for which post, where in a list, how a list is answered, and where to go back to."""

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme

from accounts.ids import read_id
from accounts.models import User
from posts.models import Post, Profile, Reader
from posts.showing import ShownPost, get_shown
from posts.timelines import Page, Timeline, page

NEXT = "next"


def reader_of(request: HttpRequest) -> Reader:
    return request.user


def signed_in(request: HttpRequest) -> User:
    """The account of a view behind `login_required`."""
    return cast("User", request.user)


def find_post(request: HttpRequest, handle: str, pk: int) -> Post:
    """A post that the reader may see, else 404."""
    posts = Post.objects.visible_to(reader_of(request)).with_everything_shown()
    return get_object_or_404(posts, pk=pk, author__handle__iexact=handle)


def find_shown(request: HttpRequest, post: Post) -> ShownPost:
    """What the reader may read of a post, else 404."""
    try:
        return get_shown(post, reader=reader_of(request))
    except Post.DoesNotExist as gone:
        raise Http404 from gone


def find_profile(request: HttpRequest, handle: str) -> Profile:
    """A profile that the reader may see, else 404."""
    return get_object_or_404(Profile.objects.visible_to(reader_of(request)).named(handle).with_shown())


def cursor(request: HttpRequest, name: str) -> int | None:
    """An id from the address, else None; 404 for what is no id."""
    value = request.GET.get(name, "")
    if not value:
        return None
    found = read_id(value)
    if found is None:
        raise Http404
    return found


def page_of(timeline: Timeline, request: HttpRequest) -> Page:
    """The page of a timeline that the address asks for with `max_id` or `min_id`."""
    return page(
        timeline,
        reader=reader_of(request),
        max_id=cursor(request, "max_id"),
        min_id=cursor(request, "min_id"),
    )


def wants_partial(request: HttpRequest) -> bool:
    """htmx asks for a part of the page; it restores its history from whole pages."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def timeline_page(request: HttpRequest, template: str, timeline: Timeline, **context: object) -> HttpResponse:
    """A page with a timeline, or for htmx only the posts that follow."""
    page = page_of(timeline, request)
    is_first = not {"max_id", "min_id"} & request.GET.keys()
    query = "comments=1&" if request.GET.get("comments") == "1" else ""
    return render(
        request,
        "posts/_posts.html" if wants_partial(request) else template,
        {"page": page, "is_first": is_first, "query": query, **context},
    )


def back(request: HttpRequest, fallback: str) -> HttpResponseRedirect:
    """To where the form says that the reader came from, on this site only; else to `fallback`."""
    wanted = request.POST.get(NEXT, "")
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(wanted if is_ours else fallback)
