"""The desk: the queue and the page of a case, as pages of Django's admin that work without JavaScript."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.ids import read_id
from accounts.models import User
from accounts.read_only import ReadOnlyAdmin
from moderation import claiming, copying, deciding, noting, proposing, queueing
from moderation.admin import bulk_page, case_page, queue_page
from moderation.claiming import ClaimLost, MayNotTakeOver
from moderation.deciding import AlreadyDecided, CaseChanged, NotAllowed
from moderation.decision_forms import DecisionForm
from moderation.desk_forms import NoteForm
from moderation.figures import minding
from moderation.forms import RestoreForm
from moderation.models import Case, Decision
from moderation.queueing import NotClaimable
from posts.revising import IllegalMove

QUEUE = "admin:moderation_case_changelist"
CASE = "admin:moderation_case_change"
View = Callable[..., HttpResponse]


def moderator_of(request: HttpRequest) -> User:
    """The moderator at the desk. Raises PermissionDenied for everybody else."""
    if not isinstance(request.user, User) or not request.user.has_perm("moderation.decide_case"):
        raise PermissionDenied
    return request.user


@require_GET
def show_queue(request: HttpRequest) -> HttpResponse:
    return queue_page.render_queue(request, moderator_of(request))


@require_GET
def show_case(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    return case_page.render_case(request, case_page.get_case(pk, moderator), moderator)


@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    moderator = moderator_of(request)
    queue_page.remember_queue(request)
    return _go_to_next(request, moderator)


def _go_to_next(request: HttpRequest, moderator: User) -> HttpResponse:
    queue = queue_page.get_queue(request)
    try:
        case = queueing.claim_next(by=moderator, **queue)
    except NotClaimable as refusal:
        messages.warning(request, str(refusal))
        return redirect(QUEUE)
    if case is not None:
        return redirect(CASE, case.pk)
    if queue:
        messages.info(request, _("There is no case to take in the queue that you chose."))
        return redirect(f"{reverse(QUEUE)}?{urlencode(queue)}")
    messages.info(request, _("There is no case to take: the queue is empty, or others have what is left."))
    return redirect(QUEUE)


@require_POST
def take(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    case = case_page.get_case(pk, moderator)
    try:
        queueing.claim(case, by=moderator)
    except NotClaimable as refusal:
        return case_page.render_case(request, case, moderator, refusal=str(refusal))
    return redirect(CASE, pk)


@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    queueing.release(case_page.get_case(pk, moderator), by=moderator)
    messages.success(request, _("The case is back in the queue."))
    return redirect(QUEUE)


@require_POST
def skip(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    claiming.skip(case_page.get_case(pk, moderator), by=moderator)
    return _go_to_next(request, moderator)


@require_POST
def renew(request: HttpRequest, pk: int) -> HttpResponse:
    """The heartbeat of a page at which somebody works, and the button that does the same without JavaScript."""
    moderator = moderator_of(request)
    case = case_page.get_case(pk, moderator)
    is_heartbeat = request.headers.get("Accept") == "application/json"
    try:
        claiming.renew(case, by=moderator)
    except ClaimLost as lost:
        if is_heartbeat:
            return JsonResponse({"detail": str(lost)}, status=409)
        form = DecisionForm(request.POST, case=case, moderator=moderator)
        return case_page.render_case(request, case, moderator, form=form, refusal=str(lost))
    if is_heartbeat:
        return HttpResponse(status=204)
    return case_page.render_case(request, case, moderator, kept=request.POST)


@require_POST
def not_now(request: HttpRequest, pk: int) -> HttpResponse:
    """No reminder of a break for a while; what was typed so far stays."""
    moderator = moderator_of(request)
    case = case_page.get_case(pk, moderator)
    minding.not_now(by=moderator)
    return case_page.render_case(request, case, moderator, kept=request.POST)


@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    case = case_page.get_case(pk, moderator)
    try:
        claiming.take_over(case, by=moderator)
    except MayNotTakeOver as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except NotClaimable as refusal:
        return case_page.render_case(request, case, moderator, refusal=str(refusal))
    return redirect(CASE, pk)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    case = case_page.get_case(pk, moderator)
    if "together" in request.POST:
        return bulk_page.render_preview(request, moderator, with_case=case)
    form = DecisionForm(request.POST, case=case, moderator=moderator)
    if not form.is_valid():
        return case_page.render_case(request, case, moderator, form=form)
    try:
        _decide_or_propose(request, case, form)
    except (AlreadyDecided, CaseChanged, NotAllowed, IllegalMove) as refusal:
        return case_page.render_case(request, case, moderator, form=form, refusal=str(refusal))
    return _go_to_next(request, moderator) if "next" in request.POST else redirect(CASE, pk)


def _decide_or_propose(request: HttpRequest, case: Case, form: DecisionForm) -> None:
    """What needs a second person is proposed; whatever is done at once can be undone for some seconds."""
    given = form.cleaned_data
    choice = given["choice"]
    needs_second = choice.needs_second(case)
    verb: Callable[..., object] = proposing.propose if needs_second else deciding.decide
    verb(
        case,
        choice,
        by=form.moderator,
        version=given["version"],
        violation=given["violation"],
        reason=given["reasons"],
    )
    if needs_second:
        messages.info(request, _("Proposed. It is decided when a second person confirms it."))
    else:
        offer_undo(request, case)


def offer_undo(request: HttpRequest, case: Case) -> None:
    """Say that the case is decided, with a button that takes the decision back; its address travels in the message's tags."""
    where = reverse("admin:moderation_case_take_back", args=[case.pk])
    messages.success(request, _("Decided."), extra_tags=where)


