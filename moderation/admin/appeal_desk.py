"""Appeals at the desk: a queue of their own, what is due first on top, and the page on which somebody answers."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.ids import read_id
from accounts.models import User
from accounts.read_only import ReadOnlyAdmin
from moderation import appealing, arranging
from moderation.admin import keys
from moderation.admin.desk import View, moderator_of
from moderation.appeal_forms import AnswerForm, OutcomeForm
from moderation.appealing import AppealChanged, AppealClosed
from moderation.deciding import CaseChanged, NotAllowed
from moderation.evidence import holding
from moderation.models import Appeal, AppealStatus
from moderation.reporters.weighing import Weighed
from posts.revising import IllegalMove

PAGE = 25
APPEAL = "admin:moderation_appeal_change"


@require_GET
def show_queue(request: HttpRequest) -> HttpResponse:
    """Open appeals, or with `show=decided` the decided ones, newest first; `after` is the last one of the page before."""
    moderator = moderator_of(request)
    is_decided = request.GET.get("show") == "decided"
    appeals = Appeal.objects.on_desk_of(moderator).with_decision()
    after = read_id(request.GET.get("after", ""))
    page = list(appeals.page_after(after, is_decided=is_decided)[: PAGE + 1])
    desk = arranging.settings_of(moderator)
    context = {
        **admin.site.each_context(request),
        "desk": desk,
        "keys": keys.of_appeals() if desk.has_keys else [],
        "title": _("Appeals"),
        "appeals": page[:PAGE],
        "is_decided": is_decided,
        "more": page[PAGE - 1].pk if len(page) > PAGE else None,
        "moderator": moderator,
        "now": timezone.now(),
    }
    return TemplateResponse(request, "admin/moderation/appeals.html", context)


@require_GET
def show_appeal(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    return _render(request, _get_appeal(pk, moderator), moderator)


@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    appeal = _get_appeal(pk, moderator)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _render(request, appeal, moderator, answer_form=form)
    try:
        appealing.answer(appeal, by=moderator, text=form.cleaned_data["text"])
    except ValidationError as refusal:
        form.add_error("text", refusal)
        return _render(request, appeal, moderator, answer_form=form)
    except NotAllowed as refusal:
        return _render(request, appeal, moderator, refusal=str(refusal), status=403)
    except AppealClosed as refusal:
        return _render(request, appeal, moderator, refusal=str(refusal), status=409)
    messages.success(request, _("The appellant can read it now."))
    return redirect(APPEAL, pk)


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    appeal = _get_appeal(pk, moderator)
    form = OutcomeForm(appeal, request.POST)
    if refusal := appealing.why_not(appeal, moderator):
        return _render(request, appeal, moderator, refusal=refusal, status=403)
    if not form.is_valid():
        return _render(request, appeal, moderator, form=form)
    sent = form.cleaned_data
    try:
        appealing.decide_appeal(
            appeal,
            AppealStatus(sent["outcome"]),
            by=moderator,
            version=sent["version"],
            reasons=sent["reasons"],
            violation=sent.get("violation", ""),
        )
    except ValidationError as refused:
        form.add_error(None, refused)
        return _render(request, appeal, moderator, form=form)
    except NotAllowed as refused:
        return _render(request, appeal, moderator, refusal=str(refused), status=403)
    except (AppealClosed, AppealChanged, CaseChanged, IllegalMove) as refused:
        return _render(request, appeal, moderator, form=form, refusal=str(refused), status=409)
    messages.success(request, _("The appeal is decided, and its appellant is told why."))
    return redirect(APPEAL, pk)


def _get_appeal(pk: int, moderator: User) -> Appeal:
    """The appeal, unless it does not exist (404) or concerns the moderator (403)."""
    appeal = get_object_or_404(Appeal.objects.with_decision(), pk=pk)
    if not Appeal.objects.on_desk_of(moderator).filter(pk=pk).exists():
        raise PermissionDenied(_("This appeal concerns you: somebody else decides about it."))
    return appeal


def _render(  # noqa: PLR0913  One page, and everything that may be wrong with what was sent from it.
    request: HttpRequest,
    appeal: Appeal,
    moderator: User,
    *,
    form: OutcomeForm | None = None,
    answer_form: AnswerForm | None = None,
    refusal: str = "",
    status: int = 400,
) -> HttpResponse:
    """The page as it is now; what was typed stays. `status` is for a refusal or a form that is incomplete."""
    is_refused = bool(refusal or form or answer_form)
    if is_refused:
        appeal = Appeal.objects.with_decision().get(pk=appeal.pk)
    decision, report = appeal.decision, appeal.get_report()
    holding.note_look(record=appeal, by=moderator)
    desk = arranging.settings_of(moderator)
    outcome_form = _outcome_form(appeal, form)
    why_not = appealing.why_not(appeal, moderator)
    can_decide = appeal.is_open and not why_not
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "desk": desk,
        "keys": keys.of_appeal(outcome_form if can_decide else None) if desk.has_keys else [],
        "title": _("Appeal"),
        "appeal": appeal,
        "case": decision.case,
        "decision": decision,
        "reported": Weighed(report, None) if report else None,
        "dialogue": appeal.messages.select_related("by").order_by("pk"),
        "form": outcome_form,
        "answer_form": answer_form or AnswerForm(),
        "why_not": why_not,
        "refusal": refusal,
        "now": timezone.now(),
    }
    return TemplateResponse(
        request, "admin/moderation/appeal.html", context, status=status if is_refused else 200
    )


def _outcome_form(appeal: Appeal, sent: OutcomeForm | None) -> OutcomeForm:
    """The form as it was sent, but for the version of the appeal: that is the one on the page that comes now."""
    if sent is None:
        return OutcomeForm(appeal)
    form = OutcomeForm(appeal, {**dict(sent.data.items()), "version": str(appeal.version)})
    for error in sent.non_field_errors():
        form.add_error(None, error)
    return form


@admin.register(Appeal)
class AppealAdmin(ReadOnlyAdmin):
    """Only the desk's own pages: an appeal is never edited as a row."""

    def get_urls(self) -> list[URLPattern]:
        pages: list[tuple[str, View, str]] = [
            ("", show_queue, "changelist"),
            ("<int:pk>/", show_appeal, "change"),
            ("<int:pk>/answer/", answer, "answer"),
            ("<int:pk>/decide/", decide, "decide"),
        ]
        return [
            path(route, self._page(view), name=f"moderation_appeal_{name}") for route, view, name in pages
        ]

    def _page(self, view: View) -> Callable[..., HttpResponseBase]:
        return self.admin_site.admin_view(view)
