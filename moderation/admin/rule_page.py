"""The page of a version of a house rule: what it says, what it did, and which step may come next."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from accounts.ids import read_id
from accounts.models import User
from moderation.models import RuleVersion
from moderation.rule_forms import StepForm, TryForm
from moderation.rulebook import reading


def reader_of(request: HttpRequest) -> User:
    """Whoever may read the rules. Raises PermissionDenied for everybody else."""
    if not isinstance(request.user, User) or not request.user.has_perm("moderation.view_ruleversion"):
        raise PermissionDenied
    return request.user


def writer_of(request: HttpRequest) -> User:
    """Whoever may write rules. Raises PermissionDenied for everybody else."""
    reader = reader_of(request)
    if not reader.has_perm("moderation.write_rule"):
        raise PermissionDenied(_("House rules are written by senior moderators."))
    return reader


def get_version(pk: int) -> RuleVersion:
    return get_object_or_404(RuleVersion.objects.with_people(), pk=pk)


def render_rule(
    request: HttpRequest, version: RuleVersion, reader: User, *, status: int = 200, **found: Any
) -> HttpResponse:
    """The page as it is now. `found` is what this request brought: a refusal, faults of examples, or a text that was tried."""
    if request.method == "POST":
        version = get_version(version.pk)
    context = {
        **admin.site.each_context(request),
        "title": version.label,
        "page": reading.read(version, against=read_id(request.GET.get("against", ""))),
        "version": version,
        "choices": reading.choices_for(version, reader),
        "may_write": reader.has_perm("moderation.write_rule"),
        "step_form": StepForm(),
        "try_form": TryForm(),
        **found,
    }
    return TemplateResponse(request, "admin/moderation/rules/rule.html", context, status=status)
