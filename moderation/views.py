"""Pages of due process: people report, read the reasons for decisions about them, and read the rules."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from accounts import limiting
from accounts.ids import read_id
from accounts.models import User
from accounts.paging import page_before
from moderation import appealing, inbox, reporting
from moderation.forms import ReportForm
from moderation.models import Report, Statement
from moderation.taxonomy import Allowed, Violation
from posts.models import Post, Profile

PAGE = 20


def _signed_in(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  `login_required` said so; tells the type checker.
    return request.user


@login_required
@require_http_methods(["GET", "POST"])
def report_post(request: HttpRequest, pk: int) -> HttpResponse:
    readable = Post.objects.visible_to(_signed_in(request)).with_everything_shown()
    return _report(request, get_object_or_404(readable, pk=pk))


@login_required
@require_http_methods(["GET", "POST"])
def report_profile(request: HttpRequest, handle: str) -> HttpResponse:
    readable = Profile.objects.visible_to(_signed_in(request)).with_shown()
    return _report(request, get_object_or_404(readable.named(handle)))


def _report(request: HttpRequest, target: Post | Profile) -> HttpResponse:
    reporter = _signed_in(request)
    is_own = reporter == (target.author if isinstance(target, Post) else target.user)
    if is_own:
        return render(request, "moderation/report_own.html", {"target": target}, status=403)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        limiting.count("report", reporter.pk)
        try:
            filed = reporting.report(target, by=reporter, **form.cleaned_data)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            is_heard = isinstance(filed, Report)
            return redirect("moderation:report_thanks" if is_heard else "moderation:reporter_standing")
    status = 400 if form.errors else 200
    return render(request, "moderation/report.html", {"form": form, "target": target}, status=status)


@login_required
@require_GET
def report_thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "moderation/report_thanks.html")


@login_required
@require_GET
def statements(request: HttpRequest) -> HttpResponse:
    """One's own statements, newest first; `before` is the number of the last one on the page before."""
    received = Statement.objects.for_reader(_signed_in(request)).with_decision()
    page = page_before(received, read_id(request.GET.get("before", "")), size=PAGE)
    return render(request, "moderation/statements.html", {"page": page})


@login_required
@require_GET
def statement(request: HttpRequest, pk: int) -> HttpResponse:
    """One statement. That its recipient opened it is noted as a log would note it: it asks for nothing to be changed."""
    received = Statement.objects.for_reader(_signed_in(request)).with_decision()
    found = get_object_or_404(received, pk=pk)
    inbox.note_read(found)
    standing = appealing.get_standing_of(_signed_in(request), found.decision)
    return render(request, "moderation/statement.html", {"statement": found, "standing": standing})


@require_GET
def rules(request: HttpRequest) -> HttpResponse:
    return render(request, "moderation/rules.html", {"violations": Violation, "allowed": Allowed})
