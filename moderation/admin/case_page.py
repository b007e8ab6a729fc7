"""The page of a case: everything there is to see, and the form that fits what this moderator may do now."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from moderation import arranging, choosing, claiming, comparing, copying, proposing, standing
from moderation.admin import evidence_block, keys, report_rows
from moderation.choosing import Choice
from moderation.decision_forms import DecisionForm, RejectionForm
from moderation.desk_forms import NoteForm
from moderation.evidence import holding
from moderation.figures import minding
from moderation.forms import RestoreForm
from moderation.measures import ON_ACCOUNTS
from moderation.models import Case, CaseNote, CaseStatus, Decision
from moderation.reviewing import AuthorCard, review
from moderation.taxonomy import Severity

NOTES = 20
KEPT = ("measure", "violation", "on_account", "canned", "reason")


def get_case(pk: int, moderator: User) -> Case:
    """The case, `with_time`, unless it does not exist (404) or is about somebody whom the moderator may not judge (403)."""
    # Fewer joins than `with_target`: PostgreSQL plans them anew for every page, and profiles and who else has the case are rarely asked for.
    cases = Case.objects.select_related("author", "post", "revision__scan").with_time()
    case = get_object_or_404(cases, pk=pk)
    if refusal := standing.why_not(case.author, by=moderator):
        raise PermissionDenied(refusal)
    return case


def render_case(
    request: HttpRequest,
    case: Case,
    moderator: User,
    *,
    form: forms.Form | None = None,
    refusal: str = "",
    kept: QueryDict | None = None,
) -> HttpResponse:
    """The page; 409 with `refusal` when an act came too late, 400 when the form is incomplete. What was typed stays.

    `kept` is what was typed so far where nothing was submitted yet.
    """
    if form is not None or refusal or kept:
        case = get_case(case.pk, moderator)
    desk = arranging.settings_of(moderator)
    is_closed = case.status == CaseStatus.CLOSED
    proposal = case.proposals.open().select_related("by").first() if case.proposed_by_id else None
    is_mine = case.is_claimed_by(moderator) and not proposal
    too_low = standing.why_too_low(case, by=moderator)
    can_take = case.is_claimable_by(moderator) and not too_low
    seen, now = review(case), timezone.now()
    if seen.card.figures.holds:
        holding.note_look(record=case, by=moderator)
    similar = comparing.similar_to(case, moderator=moderator)
    copies = (
        list(copying.find(case).select_related("author")[: copying.MOST + 1])
        if seen.card.figures.copies
        else []
    )
    decision_form = _decision_form(case, moderator, form, kept, seen.card) if is_mine else None
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Case"),
        "review": seen,
        "case": case,
        "now": now,
        "report_rows": report_rows.rows_of(seen.reported, now),
        "is_closed": is_closed,
        "is_mine": is_mine,
        "can_take": can_take,
        "can_take_over": not is_closed and not can_take and not too_low and claiming.may_take_over(moderator),
        "form": decision_form,
        "similar": similar,
        "copies": copies[: copying.MOST],
        "has_more_copies": len(copies) > copying.MOST,
        "has_open_similar": any(other.decision is None for other in similar),
        "notes": CaseNote.objects.beside(case)[:NOTES] if seen.card.figures.notes else [],
        "note_form": NoteForm(),
        "desk": desk,
        "keys": keys.of_case(decision_form) if desk.has_keys else [],
        "is_veiled": desk.hides_severe and case.severity == Severity.HIGH,
        "restore_form": RestoreForm() if is_closed and _can_be_overturned(case, seen.decisions) else None,
        "liftable": _liftable(seen.decisions, moderator) if is_closed else [],
        "lift_form": RestoreForm(),
        "proposal": proposal,
        "choice": proposing.choice_of(proposal) if proposal else None,
        "rejection_form": RejectionForm() if proposal else None,
        "too_low": too_low,
        "evidence": evidence_block.about(case, moderator, seen.card.figures),
        "refusal": refusal,
        "reminder": minding.remind(moderator),
        "typed": "" if is_mine or form is None else form.data.get("reason", ""),
    }
    status = 409 if refusal else 400 if form is not None else 200
    return TemplateResponse(request, "admin/moderation/case.html", context, status=status)


def _decision_form(
    case: Case, moderator: User, sent: forms.Form | None, kept: QueryDict | None, card: AuthorCard
) -> DecisionForm:
    """The form as it was sent, but for the version of the case: that is the one on the page that comes now."""
    initial: dict[str, Any] = {name: kept[name] for name in KEPT if name in kept} if kept else {}
    if kept:
        initial["strike"] = "strike" in kept
    data = {**dict(sent.data.items()), "version": str(case.version)} if sent is not None else None
    has_canned = card.figures.canned
    form = DecisionForm(data, case=case, moderator=moderator, initial=initial, has_canned=has_canned)
    form.record = card.record  # Asked for once.
    return form


def _can_be_overturned(case: Case, decisions: list[Decision]) -> bool:
    """Whether this case ended with something that nobody has taken back, and that can be."""
    return any(
        decision.case_id == case.pk
        and decision.parent_id is None
        and decision.get_measure().terms.overturnable
        and not hasattr(decision, "overturned_by")
        for decision in decisions
    )


def _liftable(decisions: list[Decision], moderator: User) -> list[int]:
    """The measures on the account that stand, and that this moderator may take back alone."""
    return [
        decision.pk
        for decision in decisions
        if decision.parent_id is not None
        and decision.get_measure() in ON_ACCOUNTS
        and not hasattr(decision, "overturned_by")
        and not choosing.why_not(Choice(decision.get_measure()), by=moderator)
    ]
