"""House rules at the desk: moderators read them, senior moderators write them and let them take their steps."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.ids import read_id
from accounts.models import User
from accounts.paging import page_before
from accounts.read_only import ReadOnlyAdmin
from moderation import scanner_loading
from moderation.admin.desk import View
from moderation.admin.rule_page import get_version, reader_of, render_rule, writer_of
from moderation.models import NarrowedRule, RuleVersion
from moderation.rule_forms import NewRuleForm, StepForm, TryForm, WordingForm
from moderation.rulebook import backtesting, editing, narrowing, reading, stepping
from moderation.rulebook.reading import Step
from moderation.rulebook.stepping import ExamplesDisagree, NotForYou, StepRefused
from moderation.scanning.refusals import BadRuleset, MatcherFailed

PAGE = 25
RULES = "admin:moderation_ruleversion_changelist"
RULE = "admin:moderation_ruleversion_change"
TABS = {
    "running": gettext_lazy("Running"),
    "preparing": gettext_lazy("In preparation"),
    "ended": gettext_lazy("Ended"),
}

Act = Callable[[RuleVersion, User, dict[str, Any]], object]
ACTS: dict[Step, Act] = {
    Step.TEST: lambda version, by, _sent: stepping.test(version, by=by),
    Step.BACKTEST: lambda version, by, sent: backtesting.backtest(version, by=by, days=sent["days"]),
    Step.WATCH: lambda version, by, _sent: stepping.watch(version, by=by),
    Step.HOLD_SHARE: lambda version, by, sent: stepping.hold_share(version, sent["share"], by=by),
    Step.GO_LIVE: lambda version, by, _sent: stepping.go_live(version, by=by),
    Step.REVIEW: lambda version, by, _sent: stepping.review(version, by=by),
    Step.WITHDRAW: lambda version, by, sent: stepping.withdraw(version, by=by, why=sent["why"]),
    Step.ROLL_BACK: lambda version, by, _sent: stepping.roll_back(version.rule, by=by),
}


@require_GET
def show_rules(request: HttpRequest) -> HttpResponse:
    """One tab of the list, newest versions first; `before` is the last one of the page before."""
    reader = reader_of(request)
    tab = request.GET.get("show", "running")
    tab = tab if tab in TABS else "running"
    page = page_before(reading.in_tab(tab), read_id(request.GET.get("before", "")), size=PAGE)
    context = {
        **admin.site.each_context(request),
        "title": _("House rules"),
        "tabs": TABS,
        "tab": tab,
        "rows": reading.as_rows(page.rows),
        "more": page.next,
        "alarms": reading.find_alarms(),
        "may_write": reader.has_perm("moderation.write_rule"),
    }
    return TemplateResponse(request, "admin/moderation/rules/rules.html", context)


@require_GET
def show_rule(request: HttpRequest, pk: int) -> HttpResponse:
    reader = reader_of(request)
    return render_rule(request, get_version(pk), reader)


@require_http_methods(["GET", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    writer = writer_of(request)
    form = NewRuleForm(request.POST or None)
    if form.is_valid():
        try:
            version = editing.write(form.cleaned_data["name"], form.wording, by=writer)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect(RULE, version.pk)
    return _render_editor(request, form, _("New house rule"))


@require_http_methods(["GET", "POST"])
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    writer = writer_of(request)
    version = get_version(pk)
    form = WordingForm(request.POST) if request.method == "POST" else WordingForm.of(version)
    if form.is_valid():
        try:
            newer = editing.revise(version.rule, form.wording, by=writer)
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            return redirect(RULE, newer.pk)
    return _render_editor(request, form, _("New version of %(rule)s") % {"rule": version.label}, version)


def _render_editor(
    request: HttpRequest, form: WordingForm, title: str, version: RuleVersion | None = None
) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": title,
        "form": form,
        "version": version,
        "macros": scanner_loading.get_shipped().ruleset.macros,
    }
    status = 400 if form.is_bound and form.errors else 200
    return TemplateResponse(request, "admin/moderation/rules/edit.html", context, status=status)


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    reader = reader_of(request)
    version = get_version(pk)
    form = StepForm(request.POST)
    if name not in Step.values:
        raise Http404
    if not form.is_valid():
        return render_rule(request, version, reader, status=400, step_form=form)
    try:
        ACTS[Step(name)](version, reader, form.cleaned_data)
    except NotForYou as refusal:
        return render_rule(request, version, reader, status=403, refusal=str(refusal))
    except StepRefused as refusal:
        return render_rule(request, version, reader, status=409, refusal=str(refusal))
    except ExamplesDisagree as disagreement:
        return render_rule(request, version, reader, status=400, faults=disagreement.faults)
    messages.success(request, _("Done. It stands in the history."))
    return redirect(RULE, pk)


@require_POST
def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing of the text is kept."""
    reader = reader_of(request)
    version = get_version(pk)
    form = TryForm(request.POST)
    if not form.is_valid():
        return render_rule(request, version, reader, status=400, try_form=form)
    try:
        parts = reading.try_out(version, form.cleaned_data["text"])
    except (BadRuleset, MatcherFailed) as refusal:
        return render_rule(request, version, reader, status=409, refusal=str(refusal))
    return render_rule(request, version, reader, try_form=form, is_tried=True, tried=parts)


@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """A shipped rule that a breaker narrowed holds again."""
    reader = reader_of(request)
    narrowed = get_object_or_404(NarrowedRule, pk=pk)
    try:
        narrowing.lift(narrowed, by=reader)
    except NotForYou as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except StepRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The rule holds again."))
    return redirect(RULES)


@admin.register(RuleVersion)
class RuleVersionAdmin(ReadOnlyAdmin):
    """Only the desk's own pages: a version is never edited as a row."""

    def get_urls(self) -> list[URLPattern]:
        pages: list[tuple[str, View, str]] = [
            ("", show_rules, "changelist"),
            ("add/", write, "add"),
            ("lift/<int:pk>/", lift, "lift"),
            ("<int:pk>/", show_rule, "change"),
            ("<int:pk>/revise/", revise, "revise"),
            ("<int:pk>/try/", try_out, "try"),
            ("<int:pk>/step/<slug:name>/", step, "step"),
        ]
        return [
            path(route, self._page(view), name=f"moderation_ruleversion_{name}")
            for route, view, name in pages
        ]

    def _page(self, view: View) -> Callable[..., HttpResponseBase]:
        return self.admin_site.admin_view(view)
