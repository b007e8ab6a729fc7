"""Pages for writing posts, changing them and taking them back."""

import contextlib

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts import limiting
from accounts.ids import read_id
from accounts.restricting import Restricted
from posts import publishing
from posts.forms import ComposeForm, EditForm
from posts.models import Post, PostQuerySet
from posts.publishing import MayNotPublish, NotEditable
from posts.serving import NEXT, back, cursor, signed_in
from posts.showing import show
from posts.threads import is_closed


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def compose(request: HttpRequest) -> HttpResponse:
    """Write a post, a comment (`?comment_on=`) or a quote (`?quote=`)."""
    author = signed_in(request)
    if request.method != "POST":
        initial = {name: cursor(request, name) for name in ("comment_on", "quote")}
        return _compose_page(request, ComposeForm(author=author, initial=initial))
    form = ComposeForm(request.POST, author=author)
    if not form.is_valid():
        return _compose_page(request, form, status=422)
    limiting.count("post", author.pk)
    try:
        post = form.submit()
    except (MayNotPublish, Restricted) as refusal:
        form.add_error(None, str(refusal))
        return _compose_page(request, form, status=403)
    if post is None:
        return _compose_page(request, form, status=422)
    return back(request, (post.parent or post).get_absolute_url() + f"#post-{post.pk}")


def _compose_page(request: HttpRequest, form: ComposeForm, *, status: int = 200) -> HttpResponse:
    ids = {name: read_id(str(form[name].value())) or 0 for name in ("comment_on", "quote")}
    around = {each.pk: each for each in show(filter(None, ids.values()), reader=signed_in(request))}
    parent = around.get(ids["comment_on"])
    # What was typed before the thread was closed stays in its form, which then says so itself.
    closed = not form.is_bound and parent is not None and is_closed(parent.post)
    context = {
        "form": form,
        "is_closed": closed,
        "parent": parent,
        "quoted": around.get(ids["quote"]),
        NEXT: request.POST.get(NEXT, ""),
    }
    return render(request, "posts/compose.html", context, status=403 if closed else status)


def _find_own(posts: PostQuerySet, handle: str, pk: int) -> Post:
    """One of the reader's own posts, else 404."""
    return get_object_or_404(posts.with_everything_shown(), pk=pk, author__handle__iexact=handle)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def edit(request: HttpRequest, handle: str, pk: int) -> HttpResponse:
    """Submit a new version."""
    author = signed_in(request)
    post = _find_own(Post.objects.editable_by(author), handle, pk)
    (shown,) = show([pk], reader=author)
    initial = {"text": shown.text, "warning": shown.warning}
    form = EditForm(request.POST if request.method == "POST" else None, initial=initial)
    refused = 422
    if form.is_valid():
        limiting.count("post", author.pk)
        try:
            if form.submit(post, by=author):
                return redirect(post)
        except (NotEditable, Restricted) as refusal:
            form.add_error(None, str(refusal))
            refused = 403 if isinstance(refusal, Restricted) else refused
    context = {"form": form, "shown": shown}
    return render(request, "posts/post_edit.html", context, status=refused if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def withdraw(request: HttpRequest, handle: str, pk: int) -> HttpResponse:
    """Ask, then take a post back for good."""
    author = signed_in(request)
    post = _find_own(Post.objects.withdrawable_by(author), handle, pk)
    if request.method != "POST":
        shown = show([pk], reader=author)
        context = {"post": post, "shown": shown[0] if shown else None}
        return render(request, "posts/post_withdraw.html", context)
    with contextlib.suppress(NotEditable):  # Withdrawn a moment ago, in another window: what was wanted.
        publishing.withdraw(post, by=author)
    messages.success(request, _("Your post is withdrawn."))
    return redirect(author)
