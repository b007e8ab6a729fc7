"""Pages of those who appeal: the form, their appeals with what was said about them, and what came of their reports."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import limiting
from accounts.ids import read_id
from accounts.models import User
from accounts.paging import page_before
from moderation import appealing, inbox
from moderation.appeal_forms import AnswerForm, AppealForm
from moderation.appealing import AlreadyAppealed, AppealClosed, NotAppealable, Standing
from moderation.models import Appeal, Decision, Notice

PAGE = 20


def _signed_in(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101  `login_required` said so; tells the type checker.
    return request.user


@login_required
@require_http_methods(["GET", "POST"])
def make_appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """The form to appeal against a decision; a second time it leads to the appeal that was made."""
    person = _signed_in(request)
    decision = get_object_or_404(Decision.objects.contestable_by(person).select_related("case"), pk=pk)
    standing = appealing.get_standing_of(person, decision)
    if standing and standing.appeal:
        return redirect(standing.appeal)
    form = AppealForm(request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        return _render_form(request, standing, form)
    limiting.count("appeal", person.pk)
    try:
        made = appealing.appeal(decision, by=person, text=form.cleaned_data["text"])
    except ValidationError as refusal:
        form.add_error("text", refusal)
        return _render_form(request, standing, form)
    except (AlreadyAppealed, NotAppealable):
        return redirect("moderation:make_appeal", pk)
    messages.success(request, _("Your appeal has reached the moderators."))
    return redirect(made)


def _render_form(request: HttpRequest, standing: Standing | None, form: AppealForm) -> HttpResponse:
    """403 when it is too late or was taken back: the page says which."""
    status = 403 if standing is None or standing.refusal else 400 if form.errors else 200
    context = {"standing": standing, "form": form}
    return render(request, "moderation/appeal_form.html", context, status=status)


@login_required
@require_GET
def appeals(request: HttpRequest) -> HttpResponse:
    """One's own appeals, newest first; `before` is the number of the last one on the page before."""
    made = Appeal.objects.of(_signed_in(request)).with_decision()
    page = page_before(made, read_id(request.GET.get("before", "")), size=PAGE)
    return render(request, "moderation/appeals.html", {"page": page})


@login_required
@require_GET
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Appeal.objects.of(_signed_in(request)).with_decision(), pk=pk)
    return _render_appeal(request, found, AnswerForm())


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    person = _signed_in(request)
    found = get_object_or_404(Appeal.objects.of(person).with_decision(), pk=pk)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _render_appeal(request, found, form, status=400)
    limiting.count("appeal", person.pk)
    try:
        appealing.answer(found, by=person, text=form.cleaned_data["text"])
    except ValidationError as refusal:
        form.add_error("text", refusal)
        return _render_appeal(request, found, form, status=400)
    except AppealClosed as refusal:
        messages.error(request, str(refusal))
    return redirect(found)


def _render_appeal(
    request: HttpRequest, appeal: Appeal, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "appeal": appeal,
        "dialogue": appeal.messages.order_by("pk"),
        "notice": Notice.objects.filter(appeal=appeal).first(),
        "form": form,
    }
    return render(request, "moderation/appeal.html", context, status=status)


@login_required
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """What one was told besides statements of reasons, newest first; `before` as with `appeals`."""
    received = Notice.objects.for_reader(_signed_in(request)).with_decision()
    page = page_before(received, read_id(request.GET.get("before", "")), size=PAGE)
    return render(request, "moderation/notices.html", {"page": page})


@login_required
@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice; as with a statement, that it was opened is noted."""
    person = _signed_in(request)
    received = Notice.objects.for_reader(person).with_decision().with_held()
    found = get_object_or_404(received, pk=pk)
    inbox.note_read(found)
    standing = appealing.get_standing_of(person, found.decision) if found.decision and found.report else None
    return render(request, "moderation/notice.html", {"notice": found, "standing": standing})
