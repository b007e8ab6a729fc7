"""Referrals to authorities, as those read of them whom they concern: only what a senior released."""

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.ids import read_id
from accounts.models import User
from accounts.paging import page_before
from moderation.models import ReferralNotice

PAGE = 20


@login_required
@require_GET
def told_referrals(request: HttpRequest) -> HttpResponse:
    """What one was told, newest first; `before` is the number of the last one on the page before."""
    received = ReferralNotice.objects.for_reader(cast("User", request.user))
    page = page_before(received, read_id(request.GET.get("before", "")), size=PAGE)
    return render(request, "moderation/told_referrals.html", {"page": page})