@require_POST
def note(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    case = case_page.get_case(pk, moderator)
    form = NoteForm(request.POST)
    if form.is_valid():
        noting.note(case, by=moderator, **form.cleaned_data)
        messages.success(request, _("Noted."))
    else:
        messages.warning(request, _("Nothing was noted: a note has between 1 and 2000 characters."))
    return redirect(CASE, pk)


@require_POST
def open_copies(request: HttpRequest, pk: int) -> HttpResponse:
    """Cases about the chosen posts that say the same word for word."""
    moderator = moderator_of(request)
    case = case_page.get_case(pk, moderator)
    chosen = [post for post in map(read_id, request.POST.getlist("post")) if post]
    try:
        opened = copying.open_cases(case, chosen, by=moderator)
    except NotAllowed as refusal:
        return case_page.render_case(request, case, moderator, refusal=str(refusal))
    messages.info(request, copying.say(len(opened)))
    return redirect(CASE, pk)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo within the seconds after a decision; too late, the page says so and how to go on."""
    moderator = moderator_of(request)
    case = case_page.get_case(pk, moderator)
    latest = case.decisions.standing().filter(parent=None).order_by("-id").first()
    if latest is None:
        return case_page.render_case(request, case, moderator, refusal=_("There is nothing to take back."))
    try:
        deciding.take_back(latest, by=moderator)
    except (AlreadyDecided, CaseChanged, NotAllowed, IllegalMove, NotClaimable) as refusal:
        return case_page.render_case(request, case, moderator, refusal=str(refusal))
    messages.success(request, _("Undone: everything is as before, and the case is yours."))
    return redirect(CASE, pk)


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    case = case_page.get_case(pk, moderator)
    decided = case.decisions.standing().filter(parent=None).order_by("-id").first()
    return _overturn(request, case, moderator, decided)


@require_POST
def lift(request: HttpRequest, pk: int, decision: int) -> HttpResponse:
    """Take back the measure on the account alone; the decision beside which it stands remains."""
    moderator = moderator_of(request)
    case = case_page.get_case(pk, moderator)
    beside = case.decisions.standing().exclude(parent=None).filter(pk=decision).first()
    return _overturn(request, case, moderator, beside)


def _overturn(request: HttpRequest, case: Case, moderator: User, decided: Decision | None) -> HttpResponse:
    form = RestoreForm(request.POST)
    if decided is None or not form.is_valid():
        refusal = _("There is nothing to take back.")
        return case_page.render_case(request, case, moderator, form=form, refusal=refusal)
    try:
        deciding.overturn(decided, by=moderator, reason=form.cleaned_data["reason"])
    except (AlreadyDecided, NotAllowed, IllegalMove) as refused:
        return case_page.render_case(request, case, moderator, form=form, refusal=str(refused))
    messages.success(request, _("The decision is taken back."))
    return redirect(CASE, case.pk)


@admin.register(Case)
class CaseAdmin(ReadOnlyAdmin):
    """Only the desk's own pages: a case is never edited as a row."""

    def get_urls(self) -> list[URLPattern]:
        pages: list[tuple[str, View, str]] = [
            ("", show_queue, "changelist"),
            ("next/", take_next, "next"),
            ("<int:pk>/", show_case, "change"),
            ("<int:pk>/take/", take, "take"),
            ("<int:pk>/release/", release, "release"),
            ("<int:pk>/skip/", skip, "skip"),
            ("<int:pk>/renew/", renew, "renew"),
            ("<int:pk>/not-now/", not_now, "not_now"),
            ("<int:pk>/take-over/", take_over, "take_over"),
            ("<int:pk>/decide/", decide, "decide"),
            ("<int:pk>/note/", note, "note"),
            ("<int:pk>/copies/", open_copies, "copies"),
            ("<int:pk>/take-back/", take_back, "take_back"),
            ("<int:pk>/restore/", restore, "restore"),
            ("<int:pk>/lift/<int:decision>/", lift, "lift"),
        ]
        return [path(route, self._page(view), name=f"moderation_case_{name}") for route, view, name in pages]

    def _page(self, view: View) -> Callable[..., HttpResponseBase]:
        return self.admin_site.admin_view(view)
