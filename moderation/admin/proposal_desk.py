"""Proposals at the desk: a second person confirms or rejects them on the page of the case, their proposer withdraws them."""

from collections.abc import Callable

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import User
from accounts.read_only import ReadOnlyAdmin
from moderation import proposing
from moderation.admin import case_page
from moderation.admin.desk import CASE, View, moderator_of, offer_undo
from moderation.deciding import AlreadyDecided, CaseChanged, NotAllowed
from moderation.decision_forms import RejectionForm
from moderation.models import Proposal
from posts.revising import IllegalMove

REFUSALS = (AlreadyDecided, CaseChanged, NotAllowed, IllegalMove)


def _find(pk: int, moderator: User) -> Proposal:
    """The proposal, unless it does not exist (404) or is about somebody whom the moderator may not judge (403)."""
    proposal = get_object_or_404(Proposal.objects.select_related("case"), pk=pk)
    proposal.case = case_page.get_case(proposal.case_id, moderator)
    return proposal


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    proposal = _find(pk, moderator)
    try:
        proposing.confirm(proposal, by=moderator)
    except REFUSALS as refusal:
        return case_page.render_case(request, proposal.case, moderator, refusal=str(refusal))
    offer_undo(request, proposal.case)
    return redirect(CASE, proposal.case_id)


@require_POST
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    proposal = _find(pk, moderator)
    form = RejectionForm(request.POST)
    if not form.is_valid():
        refusal = _("Say why you do not confirm it.")
        return case_page.render_case(request, proposal.case, moderator, refusal=refusal)
    try:
        proposing.reject(proposal, by=moderator, reason=form.cleaned_data["answer"])
    except REFUSALS as refused:
        return case_page.render_case(request, proposal.case, moderator, refusal=str(refused))
    messages.success(request, _("Not confirmed. The case is back in the queue."))
    return redirect(CASE, proposal.case_id)


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    proposal = _find(pk, moderator)
    try:
        proposing.withdraw(proposal, by=moderator)
    except REFUSALS as refusal:
        return case_page.render_case(request, proposal.case, moderator, refusal=str(refusal))
    messages.success(request, _("Withdrawn. The case is back in the queue."))
    return redirect(CASE, proposal.case_id)


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    list_display = ("id", "case_id", "measure", "on_account", "by", "at", "status", "answered_by")
    list_filter = ("status", "measure")
    list_select_related = ("by", "answered_by")
    search_fields = ("=id", "=case__id", "=by__handle")

    def get_urls(self) -> list[URLPattern]:
        acts: list[tuple[str, View]] = [("confirm", confirm), ("reject", reject), ("withdraw", withdraw)]
        own = [
            path(f"<int:pk>/{name}/", self._page(view), name=f"moderation_proposal_{name}")
            for name, view in acts
        ]
        return [*own, *super().get_urls()]

    def _page(self, view: View) -> Callable[..., HttpResponseBase]:
        return self.admin_site.admin_view(view)
