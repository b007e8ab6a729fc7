"""Attending: that staff log in, and what becomes of their second factors, stands in the audit trail.

allauth sends these signals; what they tell of people who are no staff is nobody's business here.
"""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User
from moderation import auditing


def note_log_in(*, request: HttpRequest, user: User, **_signal: Any) -> None:
    """Somebody of the staff logged in, by these methods."""
    methods = [
        record.get("type", record.get("method")) for record in get_authentication_records(request, user)
    ]
    _note("log_in", user, methods=methods)


def note_factor_added(*, user: User, authenticator: Authenticator, **_signal: Any) -> None:
    """Somebody of the staff has a further factor."""
    _note("add_factor", user, kind=str(authenticator.type))


def note_factor_removed(*, user: User, authenticator: Authenticator, **_signal: Any) -> None:
    """Somebody of the staff has a factor less."""
    _note("remove_factor", user, kind=str(authenticator.type))


def note_factor_used(
    *, user: User, authenticator: Authenticator, reauthenticated: bool = False, **_signal: Any
) -> None:
    """A session of the staff that is logged in already proved a factor; at log-in, the row of the log-in tells of it."""
    if reauthenticated:
        _note("prove_factor", user, kind=str(authenticator.type))


@transaction.atomic
def _note(verb: str, user: User, **data: Any) -> None:
    if user.is_staff:
        auditing.record(verb, f"account {user.pk}", by=user, **data)
