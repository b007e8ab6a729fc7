"""The queue as a page: filters, and pages cut by the last case, so that nothing is counted or skipped."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from accounts.ids import LARGEST_ID
from accounts.models import User
from moderation import arranging, backlog
from moderation.admin import keys
from moderation.admin.queue_rows import rows_of
from moderation.backlog import CLOSED, MINE, OPEN
from moderation.desk_forms import TogetherForm
from moderation.figures import minding
from moderation.models import Origin
from moderation.models.cases import OTHER_LANGUAGES
from moderation.taxonomy import Violation
from moderation.widgets import PlainSelect

PAGE = 25
# A queue of its own is what is in one language or of one class; the desk goes on in the one that the moderator took a case from.
QUEUE = ("language", "violation")
SHOWN = [(OPEN, _("Open")), (MINE, _("Mine")), (CLOSED, _("Closed"))]


class QueueFilter(forms.Form):
    """What of the queue is shown; whatever makes no sense is as if it were not there."""

    show = forms.ChoiceField(label=_("Show"), choices=SHOWN, required=False)
    violation = forms.ChoiceField(
        label=_("Class"), choices=[("", _("all")), *Violation.choices], required=False, widget=PlainSelect
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[("", _("all")), *User.Language.choices, (OTHER_LANGUAGES, _("others"))],
        required=False,
        widget=PlainSelect,
    )
    origin = forms.ChoiceField(
        label=_("Origin"), choices=[("", _("all")), *Origin.choices], required=False, widget=PlainSelect
    )
    after = forms.IntegerField(required=False, min_value=1, max_value=LARGEST_ID, widget=forms.HiddenInput)

    @property
    def chosen(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def render_queue(request: HttpRequest, moderator: User) -> HttpResponse:
    form = QueueFilter(request.GET)
    chosen = form.chosen
    page = list(backlog.cases_for(moderator, **chosen)[: PAGE + 1])
    more = urlencode({**chosen, "after": page[PAGE - 1].pk}) if len(page) > PAGE else ""
    desk = arranging.settings_of(moderator)
    context = {
        **admin.site.each_context(request),
        "title": _("Queue"),
        "desk": desk,
        "keys": keys.of_queue() if desk.has_keys else [],
        "together": TogetherForm(moderator=moderator, initial={"strike": True}),
        "can_decide_together": chosen.get("show", OPEN) != CLOSED and len(page) > 0,
        "form": form,
        "tabs": _tabs(chosen),
        "queue": {name: chosen.get(name, "") for name in QUEUE},
        "lanes": backlog.by_lane(),
        "reminder": minding.remind(moderator),
        "rows": rows_of(page[:PAGE], desk),
        "is_filtered": bool(chosen),
        "more": more,
    }
    return TemplateResponse(request, "admin/moderation/queue.html", context)


def remember_queue(request: HttpRequest) -> None:
    """The queue from whose page a case is taken is the one that goes on; other pages do not name one."""
    if all(name in request.POST for name in QUEUE):
        chosen = QueueFilter(request.POST).chosen
        queue = {name: chosen[name] for name in QUEUE if name in chosen}
        if queue != get_queue(request):
            request.session["queue"] = queue


def get_queue(request: HttpRequest) -> dict[str, str]:
    """Language and class of the queue in which this moderator works; empty for everything."""
    queue: dict[str, str] = request.session.get("queue", {})
    return queue


def _tabs(chosen: dict[str, Any]) -> list[dict[str, object]]:
    current = chosen.get("show", OPEN)
    kept = {name: value for name, value in chosen.items() if name in (*QUEUE, "origin")}
    return [
        {"label": label, "query": urlencode({**kept, "show": name}), "is_current": name == current}
        for name, label in SHOWN
    ]
