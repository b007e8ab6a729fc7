"""What the pages of referrals, authorities and legal holds have in common: who may enter, and how refusals are shown."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from accounts.models import User
from moderation.admin.desk import moderator_of
from moderation.evidence.admitting import NotForYou, is_senior

PAGE = 25
View = Callable[..., HttpResponse]


def senior_of(request: HttpRequest) -> User:
    """The senior at the desk. Raises PermissionDenied for everybody else."""
    moderator = moderator_of(request)
    if not is_senior(moderator):
        raise PermissionDenied(_("Senior moderators and administrators deal with this."))
    return moderator


@contextmanager
def forbidding() -> Iterator[None]:
    """What a verb says is not for this person is a 403 that says why."""
    try:
        yield
    except NotForYou as refusal:
        raise PermissionDenied(str(refusal)) from refusal


def render_page(
    request: HttpRequest, template: str, title: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A page of the desk."""
    whole = {**admin.site.each_context(request), "title": title, **context}
    return TemplateResponse(request, f"admin/moderation/{template}", whole, status=status)
