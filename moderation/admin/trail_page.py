"""The audit trail as a page: filters, and pages cut by the last row, so that nothing is counted or skipped."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.ids import LARGEST_ID
from accounts.paging import page_before
from moderation.acting import Via
from moderation.auditing import MACHINE
from moderation.models import AuditRow

PAGE = 50
LAST_DAY = date(9999, 12, 30)


class DayInput(forms.DateInput):
    input_type = "date"


class TrailFilter(forms.Form):
    """What of the trail is shown; whatever makes no sense is as if it were not there."""

    actor = forms.CharField(label=_("Who"), max_length=100, required=False)
    verb = forms.CharField(label=_("Act"), max_length=50, required=False)
    via = forms.ChoiceField(label=_("By way of"), choices=[("", _("all")), *Via.choices], required=False)
    since = forms.DateField(label=_("From"), required=False, widget=DayInput)
    until = forms.DateField(label=_("Up to"), required=False, widget=DayInput)
    before = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID, widget=forms.HiddenInput)

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


@require_safe
def show_trail(request: HttpRequest) -> HttpResponse:
    if not request.user.has_perm("moderation.view_auditrow"):
        raise PermissionDenied
    form = TrailFilter(request.GET)
    chosen = form.chosen
    page = page_before(
        AuditRow.objects.made_between(*_bounds(chosen)).filter(**_equal(chosen)),
        chosen.get("before"),
        size=PAGE,
    )
    context = {
        **admin.site.each_context(request),
        "title": _("Audit trail"),
        "form": form,
        "rows": page.rows,
        "is_filtered": bool(chosen),
        "more": urlencode({**chosen, "before": page.next}) if page.next else "",
    }
    return TemplateResponse(request, "admin/moderation/trail.html", context)


def _equal(chosen: dict[str, Any]) -> dict[str, str]:
    equal: dict[str, str] = {name: chosen[name] for name in ("verb", "via") if name in chosen}
    if actor := chosen.get("actor", "").strip():
        equal["actor"] = actor if actor == MACHINE else f"@{actor.removeprefix('@')}"
    return equal


def _bounds(chosen: dict[str, Any]) -> tuple[datetime | None, datetime | None]:
    """The first moment of the first day, and the first one after the last day."""
    since, until = chosen.get("since"), chosen.get("until")
    return (
        _start(since) if since else None,
        _start(min(until, LAST_DAY) + timedelta(days=1)) if until else None,
    )


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=UTC)
