"""The preview of what is decided about several cases together: single ones can still be left out."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from accounts.ids import read_id
from accounts.models import User
from moderation import arranging, bulk
from moderation.admin import keys
from moderation.bulk import Candidate
from moderation.desk_forms import TogetherForm
from moderation.models import Case


def read_ticked(request: HttpRequest) -> dict[int, int]:
    """The ids of the ticked cases, each with the version that the page showed; 0 where it did not say."""
    ticked: dict[int, int] = {}
    for value in request.POST.getlist("together"):
        case, _colon, version = value.partition(":")
        if pk := read_id(case):
            ticked[pk] = read_id(version) or 0
    return ticked


def get_cases(ids: list[int], moderator: User) -> list[Case]:
    """Those of the cases that `moderator` may judge, in the order of `ids`; never more than one batch may have, and one."""
    cases = Case.objects.decidable_by(moderator).with_author().in_bulk(ids[: bulk.MOST + 1])
    return [cases[pk] for pk in ids if pk in cases]


def render_preview(
    request: HttpRequest, moderator: User, *, with_case: Case | None = None, refusal: str = ""
) -> HttpResponse:
    """What would happen to the ticked cases, and to `with_case`; 400 while something is missing. Nothing is decided."""
    form = TogetherForm(request.POST, moderator=moderator)
    ticked = [*([with_case.pk] if with_case else []), *read_ticked(request)]
    cases = get_cases(list(dict.fromkeys(ticked)), moderator)
    joint = form.cleaned_data["joint"] if form.is_valid() else None
    seen = bulk.examine(cases, joint, by=moderator) if joint else [Candidate(case, "") for case in cases]
    possible = [candidate.case for candidate in seen if not candidate.why_not]
    refusal = refusal or _refuse_number(possible)
    desk = arranging.settings_of(moderator)
    context = {
        **admin.site.each_context(request),
        "title": _("Decide together"),
        "form": form,
        "joint": joint,
        "possible": possible,
        "left_out": [candidate for candidate in seen if candidate.why_not],
        "hidden": len(set(ticked)) - len(cases),
        "refusal": refusal,
        "desk": desk,
        "keys": keys.of_queue() if desk.has_keys else [],
    }
    status = 200 if joint and not refusal else 400
    return TemplateResponse(request, "admin/moderation/together.html", context, status=status)


def _refuse_number(cases: list[Case]) -> str:
    if not cases:
        return _("There is nothing to decide together: tick cases first.")
    if len(cases) > bulk.MOST:
        return _("Choose between 1 and %(most)s cases.") % {"most": bulk.MOST}
    return ""
