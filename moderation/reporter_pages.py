"""What reporters read about their way of reporting: warnings, and for how long nobody looks at their reports."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.models import User
from moderation.models import ReporterMute, ReporterWarning, SetAsideReport

SHOWN = 20


@login_required
@require_GET
def standing(request: HttpRequest) -> HttpResponse:
    """One's own warnings and mutes, newest first, and what was set aside under the mute that is in force."""
    reporter = request.user
    assert isinstance(reporter, User)  # noqa: S101  `login_required` said so; tells the type checker.
    mute = ReporterMute.objects.in_force().filter(reporter=reporter).first()
    context = {
        "mute": mute,
        "set_aside": SetAsideReport.objects.filter(mute=mute).order_by("-pk")[:SHOWN] if mute else [],
        "warnings": ReporterWarning.objects.filter(reporter=reporter).order_by("-pk")[:SHOWN],
        "mutes": ReporterMute.objects.filter(reporter=reporter).order_by("-pk")[:SHOWN],
    }
    return render(request, "moderation/reporter_standing.html", context)
