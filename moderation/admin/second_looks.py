"""Second looks at the desk: what waits, the page on which somebody judges blindly, and for seniors what was judged differently."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from accounts.ids import read_id
from accounts.models import User
from accounts.paging import page_before
from accounts.read_only import ReadOnlyAdmin
from accounts.roles import Role
from moderation import measures
from moderation.admin import report_rows
from moderation.admin.desk import View, moderator_of
from moderation.figures import looking_again
from moderation.figures.blinding import review_blindly
from moderation.figures.looking_again import MAX_NOTE_CHARACTERS, LookTaken, MayNotLook
from moderation.forms import RuleChoice
from moderation.measures import Measure
from moderation.models import SecondLook
from moderation.models.samples import SecondLookQuerySet
from moderation.taxonomy import Violation

PAGE = 25
MOST_COUNTED = 100
LOOKS = "admin:moderation_secondlook_changelist"
LOOK = "admin:moderation_secondlook_change"


class SecondLookForm(forms.Form):
    """What somebody would have decided."""

    measure = forms.ChoiceField(
        label=gettext_lazy("What would you decide?"),
        choices=[(measure.value, measure.label) for measure in measures.CLOSING],
        widget=forms.RadioSelect,
    )
    violation = forms.ChoiceField(
        label=gettext_lazy("Rule that the text breaks"),
        choices=[*Violation.choices, ("", gettext_lazy("none"))],
        widget=RuleChoice(has_codes=True),
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("A note for those who compare"),
        max_length=MAX_NOTE_CHARACTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_safe
def show_looks(request: HttpRequest) -> HttpResponse:
    """How many wait for this moderator, and what they judged; with `show=differences`, for seniors, what was judged differently."""
    moderator = moderator_of(request)
    is_senior = moderator.get_role().level >= Role.SENIOR_MODERATOR.level
    is_differing = request.GET.get("show") == "differences"
    if is_differing and not is_senior:
        raise PermissionDenied(_("Only a senior moderator compares the verdicts of others."))
    looks = _readable(moderator) if is_differing else SecondLook.objects.by(moderator)
    page = page_before(looks.with_decision(), read_id(request.GET.get("before", "")), size=PAGE)
    waiting = SecondLook.objects.claimable_by(moderator).values_list("pk")[:MOST_COUNTED]
    context = {
        **admin.site.each_context(request),
        "title": _("Second looks"),
        "looks": page.rows,
        "more": page.next,
        "is_senior": is_senior,
        "is_differing": is_differing,
        "waiting": len(waiting),
        "has_more_waiting": len(waiting) == MOST_COUNTED,
    }
    return TemplateResponse(request, "admin/moderation/second_looks.html", context)


def _readable(senior: User) -> SecondLookQuerySet:
    """What a senior may compare: nothing about people whom they may not judge."""
    return SecondLook.objects.differing().about_decidable_by(senior)


@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    try:
        look = looking_again.claim_next(by=moderator_of(request))
    except (LookTaken, MayNotLook) as refusal:
        messages.warning(request, str(refusal))
        return redirect(LOOKS)
    if look is None:
        messages.info(request, _("There is nothing to look at again."))
        return redirect(LOOKS)
    return redirect(LOOK, look.pk)


@require_safe
def show_look(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    return _render(request, _get_look(pk, moderator), moderator)


@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    looking_again.release(_get_look(pk, moderator), by=moderator)
    messages.success(request, _("Somebody else can look at it now."))
    return redirect(LOOKS)


@require_POST
def judge(request: HttpRequest, pk: int) -> HttpResponse:
    moderator = moderator_of(request)
    look = _get_look(pk, moderator)
    form = SecondLookForm(request.POST)
    if not form.is_valid():
        return _render(request, look, moderator, form=form)
    sent = form.cleaned_data
    try:
        looking_again.judge(
            look,
            Measure(sent["measure"]),
            by=moderator,
            violation=sent["violation"],
            note=sent["note"],
        )
    except ValidationError as refused:
        form.add_error("violation" if refused.code == "violation" else None, refused)
        return _render(request, look, moderator, form=form)
    except LookTaken as refused:
        return _render(request, look, moderator, form=form, refusal=str(refused))
    messages.success(request, _("Thank you. Nothing changes by it; those who compare will see it."))
    return take_next(request) if "next" in request.POST else redirect(LOOK, pk)


def _get_look(pk: int, moderator: User) -> SecondLook:
    """The second look, unless it does not exist (404) or is not for this moderator (403).

    Once it is done, those may read it who judged it, and seniors.
    """
    look = get_object_or_404(SecondLook.objects.with_decision(), pk=pk)
    if look.is_done and (look.by == moderator or _readable_done(moderator, pk)):
        return look
    if refusal := looking_again.why_not(look, moderator):
        raise PermissionDenied(refusal)
    if look.is_done:
        raise PermissionDenied(_("Only a senior moderator compares the verdicts of others."))
    return look


def _readable_done(moderator: User, pk: int) -> bool:
    if moderator.get_role().level < Role.SENIOR_MODERATOR.level:
        return False
    return SecondLook.objects.done().about_decidable_by(moderator).filter(pk=pk).exists()


def _render(
    request: HttpRequest,
    look: SecondLook,
    moderator: User,
    *,
    form: SecondLookForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    """The page; 409 with `refusal`, 400 when the form is incomplete. What was typed stays."""
    if refusal:
        look = SecondLook.objects.with_decision().get(pk=look.pk)
    is_mine = SecondLook.objects.claimed_by_now(moderator).filter(pk=look.pk).exists()
    seen, now = review_blindly(look), timezone.now()
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Second look"),
        "look": look,
        "review": seen,
        "case": seen.case,
        "is_blind": True,
        "now": now,
        "report_rows": report_rows.rows_of(seen.reported, now),
        "form": form or (SecondLookForm() if is_mine else None),
        "refusal": refusal,
    }
    status = 409 if refusal else 400 if form is not None else 200
    return TemplateResponse(request, "admin/moderation/second_look.html", context, status=status)


@admin.register(SecondLook)
class SecondLookAdmin(ReadOnlyAdmin):
    """Only the desk's own pages: a second look is never edited as a row."""

    def get_urls(self) -> list[URLPattern]:
        pages: list[tuple[str, View, str]] = [
            ("", show_looks, "changelist"),
            ("next/", take_next, "next"),
            ("<int:pk>/", show_look, "change"),
            ("<int:pk>/judge/", judge, "judge"),
            ("<int:pk>/release/", release, "release"),
        ]
        return [
            path(route, self._page(view), name=f"moderation_secondlook_{name}") for route, view, name in pages
        ]

    def _page(self, view: View) -> Callable[..., HttpResponseBase]:
        return self.admin_site.admin_view(view)
